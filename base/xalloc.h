/* SPDX-License-Identifier: MIT */
/*
 * Allocation that cannot fail: out of memory aborts.  A length that came
 * from a server or a letter is checked against a stated limit before it
 * reaches these.
 */
#pragma once

#include <stddef.h>

/* Zeroed memory for n objects of size octets; the product is checked. */
void *xcalloc(size_t n, size_t size);
/* Resizes to n objects of size octets; the product is checked. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
/* NUL-terminated copy of n octets. */
char *xstrndup(const char *s, size_t n);
/* As asprintf; the caller frees. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
