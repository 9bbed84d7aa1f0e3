/* SPDX-License-Identifier: MIT */
/* How the tree of parts looks. */
#include "ui/parts_view.h"

#include "base/cleanup.h"
#include "base/i18n.h"
#include "ui/pager_view.h"

enum { INDENT = 2, SIZE_COLS = 10, TYPE_COLS = 34 };

static void
put_part(struct surface *s, int y, struct rect r,
    const struct letter_part *part)
{
	CLEANUP(buf_fini) struct buf size = { 0 };
	enum role role = part->is_attachment ? ROLE_ATTACHMENT :
	    part->is_shown ? ROLE_NORMAL : ROLE_DIM;
	int indent = (int)(part->depth < 10 ? part->depth : 10) * INDENT;
	int left = r.cols - 2 - SIZE_COLS;
	int type = left < 2 * TYPE_COLS ? left / 2 : TYPE_COLS;

	surface_put(s, y, r.x + 2 + indent, type - indent, role, 0,
	    part->type);
	if (part->is_multipart)
		return;
	surface_put(s, y, r.x + 2 + type + 1, left - type - 2, role, 0,
	    part->name.n ? part->name : part->is_shown ?
	    span_of(_("(shown)")) : (struct span){ 0 });
	pager_put_size(&size, part->size);
	surface_put_right(s, y, r.x, r.cols - 1, ROLE_DIM, buf_span(&size));
}

void
parts_draw(struct parts_state *state, struct surface *s, struct rect r)
{
	size_t rows = r.rows > 0 ? (size_t)r.rows : 0;

	state->page = r.rows;
	if (state->notice) {
		surface_puts(s, r.y, r.x + 2, r.cols - 2, ROLE_DIM,
		    state->notice);
		return;
	}
	if (state->cursor < state->top)
		state->top = state->cursor;
	if (rows && state->cursor >= state->top + rows)
		state->top = state->cursor - rows + 1;
	for (size_t i = 0; i < rows && state->top + i < state->nparts; i++) {
		int y = r.y + (int)i;

		put_part(s, y, r, &state->parts[state->top + i]);
		if (state->top + i == state->cursor)
			surface_select(s, y, r.x, r.cols);
	}
}
