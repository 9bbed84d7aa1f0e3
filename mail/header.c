/* SPDX-License-Identifier: MIT */
/*
 * Header blocks: fields, ids and the envelope.  What is inside a field is
 * read in words.c, address.c and parameter.c.
 */
#include "mail/header.h"

#include "base/text.h"
#include "mail/charset.h"

enum {
	HEADER_FIELDS_MAX = 2000,
	ID_OCTETS_MAX = 998,
};

/* Cuts a line with its end off *s. */
static struct span
take_line(struct span *s)
{
	size_t at = span_chr(*s, '\n');

	return span_take(s, at == SIZE_MAX ? s->n : at + 1);
}

static bool
is_empty_line(struct span line)
{
	return span_eq(line, SPAN_LIT("\n")) || span_eq(line, SPAN_LIT("\r\n"));
}

static bool
goes_on(struct span rest)
{
	return rest.n && (rest.p[0] == ' ' || rest.p[0] == '\t');
}

/* The name before the colon; empty when the line is no field. */
static struct span
field_name(struct span line)
{
	struct span name = { line.p, 0 };
	size_t n = 0;

	/* RFC 5322 2.2: printable ASCII. */
	while (n < line.n && (unsigned char)line.p[n] > ' ' &&
	    (unsigned char)line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	name.n = n;
	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	if (n == line.n || line.p[n] != ':')
		name.n = 0;
	return name;
}

bool
header_next(struct span *block, struct header_field *field)
{
	while (block->n) {
		struct span line = take_line(block), name;

		if (is_empty_line(line))
			return false;
		name = field_name(line);
		while (goes_on(*block))
			line.n += take_line(block).n;
		if (name.n == 0)
			continue;
		field->name = name;
		field->value = span_skip(line, name.n);
		field->value = span_trim(span_skip(field->value,
		    span_chr(field->value, ':') + 1));
		return true;
	}
	return false;
}

struct span
header_find(struct span block, const char *name)
{
	struct header_field field;

	for (int i = 0; i < HEADER_FIELDS_MAX && header_next(&block, &field);
	    i++)
		if (span_ieq(field.name, span_of(name)))
			return field.value;
	return (struct span){ 0 };
}

void
header_split(struct span letter, struct span *block, struct span *body)
{
	struct span rest = letter;

	while (rest.n) {
		struct span line = take_line(&rest);

		if (is_empty_line(line)) {
			*block = (struct span){ letter.p,
			    (size_t)(line.p - letter.p) };
			*body = rest;
			return;
		}
	}
	*block = letter;
	*body = (struct span){ letter.n ? letter.p + letter.n : NULL, 0 };
}

/* A copy without blanks, control bytes and NUL, none of which an id has. */
static struct span
copy_id(struct span raw, struct arena *arena)
{
	struct span id;
	char *to;

	raw = span_trim(raw);
	if (raw.n == 0 || raw.n > ID_OCTETS_MAX)
		return (struct span){ "", 0 };
	to = arena_alloc(arena, raw.n + 1);
	id = (struct span){ to, 0 };
	for (size_t i = 0; i < raw.n; i++)
		if ((unsigned char)raw.p[i] > ' ' && raw.p[i] != 0x7f)
			to[id.n++] = raw.p[i];
	return text_is_utf8(id) ? id : charset_guess(id, arena);
}

/* Cuts the next "<id>" off *s, over whatever stands between. */
static bool
next_id(struct span *s, struct span *id)
{
	size_t start = SIZE_MAX;

	for (size_t i = 0; i < s->n; i++) {
		if (s->p[i] == '<') {
			start = i + 1;
		} else if (s->p[i] == '>' && start != SIZE_MAX) {
			*id = (struct span){ s->p + start, i - start };
			*s = span_skip(*s, i + 1);
			return true;
		}
	}
	return false;
}

/* The first id; one without brackets when it looks like one. */
static struct span
first_id(struct span value, struct arena *arena)
{
	struct span rest = value, id;

	while (next_id(&rest, &id)) {
		id = copy_id(id, arena);
		if (id.n)
			return id;
	}
	for (size_t i = 0; i < value.n; i++)
		if (strchr(" \t\r\n", value.p[i]) && value.p[i]) {
			value.n = i;
			break;
		}
	return span_chr(value, '@') == SIZE_MAX ? (struct span){ "", 0 } :
	    copy_id(value, arena);
}

/*
 * The root and the newest are what threads are made of: over the limit the
 * second oldest is dropped for each new one (a ring behind the first).
 */
static void
read_references(struct span value, struct arena *arena, struct envelope *out)
{
	enum { RING = ENVELOPE_REFERENCES_MAX - 1 };
	struct span ring[RING], first = { 0 }, id;
	size_t n = 0, kept;

	while (next_id(&value, &id)) {
		if (id.n == 0 || id.n > ID_OCTETS_MAX)
			continue;
		if (n == 0)
			first = id;
		else
			ring[(n - 1) % RING] = id;
		n++;
	}
	if (n == 0)
		return;
	kept = n - 1 < RING ? n - 1 : RING;
	out->references = arena_array(arena, kept + 1, sizeof *ring);
	out->references[0] = copy_id(first, arena);
	out->nreferences = 1;
	for (size_t i = n - 1 - kept; i < n - 1; i++) {
		id = copy_id(ring[i % RING], arena);
		if (id.n)
			out->references[out->nreferences++] = id;
	}
}

static struct span
list_id(struct span value, struct arena *arena)
{
	struct span id;

	return next_id(&value, &id) ? copy_id(id, arena) :
	    header_decode_text(value, arena);
}

enum field_kind {
	FIELD_BCC, FIELD_CC, FIELD_CONTENT_TYPE, FIELD_DATE, FIELD_FROM,
	FIELD_IN_REPLY_TO, FIELD_LIST_ID, FIELD_MESSAGE_ID, FIELD_REFERENCES,
	FIELD_REPLY_TO, FIELD_SENDER, FIELD_SUBJECT, FIELD_TO, FIELD_OTHER
};

static enum field_kind
field_kind(struct span name)
{
	static const struct span names[FIELD_OTHER] = {
		[FIELD_BCC] = SPAN("Bcc"),
		[FIELD_CC] = SPAN("Cc"),
		[FIELD_CONTENT_TYPE] = SPAN("Content-Type"),
		[FIELD_DATE] = SPAN("Date"),
		[FIELD_FROM] = SPAN("From"),
		[FIELD_IN_REPLY_TO] = SPAN("In-Reply-To"),
		[FIELD_LIST_ID] = SPAN("List-Id"),
		[FIELD_MESSAGE_ID] = SPAN("Message-ID"),
		[FIELD_REFERENCES] = SPAN("References"),
		[FIELD_REPLY_TO] = SPAN("Reply-To"),
		[FIELD_SENDER] = SPAN("Sender"),
		[FIELD_SUBJECT] = SPAN("Subject"),
		[FIELD_TO] = SPAN("To"),
	};

	for (int i = 0; i < FIELD_OTHER; i++)
		if (span_ieq(names[i], name))
			return (enum field_kind)i;
	return FIELD_OTHER;
}

static void
read_field(enum field_kind kind, struct span value, struct arena *arena,
    struct envelope *out)
{
	switch (kind) {
	case FIELD_BCC:
		out->bcc = header_decode_addresses(value, arena);
		return;
	case FIELD_CC:
		out->cc = header_decode_addresses(value, arena);
		return;
	case FIELD_CONTENT_TYPE:
		out->has_attachment = span_istarts(value,
		    SPAN_LIT("multipart/mixed"));
		return;
	case FIELD_DATE:
		out->date = date_parse_rfc5322(value, &out->date_offset_min);
		return;
	case FIELD_FROM:
		out->from = header_decode_addresses(value, arena);
		return;
	case FIELD_IN_REPLY_TO:
		out->in_reply_to = first_id(value, arena);
		return;
	case FIELD_LIST_ID:
		out->list_id = list_id(value, arena);
		return;
	case FIELD_MESSAGE_ID:
		out->message_id = first_id(value, arena);
		return;
	case FIELD_REFERENCES:
		read_references(value, arena, out);
		return;
	case FIELD_REPLY_TO:
		out->reply_to = header_decode_addresses(value, arena);
		return;
	case FIELD_SENDER:
		out->sender = header_decode_addresses(value, arena);
		return;
	case FIELD_SUBJECT:
		out->subject = header_decode_text(value, arena);
		return;
	case FIELD_TO:
		out->to = header_decode_addresses(value, arena);
		return;
	case FIELD_OTHER:
		return;
	}
}

void
header_parse_envelope(struct span block, struct arena *arena,
    struct envelope *out)
{
	bool seen[FIELD_OTHER + 1] = { false };
	struct header_field field;

	*out = (struct envelope){ .date = DATE_NONE };
	if (block.n > ENVELOPE_HEADER_MAX)
		block.n = ENVELOPE_HEADER_MAX;
	for (int i = 0; i < HEADER_FIELDS_MAX && header_next(&block, &field);
	    i++) {
		enum field_kind kind = field_kind(field.name);

		if (seen[kind])	/* the first counts, as it is the one on top */
			continue;
		seen[kind] = true;
		read_field(kind, field.value, arena, out);
	}
}
