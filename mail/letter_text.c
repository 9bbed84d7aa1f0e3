/* SPDX-License-Identifier: MIT */
/*
 * The text of a letter: which parts make it, and their rendering one after
 * the other.  Parts are never joined before they are rendered, so that no
 * part can reach into another (SECURITY.md 2, EFAIL), and nothing is shown
 * of what is encrypted.
 */
#include "base/i18n.h"
#include "mail/header.h"
#include "mail/html.h"
#include "mail/letter_parts.h"
#include "mail/plain.h"

enum {
	GLANCE = 64 * 1024,	/* octets that tell whether a part is empty */
	SNIPPET_INPUT = 64 * 1024,
};

/* What is done with each part that belongs to the text. */
struct chooser {
	struct letter *letter;
	enum letter_prefer prefer;
	struct doc_writer *w;	/* NULL: only marked as shown */
	size_t input_left;	/* octets that may still be rendered */
};

static void choose(struct chooser *c, size_t i);

/* The next child of `parent` after i; its end when there is none. */
static size_t
next_child(const struct letter *l, size_t i)
{
	return l->inside[i].end;
}

enum text_kind { KIND_NONE, KIND_PLAIN, KIND_HTML };

/* What a reader would see of this branch: the kind of its first text. */
static enum text_kind
kind_of(const struct letter *l, size_t i, size_t *leaf)
{
	for (size_t j = i; j < l->inside[i].end; j++) {
		*leaf = j;
		if (l->parts[j].is_multipart || !l->inside[j].is_text)
			continue;
		if (letter_part_is(l, j, "text/html"))
			return KIND_HTML;
		if (letter_part_is(l, j, "text/"))
			return KIND_PLAIN;
	}
	return KIND_NONE;
}

static bool
is_blank(const struct letter *l, size_t leaf)
{
	struct buf text = { 0 };
	bool is_blank;

	letter_part_decode(l, leaf, GLANCE, &text);
	is_blank = span_trim(buf_span(&text)).n == 0;
	buf_fini(&text);
	return is_blank;
}

/*
 * RFC 2046 5.1.4: the last alternative is the richest.  The last one of the
 * preferred kind that says anything; else the last that says anything; else
 * the first one that is text.
 */
static void
choose_alternative(struct chooser *c, size_t i)
{
	const struct letter *l = c->letter;
	enum text_kind wanted =
	    c->prefer == LETTER_PLAIN ? KIND_PLAIN : KIND_HTML;
	size_t best = SIZE_MAX, other = SIZE_MAX, blank = SIZE_MAX, leaf;

	for (size_t j = i + 1; j < l->inside[i].end; j = next_child(l, j)) {
		enum text_kind kind = kind_of(l, j, &leaf);

		if (kind == KIND_NONE)
			continue;
		if (is_blank(l, leaf))
			blank = blank == SIZE_MAX ? j : blank;
		else if (kind == wanted)
			best = j;
		else
			other = j;
	}
	if (best == SIZE_MAX)
		best = other != SIZE_MAX ? other : blank;
	if (best != SIZE_MAX)
		choose(c, best);
}

static void
note(struct chooser *c, const char *text)
{
	if (c->w)
		doc_writer_note(c->w, text);
}

static void
put_field(struct doc_writer *w, const char *name, struct span value)
{
	if (value.n == 0)
		return;
	doc_writer_put(w, span_of(name), DOC_STRONG, DOC_NO_LINK);
	doc_writer_put(w, SPAN_LIT(": "), DOC_STRONG, DOC_NO_LINK);
	doc_writer_put(w, value, DOC_TEXT, DOC_NO_LINK);
	doc_writer_end_line(w, (struct doc_line){ .role = DOC_TEXT });
}

static void
put_people(struct doc_writer *w, const char *name, struct addresses people)
{
	struct buf list = { .max = ENVELOPE_TEXT_MAX };

	for (size_t i = 0; i < people.n && !list.overflow; i++) {
		if (i)
			buf_puts(&list, ", ");
		header_put_address(&list, &people.list[i]);
	}
	put_field(w, name, buf_span(&list));
	buf_fini(&list);
}

/* The head of an embedded letter, in lines of the document. */
static void
put_summary(struct doc_writer *w, struct span message)
{
	struct arena arena = { 0 };
	struct envelope env;
	struct span block, body;
	struct buf date = { 0 };

	header_split(message, &block, &body);
	header_parse_envelope(block, &arena, &env);
	doc_writer_gap(w, 0);
	doc_writer_end_line(w, (struct doc_line){ .role = DOC_RULE });
	if (env.date != DATE_NONE)
		date_put_rfc5322(&date, env.date, env.date_offset_min);
	put_people(w, _("From"), env.from);
	put_people(w, _("To"), env.to);
	put_people(w, _("Cc"), env.cc);
	put_field(w, _("Date"), buf_span(&date));
	put_field(w, _("Subject"), env.subject);
	doc_writer_gap(w, 0);
	buf_fini(&date);
	arena_fini(&arena);
}

static void
put_html(struct chooser *c, size_t i, struct span text)
{
	struct span charset = header_parameter(c->letter->inside[i].type,
	    "charset", c->w->arena);
	struct buf utf8 = { 0 };

	if (charset.n)
		charset_to_utf8(&utf8, charset, text);
	/* Without a charset the document itself may name one. */
	html_render_into(c->w, charset.n ? buf_span(&utf8) : text);
	buf_fini(&utf8);
}

static void
put_plain(struct chooser *c, size_t i, struct span text)
{
	struct arena *arena = c->w->arena;
	struct span type = c->letter->inside[i].type;
	struct span charset = header_parameter(type, "charset", arena);
	struct plain_format format = {
		.is_flowed = span_ieq(header_parameter(type, "format", arena),
		    SPAN_LIT("flowed")),
		.drops_space = span_ieq(header_parameter(type, "delsp", arena),
		    SPAN_LIT("yes")),
		.is_fixed = letter_part_is(c->letter, i, "text/x-") ||
		    letter_part_is(c->letter, i, "message/"),
	};
	struct buf utf8 = { 0 };

	charset_to_utf8(&utf8, charset.n ? charset : SPAN_LIT("us-ascii"),
	    text);
	plain_render(c->w, buf_span(&utf8), format);
	buf_fini(&utf8);
}

static void
choose_leaf(struct chooser *c, size_t i)
{
	struct letter_part *p = &c->letter->parts[i];
	struct buf text = { 0 };

	p->is_shown = true;
	if (!c->w)
		return;
	if (c->input_left == 0) {
		c->w->doc->is_truncated = true;
		return;
	}
	if (c->w->doc->nlines)
		doc_writer_gap(c->w, 0);
	letter_part_decode(c->letter, i, c->input_left, &text);
	c->w->doc->is_truncated |= text.n == c->input_left;
	c->input_left -= text.n;
	if (letter_part_is(c->letter, i, "text/html"))
		put_html(c, i, buf_span(&text));
	else
		put_plain(c, i, buf_span(&text));
	buf_fini(&text);
}

static void
choose_multipart(struct chooser *c, size_t i)
{
	const struct letter *l = c->letter;

	if (letter_part_is(l, i, "multipart/alternative")) {
		choose_alternative(c, i);
	} else if (letter_part_is(l, i, "multipart/encrypted")) {
		note(c, _("[this letter is encrypted; it cannot be read yet]"));
	} else if (letter_part_is(l, i, "multipart/signed")) {
		note(c, _("[signed; the signature is not checked]"));
		if (i + 1 < l->inside[i].end)
			choose(c, i + 1);
	} else if (letter_part_is(l, i, "multipart/related")) {
		if (i + 1 < l->inside[i].end)
			choose(c, i + 1);
	} else {
		for (size_t j = i + 1; j < l->inside[i].end;
		    j = next_child(l, j))
			choose(c, j);
	}
}

/* Shows part i and what is in it, as far as it belongs to the text. */
static void
choose(struct chooser *c, size_t i)
{
	struct letter *l = c->letter;

	if (l->parts[i].is_multipart) {
		choose_multipart(c, i);
	} else if (l->inside[i].message.n) {
		l->parts[i].is_shown = true;
		if (c->w)
			put_summary(c->w, l->inside[i].message);
		if (i + 1 < l->inside[i].end)
			choose(c, i + 1);
	} else if (letter_part_is(l, i, "application/pkcs7-mime") ||
	    letter_part_is(l, i, "application/x-pkcs7-mime")) {
		note(c, _("[S/MIME; it cannot be read yet]"));
	} else if (l->inside[i].is_text) {
		choose_leaf(c, i);
	}
}

void
letter_mark_shown(struct letter *l, enum letter_prefer prefer)
{
	struct chooser c = { .letter = l, .prefer = prefer };

	for (size_t i = 0; i < l->n; i++)
		l->parts[i].is_shown = false;
	if (l->n)
		choose(&c, 0);
}

static void
render(struct letter *l, enum letter_prefer prefer, size_t input_max,
    struct arena *arena, struct doc *out)
{
	struct doc_writer w;
	struct chooser c = { l, prefer, &w, input_max };

	doc_writer_init(&w, arena, out);
	if (l->n)
		choose(&c, 0);
	/* No empty lines at the end. */
	while (out->nlines && out->lines[out->nlines - 1].text.n == 0 &&
	    out->lines[out->nlines - 1].role != DOC_RULE)
		out->nlines--;
	if (l->is_cut) {
		out->is_truncated = true;
		doc_writer_note(&w,
		    _("[the letter has more parts than surat opens]"));
	}
	doc_writer_fini(&w);
}

void
letter_render(struct letter *l, enum letter_prefer prefer,
    struct arena *arena, struct doc *out)
{
	letter_mark_shown(l, prefer);
	render(l, prefer, DOC_INPUT_MAX, arena, out);
}

/* Appends the words of text, one space between; false when it is full. */
static bool
put_words(struct buf *out, struct span text, size_t max)
{
	while (text.n && out->n < max) {
		size_t n = 0;

		while (n < text.n && (unsigned char)text.p[n] > ' ')
			n++;
		if (n && out->n)
			buf_putc(out, ' ');
		buf_put(out, span_take(&text, n));
		while (text.n && (unsigned char)text.p[0] <= ' ')
			span_take(&text, 1);
	}
	return out->n < max;
}

static void
put_snippet(struct buf *out, const struct doc *doc, bool quoted, size_t max)
{
	for (size_t i = 0; i < doc->nlines; i++) {
		const struct doc_line *line = &doc->lines[i];

		if ((line->quote != 0) != quoted || line->role == DOC_NOTE ||
		    line->role == DOC_RULE || line->role == DOC_SIGNATURE)
			continue;
		if (!put_words(out, line->text, max))
			return;
	}
}

struct span
letter_snippet(struct letter *l, size_t max, struct arena *arena)
{
	struct arena scratch = { 0 };
	struct buf out = { 0 };
	struct span snippet;
	struct doc doc;

	/* is_shown stays what the last letter_render made it. */
	struct letter_part *shown = arena_array(&scratch, l->n, sizeof *shown);

	memcpy(shown, l->parts, l->n * sizeof *shown);
	render(l, LETTER_PLAIN, SNIPPET_INPUT, &scratch, &doc);
	memcpy(l->parts, shown, l->n * sizeof *shown);
	put_snippet(&out, &doc, false, max);
	if (out.n == 0)
		put_snippet(&out, &doc, true, max);
	snippet = buf_span(&out);
	if (snippet.n > max) {
		snippet.n = max;
		while (snippet.n &&
		    ((unsigned char)snippet.p[snippet.n] & 0xc0) == 0x80)
			snippet.n--;
	}
	snippet = arena_copy(arena, snippet);
	buf_fini(&out);
	arena_fini(&scratch);
	return snippet;
}
