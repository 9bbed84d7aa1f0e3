/* SPDX-License-Identifier: MIT */
/*
 * A document broken into rows of a width.  Pure: no memory, no screen.
 *
 * Nothing is kept but the position of a row (line of the document, octet in
 * it), so a letter of 100,000 lines costs what the rows on the screen cost.
 * Rows divide their line without a gap: the blanks at which a line was
 * broken belong to the row before the break and are not drawn.  Lines break
 * after blanks and around wide characters; a word or an address of the web
 * is cut only when it alone is wider than the row.
 *
 * The document must have been made ready by flow_prepare.
 */
#pragma once

#include "base/arena.h"
#include "mail/doc.h"

enum {
	FLOW_COLS_MIN = 2,		/* one wide character */
	FLOW_LINE_MAX = 8192,		/* octets; longer lines are cut first */
	FLOW_QUOTE_MAX = 8,		/* markers drawn of a deeper quote */
	FLOW_FOLD_MIN = 2,		/* quoted lines worth a fold */
};

struct flow {
	const struct doc *doc;		/* borrowed; prepared */
	int cols;
	bool folds_quotes;		/* each quote is one row */
};

struct flow_position {
	uint32_t line;
	uint32_t start;			/* octet where the row begins */
};

struct flow_row {
	const struct doc_line *line;	/* NULL: behind the end */
	uint32_t start, end;		/* octets of the line */
	struct span text;		/* what is drawn of them */
	int indent;			/* blank columns before the text */
	int quote;			/* markers of two columns before it */
	uint32_t folded;		/* lines that it stands for; or 0 */
};

/*
 * A copy of doc in the arena, made ready: text cleaned for a terminal
 * (base/text.h), tabs as blanks, lines of at most FLOW_LINE_MAX octets, and
 * "[n]" behind each link.  Shares the memory of doc where nothing changed.
 */
struct doc flow_prepare(const struct doc *doc, struct arena *arena);

/* The row at a position that flow_* gave; line NULL at the end. */
struct flow_row flow_row(const struct flow *f, struct flow_position at);
/* To the row below, or above; false, and unmoved, at the ends. */
bool flow_next(const struct flow *f, struct flow_position *at);
bool flow_previous(const struct flow *f, struct flow_position *at);
/* The row that holds the octet: after a change of width or folding. */
struct flow_position flow_align(const struct flow *f, struct flow_position at);
/* The highest row from which the last row is still seen, rows below. */
struct flow_position flow_last_page(const struct flow *f, int rows);
/* The position aligned, and not below flow_last_page. */
struct flow_position flow_fit(const struct flow *f, struct flow_position at,
    int rows);

static inline bool
flow_is_before(struct flow_position a, struct flow_position b)
{
	return a.line != b.line ? a.line < b.line : a.start < b.start;
}
