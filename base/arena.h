/* SPDX-License-Identifier: MIT */
/*
 * Memory with one common end: everything allocated lives until the arena is
 * reset or freed.  A zeroed struct arena is empty.  Not shared by threads.
 */
#pragma once

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *head;	/* owned */
	size_t used;			/* octets used in head */
	size_t total;			/* octets handed out since the last reset */
};

/* Zeroed, aligned for any type.  Never NULL. */
void *arena_alloc(struct arena *a, size_t n);
/* Zeroed array; the product is checked. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* Copy of s, NUL-terminated behind its end. */
struct span arena_copy(struct arena *a, struct span s);
char *arena_str(struct arena *a, struct span s);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Forgets everything, keeps one block for the next round. */
void arena_reset(struct arena *a);
void arena_fini(struct arena *a);	/* also for CLEANUP(arena_fini) */
