/* SPDX-License-Identifier: MIT */
/*
 * RFC 5322 3.4 address lists as they are met: groups, comments, quoted
 * strings, source routes, missing brackets and missing commas.  A first
 * pass cuts the list into slices without copying; a second one makes names
 * and addresses of them.  The address is what stands in the brackets, never
 * what a display name pretends.
 *
 * Linear: an unclosed quote, comment or bracket is found once and from then
 * on taken as an ordinary character.  Empty places and empty groups (the
 * ";;;;" of CVE-2021-3181) make no node.
 */
#include "base/text.h"
#include "mail/charset.h"

enum { ADDRESS_OCTETS_MAX = 1000, LITERAL_OCTETS_MAX = 100 };

/* One mailbox, as slices of the field. */
struct mailbox {
	struct span phrase;	/* before the bracket, or all of it */
	struct span angle;	/* in the brackets */
	struct span comment;	/* the last one, without its parentheses */
	bool has_angle;
};

struct scan {
	struct span rest;
	/* Nothing ahead closes such a one. */
	bool no_comments, no_quotes, no_angles, no_groups;
	bool in_group;
};

/* Length of the comment at the front, or 0 when it is not closed. */
static size_t
comment_length(struct span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

static size_t
quoted_length(struct span s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

/* Length of "<...>" at the front; 0 at a second '<', SIZE_MAX at the end. */
static size_t
angle_length(struct span s)
{
	bool is_quoted = false;

	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\')
			i++;
		else if (c == '"')
			is_quoted = !is_quoted;
		else if (c == '>' && !is_quoted)
			return i + 1;
		else if (c == '<' && !is_quoted)
			return 0;
	}
	return SIZE_MAX;
}

/* A bracket that is never closed holds what goes on to the comma. */
static size_t
open_angle_length(struct span s)
{
	size_t n = 1;

	while (n < s.n && !memchr(",;<", s.p[n], 3))
		n++;
	return n;
}

/* "[IPv6:::1]", whose colons begin no group; 0 when it is none. */
static size_t
literal_length(struct span s)
{
	for (size_t i = 1; i < s.n && i < LITERAL_OCTETS_MAX; i++) {
		if (s.p[i] == ']')
			return i + 1;
		if (strchr("[,;<>\"", s.p[i]))
			break;
	}
	return 0;
}

static struct span
inside(struct span s)
{
	return (struct span){ s.p + 1, s.n - 2 };
}

static void
take_angle(struct scan *sc, struct mailbox *m)
{
	size_t n = sc->no_angles ? SIZE_MAX : angle_length(sc->rest);

	sc->no_angles = n == SIZE_MAX;
	if (n && n != SIZE_MAX)
		m->angle = inside(span_take(&sc->rest, n));
	else
		m->angle = span_skip(span_take(&sc->rest,
		    open_angle_length(sc->rest)), 1);
	m->has_angle = true;
}

/* Steps over a comment or a quoted string; false when none is here. */
static bool
take_nested(struct scan *sc, struct mailbox *m)
{
	char c = sc->rest.p[0];
	size_t n = 0;

	if (c == '(' && !sc->no_comments) {
		n = comment_length(sc->rest);
		sc->no_comments = n == 0;
		if (n)
			m->comment = inside((struct span){ sc->rest.p, n });
	} else if (c == '"' && !sc->no_quotes) {
		n = quoted_length(sc->rest);
		sc->no_quotes = n == 0;
	} else if (c == '[') {
		n = literal_length(sc->rest);
	} else if (c == '\\') {
		n = 2;
	}
	span_take(&sc->rest, n);
	return n != 0;
}

/* Steps over "name:"; a colon without a ';' to come begins no group. */
static bool
take_group(struct scan *sc, struct mailbox *m)
{
	if (sc->rest.p[0] != ':' || sc->in_group || m->has_angle ||
	    sc->no_groups)
		return false;
	sc->no_groups = span_chr(sc->rest, ';') == SIZE_MAX;
	sc->in_group = !sc->no_groups;
	if (sc->in_group) {
		span_take(&sc->rest, 1);
		m->comment = (struct span){ 0 };
	}
	return sc->in_group;
}

static struct span
between(const char *start, struct span rest)
{
	return (struct span){ start, (size_t)(rest.p - start) };
}

/* Cuts the next mailbox, possibly an empty one; false at the end. */
static bool
next_mailbox(struct scan *sc, struct mailbox *m)
{
	const char *start = sc->rest.p;

	*m = (struct mailbox){ .has_angle = false };
	if (sc->rest.n == 0)
		return false;
	while (sc->rest.n && sc->rest.p[0] != ',' && sc->rest.p[0] != ';') {
		if (sc->rest.p[0] == '<' && m->has_angle) {
			/* The comma is missing: back to behind the bracket. */
			sc->rest.n += (size_t)(sc->rest.p - start);
			sc->rest.p = start;
			return true;
		}
		if (sc->rest.p[0] == '<') {
			m->phrase = between(start, sc->rest);
			take_angle(sc, m);
			start = sc->rest.p;
		} else if (take_group(sc, m)) {
			start = sc->rest.p;	/* the group's name goes */
		} else if (!take_nested(sc, m)) {
			span_take(&sc->rest, 1);
		}
	}
	if (!m->has_angle || span_trim(m->phrase).n == 0)
		m->phrase = between(start, sc->rest);
	if (span_take(&sc->rest, 1).n && sc->rest.p[-1] == ';')
		sc->in_group = false;
	return true;
}

static void
put_quoted(struct buf *out, struct span s, bool keep_quotes)
{
	if (keep_quotes) {
		buf_put(out, s);
		return;
	}
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		buf_putc(out, s.p[i]);
	}
}

/* Copies s without comments and, if asked, without quotes around strings. */
static void
put_phrase(struct buf *out, struct span s, bool keep_quotes)
{
	bool no_comments = false, no_quotes = false;

	while (s.n) {
		size_t n = 0;

		if (s.p[0] == '(' && !no_comments) {
			n = comment_length(s);
			no_comments = n == 0;
			if (n)
				buf_putc(out, ' ');
		} else if (s.p[0] == '"' && !no_quotes) {
			n = quoted_length(s);
			no_quotes = n == 0;
			put_quoted(out, (struct span){ s.p, n }, keep_quotes);
		} else if (s.p[0] == '\\' && s.n > 1 && !keep_quotes) {
			span_take(&s, 1);
		}
		if (n == 0)
			buf_put(out, span_take(&s, 1));
		else
			span_take(&s, n);
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/* An address has no blanks, except in a quoted local part. */
static void
put_tight(struct buf *out, struct span s)
{
	bool is_quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			is_quoted = !is_quoted;
		if (!is_blank(s.p[i]) || (is_quoted && s.p[i] == ' '))
			buf_putc(out, s.p[i]);
	}
}

/*
 * Where no brackets tell: the address is the word around the last "@"
 * (blanks beside the "@" are obsolete, but no ends), the name is what comes
 * before it.  Without an "@" the address is empty and all is name.
 */
static struct span
find_addr(struct span s, struct span *before)
{
	size_t word = 0, start = 0, end = SIZE_MAX;
	bool is_quoted = false, in_word = false;
	char last = ' ';

	*before = s;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_quoted && is_blank(s.p[i])) {
			in_word = false;
			continue;
		}
		if (!in_word && s.p[i] != '@' && last != '@')
			word = i;
		in_word = true;
		if (s.p[i] == '"')
			is_quoted = !is_quoted;
		last = is_quoted ? '"' : s.p[i];
		if (last == '@')
			start = word;
		if (last == '@' || word == start)
			end = last == '@' || end != SIZE_MAX ? i + 1 : end;
	}
	if (end == SIZE_MAX)
		return (struct span){ 0 };
	before->n = start;
	return (struct span){ s.p + start, end - start };
}

/* RFC 5322 4.4: "<@a,@b:ani@x>" goes to ani@x. */
static struct span
skip_route(struct span angle)
{
	struct span s = span_trim(angle);
	size_t colon = span_chr(s, ':');

	if (s.n && s.p[0] == '@' && colon != SIZE_MAX)
		return span_skip(s, colon + 1);
	return angle;
}

static struct span
keep_addr(struct span addr, struct arena *arena)
{
	/* One cut short would be somebody else's. */
	if (addr.n > ADDRESS_OCTETS_MAX)
		addr.n = 0;
	return text_is_utf8(addr) ? arena_copy(arena, addr) :
	    charset_guess(addr, arena);
}

/* The two buffers are scratch, kept from one mailbox to the next. */
static struct address
make_address(const struct mailbox *m, struct buf *plain, struct buf *tight,
    struct arena *arena)
{
	struct address a = { .name = { 0 } };
	struct span name = m->phrase, addr;

	buf_reset(plain);
	buf_reset(tight);
	if (m->has_angle) {
		put_phrase(plain, skip_route(m->angle), true);
		addr = buf_span(plain);
	} else {
		put_phrase(plain, m->phrase, true);
		addr = find_addr(span_trim(buf_span(plain)), &name);
		if (addr.n == 0 && span_chr(name, ' ') == SIZE_MAX) {
			addr = name;	/* "root" */
			name.n = 0;
		}
	}
	put_tight(tight, addr);
	a.addr = keep_addr(buf_span(tight), arena);
	buf_reset(tight);
	put_phrase(tight, name, false);
	a.name = header_decode_text(buf_span(tight), arena);
	if (a.name.n == 0 && m->comment.n)
		a.name = header_decode_text(m->comment, arena);
	return a;
}

static void
add(struct addresses *all, size_t *size, struct address a, struct arena *arena)
{
	if (all->n == *size) {
		struct address *more;

		*size = *size ? *size * 2 : 4;
		more = arena_array(arena, *size, sizeof *more);
		if (all->n)
			memcpy(more, all->list, all->n * sizeof *more);
		all->list = more;
	}
	all->list[all->n++] = a;
}

struct addresses
header_decode_addresses(struct span value, struct arena *arena)
{
	struct scan sc = { .rest = value };
	struct buf plain = { 0 }, tight = { 0 };
	struct addresses all = { 0 };
	struct mailbox m;
	size_t size = 0;

	while (all.n < ENVELOPE_ADDRESSES_MAX && next_mailbox(&sc, &m)) {
		struct address a;

		if (!m.has_angle && span_trim(m.phrase).n == 0)
			continue;
		a = make_address(&m, &plain, &tight, arena);
		if (a.addr.n || a.name.n)
			add(&all, &size, a, arena);
	}
	buf_fini(&plain);
	buf_fini(&tight);
	return all;
}

static bool
needs_quotes(struct span name)
{
	for (size_t i = 0; i < name.n; i++)
		if (strchr("()<>[]:;@\\,.\"", name.p[i]) && name.p[i])
			return true;
	return false;
}

void
header_put_address(struct buf *out, const struct address *a)
{
	bool quote = needs_quotes(a->name);

	if (a->name.n == 0) {
		buf_put(out, a->addr);
		return;
	}
	if (quote)
		buf_putc(out, '"');
	for (size_t i = 0; i < a->name.n; i++) {
		char c = a->name.p[i];

		if (quote && (c == '"' || c == '\\'))
			buf_putc(out, '\\');
		buf_putc(out, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
	}
	buf_puts(out, quote ? "\" <" : " <");
	buf_put(out, a->addr);
	buf_putc(out, '>');
}
