/* SPDX-License-Identifier: MIT */
/* Acts that move a message, copy it or remove it for good. */
#include "base/cleanup.h"
#include "store/act_follow.h"
#include "store/act_record.h"
#include "store/change_log.h"
#include "store/folder_record.h"
#include "store/part_row.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/undo_note.h"

bool
act_is_local(struct store_txn *t, const struct message *m)
{
	/* Counts are held by the writer: to look at them may write. */
	struct folder f;

	if (folder_load(t, m->server_folder, &f))
		return f.is_local;
	txn_corrupt(t, TABLE_FOLDERS);
	return false;
}

static bool
may_go(struct store_txn *t, const struct message *m, uint32_t target)
{
	struct folder f;

	return folder_load(t, target, &f) && f.account == m->account &&
	    f.is_selectable && !f.is_gone && f.is_local == act_is_local(t, m);
}

/* What an act that is DONE makes of what the server has. */
static void
confirm(struct store_txn *t, const struct act *a, struct row *row,
    struct shown *server)
{
	if (a->kind != ACT_MOVE) {
		pending_apply(a, server);
	} else if (server->folder != a->target) {
		/* Else somebody has told its UID there already. */
		row_place_change(t, row, a->target, (struct uid){ 0 });
		server->folder = a->target;
	}
}

void
act_follow_message(struct store_txn *t, const struct act *a)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct shown server;
	struct row row;

	if (!row_get(t, a->message, &row))
		return;
	if (a->kind == ACT_PURGE && a->state == ACT_DONE) {
		store_message_remove(t, a->message);
		return;
	}
	if (a->kind == ACT_MOVE)
		row_keep(&row, &arena);
	row_server(&row, &server);
	if (a->state == ACT_DONE)
		confirm(t, a, &row, &server);
	row_show(t, &row, &server);
}

uint64_t
store_act_move(struct store_txn *t, uint64_t message, uint32_t target,
    int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	enum act_state was = 0;
	struct pending_last last;
	struct shown server;
	uint32_t from;
	struct row row;
	struct act a;

	if (!row_get(t, message, &row) || row.m.folder == 0 ||
	    row.m.folder == target || !may_go(t, &row.m, target))
		return 0;
	from = row.m.folder;
	row_server(&row, &server);
	pending_show(t, message, &arena, &server, &last);
	if (last.act.kind == ACT_MOVE && last.act.state == ACT_QUEUED) {
		was = ACT_QUEUED;
		a = last.act;
		a.changed = now;
		if (last.below.folder == target)
			a.state = ACT_CANCELED;
		else
			a.target = target;
		act_copy(&arena, &a);
	} else {
		a = act_new_of(t, ACT_MOVE, &row.m, &arena, now);
		a.target = target;
	}
	act_store(t, &a, was);
	act_follow_message(t, &a);
	undo_note_move(t, message, from, target);
	return txn_failed(t) ? 0 : a.id;
}

/* Another row of the same letter, as it is seen; returns its id. */
static uint64_t
copy_row(struct store_txn *t, struct row *row, uint32_t target)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	bool is_local = act_is_local(t, &row->m);
	uint64_t from = row->m.id;

	row_keep(row, &arena);
	row->m.id = txn_next_number(t, COUNTER_MESSAGE);
	row->m.folder = row->m.server_folder = target;
	row->m.uid = (struct uid){ 0 };
	row->m.uidl = (struct span){ 0 };
	row->m.is_unbound = !is_local;
	row->m.server_flags = row->m.flags;
	row->has_server_keywords = false;
	row_add(t, row);
	if (row->m.body_state == BODY_PART)
		parts_copy(t, from, row->m.id);
	change_log_add(t, CHANGE_NEW, row->m.account, target, row->m.id);
	return txn_failed(t) ? 0 : row->m.id;
}

uint64_t
store_act_copy(struct store_txn *t, uint64_t message, uint32_t target,
    int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct row row;
	struct act a;

	if (!row_get(t, message, &row) || row.m.folder == 0 ||
	    !may_go(t, &row.m, target))
		return 0;
	a = act_new_of(t, ACT_COPY, &row.m, &arena, now);
	a.target = target;
	a.copy = copy_row(t, &row, target);
	act_store(t, &a, 0);
	undo_note_act(t, ACT_COPY, a.id);
	return txn_failed(t) ? 0 : a.id;
}

/* What was to be done to a copy that is not made is not to be done. */
static void
drop_copy(struct store_txn *t, uint64_t copy, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };
	struct row row;

	/* The server has it, whatever became of the act. */
	if (!row_get(t, copy, &row) || row.m.uid.v)
		return;
	while (pending_next(t, copy, a.id, &arena, &a))
		if (a.state == ACT_QUEUED)
			act_cancel_queued(t, a.id, now);
	store_message_remove(t, copy);
}

void
act_follow_copy(struct store_txn *t, const struct act *a, int64_t now)
{
	if (a->state == ACT_FAILED || a->state == ACT_CANCELED)
		drop_copy(t, a->copy, now);
}

const char *
act_revive_copy(struct store_txn *t, struct act *a)
{
	struct row row;

	if (row_get(t, a->copy, &row))
		return NULL;
	if (!row_get(t, a->message, &row) || row.m.folder == 0)
		return "is of a letter that is gone";
	if (!may_go(t, &row.m, a->target))
		return "is of a folder that is gone";
	a->copy = copy_row(t, &row, a->target);
	return NULL;
}

uint64_t
store_act_purge(struct store_txn *t, uint64_t message, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct row row;
	struct act a;

	if (!row_get(t, message, &row) || row.m.folder == 0)
		return 0;
	a = act_new_of(t, ACT_PURGE, &row.m, &arena, now);
	act_store(t, &a, 0);
	act_follow_message(t, &a);
	undo_note_act(t, ACT_PURGE, a.id);
	return txn_failed(t) ? 0 : a.id;
}
