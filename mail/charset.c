/* SPDX-License-Identifier: MIT */
/*
 * Every charset to UTF-8, by iconv, with the three that make up nearly all
 * mail done by hand.  Nothing is refused: what has no meaning becomes
 * U+FFFD, a charset nobody knows is read as windows-1252.  A descriptor
 * lives for one call, so that any number of threads may be here at once.
 */
#include "mail/charset.h"

#include <errno.h>
#include <iconv.h>
#include <unistr.h>

#include "base/bug.h"
#include "base/text.h"

enum { CHARSET_NAME_MAX = 40 };

/*
 * Names that mail uses for something else than iconv thinks: the larger
 * relative that the sender's program really writes.
 */
static const struct {
	struct span name;
	const char *iconv;
} aliases[] = {
	{ SPAN("big5"), "BIG5-HKSCS" },
	{ SPAN("cp-850"), "CP850" },
	{ SPAN("euc-kr"), "CP949" },
	{ SPAN("gb2312"), "GB18030" },
	{ SPAN("gb_2312-80"), "GB18030" },
	{ SPAN("gbk"), "GB18030" },
	{ SPAN("iso-8859-8-i"), "ISO-8859-8" },
	{ SPAN("iso-8859-9"), "CP1254" },
	{ SPAN("ks_c_5601-1987"), "CP949" },
	{ SPAN("shift-jis"), "CP932" },
	{ SPAN("shift_jis"), "CP932" },
	{ SPAN("unicode-1-1-utf-7"), "UTF-7" },
	{ SPAN("x-mac-roman"), "MACINTOSH" },
	{ SPAN("x-sjis"), "CP932" },
};

static const struct span replacement = SPAN("\xef\xbf\xbd");

/* 0x80 to 0x9f of windows-1252; 0 where it has nothing. */
static const uint16_t upper_1252[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

void
charset_put_char(struct buf *out, uint32_t c)
{
	uint8_t b[6];
	int n = u8_uctomb(b, c, sizeof b);

	if (n <= 0)
		buf_put(out, replacement);
	else
		buf_put(out, (struct span){ (const char *)b, (size_t)n });
}

void
charset_put_utf8(struct buf *out, struct span text)
{
	while (text.n) {
		const uint8_t *p = (const uint8_t *)text.p;
		const uint8_t *bad = u8_check(p, text.n);

		if (!bad) {
			buf_put(out, text);
			return;
		}
		buf_put(out, span_take(&text, (size_t)(bad - p)));
		buf_put(out, replacement);
		span_take(&text, 1);
	}
}

static void
put_1252(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x80)
			buf_putc(out, (char)c);
		else if (c >= 0xa0)
			charset_put_char(out, c);
		else if (upper_1252[c - 0x80])
			charset_put_char(out, upper_1252[c - 0x80]);
		else
			buf_put(out, replacement);
	}
}

void
charset_put_guess(struct buf *out, struct span text)
{
	if (text_is_utf8(text))
		buf_put(out, text);
	else
		put_1252(out, text);
}

struct span
charset_guess(struct span text, struct arena *arena)
{
	struct buf out = { 0 };
	struct span copy;

	charset_put_guess(&out, text);
	copy = arena_copy(arena, buf_span(&out));
	buf_fini(&out);
	return copy;
}

/* Runs iconv over all of the text, over every stone in its way. */
static void
convert(struct buf *out, iconv_t cd, struct span text)
{
	char *from = (char *)(uintptr_t)text.p;	/* iconv does not write it */
	size_t left = text.n;

	while (left && !out->overflow) {
		char piece[1024], *to = piece;
		size_t room = sizeof piece;
		size_t done = iconv(cd, &from, &left, &to, &room);
		int why = errno;

		buf_put(out, (struct span){ piece, (size_t)(to - piece) });
		if (done != (size_t)-1 || why == E2BIG)
			continue;
		buf_put(out, replacement);
		if (why == EINVAL)	/* cut in the middle of a character */
			return;
		from++;
		left--;
		iconv(cd, NULL, NULL, NULL, NULL);
	}
}

/* A name that is safe to hand to iconv_open: no path, no "//" options. */
static bool
plain_name(struct span charset, char *name)
{
	if (charset.n == 0 || charset.n > CHARSET_NAME_MAX)
		return false;
	for (size_t i = 0; i < charset.n; i++) {
		char c = charset.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && !memchr("-_:.+", c, 5))
			return false;
		name[i] = c;
	}
	name[charset.n] = '\0';
	return true;
}

static iconv_t
open_charset(struct span charset)
{
	char name[CHARSET_NAME_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (span_ieq(charset, aliases[i].name))
			return iconv_open("UTF-8", aliases[i].iconv);
	if (!plain_name(charset, name))
		return (iconv_t)-1;
	return iconv_open("UTF-8", name);
}

static bool
is_one_of(struct span charset, const char *const *names)
{
	for (; *names; names++)
		if (span_ieq(charset, span_of(*names)))
			return true;
	return false;
}

bool
charset_to_utf8(struct buf *out, struct span charset, struct span text)
{
	static const char *const utf8[] = { "utf-8", "utf8", NULL };
	static const char *const ascii[] = { "us-ascii", "ascii", NULL };
	static const char *const latin[] = { "iso-8859-1", "latin1",
		"windows-1252", "cp1252", NULL };
	size_t language = span_chr(charset, '*');	/* RFC 2231 5 */
	iconv_t cd;

	if (language != SIZE_MAX)
		charset.n = language;
	if (is_one_of(charset, utf8)) {
		charset_put_utf8(out, text);
		return true;
	}
	if (is_one_of(charset, ascii)) {
		charset_put_guess(out, text);
		return true;
	}
	cd = is_one_of(charset, latin) ? (iconv_t)-1 : open_charset(charset);
	if (cd == (iconv_t)-1) {
		put_1252(out, text);
		return is_one_of(charset, latin);
	}
	convert(out, cd, text);
	iconv_close(cd);
	return true;
}
