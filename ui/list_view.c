/* SPDX-License-Identifier: MIT */
/*
 * The list of letters.  Holds a window of rows around the cursor, a few
 * screens high, and nothing else of the mailbox: moving within it is free,
 * moving out of it reads two pages, whatever the size of the folder.
 *
 * The cursor is on a letter, not on a line: when the store changes, the
 * window is read again around that letter, so that no key ever meets a
 * letter that just arrived.  It keeps its line as well, unless the user
 * went to the newest letter: there what is new comes in above the cursor.
 * Only a list in which nothing was done yet keeps its cursor on the newest.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/list_state.h"
#include "ui/move.h"

enum { HEIGHT_GUESS = 24, PAGE_SCREENS = 2, ABOVE_MAX = 99,
    MOVE_MAX = 5000 };

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

static int
height_of(const struct list *l)
{
	return l->height > 0 ? l->height : HEIGHT_GUESS;
}

/* A flagged letter may be in any folder but trash and spam. */
static void
view_flagged(struct store_txn *t, struct arena *arena, struct view *out)
{
	struct folder *folders;
	size_t n = store_folders(t, 0, arena, &folders);

	*out = (struct view){ .filter = VIEW_FLAGGED };
	for (size_t i = 0; i < n && out->nfolders < VIEW_FOLDERS_MAX; i++) {
		if (!folders[i].is_gone && folders[i].is_selectable &&
		    folders[i].role != FOLDER_TRASH &&
		    folders[i].role != FOLDER_JUNK &&
		    folders[i].role != FOLDER_ALL &&
		    folders[i].role != FOLDER_FLAGGED)
			out->folders[out->nfolders++] = folders[i].id;
	}
}

/* Which folders the place stands for now, and what it is called. */
static void
read_place(struct list *l, struct store_txn *t)
{
	struct folder folder = { .id = 0 };

	l->role = FOLDER_NONE;
	switch (l->place.kind) {
	case PLACE_ROLE:
		store_view_role(t, l->place.role, &l->view);
		l->role = l->place.role;
		break;
	case PLACE_FLAGGED:
		view_flagged(t, &l->arena, &l->view);
		break;
	case PLACE_FOLDER:
		store_view_folder(l->place.folder, &l->view);
		if (!store_folder_get(t, l->place.folder, &l->arena, &folder))
			break;
		l->role = folder.role;
		l->account = folder.account;
		list_put_name(l, t, &folder);
		break;
	}
	l->counts = store_view_counts(t, &l->view);
}

static void
join_rows(struct list *l, const struct message *newer, size_t nnewer,
    const struct message *older, size_t nolder)
{
	l->nrows = nnewer + nolder;
	l->rows = arena_array(&l->arena, l->nrows + 1, sizeof l->rows[0]);
	if (nnewer)
		memcpy(l->rows, newer, nnewer * sizeof newer[0]);
	if (nolder)
		memcpy(l->rows + nnewer, older, nolder * sizeof older[0]);
}

/* Keeps the cursor on the screen and the screen within the rows. */
static void
settle(struct list *l, size_t offset)
{
	size_t height = (size_t)height_of(l);

	if (l->nrows == 0)
		l->cursor = l->top = 0;
	else if (l->cursor >= l->nrows)
		l->cursor = l->nrows - 1;
	if (offset >= height)
		offset = height - 1;
	l->top = l->cursor > offset ? l->cursor - offset : 0;
	if (l->top + height > l->nrows)
		l->top = l->nrows > height ? l->nrows - height : 0;
}

/* How many letters are newer than any that was on the screen. */
static void
count_above(struct list *l, struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *newer;

	if (l->seen_newest.id == 0 || (l->is_newest_here && l->top == 0))
		l->nabove = 0;
	else
		l->nabove = store_view_page(t, &l->view, VIEW_UP,
		    l->seen_newest, ABOVE_MAX, &arena, &newer);
}

/*
 * Reads the window around a position, which comes to the given line of the
 * screen.  On an error the list is empty and the status line says why.
 */
static void
load(struct list *l, enum view_from from, struct view_position at,
    size_t offset)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	size_t height = (size_t)height_of(l), nnewer = 0, nolder;
	size_t page = PAGE_SCREENS * height;
	struct message *newer = NULL, *older = NULL;

	arena_reset(&l->arena);
	l->rows = NULL;
	l->nrows = 0;
	if (store_read(ui_store(l->pane.ui), &t) != ERR_OK) {
		ui_say(l->pane.ui, ROLE_ERROR, "%s", t.error.text);
		return;
	}
	read_place(l, &t);
	if (from == VIEW_AT)
		nnewer = store_view_page(&t, &l->view, VIEW_UP, at,
		    page, &l->arena, &newer);
	nolder = store_view_page(&t, &l->view, from, at, page,
	    &l->arena, &older);
	l->is_newest_here = from == VIEW_TOP ||
	    (from == VIEW_AT && nnewer < page) ||
	    (from == VIEW_BOTTOM && nolder < page);
	l->is_oldest_here = from == VIEW_BOTTOM || nolder < page;
	join_rows(l, newer, nnewer, older, nolder);
	l->cursor = from == VIEW_BOTTOM && nolder ? nolder - 1 : nnewer;
	settle(l, offset);
	count_above(l, &t);
	if (t.error.kind != ERR_OK)
		ui_say(l->pane.ui, ROLE_ERROR, "%s", t.error.text);
}

/*
 * Reads again around the cursor's letter, which keeps its line, or makes
 * room for newer ones where the screen shows the newest.
 */
static void
reload(struct list *l)
{
	const struct message *m = list_current(l);
	bool is_at_top = l->is_newest_here && l->top == 0 && l->follows;

	if (!m || (is_at_top && !l->is_touched))
		load(l, VIEW_TOP, (struct view_position){ 0 }, 0);
	else
		load(l, VIEW_AT, cursor_position(l),
		    is_at_top ? SIZE_MAX : l->cursor - l->top);
}

void
list_go(struct list *l, struct view_position at)
{
	size_t middle = (size_t)height_of(l) / 2;

	for (size_t i = 0; i < l->nrows; i++) {
		if (l->rows[i].id != at.id)
			continue;
		l->cursor = i;
		if (i >= l->top && i < l->top + (size_t)height_of(l))
			return;
		break;
	}
	load(l, VIEW_AT, at, middle);
}

static void
keep_cursor_shown(struct list *l)
{
	size_t height = (size_t)height_of(l);

	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + height)
		l->top = l->cursor - height + 1;
	/* The rows under the last line must be there to be drawn. */
	if (l->top + height > l->nrows && !l->is_oldest_here && l->nrows)
		load(l, VIEW_AT, cursor_position(l),
		    l->cursor - l->top);
}

/* Down (positive) or up by rows, reading further where the window ends. */
void
list_move(struct list *l, int64_t by)
{
	int64_t step_max = height_of(l);

	/* A count that runs away must not read a mailbox. */
	by = by > MOVE_MAX ? MOVE_MAX : by < -MOVE_MAX ? -MOVE_MAX : by;
	while (by != 0 && l->nrows > 0) {
		int64_t step = by > step_max ? step_max :
		    by < -step_max ? -step_max : by;
		int64_t to = (int64_t)l->cursor + step;
		bool is_out = (to < 0 && !l->is_newest_here) ||
		    (to >= (int64_t)l->nrows && !l->is_oldest_here);

		if (is_out) {
			load(l, VIEW_AT, cursor_position(l),
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
	size_t height = (size_t)height_of(l);
	bool is_short = (l->cursor < offset && !l->is_newest_here) ||
	    (l->cursor + height > l->nrows + offset && !l->is_oldest_here);

	if (is_short && l->nrows)
		load(l, VIEW_AT, cursor_position(l), offset);
	else
		settle(l, offset);
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
list_go_newest(struct list *l)
{
	load(l, VIEW_TOP, (struct view_position){ 0 }, 0);
}

void
list_go_oldest(struct list *l)
{
	load(l, VIEW_BOTTOM, (struct view_position){ 0 },
	    (size_t)height_of(l) - 1);
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
	l->seen_newest = (struct view_position){ 0 };
	list_go_newest(l);
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
 * The nearest letter before or after the cursor's, unread ones only if
 * asked; id 0 at the end.
 */
struct view_position
list_neighbour(struct list *l, int step, bool only_unread)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const struct message *m = list_current(l);
	struct view view = l->view;
	struct message *found;

	if (only_unread)
		view.filter |= VIEW_UNREAD;
	if (!m || store_read(ui_store(l->pane.ui), &t) != ERR_OK ||
	    store_view_page(&t, &view, step > 0 ? VIEW_DOWN : VIEW_UP,
	    store_view_position(&l->view, m), 1, &arena, &found) == 0)
		return (struct view_position){ 0 };
	return store_view_position(&l->view, found);
}

uint64_t
list_step(struct ui *ui, int step, bool only_unread)
{
	struct list *l = list_of(ui_list(ui));
	struct view_position at = list_neighbour(l, step, only_unread);

	if (at.id)
		list_go(l, at);
	return at.id;
}

static void
list_changed(struct pane *pane)
{
	reload(list_of(pane));
}

static void
list_close(struct pane *pane)
{
	struct list *l = list_of(pane);

	arena_fini(&l->arena);
	buf_fini(&l->name);
	buf_fini(&l->needle);
	free(l->marked);
	free(l);
}

/* The height is known when it is drawn: a window that grew is read again. */
static void
list_draw_pane(struct pane *pane, struct surface *s, struct rect r)
{
	struct list *l = list_of(pane);

	if (r.rows != l->height) {
		size_t offset = l->cursor - l->top;

		l->height = r.rows;
		put_cursor(l, offset);
	}
	if (l->is_newest_here && l->top == 0 && l->nrows) {
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
