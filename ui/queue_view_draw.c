/* SPDX-License-Identifier: MIT */
/* How the journal looks. */
#include "ui/queue_view.h"

#include "base/i18n.h"
#include "base/text.h"

enum { MARGIN = 1, GAP = 2, ACT_COLS = 15, WIDE = 90 };

static enum role
state_role(enum act_state state)
{
	switch (state) {
	case ACT_QUEUED:
	case ACT_SENT:
		return ROLE_PROGRESS;
	case ACT_DONE:
		return ROLE_GOOD;
	case ACT_FAILED:
		return ROLE_ERROR;
	case ACT_UNKNOWN:
		return ROLE_WARNING;
	case ACT_CANCELED:
		return ROLE_DIM;
	}
	return ROLE_NORMAL;
}

/* Act, target, account, how it stands, since when. */
static void
put_row(struct surface *s, int y, struct rect r, const struct queue_row *row)
{
	int since = text_width(row->since) + GAP;
	int x = r.x + MARGIN, left = r.cols - 2 * MARGIN - ACT_COLS - since;
	int account = r.cols >= WIDE ? 12 : 0;
	int target = (left - account) / 2;

	surface_put(s, y, x, ACT_COLS - 1, ROLE_NORMAL, 0, row->act);
	x += ACT_COLS;
	surface_put(s, y, x, target - GAP, ROLE_SUBJECT, 0, row->target);
	x += target;
	surface_put(s, y, x, account - GAP, ROLE_DIM, 0, row->account);
	x += account;
	surface_put(s, y, x, left - target - account,
	    state_role(row->state), 0, row->how);
	surface_put_right(s, y, r.x, r.cols - MARGIN, ROLE_DATE, row->since);
}

void
queue_draw(struct queue_state *state, struct surface *s, struct rect r)
{
	size_t rows = r.rows > 0 ? (size_t)r.rows : 0;

	state->page = r.rows;
	if (state->nrows == 0)
		surface_puts(s, r.y, r.x + MARGIN, r.cols - MARGIN, ROLE_DIM,
		    _("Nothing is waiting: all that was to be done is done."));
	if (state->cursor < state->top)
		state->top = state->cursor;
	if (rows && state->cursor >= state->top + rows)
		state->top = state->cursor - rows + 1;
	for (size_t i = 0; i < rows && state->top + i < state->nrows; i++) {
		int y = r.y + (int)i;

		put_row(s, y, r, &state->rows[state->top + i]);
		if (state->top + i == state->cursor)
			surface_select(s, y, r.x, r.cols);
	}
}
