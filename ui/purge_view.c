/* SPDX-License-Identifier: MIT */
/*
 * Before letters go for good: how many, and which, and one question.  Only
 * those go that are marked as deleted, also when the answer comes.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "store/journal.h"
#include "store/undo.h"
#include "ui/acts.h"
#include "ui/frame.h"

enum {
	PURGE_MAX = 5000,	/* letters at once */
	PURGE_SHOWN = 200,	/* that are kept for the screen */
	PAGE = 500,
	FROM_COLS = 22, DATE_COLS = 9,
};

struct purge {
	struct pane pane;		/* first */
	struct arena arena;		/* owns the rows */
	struct message *rows;		/* the first PURGE_SHOWN */
	uint64_t *ids;			/* owned */
	size_t n;
	bool has_more;			/* than PURGE_MAX */
	void (*left)(void *ctx);
	void *ctx;
};

/* False when there is no room for more. */
static bool
add(struct purge *p, struct store_txn *t, const struct message *m)
{
	if (!(m->flags & FLAG_DELETED) || m->folder == 0)
		return true;
	if (p->n == PURGE_MAX) {
		p->has_more = true;
		return false;
	}
	if (p->n < PURGE_SHOWN)
		store_message_get(t, m->id, &p->arena, &p->rows[p->n]);
	p->ids[p->n++] = m->id;
	return true;
}

static void
collect_ids(struct purge *p, struct store_txn *t, const struct acts_on *on)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	for (size_t i = 0; i < on->n; i++, arena_reset(&arena))
		if (store_message_get(t, on->ids[i], &arena, &m) &&
		    !add(p, t, &m))
			return;
}

static void
collect_folder(struct purge *p, struct store_txn *t, uint32_t folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct view_position at = { 0 };
	struct message *page;
	struct view view;
	size_t n;

	store_view_folder(folder, &view);
	do {
		arena_reset(&arena);
		n = store_view_page(t, &view, VIEW_DOWN, at, PAGE, &arena,
		    &page);
		for (size_t i = 0; i < n; i++)
			if (!add(p, t, &page[i]))
				return;
		if (n)
			at = store_view_position(&view, &page[n - 1]);
	} while (n == PAGE);
}

static void
draw_row(const struct purge *p, const struct message *m, struct surface *s,
    int y, struct rect r)
{
	CLEANUP(buf_fini) struct buf date = { 0 };
	int x = r.x + 1, end = r.x + r.cols - 1;
	struct span from = m->from_name.n ? m->from_name : m->from_addr;

	ui_put_date(p->pane.ui, m->date, &date);
	surface_put(s, y, x, DATE_COLS - 1, ROLE_DATE, 0, buf_span(&date));
	x += DATE_COLS;
	surface_put(s, y, x, FROM_COLS - 1, ROLE_DELETED, 0, from);
	x += FROM_COLS;
	surface_put(s, y, x, end - x, ROLE_DELETED, 0, m->subject.n ?
	    m->subject : span_of(_("(no subject)")));
}

static void
purge_draw(struct pane *pane, struct surface *s, struct rect r)
{
	const struct purge *p = (struct purge *)pane;
	CLEANUP(buf_fini) struct buf more = { 0 };
	size_t room = r.rows > 1 ? (size_t)r.rows - 1 : 0;
	size_t n = p->n < room ? p->n : room;

	n = n < PURGE_SHOWN ? n : PURGE_SHOWN;
	for (size_t i = 0; i < n; i++)
		draw_row(p, &p->rows[i], s, r.y + (int)i, r);
	if (n == p->n)
		return;
	buf_printf(&more, P_("and %zu more", "and %zu more", p->n - n),
	    p->n - n);
	surface_put(s, r.y + (int)n, r.x + 1, r.cols - 2, ROLE_DIM, 0,
	    buf_span(&more));
}

static void
purge_title(struct pane *pane, struct buf *left, struct buf *right)
{
	const struct purge *p = (struct purge *)pane;

	buf_puts(left, _("To be removed for good"));
	buf_printf(right, P_("%zu letter", "%zu letters", p->n), p->n);
}

static bool
purge_command(struct pane *pane, enum command command, unsigned count)
{
	(void)pane;
	(void)command;
	(void)count;
	return false;
}

static void
purge_close(struct pane *pane)
{
	struct purge *p = (struct purge *)pane;

	arena_fini(&p->arena);
	free(p->ids);
	free(p);
}

/* How many went; *is_final: some are gone at once, beyond taking back. */
static size_t
purge_all(const struct purge *p, struct store_txn *t, bool *is_final)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	int64_t now = ui_now(p->pane.ui);
	struct message m;
	size_t n = 0;

	if (store_write(ui_store(p->pane.ui), t) != ERR_OK)
		return 0;
	store_undo_begin(t, now);
	for (size_t i = 0; i < p->n; i++, arena_reset(&arena)) {
		if (!store_message_get(t, p->ids[i], &arena, &m) ||
		    !(m.flags & FLAG_DELETED) ||
		    !store_act_purge(t, p->ids[i], now))
			continue;
		n++;
		*is_final |= !store_message_get(t, p->ids[i], &arena, &m);
	}
	return n;
}

static void
answered(void *ctx, char answer)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(buf_fini) struct buf said = { 0 };
	struct purge *p = ctx;
	struct ui *ui = p->pane.ui;
	bool is_final = false;
	size_t n;

	if (answer != 'y') {
		ui_pop(ui);
		return;
	}
	n = purge_all(p, &t, &is_final);
	if (acts_commit(ui, &t) == ERR_OK) {
		buf_printf(&said, P_("Removed %zu letter for good",
		    "Removed %zu letters for good", n), n);
		if (is_final || n == 0)
			ui_say(ui, ROLE_NORMAL, "%s.", buf_str(&said));
		else
			acts_say(ui, buf_str(&said));
	}
	ui_pop(ui);
	/* The pane itself is freed at the end of the turn. */
	if (n && p->left)
		p->left(p->ctx);
}

static void
ask(struct purge *p)
{
	CLEANUP(buf_fini) struct buf question = { 0 };

	if (p->has_more)
		buf_printf(&question, _("Remove the first %zu letters for "
		    "good? y: yes, n: no"), p->n);
	else
		buf_printf(&question, P_("Remove %zu letter for good? "
		    "y: yes, n: no", "Remove %zu letters for good? y: yes, "
		    "n: no", p->n), p->n);
	ui_push(p->pane.ui, &p->pane);
	ui_ask(p->pane.ui, buf_str(&question), "yn", answered, p);
}

static void
open(const struct acts_on *on, uint32_t folder)
{
	static const struct pane_class class = {
		.name = "purge", .context = CONTEXT_HELP,
		.title = purge_title, .draw = purge_draw,
		.command = purge_command, .close = purge_close,
	};
	CLEANUP(store_end) struct store_txn t;
	struct purge *p = xcalloc(1, sizeof *p);

	p->pane = (struct pane){ &class, on->ui, -1, true };
	p->left = on->left;
	p->ctx = on->ctx;
	p->rows = arena_array(&p->arena, PURGE_SHOWN, sizeof p->rows[0]);
	p->ids = xreallocarray(NULL, PURGE_MAX, sizeof p->ids[0]);
	if (store_read(ui_store(on->ui), &t) == ERR_OK && folder)
		collect_folder(p, &t, folder);
	else if (t.error.kind == ERR_OK)
		collect_ids(p, &t, on);
	if (p->n) {
		ask(p);
		return;
	}
	ui_say(on->ui, ROLE_NORMAL, _("Nothing here is marked as deleted; "
	    "%s marks it."), keys_of(CONTEXT_LIST, COMMAND_DELETE));
	purge_close(&p->pane);
}

void
acts_ask_purge(const struct acts_on *on)
{
	open(on, 0);
}

void
acts_ask_purge_folder(const struct acts_on *on, uint32_t folder)
{
	open(on, folder);
}
