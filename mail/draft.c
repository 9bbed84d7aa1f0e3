/* SPDX-License-Identifier: MIT */
/*
 * A draft as the editor shows it, and back.  What cannot be understood is
 * refused with its line, so that no typing error turns into a lost
 * recipient.
 */
#include "base/text.h"
#include "mail/compose.h"
#include "mail/encode.h"
#include "mail/header.h"

enum { FOLD_AT = 72, ATTACHMENTS_MAX = 1000 };

enum draft_field {
	DRAFT_FROM, DRAFT_TO, DRAFT_CC, DRAFT_BCC, DRAFT_SUBJECT, DRAFT_ATTACH,
	DRAFT_NONE
};

static const struct span names[DRAFT_NONE] = {
	[DRAFT_FROM] = SPAN("From"),
	[DRAFT_TO] = SPAN("To"),
	[DRAFT_CC] = SPAN("Cc"),
	[DRAFT_BCC] = SPAN("Bcc"),
	[DRAFT_SUBJECT] = SPAN("Subject"),
	[DRAFT_ATTACH] = SPAN("Attach"),
};

static void
put_list(struct buf *out, enum draft_field field, struct addresses list)
{
	size_t start = out->n;

	buf_put(out, names[field]);
	buf_puts(out, ": ");
	for (size_t i = 0; i < list.n; i++) {
		header_put_address(out, &list.list[i]);
		if (i + 1 == list.n)
			break;
		buf_puts(out, ",");
		if (out->n - start > FOLD_AT) {
			buf_puts(out, "\n   ");
			start = out->n;
		}
		buf_putc(out, ' ');
	}
	buf_putc(out, '\n');
}

/* One line, whatever is in it. */
static void
put_line(struct buf *out, enum draft_field field, struct span value)
{
	buf_put(out, names[field]);
	buf_puts(out, ": ");
	for (size_t i = 0; i < value.n; i++)
		buf_putc(out, (unsigned char)value.p[i] < 0x20 ? ' ' :
		    value.p[i]);
	buf_putc(out, '\n');
}

void
draft_put(struct buf *out, const struct draft *d)
{
	struct addresses from = { (struct address *)(uintptr_t)&d->from, 1 };

	put_list(out, DRAFT_FROM, from);
	put_list(out, DRAFT_TO, d->to);
	put_list(out, DRAFT_CC, d->cc);
	put_list(out, DRAFT_BCC, d->bcc);
	put_line(out, DRAFT_SUBJECT, d->subject);
	for (size_t i = 0; i < d->nattachments; i++)
		put_line(out, DRAFT_ATTACH, d->attachments[i]);
	buf_putc(out, '\n');
	buf_put(out, d->text);
}

struct reading {
	struct span rest;
	unsigned line;		/* of what was read last */
	struct arena *arena;
	struct draft *out;
	struct error *e;
	struct span attachments[ATTACHMENTS_MAX];
	bool has_from;
};

static struct span
take_line(struct reading *r)
{
	size_t at = span_chr(r->rest, '\n');
	struct span line = span_take(&r->rest, at == SIZE_MAX ?
	    r->rest.n : at);

	span_take(&r->rest, 1);
	r->line++;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static enum draft_field
field_of(struct span name)
{
	for (int i = 0; i < DRAFT_NONE; i++)
		if (span_ieq(name, names[i]))
			return (enum draft_field)i;
	return DRAFT_NONE;
}

/* Joins a list; every entry must be an address, with nothing left over. */
static enum err
read_people(struct reading *r, unsigned line, struct span value,
    struct addresses *list)
{
	struct addresses more = header_decode_addresses(value, r->arena), both;

	for (size_t i = 0; i < more.n; i++) {
		const struct address *a = &more.list[i];

		if (!encode_is_address(a->addr))
			return error_set(r->e, ERR_DATA, "line %u: \"%.*s\" is "
			    "not an address", line, SPAN_ARG(a->addr.n ?
			    a->addr : a->name));
		/* "ani@x budi@x": the comma is missing. */
		if (span_chr(value, '<') == SIZE_MAX &&
		    span_chr(a->name, '@') != SIZE_MAX)
			return error_set(r->e, ERR_DATA, "line %u: a comma is "
			    "missing between addresses", line);
	}
	both.list = arena_array(r->arena, list->n + more.n, sizeof *both.list);
	both.n = list->n + more.n;
	if (list->n)
		memcpy(both.list, list->list, list->n * sizeof *both.list);
	if (more.n)
		memcpy(both.list + list->n, more.list,
		    more.n * sizeof *both.list);
	*list = both;
	return ERR_OK;
}

static enum err
read_from(struct reading *r, unsigned line, struct span value)
{
	struct addresses list = { 0 };
	enum err err = read_people(r, line, value, &list);

	if (err || list.n == 0)
		return err;	/* left empty: the account's own */
	if (list.n > 1 || r->has_from)
		return error_set(r->e, ERR_DATA, "line %u: a letter has one "
		    "sender", line);
	r->out->from = list.list[0];
	r->has_from = true;
	return ERR_OK;
}

static enum err
read_attachment(struct reading *r, unsigned line, struct span value)
{
	struct draft *d = r->out;

	if (value.n == 0)
		return ERR_OK;
	if (d->nattachments == ATTACHMENTS_MAX)
		return error_set(r->e, ERR_DATA, "line %u: more than %d "
		    "attachments", line, ATTACHMENTS_MAX);
	r->attachments[d->nattachments++] = arena_copy(r->arena, value);
	return ERR_OK;
}

static enum err
read_field(struct reading *r, unsigned line, struct span name,
    struct span value)
{
	struct draft *d = r->out;

	switch (field_of(name)) {
	case DRAFT_FROM:
		return read_from(r, line, value);
	case DRAFT_TO:
		return read_people(r, line, value, &d->to);
	case DRAFT_CC:
		return read_people(r, line, value, &d->cc);
	case DRAFT_BCC:
		return read_people(r, line, value, &d->bcc);
	case DRAFT_SUBJECT:
		d->subject = arena_copy(r->arena, value);
		return ERR_OK;
	case DRAFT_ATTACH:
		return read_attachment(r, line, value);
	case DRAFT_NONE:
		break;
	}
	return error_set(r->e, ERR_DATA, "line %u: \"%.*s\" is no field of a "
	    "draft; it has From, To, Cc, Bcc, Subject, Attach, an empty line "
	    "and the text", line, SPAN_ARG(name));
}

/* One field with its continuation lines, unfolded. */
static enum err
read_header_line(struct reading *r, struct span line)
{
	struct buf value = { .max = ENVELOPE_HEADER_MAX };
	size_t colon = span_chr(line, ':');
	unsigned number = r->line;
	enum err err;

	if (colon == SIZE_MAX)
		return error_set(r->e, ERR_DATA, "line %u: there is no colon; "
		    "an empty line must come before the text", number);
	buf_put(&value, span_trim(span_skip(line, colon + 1)));
	while (r->rest.n && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t')) {
		line.n = colon;
		buf_putc(&value, ' ');
		buf_put(&value, span_trim(take_line(r)));
	}
	line.n = colon;
	if (value.overflow || !encode_is_line(buf_span(&value)))
		err = error_set(r->e, ERR_DATA, "line %u: a header cannot hold "
		    "control characters, nor what is not UTF-8", number);
	else
		err = read_field(r, number, span_trim(line), buf_span(&value));
	buf_fini(&value);
	return err;
}

enum err
draft_parse(struct span text, const struct draft *base, struct arena *arena,
    struct draft *out, struct error *e)
{
	struct reading *r = arena_alloc(arena, sizeof *r);
	enum err err = ERR_OK;

	*r = (struct reading){ .rest = text, .arena = arena, .out = out,
		.e = e };
	*out = (struct draft){
		.from = base->from,
		.in_reply_to = base->in_reply_to,
		.references = base->references,
		.nreferences = base->nreferences,
	};
	while (r->rest.n && !err) {
		struct span line = take_line(r);

		if (line.n == 0)
			break;
		err = read_header_line(r, line);
	}
	out->attachments = r->attachments;
	if (!err && !text_is_utf8(r->rest))
		err = error_set(e, ERR_DATA, "the text is not UTF-8");
	out->text = arena_copy(arena, r->rest);
	return err;
}
