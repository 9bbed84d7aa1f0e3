/* SPDX-License-Identifier: MIT */
/*
 * From bytes to the list of parts.  Multiparts are GMime's (mime.c); what is
 * none is one part; an embedded letter is parsed in its turn.  At most
 * LETTER_PARTS_MAX parts and LETTER_DEPTH_MAX levels, embedded ones counted.
 */
#include "mail/letter_parts.h"

#include "mail/header.h"
#include "mail/mime.h"

/* Embedded letters that come encoded are decoded whole, up to this. */
enum { MESSAGE_OCTETS_MAX = 16 << 20 };

struct finder {
	struct letter *letter;
	unsigned depth;		/* of the entity that is parsed */
};

static void find_entity(struct letter *l, struct span bytes, unsigned depth);

/* "Text/HTML; charset=..." to "text/html"; what is no type is text/plain. */
static struct span
type_of(struct span value, struct arena *arena)
{
	struct span type = { value.p, 0 };
	size_t slash;
	char *to;

	while (type.n < value.n && (unsigned char)value.p[type.n] > ' ' &&
	    (unsigned char)value.p[type.n] < 0x7f &&
	    !strchr(";,(\"", value.p[type.n]))
		type.n++;
	slash = span_chr(type, '/');
	if (slash == SIZE_MAX || slash == 0 || slash + 1 == type.n)
		return (struct span)SPAN("text/plain");
	to = arena_str(arena, type);
	for (size_t i = 0; i < type.n; i++)
		if (to[i] >= 'A' && to[i] <= 'Z')
			to[i] = (char)(to[i] + 32);
	return (struct span){ to, type.n };
}

/* The sender's file name without any folder. */
static struct span
name_of(const struct mime_entity *e, struct arena *arena)
{
	struct span name = header_parameter(e->disposition, "filename", arena);

	if (name.n == 0)
		name = header_parameter(e->type, "name", arena);
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
			return span_skip(name, i);
	return name;
}

static bool
type_in(struct span type, const struct span *types)
{
	for (; types->n; types++)
		if (span_eq(type, *types))
			return true;
	return false;
}

/* Types whose content a reader can read as text. */
static bool
is_readable(struct span type)
{
	static const struct span readable[] = {
		SPAN("message/delivery-status"),
		SPAN("message/disposition-notification"),
		SPAN("message/rfc822-headers"), { 0 }
	};
	static const struct span unreadable[] = {
		SPAN("text/calendar"), SPAN("text/css"), SPAN("text/csv"),
		SPAN("text/directory"), SPAN("text/rtf"), SPAN("text/vcard"),
		SPAN("text/x-vcard"), SPAN("text/xml"), { 0 }
	};

	return span_starts(type, SPAN_LIT("text/")) ?
	    !type_in(type, unreadable) : type_in(type, readable);
}

static bool
is_message(struct span type)
{
	static const struct span messages[] = {
		SPAN("message/rfc822"), SPAN("message/rfc2822"),
		SPAN("message/global"), SPAN("message/news"), { 0 }
	};

	return type_in(type, messages);
}

static bool
is_signature(struct span type)
{
	static const struct span signatures[] = {
		SPAN("application/pgp-signature"),
		SPAN("application/pkcs7-signature"),
		SPAN("application/x-pkcs7-signature"), { 0 }
	};

	return type_in(type, signatures);
}

static bool
is_attachment(const struct letter_part *p, struct span disposition)
{
	if (p->is_multipart || is_signature(p->type))
		return false;
	if (is_message(p->type) ||
	    span_istarts(disposition, SPAN_LIT("attachment")))
		return true;
	/* A name without a word on its disposition is an old attachment. */
	return !is_readable(p->type) ||
	    (p->name.n && p->depth > 0 &&
	    !span_istarts(disposition, SPAN_LIT("inline")));
}

static void
grow(struct letter *l)
{
	struct letter_part *parts;
	struct part *inside;

	l->size = l->size ? l->size * 2 : 8;
	parts = arena_array(&l->arena, l->size, sizeof *parts);
	inside = arena_array(&l->arena, l->size, sizeof *inside);
	if (l->n) {
		memcpy(parts, l->parts, l->n * sizeof *parts);
		memcpy(inside, l->inside, l->n * sizeof *inside);
	}
	l->parts = parts;
	l->inside = inside;
}

/* False when the list is full. */
static bool
add_part(struct letter *l, const struct mime_entity *e, unsigned depth)
{
	struct letter_part p = {
		.depth = depth,
		.type = type_of(e->type, &l->arena),
		.name = name_of(e, &l->arena),
		.is_multipart = e->is_multipart,
	};
	struct part in = {
		.type = e->type,
		.content = e->content,
		.transfer = transfer_of(e->encoding),
		.missing = e->missing,
	};

	if (l->n == LETTER_PARTS_MAX || depth > LETTER_DEPTH_MAX) {
		l->is_cut = true;
		return false;
	}
	p.size = transfer_estimate(in.transfer, in.content);
	p.is_attachment = is_attachment(&p, e->disposition);
	in.is_text = is_readable(p.type) && !p.is_attachment;
	if (l->n == l->size)
		grow(l);
	l->parts[l->n] = p;
	l->inside[l->n++] = in;
	return true;
}

static void
open_message(struct letter *l, size_t i)
{
	struct buf decoded = { 0 };

	if (l->inside[i].transfer == TRANSFER_AS_IS) {
		l->inside[i].message = l->inside[i].content;
	} else {
		letter_part_decode(l, i, MESSAGE_OCTETS_MAX, &decoded);
		l->inside[i].message = arena_copy(&l->arena,
		    buf_span(&decoded));
		buf_fini(&decoded);
	}
	if (l->inside[i].message.n)
		find_entity(l, l->inside[i].message, l->parts[i].depth + 1);
}

static void
on_entity(void *ctx, const struct mime_entity *e)
{
	struct finder *f = ctx;
	struct letter *l = f->letter;

	if (!add_part(l, e, f->depth + e->depth))
		return;
	/* In an attached letter it is that one's sender who says so. */
	if (f->depth > 0)
		l->inside[l->n - 1].missing = (struct span){ 0 };
	if (is_message(l->parts[l->n - 1].type))
		open_message(l, l->n - 1);
}

/* The field itself, name and all, to the end of the letter. */
static struct span
from_content_type(struct span block, struct span bytes, struct span *value)
{
	struct header_field field;

	while (header_next(&block, &field))
		if (span_ieq(field.name, SPAN_LIT("Content-Type"))) {
			*value = field.value;
			return span_skip(bytes,
			    (size_t)(field.name.p - bytes.p));
		}
	*value = (struct span){ 0 };
	return (struct span){ 0 };
}

/* An entity that begins with its header: the letter, an embedded one. */
static void
find_entity(struct letter *l, struct span bytes, unsigned depth)
{
	struct finder f = { l, depth };
	struct mime_entity e = { .depth = 0 };
	struct span block, rest;
	size_t first = l->n;

	header_split(bytes, &block, &e.content);
	rest = from_content_type(block, bytes, &e.type);
	if (depth > LETTER_DEPTH_MAX || l->n == LETTER_PARTS_MAX) {
		l->is_cut = true;
		return;
	}
	if (span_istarts(e.type, SPAN_LIT("multipart/")) &&
	    !mime_parse(rest, (struct mime_limits){ LETTER_DEPTH_MAX - depth,
	    LETTER_PARTS_MAX - (unsigned)l->n }, &l->arena, on_entity, &f))
		l->is_cut = true;
	if (l->n > first + 1)
		return;
	/* No multipart, or one in which no part was found: all is text. */
	l->n = first;
	if (span_istarts(e.type, SPAN_LIT("multipart/"))) {
		e.type = (struct span){ 0 };
	} else {
		e.disposition = header_find(block, "Content-Disposition");
		e.encoding = header_find(block, "Content-Transfer-Encoding");
		e.missing = header_find(block, "X-Surat-Missing");
	}
	on_entity(&f, &e);
}

void
letter_find_parts(struct letter *l)
{
	size_t open[LETTER_DEPTH_MAX + 1], depth = 0;

	find_entity(l, l->bytes, 0);
	/* Depths tell the tree: a part ends where one no deeper begins. */
	for (size_t i = 0; i < l->n; i++) {
		while (depth > l->parts[i].depth)
			l->inside[open[--depth]].end = i;
		open[depth++] = i;
	}
	while (depth)
		l->inside[open[--depth]].end = l->n;
}

/* "2.1 48213" */
static bool
read_missing(struct span field, struct span *section, uint64_t *octets)
{
	if (!span_split(&field, ' ', section) || section->n == 0)
		return false;
	for (size_t i = 0; i < section->n; i++)
		if (section->p[i] != '.' &&
		    !(section->p[i] >= '0' && section->p[i] <= '9'))
			return false;
	return span_u64(field, octets);
}

void
letter_believe_missing(struct letter *l)
{
	for (size_t i = 0; i < l->n; i++) {
		uint64_t octets;
		struct span section;

		if (l->parts[i].is_multipart || l->inside[i].content.n ||
		    !read_missing(l->inside[i].missing, &section, &octets))
			continue;
		l->parts[i].missing = section;
		l->parts[i].size = l->inside[i].transfer == TRANSFER_BASE64 ?
		    octets / 78 * 57 : octets;
	}
}

bool
letter_part_is(const struct letter *l, size_t i, const char *type)
{
	struct span wanted = span_of(type);

	return type[wanted.n - 1] == '/' ?
	    span_starts(l->parts[i].type, wanted) :
	    span_eq(l->parts[i].type, wanted);
}

static bool
put_buf(void *ctx, struct span piece)
{
	struct buf *out = ctx;

	if (out->max && piece.n > out->max - out->n)
		piece.n = out->max - out->n;
	buf_put(out, piece);
	return out->n < out->max;
}

void
letter_part_decode(const struct letter *l, size_t i, size_t max,
    struct buf *out)
{
	const struct part *in = &l->inside[i];

	out->max = max;
	transfer_decode(in->transfer, in->content, put_buf, out);
}
