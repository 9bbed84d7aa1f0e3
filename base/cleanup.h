/* SPDX-License-Identifier: MIT */
/*
 * Owned locals: CLEANUP(x_freep) runs x_freep(&variable) when the variable
 * leaves its scope.  Works with gcc and clang, which are all we build with.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void
cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void
cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void
cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}
