/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"

void
buf_fini(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
	if (b->p)
		b->p[0] = '\0';
}

char *
buf_room(struct buf *b, size_t n)
{
	if (b->overflow || (b->max && (n > b->max || b->n > b->max - n))) {
		b->overflow = true;
		return NULL;
	}
	if (b->size - b->n <= n) {
		size_t size = b->size ? b->size : 64;

		while (size - b->n <= n)
			size *= 2;
		b->p = xreallocarray(b->p, size, 1);
		b->size = size;
	}
	return b->p + b->n;
}

void
buf_grew(struct buf *b, size_t n)
{
	bug_on(n >= b->size - b->n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_put(struct buf *b, struct span s)
{
	char *to = buf_room(b, s.n);

	if (!to)
		return;
	if (s.n)
		memcpy(to, s.p, s.n);
	buf_grew(b, s.n);
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, span_of(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_put(b, (struct span){ &c, 1 });
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	bug_on(n < 0);
	to = buf_room(b, (size_t)n);
	if (!to)
		return;
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf_grew(b, (size_t)n);
}

void
buf_consume(struct buf *b, size_t n)
{
	bug_on(n > b->n);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
	b->p[b->n] = '\0';
}

const char *
buf_str(const struct buf *b)
{
	return b->p ? b->p : "";
}

char *
buf_steal(struct buf *b)
{
	char *p = b->p ? b->p : xstrdup("");

	*b = (struct buf){ .max = b->max };
	return p;
}
