/* SPDX-License-Identifier: MIT */
#include "store/journal.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/text.h"
#include "store/act_record.h"
#include "store/body_use.h"
#include "store/counts.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/undo_note.h"

/* The row shows what the server and the pending acts make of it now. */
static void
refresh_row(struct store_txn *t, uint64_t message, const struct act *done)
{
	struct shown server;
	struct row row;

	if (!row_get(t, message, &row))
		return;
	row_server(&row, &server);
	if (done)
		pending_apply(done, &server);
	row_show(t, &row, &server);
}

/*
 * A later wish on a message whose last act has not left: one act for both.
 * What the act would not change is taken out of it, and an act that changes
 * nothing is canceled.
 */
static uint64_t
merge(struct store_txn *t, struct act *queued, uint32_t below, uint32_t add,
    uint32_t remove, int64_t now)
{
	uint32_t added = (queued->add & ~remove) | add;
	uint32_t removed = (queued->remove & ~add) | remove;

	added &= ~below;
	removed &= below;
	queued->changed = now;
	if (added == 0 && removed == 0) {
		queued->state = ACT_CANCELED;
	} else {
		queued->add = added;
		queued->remove = removed;
	}
	act_store(t, queued, ACT_QUEUED);
	return queued->id;
}

static uint64_t
add_flags_act(struct store_txn *t, const struct message *m, uint32_t add,
    uint32_t remove, bool is_local, int64_t now)
{
	struct act a = {
		.id = txn_next_number(t, COUNTER_ACT),
		.account = m->account,
		.kind = ACT_FLAGS,
		.state = is_local ? ACT_DONE : ACT_QUEUED,
		.created = now,
		.changed = now,
		.not_before = DATE_NONE,
		.message = m->id,
		.folder = m->server_folder,
		.uid = m->uid,
		.add = add,
		.remove = remove,
	};

	act_store(t, &a, 0);
	return a.id;
}

uint64_t
store_act_flags(struct store_txn *t, uint64_t message, uint32_t add,
    uint32_t remove, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct pending_last last;
	struct shown server;
	struct counts counts;
	struct act done;
	struct row row;
	uint64_t id;

	if (!row_get(t, message, &row) || row.m.folder == 0)
		return 0;
	add &= ~(row.m.flags | remove);
	remove &= row.m.flags;
	if (add == 0 && remove == 0)
		return 0;
	if (!counts_get(t, row.m.server_folder, &counts)) {
		txn_corrupt(t, TABLE_COUNTS);
		return 0;
	}
	row_server(&row, &server);
	pending_show(t, message, &arena, &server, &last);
	done = (struct act){ .kind = ACT_FLAGS, .add = add, .remove = remove };
	/* The spans of the last one are read before anything is written. */
	if (last.act.kind == ACT_FLAGS && last.act.state == ACT_QUEUED)
		id = merge(t, &last.act, last.flags, add, remove, now);
	else
		id = add_flags_act(t, &row.m, add, remove, counts.is_local,
		    now);
	refresh_row(t, message, counts.is_local ? &done : NULL);
	undo_note_flags(t, message, add, remove);
	return txn_failed(t) ? 0 : id;
}

uint64_t
store_act_send(struct store_txn *t, const struct act *act, int64_t now)
{
	struct act a = *act;

	if (act->nrecipients == 0 || act->nrecipients > ACT_RECIPIENTS_MAX) {
		txn_fail(t, ERR_LIMIT, "a letter has 1 to %d recipients",
		    ACT_RECIPIENTS_MAX);
		return 0;
	}
	a.id = txn_next_number(t, COUNTER_ACT);
	a.kind = ACT_SEND;
	a.state = ACT_QUEUED;
	a.attempts = 0;
	a.created = a.changed = now;
	a.answer = (struct span){ 0 };
	a.message = 0;
	a.folder = 0;
	a.uid = (struct uid){ 0 };
	a.add = a.remove = 0;
	body_use(t, a.body, a.account, BODY_USER_ACT, a.id);
	act_store(t, &a, 0);
	undo_note_send(t, a.id);
	return txn_failed(t) ? 0 : a.id;
}

uint64_t
store_act_file(struct store_txn *t, const struct act *act, int64_t now)
{
	const struct act a = {
		.id = txn_next_number(t, COUNTER_ACT),
		.account = act->account,
		.kind = ACT_FILE,
		.state = ACT_QUEUED,
		.created = now,
		.changed = now,
		.not_before = DATE_NONE,
		.body = act->body,
		.subject = act->subject,
		.message_id = act->message_id,
	};

	body_use(t, a.body, a.account, BODY_USER_ACT, a.id);
	act_store(t, &a, 0);
	return txn_failed(t) ? 0 : a.id;
}

bool
store_act_get(struct store_txn *t, uint64_t id, struct arena *arena,
    struct act *out)
{
	if (!act_load(t, id, arena, out))
		return false;
	act_copy(arena, out);
	return true;
}

/* An entry of acts_open. */
static bool
is_listed(struct span value, uint32_t account, bool with_failed)
{
	uint32_t of = key_take_u32(&value);
	enum act_state state = key_take_u8(&value);

	return (account == 0 || of == account) &&
	    (with_failed || state != ACT_FAILED);
}

size_t
store_acts(struct store_txn *t, uint32_t account, bool all,
    struct arena *arena, struct act **out)
{
	enum table table = all ? TABLE_ACTS : TABLE_ACTS_OPEN;
	size_t n = 0, room = txn_count(t, table);
	struct key from = { 0 };
	struct span key, value;
	bool found = txn_seek(t, table, &from, &key, &value);

	*out = arena_array(arena, room, sizeof **out);
	for (uint64_t id = 0, last = 0; found && n < room; last = id) {
		id = key_take_u64(&key);
		/* A number that cannot be would lead back to the first. */
		if (id <= last) {
			txn_corrupt(t, table);
			break;
		}
		if (all || is_listed(value, account, false)) {
			if (!store_act_get(t, id, arena, &(*out)[n])) {
				txn_corrupt(t, table);
				break;
			}
			n += account == 0 || (*out)[n].account == account;
		}
		/* Reading the act has moved the cursor of `acts`. */
		from = key_of_u64(id + 1);
		found = txn_seek(t, table, &from, &key, &value);
	}
	return txn_failed(t) ? 0 : n;
}

/* The newest entries of acts_open or acts_closed. */
static size_t
newest_acts(struct store_txn *t, enum table table, uint32_t account,
    size_t max, struct arena *arena, struct act *out)
{
	struct key end = { 0 };
	struct span key, value;
	bool found = txn_seek_before(t, table, &end, &key, &value);
	size_t n = 0;

	for (; found && n < max; found = txn_prev(t, table, &key, &value)) {
		uint64_t id = table == TABLE_ACTS_CLOSED
		    ? act_closed_take(key) : key_take_u64(&key);

		if (!store_act_get(t, id, arena, &out[n])) {
			txn_corrupt(t, table);
			break;
		}
		n += account == 0 || out[n].account == account;
	}
	return n;
}

size_t
store_acts_recent(struct store_txn *t, uint32_t account, size_t nclosed,
    struct arena *arena, struct act **out)
{
	size_t nopen = txn_count(t, TABLE_ACTS_OPEN), n;

	if (nclosed > ACTS_CLOSED_MAX)
		nclosed = ACTS_CLOSED_MAX;
	*out = arena_array(arena, nopen + nclosed, sizeof **out);
	n = newest_acts(t, TABLE_ACTS_OPEN, account, nopen, arena, *out);
	n += newest_acts(t, TABLE_ACTS_CLOSED, account, nclosed, arena,
	    *out + n);
	return txn_failed(t) ? 0 : n;
}

size_t
store_acts_pending(struct store_txn *t, uint32_t account)
{
	struct key from = { 0 };
	struct span key, value;
	bool found = txn_seek(t, TABLE_ACTS_OPEN, &from, &key, &value);
	size_t n = 0;

	for (; found; found = txn_next(t, TABLE_ACTS_OPEN, &key, &value))
		n += is_listed(value, account, true);
	return n;
}

/* What an act leaves behind when it reaches a state. */
static void
follow(struct store_txn *t, const struct act *a, int64_t now)
{
	switch (a->kind) {
	case ACT_FLAGS:
		refresh_row(t, a->message, a->state == ACT_DONE ? a : NULL);
		return;
	case ACT_SEND:
		if (a->state == ACT_DONE && a->answered)
			store_act_flags(t, a->answered, FLAG_ANSWERED, 0, now);
		return;
	case ACT_FILE:
	case ACT_MOVE:
	case ACT_COPY:
	case ACT_PURGE:
	case ACT_KEYWORD:
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_REMOVE:
	case ACT_SUBSCRIBE:
		return;
	}
}

static void
change_state(struct store_txn *t, struct act *a, enum act_state state,
    struct span answer, int64_t not_before, int64_t now)
{
	enum act_state was = a->state;

	a->state = state;
	a->answer = text_cut(answer, ROW_TEXT_MAX);
	/* What is taken back may be sent again, and then at its time. */
	if (state != ACT_CANCELED)
		a->not_before = state == ACT_QUEUED ? not_before : DATE_NONE;
	a->changed = now;
	act_store(t, a, was);
	follow(t, a, now);
}

bool
store_act_set(struct store_txn *t, uint64_t id, enum act_state state,
    struct span answer, int64_t not_before, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a;

	if (!act_load(t, id, &arena, &a) || !act_is_open(a.state))
		return false;
	/* A try begins with SENT, or ends before anything could leave. */
	if (state == ACT_SENT ||
	    (state == ACT_QUEUED && a.state == ACT_QUEUED))
		a.attempts++;
	change_state(t, &a, state, answer, not_before, now);
	return !txn_failed(t);
}

static enum err
refuse(struct store_txn *t, struct error *e, enum err kind, uint64_t id,
    const char *why)
{
	if (!txn_failed(t))
		return error_set(e, kind, "act %llu %s",
		    (unsigned long long)id, why);
	if (e)
		*e = t->error;
	return t->error.kind;
}

/* Of a letter that may have left, the user says that it is over. */
static bool
may_cancel(const struct act *a)
{
	return a->state == ACT_QUEUED || a->state == ACT_FAILED ||
	    (a->state == ACT_UNKNOWN && a->kind == ACT_SEND);
}

enum err
store_act_cancel(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a;

	if (!act_load(t, id, &arena, &a))
		return refuse(t, e, ERR_NOTFOUND, id, "is not in the journal");
	if (!may_cancel(&a))
		return refuse(t, e, ERR_REFUSED, id,
		    act_is_open(a.state) ? "may have left already"
		    : "is at its end already");
	change_state(t, &a, ACT_CANCELED, a.state == ACT_UNKNOWN ? a.answer :
	    (struct span){ 0 }, DATE_NONE, now);
	return txn_failed(t) ? refuse(t, e, ERR_IO, id, "") : ERR_OK;
}

enum err
store_act_retry(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a;

	if (!act_load(t, id, &arena, &a))
		return refuse(t, e, ERR_NOTFOUND, id, "is not in the journal");
	if (a.state != ACT_FAILED && a.state != ACT_UNKNOWN)
		return refuse(t, e, ERR_REFUSED, id,
		    act_is_open(a.state) ? "is waiting for its turn already"
		    : "is at its end already");
	change_state(t, &a, ACT_QUEUED, (struct span){ 0 }, DATE_NONE, now);
	return txn_failed(t) ? refuse(t, e, ERR_IO, id, "") : ERR_OK;
}
