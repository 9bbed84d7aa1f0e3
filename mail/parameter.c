/* SPDX-License-Identifier: MIT */
/*
 * Parameters of Content-Type and Content-Disposition: RFC 2045 5.1, and
 * RFC 2231 in full (continuations in any order, percent encoding, charset),
 * and what senders do instead: encoded words in quoted strings, raw 8-bit,
 * missing quotes.  One pass, at most SEGMENTS_MAX pieces of one value.
 */
#include "mail/words.h"

#include "mail/charset.h"

enum { SEGMENTS_MAX = 256 };

struct parameter {
	struct span name;	/* as written: "filename*0*" */
	struct span value;	/* with its quotes */
};

struct segments {
	struct span text[SEGMENTS_MAX];
	bool is_encoded[SEGMENTS_MAX];
	size_t n;		/* one more than the highest number met */
};

static size_t
quoted_length(struct span s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return s.n;
}

/* Length of what stands before the next ';' outside quotes and comments. */
static size_t
item_length(struct span s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != ';')
		i += s.p[i] == '"' ? quoted_length(span_skip(s, i)) : 1;
	return i < s.n ? i : s.n;
}

/* The next "name=value"; what comes before the first ';' is passed over. */
static bool
next_parameter(struct span *rest, struct parameter *p)
{
	struct span item;
	size_t equals;

	span_take(rest, item_length(*rest));
	if (span_take(rest, 1).n == 0)
		return false;
	item = (struct span){ rest->p, item_length(*rest) };
	equals = span_chr(item, '=');
	p->name = span_trim(span_take(&item, equals == SIZE_MAX ? 0 : equals));
	p->value = span_trim(span_skip(item, 1));
	return true;
}

/* The value without quotes; an unquoted one ends at a blank or comment. */
static void
put_value(struct buf *out, struct span value)
{
	if (value.n && value.p[0] == '"') {
		size_t n = quoted_length(value);

		for (size_t i = 1; i < n; i++) {
			if (value.p[i] == '\\' && i + 1 < n)
				i++;
			else if (value.p[i] == '"')
				break;
			if (value.p[i] != '\r' && value.p[i] != '\n')
				buf_putc(out, value.p[i]);
		}
		return;
	}
	for (size_t i = 0; i < value.n; i++) {
		/* Unquoted names with blanks are met; comments hardly. */
		if (value.p[i] == '(' && i && value.p[i - 1] == ' ')
			break;
		if (value.p[i] != '\r' && value.p[i] != '\n')
			buf_putc(out, value.p[i]);
	}
}

/*
 * Reads what follows the name: "" 0, "*" 0 encoded, "*7" 7, "*7*" 7 encoded.
 * False for another parameter.
 */
static bool
segment_number(struct span suffix, size_t *number, bool *is_encoded)
{
	uint32_t v = 0;

	*number = 0;
	*is_encoded = false;
	if (suffix.n == 0)
		return true;
	if (span_take(&suffix, 1).p[0] != '*')
		return false;
	if (suffix.n == 0 || suffix.p[suffix.n - 1] == '*') {
		*is_encoded = true;
		suffix.n -= suffix.n != 0;
	}
	if (suffix.n && !span_u32(suffix, &v))
		return false;
	*number = v;
	return v < SEGMENTS_MAX;
}

/*
 * Collects the pieces of one parameter.  The encoded form of a parameter
 * that comes both ways is the better one (RFC 2231 and RFC 6266 4.3).
 */
static void
collect(struct segments *seg, struct span value, struct span name,
    struct span *simple)
{
	struct parameter p;

	while (next_parameter(&value, &p)) {
		bool is_encoded;
		size_t i;

		if (!span_istarts(p.name, name) || !segment_number(
		    span_skip(p.name, name.n), &i, &is_encoded))
			continue;
		if (p.name.n == name.n) {
			if (!simple->p)
				*simple = p.value;
			continue;
		}
		if (seg->text[i].p)
			continue;
		seg->text[i] = p.value;
		seg->is_encoded[i] = is_encoded;
		if (seg->n <= i)
			seg->n = i + 1;
	}
}

/* Cuts "charset'language'" off. */
static struct span
take_charset(struct span *text)
{
	struct span rest = *text, charset;
	size_t at = span_chr(rest, '\'');

	if (at == SIZE_MAX)
		return (struct span){ 0 };
	charset = span_take(&rest, at);
	span_take(&rest, 1);
	at = span_chr(rest, '\'');
	if (at == SIZE_MAX)
		return (struct span){ 0 };
	*text = span_skip(rest, at + 1);
	return charset;
}

static struct span
join(const struct segments *seg, struct arena *arena)
{
	struct buf bytes = { 0 }, out = { 0 }, piece = { 0 };
	struct span charset = { 0 }, text;

	/* A missing piece ends the value: what follows is not its end. */
	for (size_t i = 0; i < seg->n && seg->text[i].p; i++) {
		buf_reset(&piece);
		put_value(&piece, seg->text[i]);
		text = buf_span(&piece);
		if (i == 0 && seg->is_encoded[0]) {
			charset = take_charset(&text);
			charset = arena_copy(arena, charset);
		}
		if (seg->is_encoded[i])
			words_put_unescaped(&bytes, text, '%');
		else
			buf_put(&bytes, text);
	}
	if (charset.n)
		charset_to_utf8(&out, charset, buf_span(&bytes));
	else
		charset_put_guess(&out, buf_span(&bytes));
	text = words_tidy(buf_span(&out), arena);
	buf_fini(&bytes);
	buf_fini(&out);
	buf_fini(&piece);
	return text;
}

struct span
header_parameter(struct span value, const char *name, struct arena *arena)
{
	struct segments seg = { .n = 0 };
	struct span simple = { 0 }, text;
	struct buf plain = { 0 };

	collect(&seg, value, span_of(name), &simple);
	if (seg.n && seg.text[0].p)
		return join(&seg, arena);
	put_value(&plain, simple);
	text = header_decode_text(buf_span(&plain), arena);
	buf_fini(&plain);
	return text;
}
