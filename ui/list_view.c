/* SPDX-License-Identifier: MIT */
/*
 * The list of letters.  Holds a window of rows around the cursor, a few
 * screens high, and nothing else of the mailbox: moving within it is free,
 * moving out of it reads two pages, whatever the size of the folder.
 *
 * The cursor is on a letter, not on a line: when the store changes, the
 * window is read again around that letter, so that no key ever meets a
 * letter that just arrived.  It keeps its line as well, unless the user
 * went to the first line: there what is new comes in above the cursor.
 * Only a list in which nothing was done yet keeps its cursor on the first.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/list_state.h"
#include "ui/move.h"

enum { MOVE_MAX = 5000, LOOKED_AT_MAX = 1000 };

struct list *
list_of(struct pane *pane)
{
	return (struct list *)pane;
}

const struct message *
list_current(const struct list *l)
{
	return l->nrows ? &l->rows[l->cursor] : NULL;
}

static struct view_position
cursor_position(const struct list *l)
{
	return store_view_position(&l->view, list_current(l));
}

/*
 * Reads again around the cursor's letter, which keeps its line, or makes
 * room for newer ones where the screen shows the top.
 */
static void
reload(struct list *l)
{
	const struct message *m = list_current(l);
	bool is_at_top = l->has_top && l->top == 0 && l->follows;

	if (!m || (is_at_top && !l->is_touched))
		list_load(l, VIEW_TOP, (struct view_position){ 0 }, 0);
	else
		list_load(l, VIEW_AT, cursor_position(l),
		    is_at_top ? SIZE_MAX : l->cursor - l->top);
}

void
list_go(struct list *l, struct view_position at)
{
	size_t middle = (size_t)list_height(l) / 2;

	for (size_t i = 0; i < l->nrows; i++) {
		if (l->rows[i].id != at.id)
			continue;
		l->cursor = i;
		if (i >= l->top && i < l->top + (size_t)list_height(l))
			return;
		break;
	}
	list_load(l, VIEW_AT, at, middle);
}

static void
keep_cursor_shown(struct list *l)
{
	size_t height = (size_t)list_height(l);

	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + height)
		l->top = l->cursor - height + 1;
	/* The rows under the last line must be there to be drawn. */
	if (l->top + height > l->nrows && !l->has_bottom && l->nrows)
		list_load(l, VIEW_AT, cursor_position(l),
		    l->cursor - l->top);
}

/* Down (positive) or up by rows, reading further where the window ends. */
void
list_move(struct list *l, int64_t by)
{
	int64_t step_max = list_height(l);

	/* A count that runs away must not read a mailbox. */
	by = by > MOVE_MAX ? MOVE_MAX : by < -MOVE_MAX ? -MOVE_MAX : by;
	while (by != 0 && l->nrows > 0) {
		int64_t step = by > step_max ? step_max :
		    by < -step_max ? -step_max : by;
		int64_t to = (int64_t)l->cursor + step;
		bool is_out = (to < 0 && !l->has_top) ||
		    (to >= (int64_t)l->nrows && !l->has_bottom);

		if (is_out) {
			list_load(l, VIEW_AT, cursor_position(l),
			    l->cursor - l->top);
			to = (int64_t)l->cursor + step;
		}
		if (to < 0 || to >= (int64_t)l->nrows)
			by = step;	/* the end: nothing is left after */
		to = to < 0 ? 0 : to;
		l->cursor = to < (int64_t)l->nrows ? (size_t)to :
		    l->nrows - 1;
		by -= step;
	}
	keep_cursor_shown(l);
}

/* Brings the cursor to a line of the screen; reads the rows around it. */
static void
put_cursor(struct list *l, size_t offset)
{
	size_t height = (size_t)list_height(l);
	bool is_short = (l->cursor < offset && !l->has_top) ||
	    (l->cursor + height > l->nrows + offset && !l->has_bottom);

	if (is_short && l->nrows)
		list_load(l, VIEW_AT, cursor_position(l), offset);
	else
		list_settle(l, offset);
}

/* The whole screen goes along, so that the cursor keeps its line. */
void
list_scroll(struct list *l, int64_t by)
{
	size_t offset = l->cursor - l->top;

	list_move(l, by);
	put_cursor(l, offset);
}

void
list_go_top(struct list *l)
{
	list_load(l, VIEW_TOP, (struct view_position){ 0 }, 0);
}

void
list_go_bottom(struct list *l)
{
	list_load(l, VIEW_BOTTOM, (struct view_position){ 0 },
	    (size_t)list_height(l) - 1);
}

void
list_show(struct pane *pane, struct place place)
{
	struct list *l = list_of(pane);

	if (!place_eq(l->place, place)) {
		l->nmarked = 0;
		l->place = place;
	}
	l->account = 0;
	l->is_touched = false;
	l->follows = true;
	l->order = list_order_of_place(l);
	list_load_anew(l, VIEW_TOP, (struct view_position){ 0 }, 0);
}

struct place
list_place(const struct pane *pane)
{
	return ((const struct list *)pane)->place;
}

uint32_t
list_account(const struct pane *pane)
{
	const struct list *l = (const struct list *)pane;
	const struct message *m = list_current(l);
	const struct status *status = ui_status(l->pane.ui);

	if (l->place.kind == PLACE_FOLDER)
		return l->account;
	if (m)
		return m->account;
	return status->n ? status->accounts[0].id : 0;
}

/*
 * The first row beyond an end of the window, in its order; unread ones only
 * if asked.  By thread the unread ones have another order among themselves,
 * so rows are looked at, as many as a key press may; what is further away is
 * taken in that other order.
 */
static struct view_position
beyond_window(struct list *l, int step, bool only_unread)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	enum view_from way = step > 0 ? VIEW_DOWN : VIEW_UP;
	struct view_position at = store_view_position(&l->view,
	    &l->rows[step > 0 ? l->nrows - 1 : 0]);
	struct view view = l->view;
	struct message *found;
	size_t n;

	if (store_read(ui_store(l->pane.ui), &t) != ERR_OK)
		return (struct view_position){ 0 };
	if (only_unread && l->view.order == VIEW_BY_THREAD) {
		n = store_view_page(&t, &l->view, way, at, LOOKED_AT_MAX,
		    &arena, &found);
		for (size_t k = 0; k < n; k++) {
			const struct message *m =
			    &found[step > 0 ? k : n - 1 - k];

			if (message_is_unread(m->flags))
				return store_view_position(&l->view, m);
		}
		if (n < LOOKED_AT_MAX)
			return (struct view_position){ 0 };
	}
	if (only_unread)
		view.filter |= VIEW_UNREAD;
	if (store_view_page(&t, &view, way, at, 1, &arena, &found) == 0)
		return (struct view_position){ 0 };
	return store_view_position(&l->view, found);
}

/*
 * The nearest letter before or after the cursor's, unread ones only if
 * asked; id 0 at the end.
 */
struct view_position
list_neighbour(struct list *l, int step, bool only_unread)
{
	size_t at = l->cursor;

	while (l->nrows && (step > 0 ? at + 1 < l->nrows : at > 0)) {
		at += step > 0 ? 1 : (size_t)-1;
		if (!only_unread || message_is_unread(l->rows[at].flags))
			return store_view_position(&l->view, &l->rows[at]);
	}
	if (l->nrows == 0 || (step > 0 ? l->has_bottom : l->has_top))
		return (struct view_position){ 0 };
	return beyond_window(l, step, only_unread);
}

uint64_t
list_step(struct ui *ui, int step, bool only_unread)
{
	struct list *l = list_of(ui_nearest_list(ui));
	struct view_position at = list_neighbour(l, step, only_unread);

	if (at.id)
		list_go(l, at);
	return at.id;
}

uint64_t
list_here(struct ui *ui)
{
	const struct message *m = list_current(list_of(ui_nearest_list(ui)));

	return m ? m->id : 0;
}

void
list_changed(struct pane *pane)
{
	reload(list_of(pane));
}

void
list_close(struct pane *pane)
{
	struct list *l = list_of(pane);

	arena_fini(&l->arena);
	buf_fini(&l->name);
	buf_fini(&l->needle);
	free(l->marked);
	free(l->kept);
	free(l->habits);
	free(l);
}

/* What is new comes in at the top, and so can be counted there. */
static bool
has_newest_first(const struct list *l)
{
	return !l->conversation && l->view.order == VIEW_BY_DATE &&
	    !l->view.is_reversed;
}

/* The height is known when it is drawn: a window that grew is read again. */
void
list_draw_pane(struct pane *pane, struct surface *s, struct rect r)
{
	struct list *l = list_of(pane);

	if (r.rows != l->height) {
		size_t offset = l->cursor - l->top;

		l->height = r.rows;
		put_cursor(l, offset);
	}
	if (l->has_top && l->top == 0 && l->nrows && has_newest_first(l)) {
		l->seen_newest = store_view_position(&l->view, &l->rows[0]);
		l->nabove = 0;
	}
	list_draw(l, s, r);
}

struct pane *
list_new(struct ui *ui)
{
	static const struct pane_class class = {
		.name = "list", .context = CONTEXT_LIST, .title = list_title,
		.draw = list_draw_pane, .command = list_command,
		.changed = list_changed, .close = list_close,
	};
	struct list *l = xcalloc(1, sizeof *l);

	l->pane = (struct pane){ &class, ui, -1, false };
	return &l->pane;
}
