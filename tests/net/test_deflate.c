/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "src/net/deflate.h"
#include "tests/net/client.h"

static const char *const lines[] = {
	"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n",
	"* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n",
	"A1 OK\r\n",
};

enum { LINES = sizeof lines / sizeof lines[0] };

static void
free_deflate(struct deflate **d)
{
	deflate_free(*d);
}

#define DEFLATE(d) CLEANUP(free_deflate) struct deflate *d = deflate_new()

/* Each line flushed; ends[i] is where that of line i ends. */
static void
deflate_lines(struct buf *to, struct buf *text, size_t ends[LINES])
{
	DEFLATE(d);

	for (size_t i = 0; i < LINES; i++) {
		deflate_put(d, span_of(lines[i]), to);
		buf_puts(text, lines[i]);
		ends[i] = to->n;
	}
}

/* An exact copy goes in, so that a read past its end is seen. */
static enum inflate_step
inflate_into(struct deflate *d, struct span in, struct buf *out)
{
	char *copy = in.n ? malloc(in.n) : NULL;
	enum inflate_step step;
	struct span piece;

	if (in.n)
		memcpy(copy, in.p, in.n);
	deflate_came(d, (struct span){ copy, in.n });
	free(copy);
	while ((step = deflate_take(d, &piece)) == INFLATE_PIECE) {
		cr_assert(piece.n > 0 && piece.n <= DEFLATE_PIECE);
		buf_put(out, piece);
	}
	cr_assert_eq(deflate_holds(d), step == INFLATE_DAMAGED);
	return step;
}

Test(deflate, gives_what_went_in_however_it_is_cut)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, text = { 0 };
	size_t ends[LINES];

	deflate_lines(&wire, &text, ends);
	for (size_t cut = 0; cut <= wire.n; cut++) {
		CLEANUP(buf_fini) struct buf got = { 0 };
		struct span rest = buf_span(&wire);
		DEFLATE(d);

		cr_assert_eq(inflate_into(d, span_take(&rest, cut), &got),
		    INFLATE_MORE);
		cr_assert_eq(inflate_into(d, rest, &got), INFLATE_MORE);
		cr_expect_str_eq(buf_str(&got), buf_str(&text), "cut at %zu",
		    cut);
	}
	expect_no_leaks();
}

Test(deflate, gives_a_line_as_soon_as_it_was_flushed)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, text = { 0 }, got = { 0 };
	size_t ends[LINES], at = 0, want = 0;
	DEFLATE(d);

	deflate_lines(&wire, &text, ends);
	for (size_t i = 0; i < LINES; i++) {
		for (; at < ends[i]; at++)
			inflate_into(d, (struct span){ wire.p + at, 1 }, &got);
		want += strlen(lines[i]);
		cr_expect_eq(got.n, want);
		cr_expect(deflate_is_whole(d));
	}
}

/* "Whole" may come some bits before the end of a flush, not of the text. */
Test(deflate, knows_an_end_in_the_middle)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, text = { 0 };
	size_t ends[LINES], nwhole = 0;

	deflate_lines(&wire, &text, ends);
	for (size_t cut = 0; cut < wire.n; cut++) {
		CLEANUP(buf_fini) struct buf got = { 0 };
		size_t want = 0;
		DEFLATE(d);

		inflate_into(d, (struct span){ wire.p, cut }, &got);
		for (size_t i = 0; i < LINES && want < got.n; i++)
			want += strlen(lines[i]);
		if (deflate_is_whole(d)) {
			cr_expect_eq(got.n, want, "cut at %zu", cut);
			nwhole++;
		}
	}
	cr_expect_lt(nwhole, 3 * LINES);
}

Test(deflate, gives_a_bomb_in_pieces)
{
	enum { MIB = 1 << 20, BOMB_MIB = 64 };
	CLEANUP(cleanup_free) char *zeros = calloc(MIB, 1);
	CLEANUP(buf_fini) struct buf wire = { 0 };
	struct span piece;
	uint64_t total = 0;
	DEFLATE(d);

	for (int i = 0; i < BOMB_MIB; i++)
		deflate_put(d, (struct span){ zeros, MIB }, &wire);
	cr_assert_lt(wire.n, MIB / 8);
	deflate_came(d, buf_span(&wire));
	while (deflate_take(d, &piece) == INFLATE_PIECE) {
		cr_assert_leq(piece.n, DEFLATE_PIECE);
		total += piece.n;
	}
	cr_expect_eq(total, (uint64_t)BOMB_MIB * MIB);
}

Test(deflate, says_that_garbage_is_damaged_and_stays_at_that)
{
	CLEANUP(buf_fini) struct buf got = { 0 };
	DEFLATE(d);

	cr_expect_eq(inflate_into(d, SPAN_LIT("* OK hi\r\n\xff\xff"), &got),
	    INFLATE_DAMAGED);
	cr_expect_eq(inflate_into(d, SPAN_LIT("\x03"), &got), INFLATE_DAMAGED);
	cr_expect(!deflate_is_whole(d));
}

Test(deflate, survives_every_octet_changed)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, text = { 0 };
	size_t ends[LINES];

	deflate_lines(&wire, &text, ends);
	for (size_t at = 0; at < wire.n; at++) {
		CLEANUP(buf_fini) struct buf got = { .max = 1 << 20 };
		char was = wire.p[at];
		DEFLATE(d);

		wire.p[at] = (char)~was;
		inflate_into(d, buf_span(&wire), &got);
		cr_expect(!got.overflow);
		wire.p[at] = was;
	}
}

Test(deflate, takes_an_ended_stream_and_nothing_behind_it)
{
	CLEANUP(buf_fini) struct buf got = { 0 };
	DEFLATE(d);

	cr_expect(deflate_is_whole(d));
	/* An empty last block. */
	cr_expect_eq(inflate_into(d, SPAN_LIT("\x03\x00"), &got),
	    INFLATE_MORE);
	cr_expect(deflate_is_whole(d));
	cr_expect_eq(inflate_into(d, SPAN_LIT("x"), &got), INFLATE_DAMAGED);
	cr_expect_eq(got.n, 0);
}
