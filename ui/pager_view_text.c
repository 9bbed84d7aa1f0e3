/* SPDX-License-Identifier: MIT */
/* Rows of a document on a surface: colours of quotes, links and matches. */
#include "ui/pager_view.h"

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"

struct look {
	enum role role;
	unsigned attrs;
};

static enum role
quote_role(int depth)
{
	return depth ? (enum role)(ROLE_QUOTE1 + (depth - 1) % 4) :
	    ROLE_NORMAL;
}

/* How a role of a document looks on top of what is around it. */
static struct look
look_of(enum doc_role role, struct look around)
{
	switch (role) {
	case DOC_TEXT:
	case DOC_QUOTE:
	case DOC_CODE:
		break;
	case DOC_SIGNATURE:
		return (struct look){ ROLE_SIGNATURE, 0 };
	case DOC_HEADING:
	case DOC_STRONG:
		around.attrs |= ATTR_BOLD;
		break;
	case DOC_EMPHASIS:
		around.attrs |= ATTR_ITALIC;
		break;
	case DOC_LINK:
		around.role = ROLE_LINK;
		break;
	case DOC_NOTE:
	case DOC_RULE:
		return (struct look){ ROLE_DIM, 0 };
	}
	return around;
}

/* Octets start to end of a row's text; returns the column behind them. */
static int
put_piece(struct surface *s, int y, int x, int right,
    const struct flow_row *row, uint32_t start, uint32_t end,
    struct look look)
{
	uint32_t last = row->start + (uint32_t)row->text.n;

	start = start > row->start ? start : row->start;
	end = end < last ? end : last;
	if (start >= end)
		return x;
	return surface_put(s, y, x, right - x, look.role, look.attrs,
	    (struct span){ row->line->text.p + start, end - start });
}

static void
put_runs(struct surface *s, int y, int x, int right,
    const struct flow_row *row, struct look base)
{
	const struct doc_line *line = row->line;
	uint32_t at = row->start;

	for (size_t i = 0; i < line->nruns && at < row->end; i++) {
		const struct doc_run *run = &line->runs[i];

		if (run->end <= at || run->end <= run->start)
			continue;
		x = put_piece(s, y, x, right, row, at, run->start, base);
		x = put_piece(s, y, x, right, row, run->start > at ?
		    run->start : at, run->end, look_of(run->role, base));
		at = run->end;
	}
	put_piece(s, y, x, right, row, at, row->end, base);
}

/* Draws every match in the row once more, now standing out. */
static void
put_matches(struct surface *s, int y, int x, int right,
    const struct flow_row *row, struct span needle)
{
	struct span rest = row->text;
	size_t at;

	while (needle.n && (at = span_ifind(rest, needle)) != SIZE_MAX) {
		struct span hit;

		x += text_width(span_take(&rest, at));
		hit = span_take(&rest, needle.n);
		x = surface_put(s, y, x, right - x, ROLE_MATCH, 0, hit);
	}
}

static void
put_fold(struct surface *s, int y, int x, int cols, uint32_t lines)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	buf_printf(&text, P_("[%u quoted line; T shows it]",
	    "[%u quoted lines; T shows them]", lines), lines);
	surface_put(s, y, x, cols, ROLE_DIM, 0, buf_span(&text));
}

static void
put_row(struct surface *s, int y, int x, int cols,
    const struct flow_row *row, struct span needle)
{
	struct look base = look_of(row->line->role,
	    (struct look){ quote_role(row->line->quote), 0 });
	int right = x + cols;

	if (row->folded) {
		put_fold(s, y, x, cols, row->folded);
		return;
	}
	for (int i = 0; i < row->quote; i++, x += 2)
		surface_puts(s, y, x, 2, quote_role(i + 1), "> ");
	x += row->indent;
	if (row->line->role == DOC_RULE) {
		surface_fill(s, y, x, right - x, ROLE_RULE,
		    s->is_ascii ? "-" : "\u2500");
		return;
	}
	put_runs(s, y, x, right, row, base);
	put_matches(s, y, x, right, row, needle);
}

void
pager_put_text(struct surface *s, struct rect r, const struct flow *f,
    struct flow_position top, struct span needle)
{
	int y;

	for (y = r.y; y < r.y + r.rows; y++) {
		struct flow_row row = flow_row(f, top);

		if (!row.line)
			return;
		put_row(s, y, r.x, r.cols, &row, needle);
		if (!flow_next(f, &top))
			break;
	}
	if (y + 1 < r.y + r.rows && f->doc->is_truncated)
		surface_puts(s, y + 1, r.x, r.cols, ROLE_DIM,
		    _("[The letter is longer than what is shown here; "
		    "it can be saved whole.]"));
}
