/* SPDX-License-Identifier: MIT */
#include "protocol/imap_lex.h"

#include "protocol/imap.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void
imap_lex_blanks(struct imap_lex *lex)
{
	size_t n = 0;

	while (n < lex->rest.n && (lex->rest.p[n] == ' ' ||
	    lex->rest.p[n] == '\t'))
		n++;
	span_take(&lex->rest, n);
}

/* "{5}" CRLF, "{5+}" CRLF, "~{5}" CRLF, and the octets. */
static bool
take_literal(struct imap_lex *lex, struct span *value)
{
	struct span s = lex->rest, digits;
	uint64_t octets;
	size_t n = 0;

	if (s.n && s.p[0] == '~')
		span_take(&s, 1);
	if (s.n == 0 || s.p[0] != '{')
		return false;
	span_take(&s, 1);
	while (n < s.n && is_digit(s.p[n]))
		n++;
	digits = span_take(&s, n);
	if (s.n && s.p[0] == '+')
		span_take(&s, 1);
	if (!span_starts(s, SPAN_LIT("}\r\n")) || !span_u64(digits, &octets))
		return false;
	span_take(&s, 3);
	if (octets > s.n)
		return false;
	*value = span_take(&s, (size_t)octets);
	lex->rest = s;
	return true;
}

/* Only \" and \\ are escapes; a lone backslash stands for itself. */
static struct span
unescape(struct arena *arena, struct span s)
{
	char *to = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
			i++;
		to[n++] = s.p[i];
	}
	return (struct span){ to, n };
}

/*
 * A quote closes the string only when a token can end there: some servers
 * do not escape the quotes inside.  Without such a quote the string runs to
 * the end of its line.
 */
static void
take_quoted(struct imap_lex *lex, struct span *value)
{
	struct span s = span_skip(lex->rest, 1);
	bool is_escaped = false;
	size_t n = 0;

	while (n < s.n && s.p[n] != '\n') {
		if (s.p[n] == '\\' && n + 1 < s.n) {
			is_escaped = true;
			n += 2;
			continue;
		}
		if (s.p[n] == '"' && (n + 1 == s.n ||
		    memchr(" )](\r", s.p[n + 1], 5)))
			break;
		n++;
	}
	*value = span_take(&s, n);
	span_take(&s, 1);
	lex->rest = s;
	if (is_escaped && lex->arena)
		*value = unescape(lex->arena, *value);
}

static enum imap_token
take_atom(struct imap_lex *lex, struct span *value)
{
	size_t n = 1;	/* whatever it starts with, so that all loops end */

	while (n < lex->rest.n && lex->rest.p[n] != ' ' &&
	    lex->rest.p[n] != '(' && lex->rest.p[n] != ')')
		n++;
	*value = span_take(&lex->rest, n);
	return span_ieq(*value, SPAN_LIT("NIL")) ? IMAP_TOKEN_NIL :
	    IMAP_TOKEN_ATOM;
}

enum imap_token
imap_lex_next(struct imap_lex *lex, struct span *value)
{
	*value = (struct span){ NULL, 0 };
	imap_lex_blanks(lex);
	if (lex->rest.n == 0)
		return IMAP_TOKEN_END;
	switch (lex->rest.p[0]) {
	case '(':
		span_take(&lex->rest, 1);
		return IMAP_TOKEN_OPEN;
	case ')':
		span_take(&lex->rest, 1);
		return IMAP_TOKEN_CLOSE;
	case '"':
		take_quoted(lex, value);
		return IMAP_TOKEN_QUOTED;
	case '{':
	case '~':
		if (take_literal(lex, value))
			return IMAP_TOKEN_LITERAL;
		break;
	}
	return take_atom(lex, value);
}

enum imap_token
imap_lex_peek(const struct imap_lex *lex, struct span *value)
{
	struct imap_lex ahead = { .rest = lex->rest };

	return imap_lex_next(&ahead, value);
}

void
imap_lex_skip(struct imap_lex *lex)
{
	struct imap_lex ahead = { .rest = lex->rest };
	struct span value;
	unsigned depth = 0;

	do {
		switch (imap_lex_next(&ahead, &value)) {
		case IMAP_TOKEN_OPEN:
			if (++depth > IMAP_NESTING_MAX) {
				lex->is_too_deep = true;
				lex->rest.n = 0;
				return;
			}
			break;
		case IMAP_TOKEN_CLOSE:
			if (depth)
				depth--;
			break;
		case IMAP_TOKEN_END:
			depth = 0;
			break;
		case IMAP_TOKEN_ATOM:
		case IMAP_TOKEN_NIL:
		case IMAP_TOKEN_QUOTED:
		case IMAP_TOKEN_LITERAL:
			break;
		}
	} while (depth);
	lex->rest = ahead.rest;
}

/* Octets before the bracket that closes a section; names may be strings. */
static size_t
section_length(struct imap_lex lex)
{
	size_t all = lex.rest.n, end = span_chr(lex.rest, ']');
	struct span value = { lex.rest.p, end };

	if (end == SIZE_MAX)
		return all;
	if (span_chr(value, '"') == SIZE_MAX &&
	    span_chr(value, '{') == SIZE_MAX)
		return end;
	while (lex.rest.n && lex.rest.p[0] != ']') {
		if (lex.rest.p[0] == '"')
			take_quoted(&lex, &value);
		else if (lex.rest.p[0] != '{' || !take_literal(&lex, &value))
			span_take(&lex.rest, 1);
	}
	return all - lex.rest.n;
}

static bool
is_item_char(char c)
{
	return c != ' ' && c != '(' && c != ')' && c != '[' && c != '{' &&
	    c != '"';
}

void
imap_lex_item(struct imap_lex *lex, struct span *name, struct span *section)
{
	size_t n = 0;

	*section = (struct span){ NULL, 0 };
	while (n < lex->rest.n && is_item_char(lex->rest.p[n]))
		n++;
	*name = span_take(&lex->rest, n);
	if (lex->rest.n == 0 || lex->rest.p[0] != '[')
		return;
	span_take(&lex->rest, 1);
	*section = span_take(&lex->rest, section_length(*lex));
	if (lex->rest.n == 0)
		section->p = NULL;	/* never closed */
	span_take(&lex->rest, 1);
	if (lex->rest.n && lex->rest.p[0] == '<') {
		size_t end = span_chr(lex->rest, '>');

		span_take(&lex->rest, end == SIZE_MAX ? 0 : end + 1);
	}
}

static bool
scale(uint64_t *v, int exponent)
{
	for (; exponent > 0; exponent--) {
		if (*v > UINT64_MAX / 10)
			return false;
		*v *= 10;
	}
	for (; exponent < 0; exponent++)
		*v /= 10;
	return true;
}

bool
imap_lex_number(struct span s, uint64_t *out)
{
	uint64_t v = 0, exponent = 0;
	int fraction = 0;
	bool has_point = false;

	if (span_u64(s, out))
		return true;
	if (s.n == 0 || s.n > 32 || !is_digit(s.p[0]))
		return false;
	while (s.n && s.p[0] != 'e' && s.p[0] != 'E') {
		char c = span_take(&s, 1).p[0];

		if (c == '.' && !has_point) {
			has_point = true;
			continue;
		}
		if (!is_digit(c) || v > (UINT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (uint64_t)(c - '0');
		fraction += has_point;
	}
	span_take(&s, 1);
	if (s.n && s.p[0] == '+')
		span_take(&s, 1);
	if (s.n && (!span_u64(s, &exponent) || exponent > 30))
		return false;
	*out = v;
	return scale(out, (int)exponent - fraction);
}
