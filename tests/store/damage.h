/* SPDX-License-Identifier: MIT */
/*
 * For tests of damaged files: a store with every kind of page, and a child
 * process that is expected to end well whatever it meets.
 */
#pragma once

#include "tests/store/scratch.h"

enum {
	DAMAGE_PAGE = 4096,
	DAMAGE_FOUND = 65,	/* the code of a program that found some */
};

void damage_noise(char *to, size_t octets);
/* Branch pages, long values, free pages in both files; folder 1 has mail. */
void damage_fill(struct scratch *s);
void damage_add_bodies(struct scratch *s, size_t n);

struct damage_end {
	int status;		/* as of waitpid */
	char text[500];		/* what it wrote to standard error */
};

/* Runs work(dir), whose answer is the code, in a process of its own. */
struct damage_end damage_end_of(const char *dir, int (*work)(const char *dir));
