/* SPDX-License-Identifier: MIT */
/* Letters that go somewhere: deleted, archived, moved, copied. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/journal.h"
#include "store/undo.h"
#include "ui/acts.h"
#include "ui/folder_pick.h"
#include "ui/frame.h"

/* Where letters go, and what came of it. */
struct going {
	bool is_copy;
	enum folder_role role;	/* the folder with this role, or else */
	struct span title;	/* the one of this title */
	uint32_t account, target;	/* found last; account 0: none */
	size_t ngone, nlost;	/* their account has no such folder */
};

static uint32_t
find_target(struct store_txn *t, const struct going *g, uint32_t account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *folders, folder;
	size_t n;

	if (g->role != FOLDER_NONE)
		return store_folder_find_role(t, account, g->role, &arena,
		    &folder) ? folder.id : 0;
	n = store_folders(t, account, &arena, &folders);
	for (size_t i = 0; i < n; i++)
		if (!folders[i].is_gone && folders[i].is_selectable &&
		    span_eq(folders[i].title, g->title))
			return folders[i].id;
	return 0;
}

static void
go_one(struct store_txn *t, struct going *g, uint64_t id, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;
	uint64_t act;

	if (!store_message_get(t, id, &arena, &m) || m.folder == 0)
		return;
	if (g->account != m.account) {
		g->account = m.account;
		g->target = find_target(t, g, m.account);
	}
	if (!g->is_copy && m.folder == g->target)
		return;
	act = !g->target ? 0 : g->is_copy
	    ? store_act_copy(t, id, g->target, now)
	    : store_act_move(t, id, g->target, now);
	if (act)
		g->ngone++;
	else
		g->nlost++;
}

/* False when it failed; the status line says so then. */
static bool
go(const struct acts_on *on, struct going *g)
{
	CLEANUP(store_end) struct store_txn t;
	int64_t now = ui_now(on->ui);

	if (store_write(ui_store(on->ui), &t) == ERR_OK) {
		store_undo_begin(&t, now);
		for (size_t i = 0; i < on->n; i++)
			go_one(&t, g, on->ids[i], now);
	}
	return acts_commit(on->ui, &t) == ERR_OK;
}

static void
say_going(struct ui *ui, const struct going *g, struct span name)
{
	CLEANUP(buf_fini) struct buf said = { 0 }, clean = { 0 };

	acts_put_clean(&clean, name);
	buf_printf(&said, g->is_copy
	    ? P_("Copied %zu letter to %s", "Copied %zu letters to %s",
		g->ngone)
	    : P_("Moved %zu letter to %s", "Moved %zu letters to %s",
		g->ngone), g->ngone, buf_str(&clean));
	if (g->nlost)
		buf_printf(&said, P_("; %zu cannot go there",
		    "; %zu cannot go there", g->nlost), g->nlost);
	if (g->ngone)
		acts_say(ui, buf_str(&said));
	else if (g->nlost)
		ui_say(ui, ROLE_WARNING, P_("The letter cannot go there.",
		    "The letters cannot go there.", g->nlost));
	else
		ui_say(ui, ROLE_DIM, _("That is in %s already."),
		    buf_str(&clean));
}

size_t
acts_archive(const struct acts_on *on)
{
	struct going g = { .role = FOLDER_ARCHIVE };
	CLEANUP(buf_fini) struct buf said = { 0 };

	if (!go(on, &g))
		return 0;
	buf_printf(&said, P_("Archived %zu letter", "Archived %zu letters",
	    g.ngone), g.ngone);
	if (g.nlost && g.ngone)
		buf_printf(&said, P_("; %zu is of an account without an "
		    "archive", "; %zu are of accounts without an archive",
		    g.nlost), g.nlost);
	if (g.ngone)
		acts_say(on->ui, buf_str(&said));
	else if (g.nlost)
		ui_say(on->ui, ROLE_WARNING, _("There is no archive in this "
		    "account; %s moves to any folder."),
		    keys_of(CONTEXT_LIST, COMMAND_MOVE));
	else
		ui_say(on->ui, ROLE_DIM, "%s", _("That is archived already."));
	if (g.ngone && on->left)
		on->left(on->ctx);
	return g.ngone;
}

/* What deleting has done: moved to the trash, or marked. */
static void
say_deleted(struct ui *ui, size_t nmoved, size_t nmarked)
{
	CLEANUP(buf_fini) struct buf said = { 0 };
	size_t n = nmoved + nmarked;

	if (n == 0) {
		ui_say(ui, ROLE_DIM, _("That is marked as deleted already; "
		    "%s removes it for good."),
		    keys_of(CONTEXT_LIST, COMMAND_PURGE));
		return;
	}
	if (nmarked == 0)
		buf_printf(&said, P_("Moved %zu letter to the trash",
		    "Moved %zu letters to the trash", n), n);
	else
		buf_printf(&said, P_("Deleted %zu letter",
		    "Deleted %zu letters", n), n);
	acts_say(ui, buf_str(&said));
}

size_t
acts_delete(const struct acts_on *on)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	int64_t now = ui_now(on->ui);
	size_t nmoved = 0, nmarked = 0;

	if (store_write(ui_store(on->ui), &t) == ERR_OK)
		store_undo_begin(&t, now);
	for (size_t i = 0; i < on->n && t.error.kind == ERR_OK; i++) {
		struct message m;
		bool leaves = store_message_get(&t, on->ids[i], &arena, &m) &&
		    store_act_delete_target(&t, &m) != 0;

		if (!store_act_delete(&t, on->ids[i], now))
			continue;
		nmoved += leaves;
		nmarked += !leaves;
		arena_reset(&arena);
	}
	if (acts_commit(on->ui, &t) != ERR_OK)
		return 0;
	say_deleted(on->ui, nmoved, nmarked);
	if (nmoved && on->left)
		on->left(on->ctx);
	return nmoved;
}

/* The question for a folder, while it is open. */
struct asked {
	struct acts_on *on;	/* owned */
	bool is_copy;
	uint32_t account, folder;	/* of the first letter */
};

static void
complete(void *ctx, struct span before, struct completion *out)
{
	CLEANUP(store_end) struct store_txn t;
	struct asked *a = ctx;

	if (store_read(ui_store(a->on->ui), &t) == ERR_OK)
		folder_pick_complete(&t, a->account, a->is_copy ? 0 :
		    a->folder, ui_last_target(a->on->ui), before, out);
}

/* The folder of the answer; the status line says when there is none. */
static bool
pick(const struct asked *a, const char *line, struct arena *arena,
    struct folder *out)
{
	CLEANUP(store_end) struct store_txn t;
	struct ui *ui = a->on->ui;
	enum err err;

	if (store_read(ui_store(ui), &t) != ERR_OK)
		return false;
	if (!*line)
		return store_folder_get(&t, ui_last_target(ui), arena, out) &&
		    out->account == a->account && !out->is_gone;
	err = folder_pick(&t, a->account, a->is_copy ? 0 : a->folder,
	    span_of(line), arena, out);
	if (err == ERR_NOTFOUND)
		ui_say(ui, ROLE_WARNING, _("No other folder of this account "
		    "is like \"%s\"."), line);
	else if (err == ERR_REFUSED)
		ui_say(ui, ROLE_WARNING, _("Several folders are like \"%s\"; "
		    "Tab shows them."), line);
	return err == ERR_OK;
}

static void
answered(void *ctx, const char *line)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct asked *a = ctx;
	struct folder folder;
	struct going g = { .is_copy = a->is_copy };

	if (line && pick(a, line, &arena, &folder)) {
		g.role = folder.role;
		g.title = folder.title;
		g.account = a->account;
		g.target = folder.id;
		if (go(a->on, &g)) {
			ui_set_last_target(a->on->ui, folder.id);
			say_going(a->on->ui, &g, folder_pick_name(&folder));
		}
		if (g.ngone && !g.is_copy && a->on->left)
			a->on->left(a->on->ctx);
	}
	free(a->on);
	free(a);
}

/* "Move to (Arsip):" where Enter alone takes the last one again. */
static void
put_label(const struct asked *a, struct store_txn *t, struct buf *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder last;

	buf_puts(out, a->is_copy ? _("Copy to") : _("Move to"));
	if (store_folder_get(t, ui_last_target(a->on->ui), &arena, &last) &&
	    last.account == a->account && !last.is_gone) {
		buf_puts(out, " (");
		acts_put_clean(out, folder_pick_name(&last));
		buf_puts(out, ")");
	}
	buf_puts(out, ":");
}

void
acts_ask_move(const struct acts_on *on, bool is_copy)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf label = { 0 };
	struct message m;
	struct asked *a;

	if (store_read(ui_store(on->ui), &t) != ERR_OK ||
	    !store_message_get(&t, on->ids[0], &arena, &m)) {
		ui_say(on->ui, ROLE_WARNING, "%s", _("That letter is gone."));
		return;
	}
	a = xcalloc(1, sizeof *a);
	*a = (struct asked){ acts_keep_on(on), is_copy, m.account, m.folder };
	put_label(a, &t, &label);
	ui_prompt(on->ui, buf_str(&label), SPAN_LIT(""), answered, a);
	ui_prompt_completes(on->ui, complete);
}
