/* SPDX-License-Identifier: MIT */
#include "src/core/skeleton.h"

#include <inttypes.h>

#include "mail/header.h"

enum { VALUE_OCTETS_MAX = 2000 };

static const struct span missing_field = SPAN("X-Surat-Missing: ");

static bool
is_token_octet(char c)
{
	return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?=", c);
}

static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_token_octet(s.p[i]))
			return false;
	return s.n > 0 && s.n <= VALUE_OCTETS_MAX;
}

/* Text of one line: whatever could end it, or the field, is left out. */
static void
put_line(struct buf *out, struct span s)
{
	s = span_take(&s, VALUE_OCTETS_MAX);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f)
			buf_putc(out, s.p[i]);
}

static void
put_quoted(struct buf *out, struct span s)
{
	s = span_take(&s, VALUE_OCTETS_MAX);
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			continue;
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, s.p[i]);
	}
	buf_putc(out, '"');
}

/* RFC 2231 4: what is in percents is no quoted string. */
static void
put_params(struct buf *out, const struct imap_param *p)
{
	for (; p; p = p->next) {
		if (!is_token(p->name) ||
		    span_ieq(p->name, SPAN_LIT("boundary")))
			continue;
		buf_puts(out, ";\r\n\t");
		buf_put(out, p->name);
		buf_putc(out, '=');
		if (is_token(p->value))
			buf_put(out, p->value);
		else
			put_quoted(out, p->value);
	}
}

static void
put_field(struct buf *out, const char *name, struct span value)
{
	if (value.n == 0)
		return;
	buf_puts(out, name);
	buf_puts(out, ": ");
	put_line(out, value);
	buf_puts(out, "\r\n");
}

/* Content-Type, its end left open for a boundary. */
static void
put_type(struct buf *out, const struct imap_part *part)
{
	buf_puts(out, "Content-Type: ");
	buf_put(out, part->type);
	buf_putc(out, '/');
	buf_put(out, part->subtype);
	put_params(out, part->params);
}

static void
put_leaf_fields(struct buf *out, const struct imap_part *part)
{
	put_type(out, part);
	buf_puts(out, "\r\n");
	put_field(out, "Content-Transfer-Encoding", part->encoding);
	if (is_token(part->disposition)) {
		buf_puts(out, "Content-Disposition: ");
		buf_put(out, part->disposition);
		put_params(out, part->disposition_params);
		buf_puts(out, "\r\n");
	}
	put_field(out, "Content-ID", part->id);
	put_field(out, "Content-Description", part->description);
}

/* A text that belongs to what is read first. */
static bool
is_text(const struct imap_part *part)
{
	static const struct span kinds[] = { SPAN("plain"), SPAN("html"),
		SPAN("enriched"), SPAN("richtext") };

	if (span_ieq(part->disposition, SPAN_LIT("attachment")))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (imap_part_is(part, SPAN_LIT("text"), kinds[i]))
			return true;
	return false;
}

static bool
is_section(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '.' && !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	return s.n > 0 && s.n <= PART_SECTION_MAX;
}

static bool
plan_leaf(struct skeleton *s, const struct imap_part *part)
{
	struct skeleton_leaf *leaf = &s->leaves[s->n];

	if (!is_section(part->section) || !is_token(part->type) ||
	    !is_token(part->subtype) || part->octets == IMAP_PART_UNKNOWN)
		return false;
	put_leaf_fields(&s->mime, part);
	*leaf = (struct skeleton_leaf){
		.section = arena_copy(&s->arena, part->section),
		.octets = part->octets,
		.is_text = is_text(part),
		.at = s->mime.n,
	};
	s->n++;
	buf_puts(&s->mime, "\r\n");
	return true;
}

static bool
is_taken_apart(const struct imap_part *part)
{
	return !imap_part_is(part, SPAN_LIT("multipart"), SPAN_LIT("signed")) &&
	    !imap_part_is(part, SPAN_LIT("multipart"),
	    SPAN_LIT("encrypted")) &&
	    !imap_part_is(part, SPAN_LIT("application"),
	    SPAN_LIT("pkcs7-mime")) &&
	    !imap_part_is(part, SPAN_LIT("application"),
	    SPAN_LIT("x-pkcs7-mime"));
}

static bool plan_part(struct skeleton *s, const struct imap_part *part,
    unsigned depth);

static bool
plan_multipart(struct skeleton *s, const struct imap_part *part,
    unsigned depth)
{
	unsigned number = s->nmultiparts++;

	if (!part->children || !is_token(part->subtype) ||
	    number == SKELETON_MULTIPARTS_MAX)
		return false;
	put_type(&s->mime, part);
	buf_printf(&s->mime, ";\r\n\tboundary=\"=_%s-%u\"\r\n", s->boundary,
	    number);
	for (const struct imap_part *c = part->children; c; c = c->next) {
		buf_printf(&s->mime, "\r\n--=_%s-%u\r\n", s->boundary, number);
		if (!plan_part(s, c, depth + 1))
			return false;
	}
	buf_printf(&s->mime, "\r\n--=_%s-%u--\r\n", s->boundary, number);
	return true;
}

static bool
plan_part(struct skeleton *s, const struct imap_part *part, unsigned depth)
{
	if (depth > SKELETON_DEPTH_MAX || !is_taken_apart(part) ||
	    s->mime.n > SKELETON_OCTETS_MAX)
		return false;
	if (imap_part_is(part, SPAN_LIT("multipart"), (struct span){ 0 }))
		return plan_multipart(s, part, depth);
	return s->n < IMAP_PARTS_MAX && plan_leaf(s, part);
}

/* Texts that are too much to be read at once wait like the others. */
static void
choose_texts(struct skeleton *s)
{
	uint64_t left = SKELETON_TEXT_OCTETS_MAX;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct skeleton_leaf *leaf = &s->leaves[i];

		leaf->is_text &= n < SKELETON_TEXTS_MAX &&
		    leaf->octets <= left;
		if (!leaf->is_text)
			continue;
		left -= leaf->octets;
		n++;
	}
}

bool
skeleton_plan(struct skeleton *s, const struct imap_part *root,
    const unsigned char random[SKELETON_RANDOM_OCTETS])
{
	static const char hex[] = "0123456789abcdef";

	*s = (struct skeleton){ 0 };
	for (size_t i = 0; i < SKELETON_RANDOM_OCTETS; i++) {
		s->boundary[2 * i] = hex[random[i] >> 4];
		s->boundary[2 * i + 1] = hex[random[i] & 15];
	}
	s->leaves = arena_array(&s->arena, IMAP_PARTS_MAX, sizeof *s->leaves);
	if (!plan_part(s, root, 0))
		return false;
	choose_texts(s);
	return true;
}

void
skeleton_put(struct skeleton *s, size_t leaf, struct span content)
{
	s->leaves[leaf].content = arena_copy(&s->arena, content);
	s->leaves[leaf].is_here = true;
}

static void
put_header(struct buf *out, struct span block)
{
	struct header_field field;

	while (header_next(&block, &field)) {
		if (span_istarts(field.name, SPAN_LIT("Content-")) ||
		    span_istarts(field.name, SPAN_LIT("X-Surat-")) ||
		    span_ieq(field.name, SPAN_LIT("MIME-Version")))
			continue;
		buf_put(out, field.name);
		buf_puts(out, ": ");
		buf_put(out, field.value);
		buf_puts(out, "\r\n");
	}
	buf_puts(out, "MIME-Version: 1.0\r\n");
}

static void
put_gap(struct buf *out, const struct skeleton_leaf *leaf,
    struct part_map *map)
{
	struct part_gap *gap = &map->gaps[map->n++];

	*gap = (struct part_gap){ .section = leaf->section, .at = out->n,
		.octets = leaf->octets };
	buf_put(out, missing_field);
	buf_put(out, leaf->section);
	/* With the empty line behind it: what fills the gap brings its own. */
	buf_printf(out, " %" PRIu64 "\r\n\r\n", leaf->octets);
	gap->length = out->n - gap->at;
}

void
skeleton_assemble(struct skeleton *s, struct span header, struct buf *letter,
    struct part_map *map)
{
	struct span mime = buf_span(&s->mime);
	size_t at = 0;

	*map = (struct part_map){ .gaps = arena_array(&s->arena, s->n,
	    sizeof *map->gaps) };
	put_header(letter, header);
	for (size_t i = 0; i < s->n; i++) {
		const struct skeleton_leaf *leaf = &s->leaves[i];

		buf_put(letter, span_take(&mime, leaf->at - at));
		span_take(&mime, 2);
		at = leaf->at + 2;
		if (!leaf->is_here) {
			put_gap(letter, leaf, map);
			continue;
		}
		buf_puts(letter, "\r\n");
		buf_put(letter, leaf->content);
	}
	buf_put(letter, mime);
}

void
skeleton_fini(struct skeleton *s)
{
	buf_fini(&s->mime);
	arena_fini(&s->arena);
	*s = (struct skeleton){ 0 };
}
