/* SPDX-License-Identifier: MIT */
/*
 * The folders: all inboxes, the groups, what is flagged, then each account
 * with its tree, then the queue.  Counts are of unread letters, but beside
 * Flagged of all that are flagged and beside the queue of what waits there.
 * They come from counters, so the sidebar costs a read a folder.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/folder_tree.h"
#include "ui/frame.h"
#include "ui/move.h"
#include "ui/name_fit.h"
#include "ui/sidebar_folder.h"
#include "ui/status.h"

enum { DEPTH_SHOWN = 6, INDENT = 1 };

enum row_kind { ROW_BLANK, ROW_PLACE, ROW_ACCOUNT, ROW_QUEUE };

struct row {
	enum row_kind kind;
	struct place place;	/* ROW_PLACE */
	size_t account;		/* ROW_ACCOUNT: index into the status */
	struct span label;
	struct span full_name;	/* "kerja/Proyek/Alfa": what `c` looks at */
	int depth;
	bool is_pending;	/* no server has it yet */
	uint64_t count;		/* on the right; 0: nothing */
	bool is_selectable;
};

struct sidebar {
	struct pane pane;
	struct arena arena;	/* owns the rows */
	struct row *rows;
	size_t nrows, nrows_max;
	struct place place;	/* where the cursor is, over re-readings */
	int cursor, top, height;
};

static struct sidebar *
sidebar_of(struct pane *pane)
{
	return (struct sidebar *)pane;
}

static struct row *
add_row(struct sidebar *b, enum row_kind kind, struct span label)
{
	struct row *row;

	bug_on(b->nrows >= b->nrows_max);
	row = &b->rows[b->nrows++];
	*row = (struct row){ .kind = kind, .label = label,
		.full_name = label, .is_selectable = kind != ROW_BLANK };
	return row;
}

static struct row *
add_role(struct sidebar *b, struct store_txn *t, enum folder_role role,
    const char *label)
{
	struct row *row;
	struct view view;

	store_view_role(t, role, &view);
	row = add_row(b, ROW_PLACE, span_of(label));
	row->place = (struct place){ .kind = PLACE_ROLE, .role = role };
	row->count = store_view_counts(t, &view).unread;
	return row;
}

static void
add_groups(struct sidebar *b, struct store_txn *t, const struct group *groups,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct row *row = add_row(b, ROW_PLACE, groups[i].name);
		struct view view;

		store_view_group(t, groups[i].name, &view);
		row->count = store_view_counts(t, &view).unread;
		row->place.kind = PLACE_GROUP;
		snprintf(row->place.group, sizeof row->place.group, "%.*s",
		    SPAN_ARG(groups[i].name));
	}
}

/* INBOX is written so on every server; people say it in their language. */
static struct span
label_of(const struct tree_row *row)
{
	if (row->folder->role == FOLDER_INBOX)
		return span_of(_("Inbox"));
	return row->label;
}

static void
add_folders(struct sidebar *b, const struct account *account,
    const struct folder *folders, size_t n)
{
	struct tree_row *tree = folder_tree(folders, n, &b->arena);

	for (size_t i = 0; i < n; i++) {
		const struct folder *folder = tree[i].folder;
		struct row *row = add_row(b, ROW_PLACE, label_of(&tree[i]));

		row->place = (struct place){ .kind = PLACE_FOLDER,
			.folder = folder->id };
		row->full_name = span_of(arena_printf(&b->arena, "%.*s/%.*s",
		    SPAN_ARG(account->name), SPAN_ARG(folder->title)));
		row->depth = tree[i].depth < DEPTH_SHOWN ? tree[i].depth :
		    DEPTH_SHOWN;
		row->is_pending = folder->is_pending;
		row->count = folder->unread;
		row->is_selectable = folder->is_selectable;
	}
}

/* Drops folders that are gone; the order stays. */
static size_t
keep_present(struct folder *folders, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!folders[i].is_gone)
			folders[kept++] = folders[i];
	}
	return kept;
}

static uint64_t
count_flagged(const struct folder *folders, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++) {
		if (folders[i].role != FOLDER_TRASH &&
		    folders[i].role != FOLDER_JUNK &&
		    folders[i].role != FOLDER_ALL &&
		    folders[i].role != FOLDER_FLAGGED)
			total += folders[i].flagged;
	}
	return total;
}

static void
add_accounts(struct sidebar *b, struct store_txn *t)
{
	const struct status *status = ui_status(b->pane.ui);

	for (size_t i = 0; i < status->n; i++) {
		const struct account *account = &status->accounts[i];
		struct folder *folders;
		size_t n = store_folders(t, account->id, &b->arena, &folders);
		struct row *rows;

		n = keep_present(folders, n);
		/* The account's rows, a blank, and the queue at the end. */
		b->nrows_max = b->nrows + n + 4;
		rows = arena_array(&b->arena, b->nrows_max, sizeof rows[0]);
		memcpy(rows, b->rows, b->nrows * sizeof rows[0]);
		b->rows = rows;
		add_row(b, ROW_BLANK, SPAN_LIT(""));
		add_row(b, ROW_ACCOUNT, arena_copy(&b->arena,
		    account->name))->account = i;
		add_folders(b, account, folders, n);
	}
}

static bool
can_stop(const struct sidebar *b, int i)
{
	return i >= 0 && i < (int)b->nrows && b->rows[i].is_selectable;
}

/* The row of a place; -1: it is not shown. */
static int
row_of_place(const struct sidebar *b, struct place place)
{
	for (size_t i = 0; i < b->nrows; i++) {
		if (b->rows[i].kind == ROW_PLACE &&
		    place_eq(b->rows[i].place, place))
			return (int)i;
	}
	return -1;
}

static void
read_rows(struct sidebar *b)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct group *groups;
	struct folder *folders;
	struct row *row;
	size_t n;

	arena_reset(&b->arena);
	b->rows = NULL;
	b->nrows = b->nrows_max = 0;
	if (store_read(ui_store(b->pane.ui), &t) != ERR_OK)
		return;
	n = store_groups(&t, &b->arena, &groups);
	/* All inboxes, what is flagged, a blank, the queue. */
	b->nrows_max = n + 4;
	b->rows = arena_array(&b->arena, b->nrows_max, sizeof b->rows[0]);
	add_role(b, &t, FOLDER_INBOX, _("All inboxes"));
	add_groups(b, &t, groups, n);
	n = store_folders(&t, 0, &b->arena, &folders);
	row = add_row(b, ROW_PLACE, span_of(_("Flagged")));
	row->place = (struct place){ .kind = PLACE_FLAGGED };
	row->count = count_flagged(folders, keep_present(folders, n));
	add_accounts(b, &t);
	add_row(b, ROW_BLANK, SPAN_LIT(""));
	row = add_row(b, ROW_QUEUE, span_of(_("Queue")));
	row->count = ui_status(b->pane.ui)->pending;
}

/* After reading, the cursor is on the place that it was on. */
static void
sidebar_changed(struct pane *pane)
{
	struct sidebar *b = sidebar_of(pane);
	bool was_on_place = b->cursor < (int)b->nrows &&
	    b->rows[b->cursor].kind == ROW_PLACE;
	int at;

	if (was_on_place)
		b->place = b->rows[b->cursor].place;
	read_rows(b);
	at = row_of_place(b, b->place);
	if (was_on_place && at >= 0)
		b->cursor = at;
	if (!can_stop(b, b->cursor))
		b->cursor = 0;
}

void
sidebar_follow(struct pane *pane, struct place place)
{
	struct sidebar *b = sidebar_of(pane);
	int at = row_of_place(b, place);

	b->place = place;
	if (at >= 0)
		b->cursor = at;
}

/* The nearest row in a direction where the cursor may stand. */
static int
nearest_stop(const struct sidebar *b, int from, int step)
{
	int i = from;

	while (i >= 0 && i < (int)b->nrows && !can_stop(b, i))
		i += step;
	return can_stop(b, i) ? i : b->cursor;
}

static void
tell_account(struct sidebar *b, size_t i)
{
	const struct status *status = ui_status(b->pane.ui);
	CLEANUP(buf_fini) struct buf name = { 0 };
	CLEANUP(buf_fini) struct buf error = { 0 };
	const struct account_state *state = &status->states[i];

	text_clean(&name, status->accounts[i].name);
	text_clean(&error, state->error);
	switch (state->link) {
	case LINK_OFFLINE:
		ui_say(b->pane.ui, ROLE_NORMAL,
		    _("%s is not connected. Mail already here stays readable."),
		    buf_str(&name));
		break;
	case LINK_CONNECTING:
		ui_say(b->pane.ui, ROLE_NORMAL, _("%s is being connected."),
		    buf_str(&name));
		break;
	case LINK_SYNCING:
		ui_say(b->pane.ui, ROLE_NORMAL,
		    _("%s is connected and fetching."), buf_str(&name));
		break;
	case LINK_LISTENING:
		ui_say(b->pane.ui, ROLE_NORMAL,
		    _("%s is in step and told of new mail at once."),
		    buf_str(&name));
		break;
	case LINK_IDLE:
		ui_say(b->pane.ui, ROLE_NORMAL,
		    _("%s is in step until its next check."), buf_str(&name));
		break;
	case LINK_WAITING:
	case LINK_REFUSED:
		ui_say(b->pane.ui, ROLE_WARNING, "%s: %s", buf_str(&name),
		    buf_str(&error));
		break;
	}
}

static void
open_row(struct sidebar *b, int i)
{
	const struct row *row = &b->rows[i];

	switch (row->kind) {
	case ROW_PLACE:
		ui_show(b->pane.ui, row->place);
		break;
	case ROW_ACCOUNT:
		tell_account(b, row->account);
		break;
	case ROW_QUEUE:
		queue_open(b->pane.ui);
		break;
	case ROW_BLANK:
		break;
	}
}

/* The folder at the cursor; 0: none. */
static uint32_t
folder_at(const struct sidebar *b)
{
	const struct row *row = &b->rows[b->cursor];

	return row->kind == ROW_PLACE && row->place.kind == PLACE_FOLDER ?
	    row->place.folder : 0;
}

/* The account at the cursor, by its row or that of a folder; 0: none. */
static uint32_t
account_at(const struct sidebar *b)
{
	const struct status *status = ui_status(b->pane.ui);
	int i = b->cursor;

	while (folder_at(b) && i > 0 && b->rows[i].kind != ROW_ACCOUNT)
		i--;
	return b->rows[i].kind == ROW_ACCOUNT &&
	    b->rows[i].account < status->n ?
	    status->accounts[b->rows[i].account].id : 0;
}

static bool
sidebar_command(struct pane *pane, enum command command, unsigned count)
{
	struct sidebar *b = sidebar_of(pane);
	int to = b->cursor;

	if (b->nrows == 0)
		return false;
	if (command == COMMAND_OPEN) {
		open_row(b, b->cursor);
		return true;
	}
	if (sidebar_folder_command(pane->ui, command, account_at(b),
	    folder_at(b)))
		return true;
	if (!move_by(command, count, b->height, (int)b->nrows - 1, &to))
		return false;
	b->cursor = nearest_stop(b, to, to > b->cursor ? 1 : -1);
	return true;
}

void
sidebar_step(struct pane *pane, int step)
{
	struct sidebar *b = sidebar_of(pane);
	int direction = step > 0 ? 1 : -1, left = step * direction;
	int at = row_of_place(b, list_place(ui_list(b->pane.ui))), to = at;

	for (int i = at + direction; left > 0 && i >= 0 &&
	    i < (int)b->nrows; i += direction) {
		if (b->rows[i].kind == ROW_PLACE && can_stop(b, i)) {
			to = i;
			left--;
		}
	}
	if (to != at && to >= 0)
		ui_show(b->pane.ui, b->rows[to].place);
	else
		ui_say(b->pane.ui, ROLE_DIM, "%s", direction > 0 ?
		    _("This is the last folder.") :
		    _("This is the first folder."));
}

bool
sidebar_open_by_name(struct pane *pane, struct span name)
{
	struct sidebar *b = sidebar_of(pane);
	int best = -1, least = NAME_FIT_LEVELS;

	name = span_trim(name);
	for (size_t i = 0; i < b->nrows; i++) {
		const struct row *row = &b->rows[i];
		int badness = name_fit(row->label, row->full_name, name);

		if (row->kind != ROW_PLACE || !row->is_selectable)
			continue;
		if (badness >= 0 && badness < least) {
			least = badness;
			best = (int)i;
		}
	}
	if (best < 0)
		return false;
	ui_show(b->pane.ui, b->rows[best].place);
	return true;
}

static void
draw_account(const struct sidebar *b, const struct row *row,
    struct surface *s, int y, struct rect r)
{
	const struct status *status = ui_status(b->pane.ui);
	enum role role;
	const char *sign;

	if (row->account >= status->n)
		return;
	sign = status_sign(b->pane.ui, status->states[row->account].link,
	    &role);
	surface_puts(s, y, r.x + r.cols - 2, 1, role, sign);
	surface_put(s, y, r.x + 2, r.cols - 5,
	    (enum role)((int)ROLE_ACCOUNT1 + (int)(row->account % 8)), 0,
	    row->label);
}

static void
draw_row(const struct sidebar *b, int i, struct surface *s, int y,
    struct rect r)
{
	const struct row *row = &b->rows[i];
	struct ui *ui = b->pane.ui;
	CLEANUP(buf_fini) struct buf count = { 0 };
	bool is_open = row->kind == ROW_PLACE &&
	    place_eq(row->place, list_place(ui_list(ui)));
	int x = r.x + 2 + row->depth * INDENT, end = r.x + r.cols - 1;
	enum role role = is_open ? ROLE_TITLE :
	    row->is_selectable && !row->is_pending ? ROLE_NORMAL : ROLE_DIM;

	if (row->kind == ROW_ACCOUNT) {
		draw_account(b, row, s, y, r);
	} else if (row->kind != ROW_BLANK) {
		if (row->count)
			ui_put_number(&count, row->count);
		if (row->kind == ROW_PLACE && row->place.kind ==
		    PLACE_FOLDER)
			x++;
		end = surface_put_right(s, y, x, end - x, ROLE_UNREAD,
		    buf_span(&count));
		surface_put(s, y, x, end - x - 1, role, 0, row->label);
	}
	if (is_open)
		surface_puts(s, y, r.x + 1, 1, ROLE_TITLE,
		    ui_sign(ui, "▸", ">"));
	if (i == b->cursor && ui_sidebar_has_focus(ui)) {
		surface_puts(s, y, r.x, 1, ROLE_KEY, ui_sign(ui, "▌", ">"));
		surface_select(s, y, r.x, r.cols);
	}
}

static void
sidebar_draw(struct pane *pane, struct surface *s, struct rect r)
{
	struct sidebar *b = sidebar_of(pane);
	int last_top = (int)b->nrows - r.rows;

	b->height = r.rows;
	if (b->cursor < b->top)
		b->top = b->cursor;
	if (b->cursor >= b->top + r.rows)
		b->top = b->cursor - r.rows + 1;
	if (b->top > last_top)
		b->top = last_top > 0 ? last_top : 0;
	for (int y = 0; y < r.rows && b->top + y < (int)b->nrows; y++)
		draw_row(b, b->top + y, s, r.y + y, r);
}

static void
sidebar_title(struct pane *pane, struct buf *left, struct buf *right)
{
	(void)pane;
	(void)right;
	buf_puts(left, _("Folders"));
}

static void
sidebar_close(struct pane *pane)
{
	struct sidebar *b = sidebar_of(pane);

	arena_fini(&b->arena);
	free(b);
}

struct pane *
sidebar_new(struct ui *ui)
{
	static const struct pane_class class = {
		.name = "folders", .context = CONTEXT_SIDEBAR,
		.title = sidebar_title, .draw = sidebar_draw,
		.command = sidebar_command, .changed = sidebar_changed,
		.close = sidebar_close,
	};
	struct sidebar *b = xcalloc(1, sizeof *b);

	b->pane = (struct pane){ &class, ui, -1, false };
	b->place = (struct place){ .kind = PLACE_ROLE,
		.role = FOLDER_INBOX };
	read_rows(b);
	return &b->pane;
}
