/* SPDX-License-Identifier: MIT */
/*
 * Bytes deflated and inflated on their way between a connection and its
 * owner: raw DEFLATE (RFC 1951), as RFC 4978 3 wants it, one stream each
 * way.  The one place that knows zlib.
 *
 * Inflating is by pieces: however much is packed into what came, no more
 * than DEFLATE_PIECE octets of it exist at a time, and the receiver counts
 * them against limits of its own.
 *
 * Threads: one at a time.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

struct deflate;	/* opaque */

enum { DEFLATE_PIECE = 64 * 1024 };

enum inflate_step {
	INFLATE_PIECE,		/* *piece is set; there may be more */
	INFLATE_MORE,		/* all that came is out: give more */
	INFLATE_DAMAGED,	/* this is no DEFLATE stream; stays so */
};

struct deflate *deflate_new(void);
void deflate_free(struct deflate *d);	/* NULL is fine */

/*
 * Appends `in`, deflated, to *to, and flushes: the other side can inflate
 * all of it without what comes later.
 */
void deflate_put(struct deflate *d, struct span in, struct buf *to);

/* Bytes came from the other side; copied. */
void deflate_came(struct deflate *d, struct span in);
/* The next piece of them, never empty, borrowed until the next call. */
enum inflate_step deflate_take(struct deflate *d, struct span *piece);
/* What came is not known to be out: deflate_take has to be called. */
bool deflate_holds(const struct deflate *d);
/*
 * The other side may end here: it has flushed, ended the stream, or never
 * begun.  Else what came last is cut short.
 */
bool deflate_is_whole(const struct deflate *d);
