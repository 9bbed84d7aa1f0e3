/* SPDX-License-Identifier: MIT */
/*
 * A letter that somebody else wrote, made fit to be sent: CRLF lines, no
 * Bcc, an id and a date.  Its parts are not touched; a bare text without any
 * MIME field that could not travel is encoded as compose_build would.
 */
#include "mail/encode.h"
#include "mail/header.h"
#include "mail/recipients.h"

enum { LINE_OCTETS_MAX = 998 };

/* What the header of the letter has. */
struct adopted {
	bool has_date, has_from, has_id, has_mime;
	struct span id;
};

static bool
is_field(struct span name, const char *wanted)
{
	return span_ieq(name, span_of(wanted));
}

static bool
is_hidden(struct span name)
{
	return is_field(name, "Bcc") || is_field(name, "Resent-Bcc");
}

static void
note_field(struct adopted *a, const struct header_field *field,
    struct arena *arena)
{
	struct envelope env;

	a->has_date |= is_field(field->name, "Date");
	a->has_from |= is_field(field->name, "From");
	a->has_mime |= is_field(field->name, "MIME-Version") ||
	    is_field(field->name, "Content-Type") ||
	    is_field(field->name, "Content-Transfer-Encoding");
	if (a->has_id || !is_field(field->name, "Message-ID"))
		return;
	header_parse_envelope((struct span){ field->name.p, (size_t)(
	    field->value.p + field->value.n - field->name.p) }, arena, &env);
	a->id = env.message_id;
	a->has_id = a->id.n != 0;
}

/* Copies the fields that go out; the first id counts, an empty one not. */
static void
put_fields(struct buf *out, struct span block, struct adopted *a,
    struct arena *arena)
{
	struct header_field field;

	while (header_next(&block, &field)) {
		bool had_id = a->has_id;

		if (is_hidden(field.name))
			continue;
		note_field(a, &field, arena);
		if (is_field(field.name, "Message-ID") &&
		    (had_id || !a->has_id))
			continue;
		buf_put(out, field.name);
		buf_puts(out, ": ");
		encode_put_crlf(out, field.value);
		buf_puts(out, "\r\n");
	}
}

static enum err
add_all(struct built *out, struct addresses people, struct arena *arena,
    struct error *e)
{
	for (size_t i = 0; i < people.n; i++)
		if (!encode_is_address(people.list[i].addr))
			return error_set(e, ERR_DATA, "\"%.*s\" is not an "
			    "address that mail can be sent to",
			    SPAN_ARG(people.list[i].addr));
	recipients_add(out, people, arena);
	return ERR_OK;
}

/* To, Cc and Bcc, however often each is there. */
static enum err
add_from_header(struct built *out, struct span block, struct arena *arena,
    struct error *e)
{
	struct header_field field;
	enum err err = ERR_OK;

	while (!err && header_next(&block, &field))
		if (is_field(field.name, "To") || is_field(field.name, "Cc") ||
		    is_field(field.name, "Bcc"))
			err = add_all(out, header_decode_addresses(field.value,
			    arena), arena, e);
	return err;
}

static enum err
add_given(struct built *out, const struct span *to, size_t nto,
    struct arena *arena, struct error *e)
{
	enum err err = ERR_OK;

	/* `sendmail "a@x, b@x"` is in use, too. */
	for (size_t i = 0; i < nto && !err; i++)
		err = add_all(out, header_decode_addresses(to[i], arena),
		    arena, e);
	return err;
}

static bool
survey(struct span bytes, bool *is_8bit)
{
	size_t column = 0;
	bool fits = true;

	*is_8bit = false;
	for (size_t i = 0; i < bytes.n; i++) {
		column = bytes.p[i] == '\n' ? 0 :
		    column + (bytes.p[i] != '\r');
		*is_8bit = *is_8bit || (unsigned char)bytes.p[i] >= 0x80;
		fits = fits && column <= LINE_OCTETS_MAX;
	}
	return fits;
}

/* The header with what was missing, and the body. */
static void
put_letter(struct buf *out, struct span block, struct span body,
    const struct address *self, int64_t now, struct arena *arena,
    struct span *id)
{
	struct addresses from = { (struct address *)(uintptr_t)self, 1 };
	struct adopted a = { .has_date = false };
	bool is_8bit, fits = survey(body, &is_8bit);

	put_fields(out, block, &a, arena);
	if (!a.has_id) {
		a.id = compose_message_id(self, arena);
		encode_id_field(out, "Message-ID", &a.id, 1);
	}
	*id = a.id;
	if (!a.has_date)
		encode_date_field(out, now);
	if (!a.has_from)
		encode_address_field(out, "From", from);
	if (!a.has_mime && (is_8bit || !fits)) {
		buf_puts(out, "MIME-Version: 1.0\r\n");
		encode_text_part(out, body);
	} else {
		buf_puts(out, "\r\n");
		encode_put_crlf(out, body);
	}
}

/*
 * As header_split, but what is no field ends the header and is text: who
 * pipes a plain note into `surat send ani@x` wants it sent, not eaten.
 */
static void
split(struct span letter, struct span *block, struct span *body)
{
	struct span rest, line;

	header_split(letter, block, body);
	rest = *block;
	while (rest.n) {
		const char *start = rest.p;
		size_t at = span_chr(rest, '\n');
		struct header_field field;

		line = span_take(&rest, at == SIZE_MAX ? rest.n : at + 1);
		if (line.p[0] == ' ' || line.p[0] == '\t' ||
		    (start == block->p && span_starts(line, SPAN_LIT("From "))))
			continue;
		if (header_next(&line, &field))
			continue;
		*body = span_skip(letter, (size_t)(start - letter.p));
		block->n = (size_t)(start - letter.p);
		return;
	}
}

enum err
compose_adopt(struct span letter, bool from_header, const struct span *to,
    size_t nto, const struct address *self, int64_t now, struct arena *arena,
    struct built *out, struct error *e)
{
	struct span block, body;
	struct buf bytes = { 0 };
	enum err err;

	*out = (struct built){ .is_8bit = false };
	if (span_chr(letter, '\0') != SIZE_MAX)
		return error_set(e, ERR_DATA, "the letter holds a NUL byte");
	split(letter, &block, &body);
	err = from_header ? add_from_header(out, block, arena, e) :
	    add_given(out, to, nto, arena, e);
	if (err)
		return err;
	if (out->nrecipients == 0)
		return error_set(e, ERR_DATA, "the letter has no recipient");
	if (!encode_is_address(self->addr) || !encode_is_line(self->name))
		return error_set(e, ERR_DATA, "the account's own address is "
		    "none that mail can be sent from");
	put_letter(&bytes, block, body, self, now, arena, &out->message_id);
	if (survey(buf_span(&bytes), &out->is_8bit))
		out->bytes = arena_copy(arena, buf_span(&bytes));
	else
		err = error_set(e, ERR_DATA, "the letter has a line of more "
		    "than %d octets", LINE_OCTETS_MAX);
	buf_fini(&bytes);
	return err;
}
