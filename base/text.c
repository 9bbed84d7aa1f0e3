/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

enum {
	REPLACEMENT = 0xfffd,
	/* Looked at for one cluster, so that a line of marks costs O(n). */
	CLUSTER_MAX = 256,
};

static const uint8_t *
bytes(struct span s)
{
	return (const uint8_t *)s.p;
}

bool
text_is_utf8(struct span s)
{
	return s.n == 0 || u8_check(bytes(s), s.n) == NULL;
}

struct span
text_cut(struct span s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct span){ s.p, max };
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Most text; the table of all letters costs much more. */
static void
fold_ascii(struct buf *out, struct span s)
{
	char *to = buf_room(out, s.n);

	if (!to)
		return;
	for (size_t i = 0; i < s.n; i++)
		to[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z'
		    ? s.p[i] - 'A' + 'a' : s.p[i]);
	buf_grew(out, s.n);
}

void
text_fold(struct buf *out, struct span s)
{
	uint8_t *folded;
	size_t n;

	if (is_ascii(s)) {
		fold_ascii(out, s);
		return;
	}
	folded = u8_casefold(bytes(s), s.n, NULL, UNINORM_NFC, NULL, &n);
	buf_put(out, folded ? (struct span){ (char *)folded, n } : s);
	free(folded);
}

/* Decodes one character; length 0 when the first byte starts none. */
static size_t
decode(struct span s, ucs4_t *c)
{
	int n = u8_mbtoucr(c, bytes(s), s.n);

	return n > 0 ? (size_t)n : 0;
}

static bool
is_plain_ascii(char c)
{
	return c >= 0x20 && c < 0x7f;
}

static int
char_width(ucs4_t c)
{
	int w = uc_width(c, "UTF-8");

	return w < 0 ? 1 : w;
}

/*
 * A cluster is as wide as its first character; a variation selector 16
 * asks for the emoji form, which terminals draw two columns wide, and two
 * regional indicators make one flag of two columns.
 */
static int
cluster_width(struct span g)
{
	int width = 0;
	bool first = true;
	ucs4_t c;

	while (g.n) {
		size_t n = decode(g, &c);

		if (n == 0)
			return 1;
		if (first)
			width = char_width(c);
		else if (c == 0xfe0f || (c >= 0x1f1e6 && c <= 0x1f1ff))
			width = 2;
		else if (width == 0)
			width = char_width(c);
		first = false;
		span_take(&g, n);
	}
	return width;
}

static bool
is_regional(ucs4_t c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static bool
is_symbol(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_So);
}

/*
 * libunistring 1.0 looks at two characters at a time, so it cuts flags (two
 * regional indicators: UAX 29 GB12) and joined emoji (GB11) apart: whether
 * the cluster g goes on with what follows it.
 */
static bool
goes_on(struct span g, struct span rest)
{
	ucs4_t first, next;
	size_t n = decode(g, &first);

	if (decode(rest, &next) == 0)
		return false;
	if (is_regional(first))
		return g.n == n && is_regional(next);
	return is_symbol(first) && is_symbol(next) &&
	    span_ends(g, SPAN_LIT("\xe2\x80\x8d"));
}

struct span
text_grapheme(struct span *s, int *width)
{
	const uint8_t *end, *valid;
	struct span g;
	ucs4_t c;
	size_t n;

	if (s->n == 0) {
		if (width)
			*width = 0;
		return (struct span){ s->p, 0 };
	}
	if (is_plain_ascii(s->p[0]) &&
	    (s->n == 1 || is_plain_ascii(s->p[1]))) {
		if (width)
			*width = 1;
		return span_take(s, 1);
	}
	n = decode(*s, &c);
	if (n == 0) {
		if (width)
			*width = 1;
		return span_take(s, 1);
	}
	/* Only the valid run: u8_grapheme_next wants valid text. */
	valid = u8_check(bytes(*s), s->n < CLUSTER_MAX ? s->n : CLUSTER_MAX);
	if (!valid)
		valid = bytes(*s) + (s->n < CLUSTER_MAX ? s->n : CLUSTER_MAX);
	g = (struct span){ s->p, 0 };
	do {
		end = u8_grapheme_next(bytes(*s), valid);
		g.n += span_take(s, end && end > bytes(*s) ?
		    (size_t)(end - bytes(*s)) : n).n;
	} while (goes_on(g, (struct span){ s->p,
	    (size_t)(valid > bytes(*s) ? valid - bytes(*s) : 0) }));
	if (width)
		*width = cluster_width(g);
	return g;
}

int
text_width(struct span s)
{
	int total = 0, w;

	while (s.n) {
		text_grapheme(&s, &w);
		total += w;
	}
	return total;
}

struct span
text_fit(struct span s, int cols)
{
	struct span rest = s;
	int w;

	while (rest.n) {
		struct span before = rest;

		text_grapheme(&rest, &w);
		if (w > cols)
			return (struct span){ s.p, s.n - before.n };
		cols -= w;
	}
	return s;
}

static void
put_char(struct buf *out, ucs4_t c)
{
	uint8_t b[6];
	int n = u8_uctomb(b, c, sizeof b);

	if (n > 0)
		buf_put(out, (struct span){ (char *)b, (size_t)n });
}

static bool
is_joiner(ucs4_t c)
{
	return c == 0x200c || c == 0x200d;
}

/* Emoji tags (flags of regions) are format characters that do no harm. */
static bool
is_harmless_format(ucs4_t c)
{
	return c == 0x00ad || (c >= 0xe0020 && c <= 0xe007f);
}

/* What to show for c: itself, or a visible stand-in. */
static ucs4_t
stand_in(ucs4_t c, bool inside)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return ' ';
	if (c < 0x20)
		return 0x2400 + c;
	if (c == 0x7f)
		return 0x2421;
	if (c < 0xa0 && c >= 0x80)
		return REPLACEMENT;
	if (c == 0x2028 || c == 0x2029)
		return REPLACEMENT;
	if (is_joiner(c))
		return inside ? c : REPLACEMENT;
	if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cf))
		return is_harmless_format(c) ? c : REPLACEMENT;
	if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cn |
	    UC_CATEGORY_MASK_Cs))
		return REPLACEMENT;
	return c;
}

void
text_clean(struct buf *out, struct span s)
{
	bool inside = false;
	ucs4_t c;

	while (s.n) {
		size_t n;

		if (is_plain_ascii(s.p[0])) {
			buf_put(out, span_take(&s, 1));
			inside = false;
			continue;
		}
		n = decode(s, &c);
		if (n == 0) {
			put_char(out, REPLACEMENT);
			span_take(&s, 1);
			inside = false;
			continue;
		}
		put_char(out, stand_in(c, inside));
		inside = c >= 0xa0 && !is_joiner(c);
		span_take(&s, n);
	}
}

bool
text_is_clean(struct span s)
{
	bool inside = false;
	ucs4_t c;

	while (s.n) {
		size_t n = decode(s, &c);

		if (n == 0 || stand_in(c, inside) != c)
			return false;
		inside = c >= 0xa0 && !is_joiner(c);
		span_take(&s, n);
	}
	return true;
}
