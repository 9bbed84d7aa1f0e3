/* SPDX-License-Identifier: MIT */
/*
 * The pager's doing: which letter, which face of it, and what keys do.  The
 * letter's text comes from the loader; until it is there the pane says what
 * it waits for and every key works.
 */
#include "ui/pager_view.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/account.h"
#include "store/budget.h"
#include "store/view.h"
#include "store/want.h"
#include "ui/acts.h"
#include "ui/parts_view.h"
#include "ui/ui.h"

struct pager {
	struct pane pane;		/* first */
	struct pager_state state;
	struct loader *loader;		/* owned */
	struct shelf shelf;
	enum reading_kind kind;
	bool is_settled;		/* marked as read, neighbours loading */
	struct buf notice, needle;	/* behind the state's pointers */
	struct arena row;		/* of state.message */
};

void
pager_want_body(struct ui *ui, uint64_t message)
{
	CLEANUP(store_end) struct store_txn t;

	if (store_write(ui_store(ui), &t))
		return;
	store_want_body(&t, message);
	if (store_commit(&t, NULL) == ERR_OK)
		ui_wake(ui);
}

/* Why the text is not here, from how its account is doing. */
static void
notice_set(struct pager *v, struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account account;
	struct account_state how;

	buf_reset(&v->notice);
	v->state.notice = "";
	if (!store_account_get(t, v->state.message.account, &arena, &account))
		return;
	store_account_state_get(t, account.id, &arena, &how);
	switch (how.link) {
	case LINK_CONNECTING:
	case LINK_SYNCING:
	case LINK_LISTENING:
	case LINK_IDLE:
		buf_printf(&v->notice, _("fetching from %.*s ..."),
		    SPAN_ARG(account.name));
		break;
	case LINK_OFFLINE:
	case LINK_WAITING:
	case LINK_REFUSED:
		buf_printf(&v->notice, _("%.*s is not connected. The text "
		    "comes by itself as soon as it is."),
		    SPAN_ARG(account.name));
		break;
	}
	if (how.error.n)
		buf_printf(&v->notice, " (%.*s)", SPAN_ARG(how.error));
	v->state.notice = buf_str(&v->notice);
}

/* Reads the row again; false when the letter is gone. */
static bool
row_read(struct pager *v, uint64_t id)
{
	CLEANUP(store_end) struct store_txn t;
	struct arena fresh = { 0 };
	struct message m;

	if (store_read(ui_store(v->pane.ui), &t) ||
	    !store_message_get(&t, id, &fresh, &m)) {
		arena_fini(&fresh);
		return false;
	}
	arena_fini(&v->row);
	v->row = fresh;
	v->state.message = m;
	if (!m.body)
		notice_set(v, &t);
	return true;
}

/* The letters before and after it in its folder, or in all inboxes. */
static void
load_neighbours(struct pager *v)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	static const enum view_from ways[] = { VIEW_DOWN, VIEW_UP };
	const struct message *m = &v->state.message;
	struct message *near;
	struct folder folder;
	struct view view;

	if (store_read(ui_store(v->pane.ui), &t) ||
	    !store_folder_get(&t, m->folder, &arena, &folder))
		return;
	if (folder.role == FOLDER_INBOX)
		store_view_role(&t, FOLDER_INBOX, &view);
	else
		store_view_folder(m->folder, &view);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (store_view_page(&t, &view, ways[i],
		    store_view_position(&view, m), 1, &arena, &near) &&
		    near[0].body)
			shelf_want(&v->shelf, near[0].body, READING_PLAIN,
			    false);
}

/* Its text is not the next to go when the disk has to be spared. */
static void
note_reading(struct pager *v)
{
	CLEANUP(store_end) struct store_txn t;

	if (store_write(ui_store(v->pane.ui), &t) != ERR_OK)
		return;
	store_body_was_read(&t, v->state.message.id,
	    ui_now(v->pane.ui));
	store_commit(&t, NULL);
}

/* The letter is on the screen: it counts as read. */
static void
settle(struct pager *v)
{
	const struct message *m = &v->state.message;

	if (v->is_settled)
		return;
	v->is_settled = true;
	if (!(m->flags & FLAG_SEEN))
		acts_flags(v->pane.ui, &m->id, 1, FLAG_SEEN, 0, NULL);
	note_reading(v);
	load_neighbours(v);
}

/* Takes the reading that is wanted, or asks for it. */
static void
load(struct pager *v)
{
	const struct message *m = &v->state.message;
	const struct reading *r = NULL;

	if (m->body)
		r = shelf_find(&v->shelf, m->body, v->kind);
	v->state.reading = r;
	if (m->body && !r) {
		v->state.notice = "";
		shelf_want(&v->shelf, m->body, v->kind, true);
	}
	if (r && r->error.kind) {
		buf_reset(&v->notice);
		buf_printf(&v->notice, _("This letter cannot be read: %s."),
		    r->error.text);
		v->state.notice = buf_str(&v->notice);
	} else if (r) {
		settle(v);
	}
	ui_redraw(v->pane.ui);
}

static bool
show(struct pager *v, uint64_t id)
{
	if (!row_read(v, id))
		return false;
	v->kind = READING_PLAIN;
	v->is_settled = false;
	v->state.top = (struct flow_position){ 0, 0 };
	if (v->state.message.body_state != BODY_WHOLE)
		pager_want_body(v->pane.ui, id);
	load(v);
	return true;
}

static void
pager_changed(struct pane *pane)
{
	struct pager *v = (struct pager *)pane;

	/* A letter that went stays on the screen as long as it is read. */
	if (row_read(v, v->state.message.id))
		load(v);
}

static void
pager_woken(struct pane *pane)
{
	struct pager *v = (struct pager *)pane;
	struct job *job;

	/* What is borrowed from the shelf may go now; load looks again. */
	v->state.reading = NULL;
	while ((job = loader_finished(v->loader))) {
		if (shelf_take(&v->shelf, job))
			continue;
		parts_saved(pane->ui, job);
		job->free(job);
	}
	load(v);
}

static void
step(struct pager *v, int way, bool only_unread)
{
	uint64_t id = list_step(v->pane.ui, way, only_unread);

	if (id && show(v, id))
		return;
	if (only_unread)
		ui_say(v->pane.ui, ROLE_NORMAL,
		    _("There is no other unread letter that way."));
	else
		ui_say(v->pane.ui, ROLE_NORMAL, way > 0 ?
		    _("This is the last letter.") :
		    _("This is the first letter."));
}

/* Moves by rows; false when there was nowhere to go. */
static bool
scroll(struct pager *v, int rows)
{
	struct flow f = pager_flow(&v->state);
	struct flow_position last = flow_last_page(&f, v->state.page);
	bool moved = false;

	for (; rows > 0 && flow_is_before(v->state.top, last) &&
	    flow_next(&f, &v->state.top); rows--)
		moved = true;
	for (; rows < 0 && flow_previous(&f, &v->state.top); rows++)
		moved = true;
	ui_redraw(v->pane.ui);
	return moved;
}

static bool
move(struct pager *v, enum command command, int count)
{
	int page = v->state.page > 2 ? v->state.page - 1 : 1;

	if (command == COMMAND_DOWN)
		scroll(v, count);
	else if (command == COMMAND_UP)
		scroll(v, -count);
	else if (command == COMMAND_HALF_DOWN)
		scroll(v, (v->state.page + 1) / 2);
	else if (command == COMMAND_HALF_UP)
		scroll(v, -(v->state.page + 1) / 2);
	else if (command == COMMAND_PAGE_UP)
		scroll(v, -page);
	else if (command == COMMAND_FIRST)
		v->state.top = (struct flow_position){ 0, 0 };
	else if (command == COMMAND_LAST)
		v->state.top = (struct flow_position){ UINT32_MAX,
			UINT32_MAX };
	else if (command != COMMAND_PAGE_DOWN)
		return false;
	else if (!scroll(v, page))
		step(v, 1, true);
	ui_redraw(v->pane.ui);
	return true;
}

/* To the first line of the sender's own behind the next quote. */
static void
skip_quote(struct pager *v)
{
	struct flow f = pager_flow(&v->state);
	uint32_t line = v->state.top.line;

	while (line < f.doc->nlines && f.doc->lines[line].quote == 0)
		line++;
	while (line < f.doc->nlines && f.doc->lines[line].quote > 0)
		line++;
	if (line < f.doc->nlines)
		v->state.top = (struct flow_position){ line, 0 };
	else
		ui_say(v->pane.ui, ROLE_NORMAL,
		    _("No more quoted text below."));
	ui_redraw(v->pane.ui);
}

static void
switch_face(struct pager *v, enum reading_kind kind)
{
	v->kind = v->kind == kind ? READING_PLAIN : kind;
	v->state.top = (struct flow_position){ 0, 0 };
	load(v);
}

static void
search(struct pager *v, int way)
{
	struct flow f = pager_flow(&v->state);
	struct flow_position at = v->state.match;

	if (v->needle.n == 0) {
		ui_say(v->pane.ui, ROLE_NORMAL, _("/ searches."));
		return;
	}
	if (!pager_search(f.doc, v->state.needle, way, &at)) {
		ui_say(v->pane.ui, ROLE_NORMAL, _("Not in this letter."));
		return;
	}
	v->state.match = at;
	/* A fold would hide it. */
	v->state.folds_quotes = false;
	f = pager_flow(&v->state);
	v->state.top = flow_align(&f, at);
	for (int i = 0; i < v->state.page / 3; i++)
		flow_previous(&f, &v->state.top);
	ui_redraw(v->pane.ui);
}

static void
needle_typed(void *ctx, const char *line)
{
	struct pager *v = ctx;

	if (!line)
		return;
	if (line[0]) {
		buf_reset(&v->needle);
		buf_puts(&v->needle, line);
	}
	v->state.needle = buf_span(&v->needle);
	/* From the top of the screen, its own first octet included. */
	v->state.match = v->state.top;
	v->state.match.start--;
	search(v, 1);
}

static void
save(struct pager *v, enum command command, unsigned count)
{
	const struct reading *r = v->state.reading;
	size_t part;

	if (!r) {
		ui_say(v->pane.ui, ROLE_NORMAL,
		    _("The letter is not here yet."));
		return;
	}
	if (command == COMMAND_SAVE_ALL) {
		parts_save_all(v->pane.ui, v->loader, r->body, r->parts,
		    r->nparts);
		return;
	}
	part = parts_attachment(r->parts, r->nparts, count);
	if (part == SIZE_MAX)
		parts_open(v->pane.ui, v->state.message.id);
	else
		parts_ask_save(v->pane.ui, v->loader, r->body, part,
		    r->parts[part].name);
}

static void
toggle(struct pager *v, uint32_t flag, const char *set, const char *cleared)
{
	const struct message *m = &v->state.message;
	bool is_set = m->flags & flag;

	acts_flags(v->pane.ui, &m->id, 1, is_set ? 0 : flag,
	    is_set ? flag : 0, is_set ? cleared : set);
	pager_changed(&v->pane);
}

/* Goes on where the list does, which may have lost the letter. */
static void
go_on(void *ctx)
{
	struct pager *v = ctx;
	uint64_t here = list_here(v->pane.ui);

	if (here == v->state.message.id)
		here = list_step(v->pane.ui, 1, false);
	if (!here)
		ui_pop(v->pane.ui);
	else
		show(v, here);
}

static void
delete(struct pager *v, const struct acts_on *on)
{
	uint64_t next;

	if (v->state.message.flags & FLAG_DELETED) {
		toggle(v, FLAG_DELETED, _("Deleted"), _("No longer deleted"));
		return;
	}
	if (acts_delete(on))
		return;
	pager_changed(&v->pane);
	next = list_step(v->pane.ui, 1, false);
	if (next)
		show(v, next);
}

/* What becomes of the letter in its folder. */
static bool
file(struct pager *v, enum command command)
{
	const struct acts_on on = { .ui = v->pane.ui,
		.ids = &v->state.message.id, .n = 1, .left = go_on, .ctx = v };

	if (command == COMMAND_DELETE)
		delete(v, &on);
	else if (command == COMMAND_ARCHIVE)
		acts_archive(&on);
	else if (command == COMMAND_MOVE || command == COMMAND_COPY)
		acts_ask_move(&on, command == COMMAND_COPY);
	else if (command == COMMAND_KEYWORDS)
		acts_ask_keywords(&on);
	else if (command == COMMAND_PURGE)
		acts_ask_purge(&on);
	else
		return false;
	return true;
}

static bool
act(struct pager *v, enum command command)
{
	struct ui *ui = v->pane.ui;
	const struct message *m = &v->state.message;

	if (file(v, command))
		return true;
	if (command == COMMAND_TOGGLE_READ)
		toggle(v, FLAG_SEEN, _("Marked as read"),
		    _("Marked as unread"));
	else if (command == COMMAND_TOGGLE_FLAGGED)
		toggle(v, FLAG_FLAGGED, _("Flagged"), _("No longer flagged"));
	else if (command == COMMAND_KEEP)
		acts_keep(ui, m->id, &m->id, 1);
	else if (command == COMMAND_UNDO)
		acts_undo(ui);
	else if (command == COMMAND_REDO)
		acts_redo(ui);
	else if (command == COMMAND_COMPOSE)
		compose_open(ui, COMPOSE_NEW, m->account, 0);
	else if (command == COMMAND_REPLY)
		compose_open(ui, COMPOSE_REPLY, m->account, m->id);
	else if (command == COMMAND_REPLY_ALL)
		compose_open(ui, COMPOSE_REPLY_ALL, m->account, m->id);
	else if (command == COMMAND_FORWARD)
		compose_open(ui, COMPOSE_FORWARD, m->account, m->id);
	else
		return false;
	return true;
}

/* What is about the letter's text. */
static bool
look(struct pager *v, enum command command, unsigned count)
{
	struct flow f = pager_flow(&v->state);
	struct ui *ui = v->pane.ui;

	if (command == COMMAND_HEADERS)
		switch_face(v, READING_HEADERS);
	else if (command == COMMAND_SOURCE)
		switch_face(v, READING_SOURCE);
	else if (command == COMMAND_ALTERNATIVE)
		switch_face(v, READING_HTML);
	else if (command == COMMAND_FOLD_QUOTES)
		v->state.folds_quotes = !v->state.folds_quotes;
	else if (command == COMMAND_SKIP_QUOTE)
		skip_quote(v);
	else if (command == COMMAND_PARTS)
		parts_open(ui, v->state.message.id);
	else if (command == COMMAND_CONVERSATION)
		conversation_open(ui, v->state.message.id);
	else if (command == COMMAND_SAVE || command == COMMAND_SAVE_ALL)
		save(v, command, count);
	else if (command == COMMAND_OPEN_LINK)
		pager_link_open(ui, f.doc, count, v->state.message.account);
	else if (command == COMMAND_COPY_LINK)
		pager_link_copy(ui, f.doc, count);
	else if (command == COMMAND_SEARCH)
		ui_prompt(ui, "/", SPAN_LIT(""), needle_typed, v);
	else if (command == COMMAND_SEARCH_NEXT)
		search(v, 1);
	else if (command == COMMAND_SEARCH_PREVIOUS)
		search(v, -1);
	else
		return false;
	ui_redraw(ui);
	return true;
}

static bool
pager_command(struct pane *pane, enum command command, unsigned count)
{
	struct pager *v = (struct pager *)pane;

	if (command == COMMAND_BACK)
		ui_pop(pane->ui);
	else if (command == COMMAND_NEXT_MESSAGE)
		step(v, 1, false);
	else if (command == COMMAND_PREVIOUS_MESSAGE)
		step(v, -1, false);
	else if (command == COMMAND_NEXT_UNREAD)
		step(v, 1, true);
	else if (command == COMMAND_PREVIOUS_UNREAD)
		step(v, -1, true);
	else
		return move(v, command, count ? (int)(count % INT16_MAX) : 1)
		    || act(v, command) || look(v, command, count);
	return true;
}

static void
pager_title(struct pane *pane, struct buf *left, struct buf *right)
{
	struct pager *v = (struct pager *)pane;

	buf_put(left, v->state.message.subject);
	if (v->state.message.subject.n == 0)
		buf_puts(left, _("(no subject)"));
	if (v->state.reading)
		buf_printf(right, "%d %%", pager_percent(&v->state));
}

static void
pager_draw_pane(struct pane *pane, struct surface *s, struct rect r)
{
	pager_draw(&((struct pager *)pane)->state, s, r);
}

static void
pager_close(struct pane *pane)
{
	struct pager *v = (struct pager *)pane;

	loader_free(v->loader);
	shelf_fini(&v->shelf);
	buf_fini(&v->notice);
	buf_fini(&v->needle);
	arena_fini(&v->row);
	free(v);
}

static const struct pane_class pager_class = {
	.name = "pager",
	.context = CONTEXT_PAGER,
	.title = pager_title,
	.draw = pager_draw_pane,
	.command = pager_command,
	.changed = pager_changed,
	.woken = pager_woken,
	.close = pager_close,
};

void
pager_open(struct ui *ui, uint64_t message)
{
	struct error e = { 0 };
	struct loader *loader = loader_new(&e);
	struct pager *v;

	if (!loader) {
		ui_say(ui, ROLE_ERROR, "%s", e.text);
		return;
	}
	v = xcalloc(1, sizeof *v);
	v->pane = (struct pane){ .class = &pager_class, .ui = ui,
		.wake_fd = loader_fd(loader), .covers_all = true };
	v->loader = loader;
	v->state.notice = "";
	shelf_init(&v->shelf, loader, ui_store(ui));
	if (show(v, message)) {
		ui_push(ui, &v->pane);
	} else {
		ui_say(ui, ROLE_WARNING, _("That letter is gone."));
		pager_close(&v->pane);
	}
}
