/* SPDX-License-Identifier: MIT */
/* What keys do in the list: moving, marking, acting on what is marked. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/acts.h"
#include "ui/list_state.h"

enum { MARKS_MAX = 10000 };

/* Index of an id among the marked, or where it would be. */
static size_t
mark_index(const struct list *l, uint64_t id)
{
	size_t low = 0, high = l->nmarked;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->marked[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
list_is_marked(const struct list *l, uint64_t id)
{
	size_t i = mark_index(l, id);

	return i < l->nmarked && l->marked[i] == id;
}

static void
toggle_mark(struct list *l, uint64_t id)
{
	size_t i = mark_index(l, id), behind = l->nmarked - i;

	if (i < l->nmarked && l->marked[i] == id) {
		l->nmarked--;
		memmove(&l->marked[i], &l->marked[i + 1],
		    (behind - 1) * sizeof l->marked[0]);
		return;
	}
	if (l->nmarked == MARKS_MAX) {
		ui_say(l->pane.ui, ROLE_WARNING,
		    _("%d letters are marked; more are not taken."),
		    MARKS_MAX);
		return;
	}
	l->marked = xreallocarray(l->marked, l->nmarked + 1,
	    sizeof l->marked[0]);
	if (behind)
		memmove(&l->marked[i + 1], &l->marked[i],
		    behind * sizeof l->marked[0]);
	l->marked[i] = id;
	l->nmarked++;
}

static size_t
acted_on(const struct list *l)
{
	return l->nmarked ? l->nmarked : 1;
}

/*
 * Acts on what is marked, or on the letter at the cursor.  What is marked
 * stays so, as the next act is often on the same letters.
 */
static void
act(struct list *l, uint32_t add, uint32_t remove, const char *said)
{
	const struct message *m = list_current(l);
	CLEANUP(buf_fini) struct buf text = { 0 };
	size_t n = acted_on(l);
	uint64_t one;

	if (!m)
		return;
	one = m->id;
	/* "Deleted %zu letters": the one %zu of every such text. */
	for (const char *p = said; *p; p++) {
		if (strncmp(p, "%zu", 3) == 0) {
			ui_put_number(&text, n);
			p += 2;
		} else {
			buf_putc(&text, *p);
		}
	}
	acts_flags(l->pane.ui, l->nmarked ? l->marked : &one, n, add, remove,
	    buf_str(&text));
}

/* What has left its folder must not be acted on unseen. */
static void
forget_marks(void *ctx)
{
	struct list *l = ctx;

	l->nmarked = 0;
}

/* What an act is about; *one holds the letter at the cursor for it. */
static struct acts_on
chosen(struct list *l, uint64_t *one)
{
	const struct message *m = list_current(l);

	*one = m ? m->id : 0;
	return (struct acts_on){ .ui = l->pane.ui,
		.ids = l->nmarked ? l->marked : one,
		.n = m || l->nmarked ? acted_on(l) : 0,
		.left = forget_marks, .ctx = l };
}

/* The cursor goes on where the letter stays. */
static void
delete(struct list *l, unsigned count)
{
	bool was_marked = l->nmarked > 0;
	uint64_t one;
	struct acts_on on = chosen(l, &one);

	(void)count;
	if (on.n && (acts_delete(&on) == 0 || l->conversation) && !was_marked)
		list_move(l, 1);
}

static void
archive(struct list *l, unsigned count)
{
	uint64_t one;
	struct acts_on on = chosen(l, &one);

	(void)count;
	if (on.n)
		acts_archive(&on);
}

static void
move(struct list *l, unsigned count)
{
	uint64_t one;
	struct acts_on on = chosen(l, &one);

	(void)count;
	if (on.n)
		acts_ask_move(&on, false);
}

static void
copy(struct list *l, unsigned count)
{
	uint64_t one;
	struct acts_on on = chosen(l, &one);

	(void)count;
	if (on.n)
		acts_ask_move(&on, true);
}

static void
keywords(struct list *l, unsigned count)
{
	uint64_t one;
	struct acts_on on = chosen(l, &one);

	(void)count;
	if (on.n)
		acts_ask_keywords(&on);
}

/* The marked ones, or all of the folder that is shown. */
static void
purge(struct list *l, unsigned count)
{
	uint64_t one;
	struct acts_on on = chosen(l, &one);

	(void)count;
	if (l->nmarked)
		acts_ask_purge(&on);
	else if (!l->conversation && l->place.kind == PLACE_FOLDER)
		acts_ask_purge_folder(&on, l->place.folder);
	else
		ui_say(l->pane.ui, ROLE_WARNING, "%s", _("Open one folder to "
		    "purge it, or mark letters."));
}

static void
toggle_read(struct list *l, unsigned count)
{
	const struct message *m = list_current(l);

	(void)count;
	if (m && m->flags & FLAG_SEEN)
		act(l, 0, FLAG_SEEN, P_("Marked %zu letter as unread",
		    "Marked %zu letters as unread", acted_on(l)));
	else
		act(l, FLAG_SEEN, 0, P_("Marked %zu letter as read",
		    "Marked %zu letters as read", acted_on(l)));
}

static void
toggle_flagged(struct list *l, unsigned count)
{
	const struct message *m = list_current(l);

	(void)count;
	if (m && m->flags & FLAG_FLAGGED)
		act(l, 0, FLAG_FLAGGED, P_("Took the flag off %zu letter",
		    "Took the flag off %zu letters", acted_on(l)));
	else
		act(l, FLAG_FLAGGED, 0, P_("Flagged %zu letter",
		    "Flagged %zu letters", acted_on(l)));
}

static void
keep(struct list *l, unsigned count)
{
	const struct message *m = list_current(l);

	(void)count;
	if (m)
		acts_keep(l->pane.ui, m->id, l->nmarked ? l->marked : &m->id,
		    acted_on(l));
}

static int64_t
times(unsigned count)
{
	return count ? (int64_t)count : 1;
}

static void
down(struct list *l, unsigned count)
{
	list_move(l, times(count));
}

static void
up(struct list *l, unsigned count)
{
	list_move(l, -times(count));
}

static void
page_down(struct list *l, unsigned count)
{
	list_scroll(l, times(count) * l->height);
}

static void
page_up(struct list *l, unsigned count)
{
	list_scroll(l, -times(count) * l->height);
}

static void
half_down(struct list *l, unsigned count)
{
	list_scroll(l, times(count) * (l->height / 2));
}

static void
half_up(struct list *l, unsigned count)
{
	list_scroll(l, -times(count) * (l->height / 2));
}

static void
first(struct list *l, unsigned count)
{
	list_go_top(l);
	if (count > 1)
		list_move(l, (int64_t)count - 1);
}

static void
last(struct list *l, unsigned count)
{
	/* 5G is the fifth, as in vim. */
	if (count)
		first(l, count);
	else
		list_go_bottom(l);
}

static void
to_line(struct list *l, int line)
{
	size_t to = l->top + (size_t)(line > 0 ? line : 0);

	if (l->nrows)
		l->cursor = to < l->nrows ? to : l->nrows - 1;
}

static void
top(struct list *l, unsigned count)
{
	(void)count;
	to_line(l, 0);
}

static void
middle(struct list *l, unsigned count)
{
	size_t below = l->nrows - l->top;

	(void)count;
	to_line(l, (below < (size_t)l->height ? (int)below : l->height) / 2);
}

static void
bottom(struct list *l, unsigned count)
{
	(void)count;
	to_line(l, l->height - 1);
}

/* On to the next unread one; from the end, once around. */
static void
next_unread(struct list *l, unsigned count)
{
	struct view_position at = list_neighbour(l, 1, true);
	const struct message *m = list_current(l);

	(void)count;
	if (at.id) {
		list_go(l, at);
		return;
	}
	if (l->counts.unread == 0 || !m) {
		ui_say(l->pane.ui, ROLE_DIM, "%s", _("Nothing unread here."));
		return;
	}
	list_go_top(l);
	m = list_current(l);
	if (m && !message_is_unread(m->flags)) {
		at = list_neighbour(l, 1, true);
		if (at.id)
			list_go(l, at);
	}
	ui_say(l->pane.ui, ROLE_DIM, "%s", _("On from the top."));
}

static void
previous_unread(struct list *l, unsigned count)
{
	struct view_position at = list_neighbour(l, -1, true);

	(void)count;
	if (at.id)
		list_go(l, at);
	else
		ui_say(l->pane.ui, ROLE_DIM, "%s", _("Nothing unread above."));
}

static void
mark(struct list *l, unsigned count)
{
	for (int64_t i = 0; i < times(count) && i < MARKS_MAX &&
	    list_current(l); i++) {
		uint64_t id = list_current(l)->id;

		toggle_mark(l, id);
		list_move(l, 1);
		if (list_current(l)->id == id)
			break;	/* the last one */
	}
}

static void
open_conversation(struct list *l, unsigned count)
{
	const struct message *m = list_current(l);

	(void)count;
	if (m)
		conversation_open(l->pane.ui, m->id);
}

static void
unmark_all(struct list *l, unsigned count)
{
	(void)count;
	l->nmarked = 0;
}

static void
open_letter(struct list *l, unsigned count)
{
	const struct message *m = list_current(l);

	(void)count;
	if (m)
		pager_open(l->pane.ui, m->id);
}

static void
open_parts(struct list *l, unsigned count)
{
	const struct message *m = list_current(l);

	(void)count;
	if (m)
		parts_open(l->pane.ui, m->id);
}

static void
answer(struct list *l, enum compose_kind kind)
{
	const struct message *m = list_current(l);

	if (m)
		compose_open(l->pane.ui, kind, m->account, m->id);
}

static void
reply(struct list *l, unsigned count)
{
	(void)count;
	answer(l, COMPOSE_REPLY);
}

static void
reply_all(struct list *l, unsigned count)
{
	(void)count;
	answer(l, COMPOSE_REPLY_ALL);
}

static void
forward(struct list *l, unsigned count)
{
	(void)count;
	answer(l, COMPOSE_FORWARD);
}

bool
list_command(struct pane *pane, enum command command, unsigned count)
{
	static const struct {
		enum command command;
		void (*run)(struct list *l, unsigned count);
	} commands[] = {
		{ COMMAND_DOWN, down }, { COMMAND_UP, up },
		{ COMMAND_PAGE_DOWN, page_down }, { COMMAND_PAGE_UP, page_up },
		{ COMMAND_HALF_DOWN, half_down }, { COMMAND_HALF_UP, half_up },
		{ COMMAND_FIRST, first }, { COMMAND_LAST, last },
		{ COMMAND_TOP, top }, { COMMAND_MIDDLE, middle },
		{ COMMAND_BOTTOM, bottom },
		{ COMMAND_GOTO_DATE, list_date_ask },
		{ COMMAND_NEXT_UNREAD, next_unread },
		{ COMMAND_PREVIOUS_UNREAD, previous_unread },
		{ COMMAND_OPEN, open_letter }, { COMMAND_PARTS, open_parts },
		{ COMMAND_MARK, mark }, { COMMAND_UNMARK_ALL, unmark_all },
		{ COMMAND_CONVERSATION, open_conversation },
		{ COMMAND_DELETE, delete }, { COMMAND_ARCHIVE, archive },
		{ COMMAND_MOVE, move }, { COMMAND_COPY, copy },
		{ COMMAND_KEYWORDS, keywords }, { COMMAND_PURGE, purge },
		{ COMMAND_TOGGLE_READ, toggle_read },
		{ COMMAND_TOGGLE_FLAGGED, toggle_flagged },
		{ COMMAND_KEEP, keep },
		{ COMMAND_REPLY, reply }, { COMMAND_REPLY_ALL, reply_all },
		{ COMMAND_FORWARD, forward },
		{ COMMAND_SEARCH, list_search_ask },
		{ COMMAND_SEARCH_NEXT, list_search_next },
		{ COMMAND_SEARCH_PREVIOUS, list_search_previous },
	};

	struct list *l = list_of(pane);

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (commands[i].command == command) {
			l->is_touched = true;
			commands[i].run(l, count);
			l->follows = l->has_top && l->cursor == 0;
			return true;
		}
	}
	l->is_touched = list_order_command(l, command) || l->is_touched;
	return false;
}
