/* SPDX-License-Identifier: MIT */
#include "ui/flow.h"

#include "base/bug.h"
#include "base/text.h"

/* Closing signs do not begin a row of text without blanks (JIS X 4051). */
static const char *const never_first[] = { "、", "。", "，", "．",
	"：", "；", "！", "？", "）", "」", "』", "】", "》", "〉", "〕",
	"］", "｝", "ー", "々" };

static bool
is_closing(struct span g)
{
	for (size_t i = 0; i < ARRAY_LEN(never_first); i++)
		if (span_eq(g, span_of(never_first[i])))
			return true;
	return false;
}

static bool
is_blank(struct span g)
{
	return g.n == 1 && g.p[0] == ' ';
}

static bool
is_quote_line(const struct flow *f, uint32_t line)
{
	return line < f->doc->nlines && f->doc->lines[line].quote > 0;
}

/* The lines of the quote that line stands in: first and one past the last. */
static void
quote_range(const struct flow *f, uint32_t line, uint32_t *first,
    uint32_t *last)
{
	*first = line;
	*last = line;
	while (*first > 0 && is_quote_line(f, *first - 1))
		(*first)--;
	while (is_quote_line(f, *last))
		(*last)++;
}

/* Whether line is folded away, and then the lines of its quote. */
static bool
is_folded(const struct flow *f, uint32_t line, uint32_t *first, uint32_t *last)
{
	if (!f->folds_quotes || !is_quote_line(f, line))
		return false;
	quote_range(f, line, first, last);
	return *last - *first >= FLOW_FOLD_MIN;
}

/* How the columns are shared: the text keeps at least half of them. */
static int
text_cols(const struct flow *f, const struct doc_line *line, int *quote,
    int *indent)
{
	int cols = f->cols < FLOW_COLS_MIN ? FLOW_COLS_MIN : f->cols;
	int room = cols > FLOW_COLS_MIN ? cols / 2 : 0;

	*quote = line->quote < FLOW_QUOTE_MAX ? line->quote : FLOW_QUOTE_MAX;
	if (cols - *quote * 2 < FLOW_COLS_MIN || *quote * 2 > room)
		*quote = room / 2;
	room -= *quote * 2;
	*indent = line->indent < room ? line->indent : room;
	cols -= *quote * 2 + *indent;
	return cols < FLOW_COLS_MIN ? FLOW_COLS_MIN : cols;
}

/*
 * Where the row that begins at start ends, and where its text ends: the
 * last place to break whose text fits, or the last whole grapheme.  Blanks
 * may hang over the edge, undrawn.
 */
static uint32_t
wrapped_end(const struct doc_line *line, uint32_t start, int cols,
    uint32_t *drawn)
{
	struct span rest = span_skip(line->text, start);
	uint32_t at = start, solid = start, hard = start;
	uint32_t end = start, end_drawn = start;
	bool after_wide = false, after_blank = false;
	int width = 0;

	while (rest.n) {
		int w;
		struct span g = text_grapheme(&rest, &w);
		bool blank = is_blank(g);

		if (solid > start && !blank && (after_blank ||
		    ((after_wide || w == 2) && !is_closing(g)))) {
			end = at;
			end_drawn = solid;
		}
		width += w;
		if (width > cols && !blank && hard > start) {
			*drawn = end > start ? end_drawn : hard;
			return end > start ? end : hard;
		}
		at += (uint32_t)g.n;
		after_blank = blank;
		after_wide = w == 2;
		if (!blank)
			solid = at;
		if (width <= cols)
			hard = at;
	}
	*drawn = solid;
	return at;
}

static uint32_t
row_end(const struct doc_line *line, uint32_t start, int cols,
    uint32_t *drawn)
{
	struct span rest = span_skip(line->text, start);

	if (!line->is_fixed)
		return wrapped_end(line, start, cols, drawn);
	*drawn = start + (uint32_t)text_fit(rest, cols).n;
	return *drawn;
}

struct flow_row
flow_row(const struct flow *f, struct flow_position at)
{
	struct flow_row row = { .start = at.start, .end = at.start };
	uint32_t first, last, drawn;
	int cols;

	if (at.line >= f->doc->nlines)
		return row;
	row.line = &f->doc->lines[at.line];
	cols = text_cols(f, row.line, &row.quote, &row.indent);
	if (is_folded(f, at.line, &first, &last)) {
		row.folded = last - first;
		return row;
	}
	row.end = row_end(row.line, at.start, cols, &drawn);
	row.text = span_skip(row.line->text, at.start);
	row.text.n = drawn - at.start;
	return row;
}

/* Folds skipped: the position is on a line that is shown. */
static bool
line_after(const struct flow *f, uint32_t *line)
{
	uint32_t first, last = *line + 1;

	if (*line < f->doc->nlines && is_folded(f, *line, &first, &last))
		*line = last;
	else
		(*line)++;
	return *line < f->doc->nlines;
}

bool
flow_next(const struct flow *f, struct flow_position *at)
{
	struct flow_row row = flow_row(f, *at);
	uint32_t line = at->line;

	if (!row.line)
		return false;
	if (!row.folded && row.end < row.line->text.n) {
		at->start = row.end;
		return true;
	}
	if (!line_after(f, &line))
		return false;
	*at = (struct flow_position){ line, 0 };
	return true;
}

/* The row of this line that holds the octet. */
static struct flow_position
row_holding(const struct flow *f, uint32_t line, size_t octet)
{
	struct flow_position at = { line, 0 };

	for (;;) {
		struct flow_row row = flow_row(f, at);

		if (row.folded || row.end > octet ||
		    row.end >= row.line->text.n)
			return at;
		at.start = row.end;
	}
}

bool
flow_previous(const struct flow *f, struct flow_position *at)
{
	uint32_t first, last;

	if (at->line < f->doc->nlines && at->start > 0 &&
	    !is_folded(f, at->line, &first, &last)) {
		*at = row_holding(f, at->line, at->start - 1);
		return true;
	}
	if (at->line < f->doc->nlines && is_folded(f, at->line, &first, &last))
		at->line = first;
	if (at->line == 0)
		return false;
	*at = flow_align(f, (struct flow_position){ at->line - 1,
	    UINT32_MAX });
	return true;
}

struct flow_position
flow_align(const struct flow *f, struct flow_position at)
{
	uint32_t first, last;

	if (f->doc->nlines == 0)
		return (struct flow_position){ 0, 0 };
	if (at.line >= f->doc->nlines)
		at = (struct flow_position){ (uint32_t)f->doc->nlines - 1,
			UINT32_MAX };
	if (is_folded(f, at.line, &first, &last))
		return (struct flow_position){ first, 0 };
	return row_holding(f, at.line, at.start);
}

struct flow_position
flow_last_page(const struct flow *f, int rows)
{
	struct flow_position at = flow_align(f,
	    (struct flow_position){ UINT32_MAX, UINT32_MAX });

	while (--rows > 0 && flow_previous(f, &at))
		;
	return at;
}

struct flow_position
flow_fit(const struct flow *f, struct flow_position at, int rows)
{
	struct flow_position last = flow_last_page(f, rows);

	at = flow_align(f, at);
	return flow_is_before(last, at) ? last : at;
}
