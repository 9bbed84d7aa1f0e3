/* SPDX-License-Identifier: MIT */
#include "ui/parts_view.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/message.h"
#include "ui/loader_letter.h"
#include "ui/move.h"
#include "ui/pager_view.h"

struct parts {
	struct pane pane;		/* first */
	struct parts_state state;
	struct loader *loader;		/* owned */
	struct shelf shelf;
	uint64_t message, body;
	char *subject;			/* owned */
};

/* Takes the letter's parts from the loader, or asks for them. */
static void
load(struct parts *v)
{
	const struct reading *r;

	v->state.parts = NULL;
	v->state.nparts = 0;
	if (!v->body) {
		v->state.notice = _("The letter is not here yet; it is being "
		    "fetched.");
		return;
	}
	r = shelf_find(&v->shelf, v->body, READING_PLAIN);
	if (!r) {
		v->state.notice = _("Reading the letter ...");
		shelf_want(&v->shelf, v->body, READING_PLAIN, true);
		return;
	}
	v->state.notice = r->error.kind ? r->error.text : NULL;
	v->state.parts = r->parts;
	v->state.nparts = r->nparts;
	ui_redraw(v->pane.ui);
}

static bool
row_read(struct parts *v)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct message m;

	if (store_read(ui_store(v->pane.ui), &t) ||
	    !store_message_get(&t, v->message, &arena, &m))
		return false;
	v->body = m.body_state == BODY_WHOLE ? m.body : 0;
	free(v->subject);
	v->subject = span_dup(m.subject);
	return true;
}

static void
parts_changed(struct pane *pane)
{
	struct parts *v = (struct parts *)pane;

	if (row_read(v))
		load(v);
}

static void
parts_woken(struct pane *pane)
{
	struct parts *v = (struct parts *)pane;
	struct job *job;

	while ((job = loader_finished(v->loader))) {
		if (shelf_take(&v->shelf, job))
			continue;
		parts_saved(pane->ui, job);
		job->free(job);
	}
	load(v);
}

static bool
move(struct parts *v, enum command command, unsigned count)
{
	int at = (int)v->state.cursor;
	int last = v->state.nparts ? (int)v->state.nparts - 1 : 0;

	if (!move_by(command, count, v->state.page, last, &at))
		return false;
	v->state.cursor = (size_t)at;
	return true;
}

static void
save(struct parts *v)
{
	const struct letter_part *part;

	if (v->state.cursor >= v->state.nparts)
		return;
	part = &v->state.parts[v->state.cursor];
	if (part->is_multipart)
		ui_say(v->pane.ui, ROLE_NORMAL,
		    _("This only holds other parts; choose one of them."));
	else
		parts_ask_save(v->pane.ui, v->loader, v->body,
		    v->state.cursor, part->name);
}

static bool
parts_command(struct pane *pane, enum command command, unsigned count)
{
	struct parts *v = (struct parts *)pane;

	if (command == COMMAND_BACK)
		ui_pop(pane->ui);
	else if (command == COMMAND_SAVE || command == COMMAND_OPEN)
		save(v);
	else if (command == COMMAND_SAVE_ALL)
		parts_save_all(pane->ui, v->loader, v->body, v->state.parts,
		    v->state.nparts);
	else
		return move(v, command, count);
	return true;
}

static void
parts_title(struct pane *pane, struct buf *left, struct buf *right)
{
	struct parts *v = (struct parts *)pane;

	buf_puts(left, _("Parts of: "));
	buf_puts(left, v->subject && v->subject[0] ? v->subject :
	    _("(no subject)"));
	if (v->state.nparts)
		buf_printf(right, P_("%zu part", "%zu parts",
		    v->state.nparts), v->state.nparts);
}

static void
parts_draw_pane(struct pane *pane, struct surface *s, struct rect r)
{
	parts_draw(&((struct parts *)pane)->state, s, r);
}

static void
parts_close(struct pane *pane)
{
	struct parts *v = (struct parts *)pane;

	loader_free(v->loader);
	shelf_fini(&v->shelf);
	free(v->subject);
	free(v);
}

static const struct pane_class parts_class = {
	.name = "parts",
	.context = CONTEXT_PARTS,
	.title = parts_title,
	.draw = parts_draw_pane,
	.command = parts_command,
	.changed = parts_changed,
	.woken = parts_woken,
	.close = parts_close,
};

void
parts_open(struct ui *ui, uint64_t message)
{
	struct error e = { 0 };
	struct loader *loader = loader_new(&e);
	struct parts *v;

	if (!loader) {
		ui_say(ui, ROLE_ERROR, "%s", e.text);
		return;
	}
	v = xcalloc(1, sizeof *v);
	v->pane = (struct pane){ .class = &parts_class, .ui = ui,
		.wake_fd = loader_fd(loader), .covers_all = true };
	v->loader = loader;
	v->message = message;
	shelf_init(&v->shelf, loader, ui_store(ui));
	if (!row_read(v)) {
		ui_say(ui, ROLE_WARNING, _("That letter is gone."));
		parts_close(&v->pane);
		return;
	}
	if (!v->body)
		pager_want_body(ui, message);
	load(v);
	ui_push(ui, &v->pane);
}
