/* SPDX-License-Identifier: MIT */
/* Growing a struct doc; see doc_writer.h. */
#include "mail/doc_writer.h"

#include <stdlib.h>

#include "base/xalloc.h"

void
doc_writer_init(struct doc_writer *w, struct arena *arena, struct doc *out)
{
	*out = (struct doc){ 0 };
	*w = (struct doc_writer){ .doc = out, .arena = arena };
}

void
doc_writer_fini(struct doc_writer *w)
{
	buf_fini(&w->text);
	free(w->runs);
	*w = (struct doc_writer){ 0 };
}

enum { TAB_COLUMNS = 8 };

/* A larger array in the arena with the old one's n entries. */
static void *
grow(struct arena *arena, const void *old, size_t n, size_t *size, size_t each)
{
	void *p;

	*size = *size ? *size * 2 : 16;
	p = arena_array(arena, *size, each);
	if (n)
		memcpy(p, old, n * each);
	return p;
}

static void
add_run(struct doc_writer *w, struct doc_run run)
{
	struct doc_run *last = w->nruns ? &w->runs[w->nruns - 1] : NULL;

	if (last && last->end == run.start && last->role == run.role &&
	    last->link == run.link) {
		last->end = run.end;
		return;
	}
	if (w->nruns == w->runs_size) {
		w->runs_size = w->runs_size ? w->runs_size * 2 : 16;
		w->runs = xreallocarray(w->runs, w->runs_size, sizeof run);
	}
	w->runs[w->nruns++] = run;
}

void
doc_writer_put(struct doc_writer *w, struct span text, enum doc_role role,
    uint32_t link)
{
	struct doc_run run = {
		.start = (uint32_t)w->text.n,
		.end = (uint32_t)(w->text.n + text.n),
		.role = role,
		.link = link == DOC_NO_LINK ? 0 : link,
	};

	if (text.n == 0)
		return;
	buf_put(&w->text, text);
	if (role != DOC_TEXT)
		add_run(w, run);
}

void
doc_writer_put_tabs(struct doc_writer *w, struct span text,
    enum doc_role role, uint32_t link)
{
	size_t column = 0;

	while (text.n) {
		size_t at = span_chr(text, '\t');
		struct span piece = span_take(&text,
		    at == SIZE_MAX ? text.n : at);

		doc_writer_put(w, piece, role, link);
		for (size_t i = 0; i < piece.n; i++)
			column += ((unsigned char)piece.p[i] & 0xc0) != 0x80;
		if (at == SIZE_MAX)
			return;
		span_take(&text, 1);
		doc_writer_put(w, (struct span){ "        ",
		    TAB_COLUMNS - column % TAB_COLUMNS }, role, link);
		column += TAB_COLUMNS - column % TAB_COLUMNS;
	}
}

uint32_t
doc_writer_link(struct doc_writer *w, struct span url, bool is_deceptive)
{
	struct doc *d = w->doc;

	if (d->nlinks == DOC_LINKS_MAX) {
		d->is_truncated = true;
		return DOC_NO_LINK;
	}
	if (d->nlinks == w->links_size)
		d->links = grow(w->arena, d->links, d->nlinks,
		    &w->links_size, sizeof *d->links);
	d->links[d->nlinks] = (struct doc_link){ arena_copy(w->arena, url),
		is_deceptive };
	return (uint32_t)d->nlinks++;
}

void
doc_writer_end_line(struct doc_writer *w, struct doc_line like)
{
	struct doc *d = w->doc;
	struct doc_line line = { .role = like.role, .quote = like.quote,
		.indent = like.indent, .is_fixed = like.is_fixed };

	if (d->nlines == DOC_LINES_MAX) {
		d->is_truncated = true;
	} else {
		if (d->nlines == w->lines_size)
			d->lines = grow(w->arena, d->lines, d->nlines,
			    &w->lines_size, sizeof *d->lines);
		line.text = arena_copy(w->arena, buf_span(&w->text));
		line.nruns = w->nruns;
		line.runs = arena_array(w->arena, w->nruns, sizeof *line.runs);
		if (w->nruns)
			memcpy(line.runs, w->runs,
			    w->nruns * sizeof *line.runs);
		d->lines[d->nlines++] = line;
	}
	buf_reset(&w->text);
	w->nruns = 0;
}

void
doc_writer_gap(struct doc_writer *w, uint8_t quote)
{
	const struct doc *d = w->doc;
	const struct doc_line *last;

	if (d->nlines == 0)
		return;
	last = &d->lines[d->nlines - 1];
	if (last->text.n == 0 && last->role != DOC_RULE)
		return;
	if (last->quote < quote)
		quote = last->quote;
	doc_writer_end_line(w, (struct doc_line){ .quote = quote,
	    .role = quote ? DOC_QUOTE : DOC_TEXT });
}

void
doc_writer_note(struct doc_writer *w, const char *text)
{
	doc_writer_put(w, span_of(text), DOC_NOTE, DOC_NO_LINK);
	doc_writer_end_line(w, (struct doc_line){ .role = DOC_NOTE });
}
