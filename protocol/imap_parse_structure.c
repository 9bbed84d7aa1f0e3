/* SPDX-License-Identifier: MIT */
/*
 * BODYSTRUCTURE.  RFC 9051 7.5.2, with what servers make of it
 * (PROTOCOLS.md 8, rows 4 to 8, 20, 21, 36, 50 and 61).  Every list may end
 * before its time, every field may be of another kind than it should be; what
 * does not fit is passed over and the part remains.  Only a value that is cut
 * off, is no list or goes beyond the limits of imap_part.h is not understood.
 *
 * The value is cut out first, by counting parentheses, and read by a lexer of
 * its own: whatever is in it, the items behind it are found.
 */
#include "protocol/imap_parse.h"

#include "base/bug.h"

struct reader {
	struct imap_lex lex;
	unsigned depth, nparts;
	bool has_failed;	/* sticky */
};

static struct imap_part *read_part(struct reader *r,
    const struct imap_part *parent, struct span section, bool is_letter);

static enum imap_token
peek(const struct reader *r)
{
	struct span value;

	return imap_lex_peek(&r->lex, &value);
}

static enum imap_token
take(struct reader *r)
{
	struct span value;

	return imap_lex_next(&r->lex, &value);
}

static bool
is_end(enum imap_token token)
{
	return token == IMAP_TOKEN_CLOSE || token == IMAP_TOKEN_END;
}

static bool
is_string(enum imap_token token)
{
	return token == IMAP_TOKEN_QUOTED || token == IMAP_TOKEN_LITERAL ||
	    token == IMAP_TOKEN_ATOM;
}

/* A field that should be a string or NIL; what is a list is none. */
static struct span
take_string(struct reader *r)
{
	struct span value = { NULL, 0 };
	enum imap_token token = peek(r);

	if (is_end(token))
		return value;
	if (token == IMAP_TOKEN_OPEN) {
		imap_lex_skip(&r->lex);
		return value;
	}
	imap_lex_next(&r->lex, &value);
	if (token == IMAP_TOKEN_NIL)
		value.n = 0;
	return value;
}

/* -1, NIL and nonsense are not known.  PROTOCOLS.md 8, row 7. */
static uint64_t
take_count(struct reader *r)
{
	uint64_t v;

	return imap_lex_number(take_string(r), &v) && v <= INT64_MAX ? v :
	    IMAP_PART_UNKNOWN;
}

/* To behind the parenthesis that closes the list in hand. */
static void
leave_list(struct reader *r)
{
	while (!is_end(peek(r)))
		imap_lex_skip(&r->lex);
	r->has_failed |= take(r) == IMAP_TOKEN_END;
}

/* ("charset" "utf-8" "name" NIL), or anything that is none. */
static const struct imap_param *
take_params(struct reader *r)
{
	const struct imap_param *first = NULL, **last = &first;
	struct imap_param *param;
	unsigned n = 0;

	if (peek(r) != IMAP_TOKEN_OPEN) {
		take_string(r);
		return NULL;
	}
	take(r);
	while (is_string(peek(r)) && n++ < IMAP_PARAMS_MAX) {
		param = arena_alloc(r->lex.arena, sizeof *param);
		param->name = take_string(r);
		param->value = take_string(r);
		*last = param;
		last = &param->next;
	}
	leave_list(r);
	return first;
}

/*
 * ("attachment" ("filename" "x")).  Exchange writes a bare string, (NIL NIL)
 * for what is attached, and the description in this place: rows 4 and 6.
 */
static void
take_disposition(struct reader *r, struct imap_part *part)
{
	struct span value;

	if (peek(r) != IMAP_TOKEN_OPEN) {
		value = take_string(r);
		if (span_ieq(value, SPAN_LIT("inline")) ||
		    span_ieq(value, SPAN_LIT("attachment")))
			part->disposition = value;
		return;
	}
	take(r);
	part->disposition = peek(r) == IMAP_TOKEN_CLOSE ?
	    (struct span){ NULL, 0 } : take_string(r);
	if (part->disposition.n == 0)
		part->disposition = SPAN_LIT("attachment");
	part->disposition_params = take_params(r);
	leave_list(r);
}

/* "1" below the whole, "2.1" below "2". */
static struct span
child_section(struct reader *r, struct span base, unsigned number)
{
	const char *s = base.n ? arena_printf(r->lex.arena, "%.*s.%u",
	    SPAN_ARG(base), number) : arena_printf(r->lex.arena, "%u", number);

	return span_of(s);
}

/* Parameters, disposition; language, location and all else are passed. */
static void
take_multipart_tail(struct reader *r, struct imap_part *part)
{
	part->type = SPAN_LIT("multipart");
	part->params = take_params(r);
	take_disposition(r, part);
}

static void
take_children(struct reader *r, struct imap_part *part, struct span base)
{
	const struct imap_part **last = &part->children;
	unsigned number = 0;

	while (!r->has_failed && peek(r) == IMAP_TOKEN_OPEN) {
		struct imap_part *child = read_part(r, part,
		    child_section(r, base, ++number), false);

		if (!child)
			return;
		*last = child;
		last = &child->next;
	}
	part->subtype = take_string(r);
	if (part->subtype.n == 0)
		part->subtype = SPAN_LIT("mixed");
	take_multipart_tail(r, part);
}

/* What comes next is a list, and of more than two values. */
static bool
is_long_list(const struct reader *r)
{
	struct imap_lex ahead = { .rest = r->lex.rest };
	struct span value;
	unsigned n = 0;

	if (imap_lex_next(&ahead, &value) != IMAP_TOKEN_OPEN)
		return false;
	while (n < 3 && !is_end(imap_lex_peek(&ahead, &value))) {
		imap_lex_skip(&ahead);
		n++;
	}
	return n == 3;
}

/*
 * The letter in a message/rfc822: ENVELOPE, structure, lines.  Gmail sends
 * some such parts without (row 21), others leave the ENVELOPE out or NIL:
 * the structure is a list behind another one or behind NIL, and has more to
 * say than a disposition, which has two values.
 */
static void
take_letter(struct reader *r, struct imap_part *part)
{
	struct reader start = *r;
	bool is_long = is_long_list(r);

	if (peek(r) != IMAP_TOKEN_OPEN && peek(r) != IMAP_TOKEN_NIL)
		return;
	imap_lex_skip(&r->lex);		/* the ENVELOPE */
	if (peek(r) != IMAP_TOKEN_OPEN || (!is_long && !is_long_list(r))) {
		*r = start;		/* there was none */
		if (!is_long)
			return;
	}
	part->children = read_part(r, part, part->section, true);
}

static bool
is_media_type(struct span s)
{
	static const struct span types[] = { SPAN("text"), SPAN("image"),
		SPAN("audio"), SPAN("video"), SPAN("application"),
		SPAN("message"), SPAN("multipart"), SPAN("font"),
		SPAN("model"), SPAN("example") };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (span_ieq(s, types[i]))
			return true;
	return false;
}

/*
 * A multipart whose parts the server could not tell: ("alternative"
 * ("boundary" "x") NIL NIL), (NIL "alternative" ...).  Rows 20 and 36.  The
 * subtype is taken, the rest is to come.
 */
static bool
take_childless(struct reader *r, struct imap_part *part)
{
	struct reader start = *r;
	enum imap_token first = peek(r), second;
	struct span value = take_string(r);

	second = peek(r);
	if (first == IMAP_TOKEN_NIL && is_string(second)) {
		part->subtype = take_string(r);
		return true;
	}
	if (is_string(first) && !is_string(second) &&
	    !(second == IMAP_TOKEN_NIL && is_media_type(value))) {
		part->subtype = value;
		return true;
	}
	*r = start;
	return false;
}

/* Where the server says nothing at all it is text/plain.  Rows 5 and 50. */
static void
take_type(struct reader *r, struct imap_part *part)
{
	part->type = take_string(r);
	part->subtype = take_string(r);
	if (part->type.n)
		return;
	part->type = SPAN_LIT("text");
	part->subtype = SPAN_LIT("plain");
}

static void
take_leaf(struct reader *r, struct imap_part *part)
{
	take_type(r, part);
	part->params = take_params(r);
	part->id = take_string(r);
	part->description = take_string(r);
	part->encoding = take_string(r);
	part->octets = take_count(r);
	if (imap_part_is(part, SPAN_LIT("message"), SPAN_LIT("rfc822")) ||
	    imap_part_is(part, SPAN_LIT("message"), SPAN_LIT("global")))
		take_letter(r, part);
	if (peek(r) == IMAP_TOKEN_ATOM)
		part->lines = take_count(r);
	if (peek(r) != IMAP_TOKEN_OPEN)
		take_string(r);		/* MD5 */
	take_disposition(r, part);
}

/*
 * One list.  is_letter: the body of a letter, whose part has the number that
 * `section` gives; a multipart then has none and numbers its parts from there.
 */
static struct imap_part *
read_part(struct reader *r, const struct imap_part *parent,
    struct span section, bool is_letter)
{
	struct imap_part *part;

	if (r->depth == IMAP_PART_DEPTH_MAX ||
	    r->nparts == IMAP_PARTS_MAX) {
		r->has_failed = true;
		return NULL;
	}
	r->depth++;
	r->nparts++;
	part = arena_alloc(r->lex.arena, sizeof *part);
	*part = (struct imap_part){ .parent = parent, .section = section,
		.octets = IMAP_PART_UNKNOWN, .lines = IMAP_PART_UNKNOWN };
	take(r);
	if (peek(r) == IMAP_TOKEN_OPEN) {
		if (is_letter)
			part->section.n = 0;
		take_children(r, part, section);
	} else {
		if (is_letter)
			part->section = child_section(r, section, 1);
		if (take_childless(r, part))
			take_multipart_tail(r, part);
		else
			take_leaf(r, part);
	}
	leave_list(r);
	r->depth--;
	return r->has_failed ? NULL : part;
}

/* The list that comes next, however deep it is; false: there is none. */
static bool
cut_list(struct imap_lex *lex, struct span *list)
{
	struct imap_lex ahead = { .rest = lex->rest };
	struct span value;
	size_t depth = 0;

	if (imap_lex_peek(lex, &value) != IMAP_TOKEN_OPEN) {
		imap_lex_skip(lex);
		return false;
	}
	do {
		switch (imap_lex_next(&ahead, &value)) {
		case IMAP_TOKEN_OPEN:
			depth++;
			break;
		case IMAP_TOKEN_CLOSE:
			depth--;
			break;
		case IMAP_TOKEN_END:
			lex->rest.n = 0;
			return false;
		case IMAP_TOKEN_ATOM:
		case IMAP_TOKEN_NIL:
		case IMAP_TOKEN_QUOTED:
		case IMAP_TOKEN_LITERAL:
			break;
		}
	} while (depth);
	*list = span_take(&lex->rest, lex->rest.n - ahead.rest.n);
	return true;
}

const struct imap_part *
imap_parse_structure(struct imap_lex *lex)
{
	struct reader r = { .lex = { .arena = lex->arena } };
	const struct imap_part *root;

	if (!cut_list(lex, &r.lex.rest))
		return NULL;
	root = read_part(&r, NULL, (struct span){ NULL, 0 }, true);
	return r.has_failed || r.lex.is_too_deep ? NULL : root;
}

struct span
imap_param_get(const struct imap_param *params, struct span name)
{
	for (; params; params = params->next)
		if (span_ieq(params->name, name))
			return params->value;
	return (struct span){ NULL, 0 };
}

bool
imap_part_is(const struct imap_part *part, struct span type,
    struct span subtype)
{
	return span_ieq(part->type, type) &&
	    (subtype.n == 0 || span_ieq(part->subtype, subtype));
}
