/* SPDX-License-Identifier: MIT */
/*
 * Header fields on their way out.  Encoded words are cut between characters,
 * never in them (RFC 2047 5), and a value that is ASCII and foldable stays
 * readable.
 */
#include "mail/encode.h"

#include <sys/random.h>

#include "base/bug.h"
#include "base/text.h"
#include "mail/base64.h"

enum {
	FOLD_AT = 78,
	WORD_OCTETS = 45,	/* base64: 60 characters, "=?utf-8?b??=" 12 */
	ADDRESS_OCTETS_MAX = 320,
	SEGMENT_COLUMNS = 60,
};

/* A field being written: the column decides where it folds. */
struct fold {
	struct buf *out;
	size_t column;
};

bool
encode_is_line(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return text_is_utf8(s);
}

/* RFC 5322 3.2.3 atext, and "." */
static bool
is_atom_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool
is_quoted_local(struct span s)
{
	if (s.n < 3 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == '\\' && i + 2 < s.n)
			i++;
		else if (s.p[i] == '"' || s.p[i] == '\\')
			return false;
	}
	return true;
}

static bool
is_domain(struct span s)
{
	bool is_literal = s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']';
	char last = '.';

	if (is_literal)
		s = (struct span){ s.p + 1, s.n - 2 };
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.' && last == '.' && !is_literal)
			return false;
		if (!is_atom_char(c) && !(is_literal && c == ':'))
			return false;
		last = c;
	}
	return s.n && (is_literal || last != '.');
}

bool
encode_is_address(struct span addr)
{
	struct span local = addr, domain;
	size_t at = SIZE_MAX;

	for (size_t i = 0; i < addr.n; i++) {
		unsigned char c = (unsigned char)addr.p[i];

		if (c < 0x20 || c >= 0x7f)
			return false;
		if (c == '@')
			at = i;
	}
	if (at == SIZE_MAX || at == 0 || addr.n > ADDRESS_OCTETS_MAX)
		return false;
	local.n = at;
	domain = span_skip(addr, at + 1);
	if (!is_quoted_local(local))
		for (size_t i = 0; i < local.n; i++)
			if (!is_atom_char(local.p[i]))
				return false;
	return is_domain(domain);
}

static void
fold_put(struct fold *f, struct span s)
{
	buf_put(f->out, s);
	f->column += s.n;
}

static struct fold
fold_begin(struct buf *out, const char *name)
{
	struct fold f = { out, 0 };

	fold_put(&f, span_of(name));
	fold_put(&f, SPAN_LIT(":"));
	return f;
}

/* A blank, or a new line that begins with one when n more do not fit. */
static void
fold_space(struct fold *f, size_t n)
{
	if (f->column + 1 + n > FOLD_AT && f->column > 1) {
		buf_puts(f->out, "\r\n");
		f->column = 0;
	}
	fold_put(f, SPAN_LIT(" "));
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Whether folding at blanks alone keeps the lines in bounds. */
static bool
is_plain_value(struct span s)
{
	size_t run = 0;

	if (!is_ascii(s) || span_find(s, SPAN_LIT("=?")) != SIZE_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == ' ' ? 0 : run + 1;
		/* Folding in a row of blanks would leave a blank line. */
		if (run >= FOLD_AT ||
		    (s.p[i] == ' ' && i && s.p[i - 1] == ' '))
			return false;
	}
	return s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ');
}

static void
put_encoded_words(struct fold *f, struct span s)
{
	while (s.n) {
		size_t n = s.n < WORD_OCTETS ? s.n : WORD_OCTETS, start;

		while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
			n--;
		fold_space(f, 12 + (n + 2) / 3 * 4);
		start = f->out->n;
		buf_puts(f->out, "=?utf-8?b?");
		base64_encode(f->out, span_take(&s, n), false);
		buf_puts(f->out, "?=");
		f->column += f->out->n - start;
	}
}

static void
put_words(struct fold *f, struct span s)
{
	struct span word;

	if (!is_plain_value(s)) {
		put_encoded_words(f, s);
		return;
	}
	while (span_split(&s, ' ', &word)) {
		fold_space(f, word.n);
		fold_put(f, word);
	}
}

void
encode_text_field(struct buf *out, const char *name, struct span value)
{
	struct fold f = fold_begin(out, name);

	put_words(&f, value);
	buf_puts(out, "\r\n");
}

static void
put_phrase(struct fold *f, struct span name)
{
	bool is_atoms = true;

	if (!is_plain_value(name)) {
		put_encoded_words(f, name);
		return;
	}
	for (size_t i = 0; i < name.n; i++)
		is_atoms = is_atoms && name.p[i] != '.' &&
		    (is_atom_char(name.p[i]) || name.p[i] == ' ');
	if (is_atoms) {
		put_words(f, name);
		return;
	}
	fold_space(f, name.n + 2);
	fold_put(f, SPAN_LIT("\""));
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			fold_put(f, SPAN_LIT("\\"));
		fold_put(f, (struct span){ name.p + i, 1 });
	}
	fold_put(f, SPAN_LIT("\""));
}

void
encode_address_field(struct buf *out, const char *name, struct addresses list)
{
	struct fold f;

	if (list.n == 0)
		return;
	f = fold_begin(out, name);
	for (size_t i = 0; i < list.n; i++) {
		const struct address *a = &list.list[i];

		if (a->name.n) {
			put_phrase(&f, a->name);
			fold_space(&f, a->addr.n + 3);
			fold_put(&f, SPAN_LIT("<"));
			fold_put(&f, a->addr);
			fold_put(&f, SPAN_LIT(">"));
		} else {
			fold_space(&f, a->addr.n + 1);
			fold_put(&f, a->addr);
		}
		if (i + 1 < list.n)
			fold_put(&f, SPAN_LIT(","));
	}
	buf_puts(out, "\r\n");
}

void
encode_id_field(struct buf *out, const char *name, const struct span *ids,
    size_t n)
{
	struct fold f;

	if (n == 0)
		return;
	f = fold_begin(out, name);
	for (size_t i = 0; i < n; i++) {
		fold_space(&f, ids[i].n + 2);
		fold_put(&f, SPAN_LIT("<"));
		fold_put(&f, ids[i]);
		fold_put(&f, SPAN_LIT(">"));
	}
	buf_puts(out, "\r\n");
}

void
encode_date_field(struct buf *out, int64_t when)
{
	buf_puts(out, "Date: ");
	date_put_rfc5322(out, when, date_local_offset(when));
	buf_puts(out, "\r\n");
}

/* RFC 2231 attribute-char. */
static bool
is_attribute_char(char c)
{
	return is_atom_char(c) && !strchr("*'%", c);
}

static void
put_segments(struct buf *out, const char *name, struct span value)
{
	unsigned number = 0;

	do {
		size_t start;

		buf_printf(out, ";\r\n\t%s*%u*=", name, number);
		start = out->n;
		if (number++ == 0)
			buf_puts(out, "utf-8''");
		while (value.n && out->n - start < SEGMENT_COLUMNS) {
			char c = *span_take(&value, 1).p;

			if (is_attribute_char(c))
				buf_putc(out, c);
			else
				buf_printf(out, "%%%02X", (unsigned char)c);
		}
	} while (value.n);
}

void
encode_parameter(struct buf *out, const char *name, struct span value)
{
	if (!is_ascii(value) || value.n > SEGMENT_COLUMNS) {
		put_segments(out, name, value);
		return;
	}
	buf_printf(out, ";\r\n\t%s=\"", name);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, value.p[i]);
	}
	buf_putc(out, '"');
}

void
encode_put_random(struct buf *out)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char random[16];
	unsigned bits = 0, n = 0;

	/* 16 octets come whole or not at all (getrandom(2)). */
	bug_on(getrandom(random, sizeof random, 0) != sizeof random);
	for (size_t i = 0; i < sizeof random; i++) {
		bits = bits << 8 | random[i];
		for (n += 8; n >= 5; n -= 5)
			buf_putc(out, digits[bits >> (n - 5) & 31]);
		bits &= (1u << n) - 1;
	}
	buf_putc(out, digits[bits << (5 - n) & 31]);
}
