/* SPDX-License-Identifier: MIT */
/*
 * A conversation as a list: every letter of a thread, over all folders and
 * accounts, as a tree.  It is bounded, so it is read whole; it lies over the
 * list that it was opened from, which stays as it was.
 */
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/conversation.h"
#include "ui/list_state.h"

enum { CONVERSATION_MAX = 500 };

/* The conversation of any of the letters that were there and still are. */
static void
follow(struct list *l, struct store_txn *t, const struct message *before,
    size_t nbefore)
{
	for (size_t i = 0; i < nbefore && l->nrows == 0; i++) {
		l->nrows = store_conversation(t, before[i].id,
		    CONVERSATION_MAX + 1, &l->arena, &l->rows);
		if (l->nrows)
			l->conversation = before[i].id;
	}
}

/* What the sidebar calls the folder of a row; rows share the names. */
static struct span
folder_name(struct list *l, struct store_txn *t, size_t i)
{
	struct folder folder;

	for (size_t k = 0; k < i; k++) {
		if (l->rows[k].folder == l->rows[i].folder)
			return l->folders[k];
	}
	if (!store_folder_get(t, l->rows[i].folder, &l->arena, &folder))
		return SPAN_LIT("");
	return folder.role == FOLDER_INBOX ? span_of(_("Inbox")) :
	    folder.title;
}

void
list_read_conversation(struct list *l, struct store_txn *t,
    const struct message *before, size_t nbefore)
{
	l->nrows = store_conversation(t, l->conversation,
	    CONVERSATION_MAX + 1, &l->arena, &l->rows);
	follow(l, t, before, nbefore);
	l->has_more = l->nrows > CONVERSATION_MAX;
	if (l->has_more)
		l->nrows = CONVERSATION_MAX;
	l->has_top = l->has_bottom = true;
	l->folders = arena_array(&l->arena, l->nrows + 1,
	    sizeof l->folders[0]);
	for (size_t i = 0; i < l->nrows; i++)
		l->folders[i] = folder_name(l, t, i);
}

static void
conversation_title(struct pane *pane, struct buf *left, struct buf *right)
{
	struct list *l = list_of(pane);

	buf_puts(left, _("Conversation"));
	if (l->nrows && l->rows[0].subject.n) {
		buf_printf(left, " %s ", ui_sign(pane->ui, "·", "-"));
		buf_put(left, l->rows[0].subject);
	}
	if (l->nmarked)
		buf_printf(right, P_("%zu marked   ", "%zu marked   ",
		    l->nmarked), l->nmarked);
	if (l->has_more)
		buf_printf(right, _("%d letters, and there are more"),
		    CONVERSATION_MAX);
	else
		buf_printf(right, P_("%zu letter", "%zu letters", l->nrows),
		    l->nrows);
}

/* The row of the letter, or of a copy of it. */
static void
put_cursor_on(struct list *l, const struct message *m)
{
	for (size_t i = 0; i < l->nrows; i++) {
		const struct message *row = &l->rows[i];

		/* Another letter may have the same Message-ID. */
		if (m->message_id.n && row->date == m->date &&
		    span_ieq(row->from_addr, m->from_addr) &&
		    span_eq(row->message_id, m->message_id))
			l->cursor = i;
	}
	for (size_t i = 0; i < l->nrows; i++) {
		if (l->rows[i].id == m->id)
			l->cursor = i;
	}
	list_settle(l, (size_t)list_height(l) / 2);
}

static bool
read_letter(struct ui *ui, uint64_t id, struct arena *arena,
    struct message *out)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };

	return store_read(ui_store(ui), &t) == ERR_OK &&
	    store_message_get(&t, id, arena, out);
}

void
conversation_open(struct ui *ui, uint64_t message)
{
	static const struct pane_class class = {
		.name = "conversation", .context = CONTEXT_CONVERSATION,
		.title = conversation_title, .draw = list_draw_pane,
		.command = list_command, .changed = list_changed,
		.close = list_close,
	};
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct list *l;
	struct message m;

	if (!read_letter(ui, message, &arena, &m)) {
		ui_say(ui, ROLE_WARNING, _("That letter is gone."));
		return;
	}
	l = xcalloc(1, sizeof *l);
	l->pane = (struct pane){ &class, ui, -1, false };
	l->conversation = message;
	l->is_touched = true;
	list_load(l, VIEW_TOP, (struct view_position){ 0 }, 0);
	put_cursor_on(l, &m);
	ui_push(ui, &l->pane);
}
