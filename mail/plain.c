/* SPDX-License-Identifier: MIT */
/*
 * text/plain.  A line's ">" prefixes become its depth, what follows "-- "
 * is the signature, http, https and mailto URLs become links, and with
 * format=flowed soft line breaks are taken out.
 */
#include "mail/plain.h"

#include "mail/link.h"

struct plain {
	struct doc_writer *w;
	struct plain_format format;
	struct buf paragraph;	/* flowed lines joined so far */
	uint8_t depth;		/* of the paragraph */
	bool is_open;		/* the paragraph waits for its next line */
	bool in_signature;
};

static struct span
take_line(struct span *s)
{
	size_t at = span_chr(*s, '\n');
	struct span line = span_take(s, at == SIZE_MAX ? s->n : at);

	span_take(s, 1);
	while (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Cuts the quoting off *line; flowed text has no blanks between the ">". */
static uint8_t
take_depth(struct span *line, bool is_flowed)
{
	uint8_t depth = 0;

	/* A line that an mbox had to protect. */
	if (!is_flowed && span_starts(*line, SPAN_LIT(">From "))) {
		span_take(line, 1);
		return 0;
	}
	while (line->n && line->p[0] == '>') {
		span_take(line, 1);
		depth = (uint8_t)(depth + (depth < UINT8_MAX));
		if (!is_flowed && line->n > 1 && line->p[0] == ' ' &&
		    line->p[1] == '>')
			span_take(line, 1);
	}
	if ((is_flowed || depth) && line->n && line->p[0] == ' ')
		span_take(line, 1);	/* RFC 3676 4.4: space-stuffing */
	return depth;
}

/* Columns made of blanks would be torn by wrapping at words. */
static bool
looks_aligned(struct span text)
{
	return span_starts(text, SPAN_LIT("\t")) ||
	    span_starts(text, SPAN_LIT("    ")) ||
	    span_find(text, SPAN_LIT("   ")) != SIZE_MAX;
}

static void
put_line(struct plain *p, struct span text, uint8_t depth)
{
	struct doc_line like = { .role = DOC_TEXT, .quote = depth };
	struct span before, url, rest = text;

	if (depth)
		like.role = DOC_QUOTE;
	else if (p->in_signature)
		like.role = DOC_SIGNATURE;
	like.is_fixed = p->format.is_fixed ||
	    (!p->format.is_flowed && looks_aligned(text));
	while (link_find(&rest, &before, &url)) {
		uint32_t link = doc_writer_link(p->w, url, false);

		doc_writer_put_tabs(p->w, before, DOC_TEXT,
		    DOC_NO_LINK);
		doc_writer_put(p->w, url,
		    link == DOC_NO_LINK ? DOC_TEXT : DOC_LINK, link);
		text = rest;
	}
	doc_writer_put_tabs(p->w, text, DOC_TEXT, DOC_NO_LINK);
	doc_writer_end_line(p->w, like);
}

static void
close_paragraph(struct plain *p)
{
	if (p->is_open)
		put_line(p, buf_span(&p->paragraph), p->depth);
	buf_reset(&p->paragraph);
	p->is_open = false;
}

static void
take_flowed(struct plain *p, struct span line, uint8_t depth)
{
	bool goes_on = line.n && line.p[line.n - 1] == ' ' &&
	    !span_eq(line, SPAN_LIT("-- "));

	if (p->is_open && (p->depth != depth ||
	    span_eq(line, SPAN_LIT("-- "))))
		close_paragraph(p);
	if (goes_on && p->format.drops_space)
		line.n--;
	buf_put(&p->paragraph, line);
	p->depth = depth;
	p->is_open = true;
	if (!goes_on)
		close_paragraph(p);
}

void
plain_render(struct doc_writer *w, struct span text,
    struct plain_format format)
{
	struct plain p = { .w = w, .format = format };

	while (text.n && !doc_writer_is_full(w)) {
		struct span line = take_line(&text);
		uint8_t depth = 0;

		if (!format.is_fixed)
			depth = take_depth(&line, format.is_flowed);
		if (depth == 0 && span_eq(line, SPAN_LIT("-- ")))
			p.in_signature = true;
		if (format.is_flowed)
			take_flowed(&p, line, depth);
		else
			put_line(&p, line, depth);
	}
	close_paragraph(&p);
	w->doc->is_truncated |= text.n != 0;
	buf_fini(&p.paragraph);
}
