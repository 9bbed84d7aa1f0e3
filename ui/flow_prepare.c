/* SPDX-License-Identifier: MIT */
/*
 * Making a document ready to be wrapped and drawn; see ui/flow.h.  Runs in
 * the loader's thread.  All work is linear in the text.
 */
#include "ui/flow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"

enum { TAB_COLS = 8 };

struct preparing {
	struct arena *arena;
	struct doc out;
	size_t size;		/* room in out.lines */
	struct doc_line *lines;	/* grown by doubling; then in the arena */
	struct buf text;	/* of the line in hand */
	int col;		/* its columns since the last tab stop */
};

static void
line_add(struct preparing *p, const struct doc_line *line)
{
	if (p->out.nlines == p->size) {
		p->size = p->size ? p->size * 2 : 256;
		p->lines = xreallocarray(p->lines, p->size,
		    sizeof *p->lines);
	}
	p->lines[p->out.nlines++] = *line;
}

/* Cleans a piece; tabs go on to the next stop as seen from the line. */
static void
put_clean(struct preparing *p, struct span piece)
{
	while (piece.n) {
		size_t before = p->text.n;
		struct span head = span_take(&piece, span_chr(piece, '\t'));

		text_clean(&p->text, head);
		p->col = (p->col + text_width(span_skip(buf_span(&p->text),
		    before))) % TAB_COLS;
		if (piece.n == 0)
			return;
		span_take(&piece, 1);
		for (; p->col < TAB_COLS; p->col++)
			buf_putc(&p->text, ' ');
		p->col = 0;
	}
}

/* "[3]" behind the last run of a link, unless the text says so already. */
static void
put_label(struct preparing *p, const struct doc_line *line, size_t i)
{
	const struct doc_run *run = &line->runs[i];
	char label[16];
	int n = snprintf(label, sizeof label, "[%u]", run->link + 1);
	struct span said = { label, (size_t)n };

	if (run->role != DOC_LINK)
		return;
	if (i + 1 < line->nruns && line->runs[i + 1].role == DOC_LINK &&
	    line->runs[i + 1].link == run->link)
		return;
	if (span_ends(buf_span(&p->text), said) ||
	    span_starts(span_skip(line->text, run->end), said))
		return;
	buf_putc(&p->text, ' ');
	buf_put(&p->text, said);
	p->col = (p->col + 1 + n) % TAB_COLS;
}

/* The line with its runs moved to where their text is now. */
static struct doc_line
line_cleaned(struct preparing *p, const struct doc_line *line)
{
	struct doc_line out = *line;
	uint32_t at = 0;

	buf_reset(&p->text);
	p->col = 0;
	out.runs = arena_array(p->arena, line->nruns, sizeof *out.runs);
	for (size_t i = 0; i < line->nruns; i++) {
		struct doc_run run = line->runs[i];

		if (run.start < at || run.end < run.start ||
		    run.end > line->text.n)
			run.start = run.end = at;
		put_clean(p, (struct span){ line->text.p + at,
		    run.start - at });
		out.runs[i] = run;
		out.runs[i].start = (uint32_t)p->text.n;
		put_clean(p, (struct span){ line->text.p + run.start,
		    run.end - run.start });
		put_label(p, line, i);
		out.runs[i].end = (uint32_t)p->text.n;
		at = run.end;
	}
	put_clean(p, span_skip(line->text, at));
	out.text = arena_copy(p->arena, buf_span(&p->text));
	return out;
}

/* Where a line that is too long is cut: after a blank, else a grapheme. */
static size_t
cut_at(struct span text)
{
	struct span rest = text;
	size_t blank = 0, whole = 0;

	while (rest.n && whole < FLOW_LINE_MAX) {
		struct span g = text_grapheme(&rest, NULL);

		if (whole + g.n > FLOW_LINE_MAX && whole > 0)
			break;
		whole += g.n;
		if (g.n == 1 && g.p[0] == ' ')
			blank = whole;
	}
	return blank > FLOW_LINE_MAX / 2 ? blank : whole;
}

/*
 * The runs of octets start to end of a line, counted from start.  Runs are
 * in order: *next is the first that an earlier piece did not use up.
 */
static void
runs_cut(struct preparing *p, const struct doc_line *line, size_t *next,
    uint32_t start, struct doc_line *piece)
{
	uint32_t end = start + (uint32_t)piece->text.n;
	size_t last = *next;

	while (last < line->nruns && line->runs[last].start < end)
		last++;
	piece->nruns = last - *next;
	piece->runs = arena_array(p->arena, piece->nruns,
	    sizeof *piece->runs);
	for (size_t i = 0; i < piece->nruns; i++) {
		struct doc_run run = line->runs[*next + i];

		run.start = run.start > start ? run.start - start : 0;
		run.end = run.end < end ? run.end : end;
		run.end = run.end > start ? run.end - start : 0;
		piece->runs[i] = run;
	}
	while (*next < last && line->runs[*next].end <= end)
		(*next)++;
}

static void
line_split(struct preparing *p, const struct doc_line *line)
{
	struct span rest = line->text;
	size_t next = 0;

	if (rest.n <= FLOW_LINE_MAX) {
		line_add(p, line);
		return;
	}
	while (rest.n) {
		uint32_t start = (uint32_t)(line->text.n - rest.n);
		struct doc_line piece = *line;

		piece.text = span_take(&rest,
		    rest.n > FLOW_LINE_MAX ? cut_at(rest) : rest.n);
		runs_cut(p, line, &next, start, &piece);
		line_add(p, &piece);
	}
}

static bool
is_ready(const struct doc_line *line)
{
	return line->nruns == 0 && text_is_clean(line->text);
}

struct doc
flow_prepare(const struct doc *doc, struct arena *arena)
{
	struct preparing p = { .arena = arena, .out = *doc };

	p.out.nlines = 0;
	for (size_t i = 0; i < doc->nlines; i++) {
		struct doc_line line = doc->lines[i];

		if (!is_ready(&line))
			line = line_cleaned(&p, &line);
		line_split(&p, &line);
	}
	p.out.lines = arena_array(arena, p.out.nlines, sizeof *p.out.lines);
	if (p.out.nlines)
		memcpy(p.out.lines, p.lines,
		    p.out.nlines * sizeof *p.out.lines);
	free(p.lines);
	buf_fini(&p.text);
	return p.out;
}
