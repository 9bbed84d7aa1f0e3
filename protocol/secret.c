/* SPDX-License-Identifier: MIT */
#include "protocol/secret.h"

#include <stdlib.h>
#include <string.h>

void
secret_wipe(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->size);
	buf_reset(b);
}

void
secret_fini(struct buf *b)
{
	secret_wipe(b);
	buf_fini(b);
}

void
secret_put(struct buf *b, struct span s)
{
	struct buf grown = { .max = b->max };

	/* buf_room keeps one octet for the NUL: it moves when n fills all. */
	if (b->p && b->size - b->n <= s.n) {
		if (!buf_room(&grown, b->n + s.n)) {
			b->overflow = true;
			return;
		}
		buf_put(&grown, buf_span(b));
		secret_fini(b);
		*b = grown;
	}
	buf_put(b, s);
}

void
secret_free(char *s)
{
	if (s)
		explicit_bzero(s, strlen(s));
	free(s);
}
