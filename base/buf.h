/* SPDX-License-Identifier: MIT */
/*
 * A byte buffer that grows to a stated limit.  Running over the limit sets
 * `overflow`, which sticks: later writes do nothing and the caller asks
 * once, at the end.  A zeroed struct buf is an empty buffer without limit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct buf {
	char *p;	/* owned; NUL-terminated whenever not NULL */
	size_t n;
	size_t size;
	size_t max;	/* 0: no limit */
	bool overflow;
};

void buf_fini(struct buf *b);	/* also for CLEANUP(buf_fini) */
void buf_reset(struct buf *b);	/* empties, keeps memory, clears overflow */
void buf_put(struct buf *b, struct span s);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Drops n bytes at the front. */
void buf_consume(struct buf *b, size_t n);
/* Room for n more bytes behind the content, NULL on overflow; see buf_grew. */
char *buf_room(struct buf *b, size_t n);
/* n bytes were written into what buf_room gave. */
void buf_grew(struct buf *b, size_t n);
/* The content as a string: "" when empty; valid until the next write. */
const char *buf_str(const struct buf *b);
/* Gives the content away as a malloc'ed string; b is empty afterwards. */
char *buf_steal(struct buf *b);

static inline struct span
buf_span(const struct buf *b)
{
	return (struct span){ b->p, b->n };
}
