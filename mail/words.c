/* SPDX-License-Identifier: MIT */
/*
 * RFC 2047: encoded words in unstructured text.  Neighbouring words of one
 * charset are joined as bytes before they are converted, because senders
 * cut them in the middle of characters; each word's base64 is decoded by
 * itself, because each has padding of its own.
 *
 * Linear: a word's text ends at the first '?', so no byte is looked at by
 * more than the three attempts that can begin before it.
 */
#include "mail/words.h"

#include "mail/base64.h"
#include "mail/charset.h"

enum {
	/* Enough to fill the result from any charset; then reading stops. */
	GATHER_MAX = 4 * ENVELOPE_TEXT_MAX,
	WORD_CHARSET_MAX = 60,
};

struct word {
	struct span charset, text;
	char encoding;		/* 'b' or 'q' */
};

struct decoder {
	struct buf out;		/* UTF-8 */
	struct buf bytes;	/* of words not yet converted */
	struct buf plain;	/* text since the last word */
	struct span charset;	/* of bytes */
	bool has_word;
};

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
words_put_unescaped(struct buf *out, struct span text, char escape)
{
	for (size_t i = 0; i < text.n; i++) {
		int high = -1, low = -1;

		if (text.p[i] == escape && i + 2 < text.n) {
			high = hex_value(text.p[i + 1]);
			low = hex_value(text.p[i + 2]);
		}
		if (high < 0 || low < 0) {
			buf_putc(out, text.p[i]);
			continue;
		}
		buf_putc(out, (char)(high << 4 | low));
		i += 2;
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
all_blank(struct span s)
{
	return span_trim(s).n == 0;
}

/* Takes "=?charset?b?text?=" off *s. */
static bool
take_word(struct span *s, struct word *w)
{
	struct span rest = span_skip(*s, 2);
	size_t at;

	w->charset = rest;
	w->charset.n = 0;
	while (w->charset.n < rest.n && w->charset.n <= WORD_CHARSET_MAX &&
	    rest.p[w->charset.n] != '?' && !is_blank(rest.p[w->charset.n]))
		w->charset.n++;
	rest = span_skip(rest, w->charset.n);
	if (w->charset.n == 0 || rest.n < 3 || rest.p[0] != '?' ||
	    rest.p[2] != '?')
		return false;
	w->encoding = (char)(rest.p[1] | 0x20);
	if (w->encoding != 'b' && w->encoding != 'q')
		return false;
	rest = span_skip(rest, 3);
	at = span_chr(rest, '?');
	if (at == SIZE_MAX || at + 1 >= rest.n || rest.p[at + 1] != '=')
		return false;
	w->text = (struct span){ rest.p, at };
	*s = span_skip(rest, at + 2);
	return true;
}

static void
flush_word(struct decoder *d)
{
	if (d->bytes.n)
		charset_to_utf8(&d->out, d->charset, buf_span(&d->bytes));
	buf_reset(&d->bytes);
	d->has_word = false;
}

static void
flush_plain(struct decoder *d)
{
	charset_put_guess(&d->out, buf_span(&d->plain));
	buf_reset(&d->plain);
}

/* "_" is a space; "=5F" is a "_". */
static void
put_q(struct buf *out, struct span text)
{
	while (text.n) {
		size_t at = span_chr(text, '_');

		words_put_unescaped(out,
		    span_take(&text, at == SIZE_MAX ? text.n : at), '=');
		if (at == SIZE_MAX)
			return;
		buf_putc(out, ' ');
		span_take(&text, 1);
	}
}

static void
put_word(struct decoder *d, const struct word *w)
{
	struct base64 st = { 0 };

	if (d->has_word && all_blank(buf_span(&d->plain)))
		buf_reset(&d->plain);	/* RFC 2047 6.2: not part of the text */
	if (d->plain.n || !span_ieq(d->charset, w->charset))
		flush_word(d);
	flush_plain(d);
	d->charset = w->charset;
	d->has_word = true;
	if (w->encoding == 'q') {
		put_q(&d->bytes, w->text);
	} else {
		base64_decode(&st, &d->bytes, w->text);
		base64_finish(&st, &d->bytes);
	}
}

struct span
words_tidy(struct span text, struct arena *arena)
{
	struct span tidy;
	char *to;

	if (text.n > ENVELOPE_TEXT_MAX) {
		text.n = ENVELOPE_TEXT_MAX;
		while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
			text.n--;
	}
	text = span_trim(text);
	if (text.n == 0)
		return (struct span){ "", 0 };
	to = arena_alloc(arena, text.n + 1);
	tidy = (struct span){ to, 0 };
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c)
			to[tidy.n++] = is_blank(c) ? ' ' : c;
	}
	to[tidy.n] = '\0';
	return tidy;
}

/* Text that is itself: ASCII on one line, with nothing that begins a word. */
static bool
is_simple(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c >= 0x7f ||
		    (c == '=' && i + 1 < s.n && s.p[i + 1] == '?'))
			return false;
	}
	return true;
}

static void
decode(struct decoder *d, struct span value)
{
	struct word w;

	while (value.n && d->out.n + d->bytes.n + d->plain.n < GATHER_MAX) {
		if (span_starts(value, SPAN_LIT("=?")) &&
		    take_word(&value, &w)) {
			put_word(d, &w);
		} else {
			char c = *span_take(&value, 1).p;

			if (c != '\r' && c != '\n')
				buf_putc(&d->plain, c);
		}
	}
	flush_word(d);
	flush_plain(d);
}

struct span
header_decode_text(struct span value, struct arena *arena)
{
	struct decoder d = { .has_word = false };
	struct span text;

	value = span_trim(value);
	if (is_simple(value.n > ENVELOPE_TEXT_MAX ?
	    (struct span){ value.p, ENVELOPE_TEXT_MAX + 1 } : value))
		return words_tidy(value, arena);
	decode(&d, value);
	text = words_tidy(buf_span(&d.out), arena);
	buf_fini(&d.out);
	buf_fini(&d.bytes);
	buf_fini(&d.plain);
	return text;
}
