/* SPDX-License-Identifier: MIT */
/* The keys of a screen, made from the table that does the dispatch. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/frame.h"
#include "ui/move.h"

enum { KEYS_COLS = 12, LINES_MAX = 256 };

struct help {
	struct pane pane;
	const struct binding *lines[LINES_MAX];
	size_t nlines;
	int top, height;
};

static struct help *
help_of(struct pane *pane)
{
	return (struct help *)pane;
}

static void
help_title(struct pane *pane, struct buf *left, struct buf *right)
{
	(void)pane;
	buf_puts(left, _("Keys"));
	buf_puts(right, _("q goes back"));
}

static int
last_top(const struct help *h)
{
	int top = (int)h->nlines - h->height;

	return top > 0 ? top : 0;
}

static void
help_draw(struct pane *pane, struct surface *s, struct rect r)
{
	struct help *h = help_of(pane);

	h->height = r.rows;
	if (h->top > last_top(h))
		h->top = last_top(h);
	for (int y = 0; y < r.rows && h->top + y < (int)h->nlines; y++) {
		const struct binding *b = h->lines[h->top + y];

		surface_puts(s, r.y + y, r.x + 3, KEYS_COLS, ROLE_KEY,
		    b->keys);
		surface_puts(s, r.y + y, r.x + 4 + KEYS_COLS,
		    r.cols - KEYS_COLS - 5, ROLE_NORMAL, _(b->help));
	}
}

static bool
help_command(struct pane *pane, enum command command, unsigned count)
{
	struct help *h = help_of(pane);

	return move_by(command, count, h->height, last_top(h), &h->top);
}

static void
help_close(struct pane *pane)
{
	free(pane);
}

void
help_open(struct ui *ui, enum context of)
{
	static const struct pane_class class = {
		.name = "help", .context = CONTEXT_HELP, .title = help_title,
		.draw = help_draw, .command = help_command,
		.close = help_close,
	};
	struct help *h = xcalloc(1, sizeof *h);

	h->pane = (struct pane){ &class, ui, -1, true };
	for (size_t i = 0; i < nbindings && h->nlines < LINES_MAX; i++) {
		if (bindings[i].contexts & of && bindings[i].help)
			h->lines[h->nlines++] = &bindings[i];
	}
	ui_push(ui, &h->pane);
}
