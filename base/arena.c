/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"

enum { ARENA_BLOCK = 16 * 1024 - 64 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	alignas(max_align_t) char bytes[];
};

static void
add_block(struct arena *a, size_t n)
{
	size_t size = n > ARENA_BLOCK ? n : ARENA_BLOCK;
	struct arena_block *b;

	bug_on(size > SIZE_MAX - sizeof *b);
	b = xcalloc(1, sizeof *b + size);
	b->size = size;
	b->next = a->head;
	a->head = b;
	a->used = 0;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t align = alignof(max_align_t);
	void *p;

	bug_on(n > SIZE_MAX - align);
	n = (n + align - 1) / align * align;
	if (!a->head || a->head->size - a->used < n)
		add_block(a, n);
	p = a->head->bytes + a->used;
	a->used += n;
	a->total += n;
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	bug_on(size && n > SIZE_MAX / size);
	return arena_alloc(a, n * size);
}

struct span
arena_copy(struct arena *a, struct span s)
{
	return (struct span){ arena_str(a, s), s.n };
}

char *
arena_str(struct arena *a, struct span s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	bug_on(n < 0);
	p = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b = a->head;

	while (b && b->next) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
	if (b && b->size > ARENA_BLOCK) {
		free(b);
		b = NULL;
	}
	if (b)
		memset(b->bytes, 0, b->size);
	*a = (struct arena){ .head = b };
}

void
arena_fini(struct arena *a)
{
	while (a->head) {
		struct arena_block *next = a->head->next;

		free(a->head);
		a->head = next;
	}
	*a = (struct arena){ 0 };
}
