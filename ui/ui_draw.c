/* SPDX-License-Identifier: MIT */
/*
 * The frame on the screen: title, rule, folders and pane, rule, status.
 * Below SIDEBAR_NEEDS_COLS columns one pane at a time has the screen; below
 * LEAST_ROWS x LEAST_COLS a sentence stands there until it grows.
 */
#include <locale.h>
#include <stdio.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "ui/frame.h"
#include "ui/ui_state.h"

enum {
	LEAST_ROWS = 5, LEAST_COLS = 20,
	FRAME_ROWS = 4,		/* title, rule, rule, status */
	SIDEBAR_LEAST = 20, SIDEBAR_MOST = 30,
	HINTS_MAX = 64,
	HINT_GAP = 3,
	LINE_LEAST = 16,	/* columns of a line with a note at its right */
};

const char *
ui_sign(const struct ui *ui, const char *sign, const char *ascii)
{
	return ui->is_ascii ? ascii : sign;
}

void
ui_put_number(struct buf *out, uint64_t number)
{
	const char *separator = localeconv()->thousands_sep;
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu",
	    (unsigned long long)number);

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buf_puts(out, separator);
		buf_putc(out, digits[i]);
	}
}

static void
draw_rule(struct ui *ui, int y)
{
	surface_fill(&ui->surface, y, 0, ui->surface.cols, ROLE_RULE,
	    ui_sign(ui, "─", "-"));
}

/* The pane whose title and body stand on the screen. */
static struct pane *
front(const struct ui *ui)
{
	bool is_narrow = ui->surface.cols < SIDEBAR_NEEDS_COLS;

	return ui->sidebar_has_focus && is_narrow ? ui->sidebar : ui_top(ui);
}

static void
draw_title(struct ui *ui)
{
	CLEANUP(buf_fini) struct buf left = { 0 };
	CLEANUP(buf_fini) struct buf right = { 0 };
	struct surface *s = &ui->surface;
	struct pane *pane = front(ui);
	int end, width;

	if (pane->class->title)
		pane->class->title(pane, &left, &right);
	else
		buf_puts(&left, pane->class->name);
	end = status_draw_links(&ui->status, ui, s, 0, s->cols / 2,
	    s->cols - s->cols / 2 - 1);
	width = text_width(buf_span(&right));
	if (width > 0 && end - width - 2 > s->cols / 4) {
		surface_put(s, 0, end - width - 1, width, ROLE_DIM, 0,
		    buf_span(&right));
		end -= width + 2;
	}
	surface_put(s, 0, 1, end - 2, ROLE_TITLE, 0, buf_span(&left));
}

static int
sidebar_cols(const struct ui *ui)
{
	int cols = ui->surface.cols / 4;

	if (!ui->sidebar_is_shown || ui->surface.cols < SIDEBAR_NEEDS_COLS ||
	    ui_top(ui)->covers_all)
		return 0;
	return cols < SIDEBAR_LEAST ? SIDEBAR_LEAST :
	    cols > SIDEBAR_MOST ? SIDEBAR_MOST : cols;
}

static void
draw_body(struct ui *ui)
{
	struct surface *s = &ui->surface;
	struct rect r = { 2, 0, s->rows - FRAME_ROWS, s->cols };
	struct pane *pane = front(ui);
	int cols = sidebar_cols(ui);

	if (cols > 0) {
		struct rect left = { r.y, 0, r.rows, cols };

		ui->sidebar->class->draw(ui->sidebar, s, left);
		for (int y = 0; y < r.rows; y++)
			surface_puts(s, r.y + y, cols, 1, ROLE_RULE,
			    ui_sign(ui, "│", "|"));
		r.x = cols + 1;
		r.cols -= cols + 1;
	}
	pane->class->draw(pane, s, r);
}

/* A key and what it does; returns the column after, or x without room. */
static int
draw_hint(struct surface *s, int y, int x, int end, const char *keys,
    const char *help)
{
	int width = text_width(span_of(keys)) + 1 + text_width(span_of(help));

	if (x + width > end)
		return x;
	x = surface_puts(s, y, x, end - x, ROLE_KEY, keys);
	x = surface_puts(s, y, x + 1, end - x - 1, ROLE_DIM, help);
	return x + HINT_GAP;
}

static void
draw_idle_hints(struct ui *ui, int y, int x, int end)
{
	enum context context = ui_context(ui);

	for (size_t i = 0; i < nbindings; i++) {
		if (bindings[i].contexts & context && bindings[i].is_hint)
			x = draw_hint(&ui->surface, y, x, end,
			    bindings[i].keys, _(bindings[i].help));
	}
}

/* The rest of a sequence after what is typed of it. */
static const char *
rest_of_keys(const struct binding *binding, size_t typed)
{
	const char *blank = strchr(binding->keys, ' ');

	return blank ? blank + 1 : binding->keys + typed;
}

/*
 * What may follow a half-typed sequence: in columns, on as many lines over
 * the status line as it takes.
 */
static void
draw_following(struct ui *ui)
{
	const struct binding *next[HINTS_MAX];
	struct surface *s = &ui->surface;
	size_t n = keys_following(&ui->keys, ui_context(ui), next, HINTS_MAX);
	int widest = 1, columns, rows;

	for (size_t i = 0; i < n; i++) {
		int width = text_width(span_of(_(next[i]->help)));

		widest = width > widest ? width : widest;
	}
	widest += 2 + HINT_GAP;
	columns = (s->cols - 2) / widest > 0 ? (s->cols - 2) / widest : 1;
	rows = ((int)n + columns - 1) / columns;
	if (ui->keys.n == 0 || n == 0 || rows > s->rows - FRAME_ROWS)
		return;
	surface_clear(s, (struct rect){ s->rows - 2 - rows, 0, rows + 1,
	    s->cols });
	draw_rule(ui, s->rows - 2 - rows);
	for (int i = 0; i < (int)n; i++)
		draw_hint(s, s->rows - 1 - rows + i % rows,
		    1 + i / rows * widest, s->cols,
		    rest_of_keys(next[i], ui->keys.n), _(next[i]->help));
}

/*
 * The line being typed, and at its right what completes it: a hint only
 * where the line leaves room, what was found wherever a few words fit.
 */
static void
draw_line(struct ui *ui, int y, int x)
{
	CLEANUP(buf_fini) struct buf note = { 0 };
	struct surface *s = &ui->surface;
	int cols = s->cols - x - 1, width, needed;

	prompt_put_note(&ui->prompt, &note);
	width = text_width(buf_span(&note));
	needed = ui->prompt.is_completing ? LINE_LEAST :
	    text_width(buf_span(&ui->prompt.text)) + 1;
	if (width > 0 && cols - width - HINT_GAP >= needed) {
		surface_put(s, y, s->cols - 1 - width, width, ROLE_DIM, 0,
		    buf_span(&note));
		cols -= width + HINT_GAP;
	}
	prompt_draw(&ui->prompt, s, y, x, cols);
}

static void
draw_question(struct ui *ui, int y)
{
	struct surface *s = &ui->surface;
	int x = surface_puts(s, y, 1, s->cols - 12, ROLE_TITLE, ui->label);

	if (ui->asking == ASKING_LINE) {
		draw_line(ui, y, x + 1);
		return;
	}
	s->cursor_y = y;
	s->cursor_x = x + 1 < s->cols ? x + 1 : x;
}

static void
draw_status(struct ui *ui)
{
	struct surface *s = &ui->surface;
	char typed[64];
	int y = s->rows - 1, end, width;

	if (ui->asking != ASKING_NOTHING) {
		draw_question(ui, y);
		return;
	}
	keys_describe(&ui->keys, typed, sizeof typed);
	width = text_width(span_of(typed));
	if (width > 0)
		surface_puts(s, y, s->cols - 1 - width, width, ROLE_KEY,
		    typed);
	if (ui->said[0]) {
		surface_puts(s, y, 1, s->cols - 3 - width, ui->said_role,
		    ui->said);
		return;
	}
	end = status_draw_work(&ui->status, ui, s, y, s->cols / 3,
	    s->cols - s->cols / 3 - 2 - width);
	draw_idle_hints(ui, y, 1, end);
}

static void
draw_too_small(struct ui *ui)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	/* TRANSLATORS: shown in a very small window; keep it short */
	buf_printf(&text, _("needs %d x %d"), LEAST_COLS, LEAST_ROWS);
	surface_put(&ui->surface, 0, 0, ui->surface.cols, ROLE_NORMAL, 0,
	    buf_span(&text));
}

void
ui_draw(struct ui *ui)
{
	struct surface *s = &ui->surface;

	surface_clear(s, surface_all(s));
	s->cursor_y = s->cursor_x = -1;
	if (s->rows < LEAST_ROWS || s->cols < LEAST_COLS) {
		draw_too_small(ui);
		return;
	}
	draw_title(ui);
	draw_rule(ui, 1);
	draw_body(ui);
	draw_rule(ui, s->rows - 2);
	draw_following(ui);
	draw_status(ui);
}
