/* SPDX-License-Identifier: MIT */
#include "src/net/deflate.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/xalloc.h"

enum {
	RAW_WINDOW = -15,	/* no header and no sum: RFC 4978 3 */
	MEMORY = 8,		/* zlib's usual */
	OUT_STEP = 4 * 1024,
	AT_BLOCK_END = 128,	/* in data_type; see inflate() in zlib.h */
};

struct deflate {
	z_stream out, in;
	struct buf came;	/* owned; from the other side */
	bool may_have_more;	/* the last piece was full */
	bool is_cut;		/* in the middle of a block */
	bool is_ended, is_damaged;
	char piece[DEFLATE_PIECE];
};

static void *
allocate(void *unused, unsigned n, unsigned size)
{
	(void)unused;
	return xcalloc(n, size);
}

static void
release(void *unused, void *p)
{
	(void)unused;
	free(p);
}

struct deflate *
deflate_new(void)
{
	struct deflate *d = xcalloc(1, sizeof *d);

	d->out.zalloc = d->in.zalloc = allocate;
	d->out.zfree = d->in.zfree = release;
	bug_on(deflateInit2(&d->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
	    RAW_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK);
	bug_on(inflateInit2(&d->in, RAW_WINDOW) != Z_OK);
	return d;
}

void
deflate_free(struct deflate *d)
{
	if (!d)
		return;
	deflateEnd(&d->out);
	inflateEnd(&d->in);
	buf_fini(&d->came);
	free(d);
}

/* zlib counts in 32 bits; what is longer goes in parts. */
static unsigned
count_of(size_t n)
{
	return n < 1u << 30 ? (unsigned)n : 1u << 30;
}

void
deflate_put(struct deflate *d, struct span in, struct buf *to)
{
	while (in.n > 0) {
		struct span part = span_take(&in, count_of(in.n));

		d->out.next_in = (Bytef *)part.p;
		d->out.avail_in = (unsigned)part.n;
		/* Room left over means that all of it came out. */
		do {
			d->out.next_out = (Bytef *)buf_room(to, OUT_STEP);
			d->out.avail_out = OUT_STEP;
			deflate(&d->out, Z_SYNC_FLUSH);
			buf_grew(to, OUT_STEP - d->out.avail_out);
		} while (d->out.avail_out == 0);
	}
}

void
deflate_came(struct deflate *d, struct span in)
{
	buf_put(&d->came, in);
}

bool
deflate_holds(const struct deflate *d)
{
	return d->is_damaged || d->came.n > 0 || d->may_have_more;
}

/* Inflates into the piece; how many octets that gave. */
static size_t
inflate_piece(struct deflate *d)
{
	unsigned given = count_of(d->came.n);
	size_t n;
	int rc;

	d->in.next_in = (Bytef *)d->came.p;
	d->in.avail_in = given;
	d->in.next_out = (Bytef *)d->piece;
	d->in.avail_out = sizeof d->piece;
	rc = inflate(&d->in, Z_SYNC_FLUSH);
	n = sizeof d->piece - d->in.avail_out;
	/* A call that finds nothing to do forgets where it stood. */
	if (given > 0 || n > 0)
		d->is_cut = !(d->in.data_type & AT_BLOCK_END);
	buf_consume(&d->came, given - d->in.avail_in);
	d->may_have_more = d->in.avail_out == 0;
	d->is_ended = rc == Z_STREAM_END;
	/* Z_BUF_ERROR: neither input nor a piece that was kept back. */
	d->is_damaged = rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR;
	return n;
}

enum inflate_step
deflate_take(struct deflate *d, struct span *piece)
{
	while (!d->is_damaged && deflate_holds(d)) {
		size_t n;

		/* RFC 4978 knows no second stream behind the first. */
		if (d->is_ended) {
			d->is_damaged = d->came.n > 0;
			d->may_have_more = false;
			continue;
		}
		n = inflate_piece(d);
		if (n == 0)
			continue;
		*piece = (struct span){ d->piece, n };
		return INFLATE_PIECE;
	}
	return d->is_damaged ? INFLATE_DAMAGED : INFLATE_MORE;
}

bool
deflate_is_whole(const struct deflate *d)
{
	return !d->is_damaged && (d->is_ended || !d->is_cut);
}
