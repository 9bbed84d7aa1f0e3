/* SPDX-License-Identifier: MIT */
/*
 * Programming errors stop the program, in every build: a store written on
 * after an impossible state is worse than a crash that names its line.
 */
#pragma once

#include <stddef.h>

#define bug_on(claim) \
	((claim) ? bug_report(__FILE__, __LINE__, #claim) : (void)0)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Prints where and what to standard error and aborts. */
_Noreturn void bug_report(const char *file, int line, const char *claim);
