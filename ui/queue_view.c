/* SPDX-License-Identifier: MIT */
#include "ui/queue_view.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/move.h"
#include "ui/ui.h"

struct queue_pane {
	struct pane pane;	/* first */
	struct queue_state state;
	struct arena arena;	/* of the rows */
	size_t npending;
};

static void
put_date(void *ctx, int64_t when, struct buf *out)
{
	ui_put_date(ctx, when, out);
}

/* Keeps the cursor on its act, wherever that stands now. */
static void
cursor_restore(struct queue_state *state, uint64_t id)
{
	for (size_t i = 0; i < state->nrows; i++)
		if (state->rows[i].id == id)
			state->cursor = i;
	if (state->cursor >= state->nrows)
		state->cursor = state->nrows ? state->nrows - 1 : 0;
}

static const struct queue_row *
row_current(const struct queue_pane *v)
{
	return v->state.cursor < v->state.nrows ?
	    &v->state.rows[v->state.cursor] : NULL;
}

static void
queue_changed(struct pane *pane)
{
	struct queue_pane *v = (struct queue_pane *)pane;
	CLEANUP(store_end) struct store_txn t;
	const struct queue_row *row = row_current(v);
	uint64_t id = row ? row->id : 0;

	if (store_read(ui_store(pane->ui), &t))
		return;
	arena_reset(&v->arena);
	v->state.nrows = queue_read(&t, &v->arena, put_date, pane->ui,
	    &v->state.rows);
	v->npending = store_acts_pending(&t, 0);
	cursor_restore(&v->state, id);
	ui_redraw(pane->ui);
}

typedef enum err act_change(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e);

/* Why an act cannot be canceled or tried again, as it stands. */
static const char *
refusal(enum act_state state)
{
	switch (state) {
	case ACT_QUEUED:
		return _("It is waiting for its turn already.");
	case ACT_SENT:
		return _("It is under way; it may have left already.");
	case ACT_DONE:
		return _("It is done already.");
	case ACT_UNKNOWN:
		return _("It may have left already.");
	case ACT_CANCELED:
		return _("It was canceled already.");
	case ACT_FAILED:
		break;
	}
	return _("Nothing was changed.");
}

/* Cancels or retries the act at the cursor. */
static void
change(struct queue_pane *v, act_change *what, const char *said)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	const struct queue_row *row = row_current(v);
	struct ui *ui = v->pane.ui;
	struct error e = { 0 };
	enum err err;

	if (!row)
		return;
	err = store_write(ui_store(ui), &t);
	if (!err)
		err = what(&t, row->id, ui_now(ui), &e);
	else
		e = t.error;
	if (!err)
		err = store_commit(&t, &e);
	if (err) {
		ui_say(ui, ROLE_WARNING, "%s", e.kind == ERR_REFUSED ?
		    refusal(row->state) : e.text);
		return;
	}
	ui_wake(ui);
	ui_say(ui, ROLE_NORMAL, "%s", said);
	queue_changed(&v->pane);
}

static void
cancel(struct queue_pane *v)
{
	const struct queue_row *row = row_current(v);

	change(v, store_act_cancel, row && row->state == ACT_UNKNOWN
	    ? _("Put away; whether it was sent is not known.")
	    : _("Canceled."));
}

static void
open_letter(struct queue_pane *v)
{
	const struct queue_row *row = row_current(v);

	if (row && row->message)
		pager_open(v->pane.ui, row->message);
	else
		ui_say(v->pane.ui, ROLE_NORMAL,
		    _("There is no letter in a folder to open for this."));
}

static bool
move(struct queue_pane *v, enum command command, unsigned count)
{
	int at = (int)v->state.cursor;
	int last = v->state.nrows ? (int)v->state.nrows - 1 : 0;

	if (!move_by(command, count, v->state.page, last, &at))
		return false;
	v->state.cursor = (size_t)at;
	return true;
}

static bool
queue_command(struct pane *pane, enum command command, unsigned count)
{
	struct queue_pane *v = (struct queue_pane *)pane;

	if (command == COMMAND_BACK)
		ui_pop(pane->ui);
	else if (command == COMMAND_CANCEL)
		cancel(v);
	else if (command == COMMAND_RETRY)
		change(v, store_act_retry, _("It is tried again."));
	else if (command == COMMAND_OPEN)
		open_letter(v);
	else if (command == COMMAND_EDIT)
		ui_say(pane->ui, ROLE_NORMAL, _("What is in the queue cannot "
		    "be changed; x takes it out."));
	else
		return move(v, command, count);
	return true;
}

static void
queue_title(struct pane *pane, struct buf *left, struct buf *right)
{
	struct queue_pane *v = (struct queue_pane *)pane;

	buf_puts(left, _("Queue"));
	if (v->npending)
		buf_printf(right, P_("%zu waiting", "%zu waiting",
		    v->npending), v->npending);
}

static void
queue_draw_pane(struct pane *pane, struct surface *s, struct rect r)
{
	queue_draw(&((struct queue_pane *)pane)->state, s, r);
}

static void
queue_close(struct pane *pane)
{
	struct queue_pane *v = (struct queue_pane *)pane;

	arena_fini(&v->arena);
	free(v);
}

static const struct pane_class queue_class = {
	.name = "queue",
	.context = CONTEXT_QUEUE,
	.title = queue_title,
	.draw = queue_draw_pane,
	.command = queue_command,
	.changed = queue_changed,
	.close = queue_close,
};

void
queue_open(struct ui *ui)
{
	struct queue_pane *v = xcalloc(1, sizeof *v);

	v->pane = (struct pane){ .class = &queue_class, .ui = ui,
		.wake_fd = -1, .covers_all = false };
	queue_changed(&v->pane);
	ui_push(ui, &v->pane);
}
