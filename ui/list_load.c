/* SPDX-License-Identifier: MIT */
/*
 * Reading the window: a page of rows up and one down from a position, in one
 * transaction, and what the title says.  Its cost follows the screen.
 */
#include "base/cleanup.h"
#include "base/i18n.h"
#include "ui/list_state.h"

enum { HEIGHT_GUESS = 24, PAGE_SCREENS = 2, ABOVE_MAX = 99 };

int
list_height(const struct list *l)
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
	case PLACE_GROUP:
		/* One that is no longer configured is a place without mail. */
		store_view_group(t, span_of(l->place.group), &l->view);
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
	l->view.filter |= l->order.filter;
	l->view.order = l->order.order;
	l->view.is_reversed = l->order.is_reversed;
	l->view.is_folded = l->order.is_folded;
	l->counts = store_view_counts(t, &l->view);
}

static void
join_rows(struct list *l, const struct message *above, size_t nabove,
    const struct message *below, size_t nbelow)
{
	l->nrows = nabove + nbelow;
	l->rows = arena_array(&l->arena, l->nrows + 1, sizeof l->rows[0]);
	if (nabove)
		memcpy(l->rows, above, nabove * sizeof above[0]);
	if (nbelow)
		memcpy(l->rows + nabove, below, nbelow * sizeof below[0]);
}

void
list_settle(struct list *l, size_t offset)
{
	size_t height = (size_t)list_height(l);

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

/*
 * How many letters are newer than any that was on the screen.  What is new
 * is above the rest by date alone.
 */
static void
count_above(struct list *l, struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *newer;

	if (l->seen_newest.id == 0 || (l->has_top && l->top == 0))
		l->nabove = 0;
	else
		l->nabove = store_view_page(t, &l->view, VIEW_UP,
		    l->seen_newest, ABOVE_MAX, &arena, &newer);
}

/* Index of the row of a message; nrows when it is not among them. */
static size_t
find_row(const struct list *l, uint64_t id)
{
	size_t i = 0;

	while (i < l->nrows && l->rows[i].id != id)
		i++;
	return i;
}

/* Reads the rows; the cursor's is the one of the position, or the next. */
static void
read_window(struct list *l, struct store_txn *t, enum view_from from,
    struct view_position at)
{
	size_t page = PAGE_SCREENS * (size_t)list_height(l), nabove = 0;
	struct message *above = NULL, *below = NULL;
	size_t nbelow;

	if (from == VIEW_AT)
		nabove = store_view_page(t, &l->view, VIEW_UP, at, page,
		    &l->arena, &above);
	nbelow = store_view_page(t, &l->view, from, at, page, &l->arena,
	    &below);
	l->has_top = from == VIEW_TOP || (from == VIEW_AT && nabove < page) ||
	    (from == VIEW_BOTTOM && nbelow < page);
	l->has_bottom = from == VIEW_BOTTOM || nbelow < page;
	join_rows(l, above, nabove, below, nbelow);
	l->cursor = from == VIEW_BOTTOM && nbelow ? nbelow - 1 : nabove;
}

/* Rows as they were before they are read again. */
struct earlier {
	struct arena arena;
	struct message *rows;
	size_t nrows;
	bool has_top;
};

/* The same with a filter: what it no longer passes stays where it was. */
static void
read_filtered(struct list *l, struct store_txn *t, enum view_from from,
    struct view_position at, const struct earlier *earlier)
{
	struct view_position anchor = from != VIEW_AT ? at :
	    list_anchor(l, t, earlier->rows, earlier->nrows, at);
	uint64_t id = 0;
	size_t found;

	read_window(l, t, from == VIEW_AT && !anchor.id ? VIEW_TOP : from,
	    anchor);
	if (l->cursor < l->nrows)
		id = l->rows[l->cursor].id;
	list_keep(l, t, earlier->rows, earlier->nrows, earlier->has_top);
	found = find_row(l, at.id);
	if (from == VIEW_AT)
		l->cursor = found < l->nrows ? found : find_row(l, id);
	else
		l->cursor = from == VIEW_TOP ? 0 : l->nrows;
}

static void
read_rows(struct list *l, struct store_txn *t, enum view_from from,
    struct view_position at, const struct earlier *earlier)
{
	if (l->conversation) {
		list_read_conversation(l, t, earlier->rows, earlier->nrows);
		l->cursor = from == VIEW_TOP ? 0 : from == VIEW_BOTTOM ?
		    l->nrows : find_row(l, at.id);
		return;
	}
	read_place(l, t);
	if (l->order.filter)
		read_filtered(l, t, from, at, earlier);
	else
		read_window(l, t, from, at);
}

void
list_load(struct list *l, enum view_from from, struct view_position at,
    size_t offset)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct earlier earlier = { l->arena, l->rows, l->nrows, l->has_top };

	l->arena = (struct arena){ .head = NULL };
	l->rows = NULL;
	l->depths = NULL;
	l->nrows = 0;
	if (store_read(ui_store(l->pane.ui), &t) == ERR_OK) {
		read_rows(l, &t, from, at, &earlier);
		list_measure(l);
		list_settle(l, offset);
		count_above(l, &t);
	}
	if (t.error.kind != ERR_OK)
		ui_say(l->pane.ui, ROLE_ERROR, "%s", t.error.text);
	arena_fini(&earlier.arena);
}

void
list_load_anew(struct list *l, enum view_from from, struct view_position at,
    size_t offset)
{
	l->nkept = 0;
	l->nrows = 0;
	l->nabove = 0;
	l->seen_newest = l->searched = (struct view_position){ 0 };
	list_load(l, from, at, offset);
}
