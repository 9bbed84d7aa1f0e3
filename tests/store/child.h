/* SPDX-License-Identifier: MIT */
/* A process beside the test, which tells of each thing that it has done. */
#pragma once

#include <sys/types.h>

#include "tests/store/scratch.h"

struct child {
	pid_t pid;
	int fd;		/* reads what it tells */
};

/*
 * Ends with what run() returns; fd is for telling.  The child of a test has
 * the store open alone: no store may be open here.
 */
struct child child_start(const struct scratch *s,
    int (*run)(const struct scratch *s, int fd, int arg), int arg);
/* How often it told something, until it ended; *status as of waitpid. */
size_t child_finish(struct child *c, int *status);
