/* SPDX-License-Identifier: MIT */
#include "base/source.h"

static enum err
read_span(void *ctx, uint64_t at, char *to, size_t n, size_t *got,
    struct error *e)
{
	const struct span *s = ctx;

	(void)e;
	*got = 0;
	if (at < s->n) {
		struct span rest = span_skip(*s, (size_t)at);
		struct span piece = span_take(&rest, n);

		memcpy(to, piece.p, piece.n);
		*got = piece.n;
	}
	return ERR_OK;
}

struct source
source_of_span(const struct span *s)
{
	return (struct source){ read_span, (void *)(uintptr_t)s, s->n };
}
