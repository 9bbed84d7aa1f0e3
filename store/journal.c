/* SPDX-License-Identifier: MIT */
#include "store/journal.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/text.h"
#include "store/act_follow.h"
#include "store/act_record.h"
#include "store/txn.h"

struct act
act_new(struct store_txn *t, enum act_kind kind, uint32_t account,
    bool is_local, int64_t now)
{
	return (struct act){
		.id = txn_next_number(t, COUNTER_ACT),
		.account = account,
		.kind = kind,
		.state = is_local ? ACT_DONE : ACT_QUEUED,
		.created = now,
		.changed = now,
		.not_before = DATE_NONE,
	};
}

struct act
act_new_of(struct store_txn *t, enum act_kind kind, const struct message *m,
    struct arena *arena, int64_t now)
{
	const struct message of = *m;
	struct span message_id = arena_copy(arena, m->message_id);
	struct span subject = arena_copy(arena, m->subject);
	struct act a = act_new(t, kind, of.account, act_is_local(t, &of), now);

	a.message = of.id;
	a.folder = of.server_folder;
	a.uid = of.uid;
	a.message_id = message_id;
	a.subject = subject;
	return a;
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

bool
store_act_next(struct store_txn *t, uint32_t account, uint64_t after,
    struct arena *arena, struct act *out)
{
	struct key from = key_of_u64(after + 1);
	struct span key, value;
	bool found = txn_seek(t, TABLE_ACTS_OPEN, &from, &key, &value);

	*out = (struct act){ 0 };
	for (; found; found = txn_next(t, TABLE_ACTS_OPEN, &key, &value)) {
		if (!is_listed(value, account, false))
			continue;
		if (store_act_get(t, key_take_u64(&key), arena, out))
			return true;
		txn_corrupt(t, TABLE_ACTS_OPEN);
	}
	return false;
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
	case ACT_MOVE:
	case ACT_PURGE:
	case ACT_KEYWORD:
		act_follow_message(t, a);
		return;
	case ACT_COPY:
		act_follow_copy(t, a, now);
		return;
	case ACT_SEND:
		if (a->state == ACT_DONE && a->answered)
			store_act_flags(t, a->answered, FLAG_ANSWERED, 0, now);
		return;
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_REMOVE:
	case ACT_SUBSCRIBE:
		act_follow_folder(t, a, now);
		return;
	case ACT_FILE:
		return;
	}
}

/* The spans of *a are not of the map. */
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

	if (!store_act_get(t, id, &arena, &a) || !act_is_open(a.state))
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

	if (!store_act_get(t, id, &arena, &a))
		return refuse(t, e, ERR_NOTFOUND, id, "is not in the journal");
	if (!may_cancel(&a))
		return refuse(t, e, ERR_REFUSED, id,
		    act_is_open(a.state) ? "may have left already"
		    : "is at its end already");
	change_state(t, &a, ACT_CANCELED, a.state == ACT_UNKNOWN ? a.answer :
	    (struct span){ 0 }, DATE_NONE, now);
	return txn_failed(t) ? refuse(t, e, ERR_IO, id, "") : ERR_OK;
}

void
act_cancel_queued(struct store_txn *t, uint64_t id, int64_t now)
{
	store_act_cancel(t, id, now, NULL);
}

/* Of one that FAILED nothing is to be seen; NULL, or why it stays so. */
static const char *
revive(struct store_txn *t, struct act *a)
{
	if (a->state == ACT_FAILED && a->kind == ACT_COPY)
		return act_revive_copy(t, a);
	if (a->state == ACT_FAILED && act_is_of_folder(a->kind))
		return act_revive_folder(t, a);
	return NULL;
}

enum err
store_act_retry(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const char *why;
	struct act a;

	if (!store_act_get(t, id, &arena, &a))
		return refuse(t, e, ERR_NOTFOUND, id, "is not in the journal");
	if (a.state != ACT_FAILED && a.state != ACT_UNKNOWN)
		return refuse(t, e, ERR_REFUSED, id,
		    act_is_open(a.state) ? "is waiting for its turn already"
		    : "is at its end already");
	why = revive(t, &a);
	if (why)
		return refuse(t, e, ERR_REFUSED, id, why);
	change_state(t, &a, ACT_QUEUED, (struct span){ 0 }, DATE_NONE, now);
	return txn_failed(t) ? refuse(t, e, ERR_IO, id, "") : ERR_OK;
}
