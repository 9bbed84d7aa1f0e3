/* SPDX-License-Identifier: MIT */
/*
 * The table has two parts.  0, step: the head of a step; at most UNDO_STEPS,
 * and those that were taken back are the last ones.  step, kind, id: one
 * thing that it changed.
 */
#include "store/undo.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/journal.h"
#include "store/txn.h"
#include "store/undo_note.h"

/* Stored: add at the end. */
enum step_state { STEP_DONE = 1, STEP_TAKEN_BACK = 2 };

struct head {
	uint64_t step;
	enum step_state state;
	enum act_kind kind;	/* of its first act */
	int64_t when;
};

/* ACT_FLAGS: id is the message.  ACT_SEND: the act. */
struct item {
	uint64_t step;
	enum act_kind kind;
	uint64_t id;
	uint32_t added, removed;
};

static struct key
head_key(uint64_t step)
{
	struct key key = key_of_u64(0);

	key_u64(&key, step);
	return key;
}

static struct key
item_key(uint64_t step, enum act_kind kind, uint64_t id)
{
	struct key key = key_of_u64(step);

	key_u8(&key, (uint8_t)kind);
	key_u64(&key, id);
	return key;
}

static void
put_head(struct store_txn *t, const struct head *head)
{
	struct key key = head_key(head->step);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, head->state);
	record_put_u64(b, head->kind);
	record_put_i64(b, head->when);
	txn_put_record(t, TABLE_UNDO, &key);
}

static bool
read_head(struct store_txn *t, struct span key, struct span value,
    struct head *head)
{
	struct record r;

	if (!txn_open_record(t, TABLE_UNDO, key, value, &r))
		return false;
	key_take_u64(&key);
	head->step = key_take_u64(&key);
	head->state = record_upto(&r, STEP_TAKEN_BACK);
	head->kind = record_upto(&r, ACT_FILE);
	head->when = record_i64(&r);
	return txn_close_record(t, TABLE_UNDO, &r);
}

/* The last head before a step; UINT64_MAX: of all. */
static bool
head_before(struct store_txn *t, uint64_t step, struct head *head)
{
	struct key at = head_key(step);
	struct span key, value, rest;

	if (!txn_seek_before(t, TABLE_UNDO, &at, &key, &value))
		return false;
	rest = key;
	return key_take_u64(&rest) == 0 && read_head(t, key, value, head);
}

static void
put_item(struct store_txn *t, const struct item *item)
{
	struct key key = item_key(item->step, item->kind, item->id);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, item->added);
	record_put_u64(b, item->removed);
	txn_put_record(t, TABLE_UNDO, &key);
}

/* The first item of the step at or behind a key. */
static bool
next_item(struct store_txn *t, uint64_t step, const struct key *at,
    struct item *item)
{
	struct span key, value, rest;
	struct record r;

	if (!txn_seek(t, TABLE_UNDO, at, &key, &value))
		return false;
	rest = key;
	if (key_take_u64(&rest) != step ||
	    !txn_open_record(t, TABLE_UNDO, key, value, &r))
		return false;
	item->step = step;
	item->kind = key_take_u8(&rest);
	item->id = key_take_u64(&rest);
	item->added = record_u32(&r);
	item->removed = record_u32(&r);
	return txn_close_record(t, TABLE_UNDO, &r);
}

static void
drop_step(struct store_txn *t, uint64_t step)
{
	struct key key = head_key(step), from = key_of_u64(step);
	struct item item;

	txn_del(t, TABLE_UNDO, &key);
	while (next_item(t, step, &from, &item)) {
		key = item_key(step, item.kind, item.id);
		txn_del(t, TABLE_UNDO, &key);
	}
}

/* Before a new step: nothing can be done again, and the oldest makes room. */
static void
make_room(struct store_txn *t)
{
	uint64_t before = UINT64_MAX;
	struct head head;
	size_t n = 0;

	for (; head_before(t, before, &head); before = head.step)
		if (head.state == STEP_TAKEN_BACK || ++n >= UNDO_STEPS)
			drop_step(t, head.step);
}

uint64_t
store_undo_begin(struct store_txn *t, int64_t now)
{
	struct txn_handle *h = t->handle;

	if (txn_failed(t))
		return 0;
	bug_on(!t->is_write);
	h->undo = (struct undo_open){ .is_noting = true, .now = now };
	return txn_last_number(t, COUNTER_UNDO) + 1;
}

/* The step that is being noted, made by the first act in it; 0: none. */
static uint64_t
step_of(struct store_txn *t, enum act_kind kind)
{
	struct txn_handle *h = t->handle;

	if (txn_failed(t) || !h->undo.is_noting)
		return 0;
	if (h->undo.step == 0) {
		make_room(t);
		h->undo.step = txn_next_number(t, COUNTER_UNDO);
		put_head(t, &(struct head){ .step = h->undo.step,
		    .state = STEP_DONE, .kind = kind, .when = h->undo.now });
	}
	return h->undo.step;
}

void
undo_note_flags(struct store_txn *t, uint64_t message, uint32_t added,
    uint32_t removed)
{
	struct item new = { step_of(t, ACT_FLAGS), ACT_FLAGS, message, added,
		removed }, old;
	struct key at = item_key(new.step, ACT_FLAGS, message);

	if (new.step == 0)
		return;
	/* There and back within one step is no change. */
	if (next_item(t, new.step, &at, &old) && old.kind == ACT_FLAGS &&
	    old.id == message) {
		new.added = (old.added & ~removed) | (added & ~old.removed);
		new.removed = (old.removed & ~added) | (removed & ~old.added);
	}
	put_item(t, &new);
}

void
undo_note_send(struct store_txn *t, uint64_t act)
{
	struct item item = { .step = step_of(t, ACT_SEND), .kind = ACT_SEND,
		.id = act };

	if (item.step)
		put_item(t, &item);
}

/* What came of one thing. */
enum outcome { OUTCOME_OK, OUTCOME_GONE, OUTCOME_LEFT };

static enum outcome
turn_flags(struct store_txn *t, struct item *item, bool is_again, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	if (!store_message_get(t, item->id, &arena, &m))
		return OUTCOME_GONE;
	store_act_flags(t, item->id, is_again ? item->added : item->removed,
	    is_again ? item->removed : item->added, now);
	return OUTCOME_OK;
}

/* A letter is sent again by a new act: a canceled one stays what it is. */
static enum outcome
send_again(struct store_txn *t, struct item *item, const struct act *act,
    int64_t now)
{
	struct key key = item_key(item->step, item->kind, item->id);
	struct item new = *item;

	if (act->state != ACT_CANCELED)
		return act->state == ACT_DONE ? OUTCOME_LEFT : OUTCOME_OK;
	new.id = store_act_send(t, act, now);
	txn_del(t, TABLE_UNDO, &key);
	put_item(t, &new);
	return OUTCOME_OK;
}

static enum outcome
turn_send(struct store_txn *t, struct item *item, bool is_again, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act act;

	if (!store_act_get(t, item->id, &arena, &act))
		return OUTCOME_GONE;
	if (is_again)
		return send_again(t, item, &act, now);
	if (act.state == ACT_CANCELED)
		return OUTCOME_OK;
	/* It may have left, which is not to be told as taken back. */
	if (act.state == ACT_UNKNOWN)
		return OUTCOME_LEFT;
	return store_act_cancel(t, item->id, now, NULL) == ERR_OK
	    ? OUTCOME_OK : OUTCOME_LEFT;
}

static enum outcome
turn_item(struct store_txn *t, struct item *item, bool is_again, int64_t now)
{
	switch (item->kind) {
	case ACT_FLAGS:
		return turn_flags(t, item, is_again, now);
	case ACT_SEND:
		return turn_send(t, item, is_again, now);
	case ACT_FILE:
	case ACT_MOVE:
	case ACT_COPY:
	case ACT_PURGE:
	case ACT_KEYWORD:
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_REMOVE:
	case ACT_SUBSCRIBE:
		break;
	}
	txn_corrupt(t, TABLE_UNDO);
	return OUTCOME_GONE;
}

/* True when some of it has left and nothing could be done. */
static bool
turn_items(struct store_txn *t, bool is_again, int64_t now,
    struct undo_result *out)
{
	/* A letter that is sent again has its own item by then. */
	const uint64_t last_act = txn_last_number(t, COUNTER_ACT);
	struct key at = key_of_u64(out->step);
	bool has_left = false;
	struct item item;

	while (next_item(t, out->step, &at, &item)) {
		enum outcome outcome;

		at = item_key(item.step, item.kind, item.id + 1);
		if (item.kind == ACT_SEND && item.id > last_act)
			continue;
		outcome = turn_item(t, &item, is_again, now);
		out->messages += outcome == OUTCOME_OK;
		out->not_undone += outcome != OUTCOME_OK;
		has_left |= outcome == OUTCOME_LEFT;
	}
	return has_left && out->messages == 0;
}

static enum err
answer(const struct store_txn *t, struct error *e, enum err kind,
    const char *why)
{
	if (!txn_failed(t))
		return error_set(e, kind, "%s", why);
	if (e)
		*e = t->error;
	return t->error.kind;
}

static enum err
turn(struct store_txn *t, struct head head, bool is_again, int64_t now,
    struct undo_result *out, struct error *e)
{
	struct txn_handle *h = t->handle;
	const struct undo_open noting = h->undo;
	bool is_refused;

	out->step = head.step;
	out->kind = head.kind;
	h->undo = (struct undo_open){ 0 };
	is_refused = turn_items(t, is_again, now, out);
	h->undo = noting;
	if (is_refused) {
		drop_step(t, head.step);
		return answer(t, e, ERR_REFUSED, is_again
		    ? "the letter has left already"
		    : "the letter has left, or may have; it cannot be taken "
		    "back");
	}
	head.state = is_again ? STEP_DONE : STEP_TAKEN_BACK;
	put_head(t, &head);
	return txn_failed(t) ? answer(t, e, ERR_IO, "") : ERR_OK;
}

enum err
store_undo_last(struct store_txn *t, int64_t now, struct undo_result *out,
    struct error *e)
{
	uint64_t before = UINT64_MAX;
	struct head head;

	*out = (struct undo_result){ 0 };
	for (; head_before(t, before, &head); before = head.step)
		if (head.state == STEP_DONE)
			return turn(t, head, false, now, out, e);
	return answer(t, e, ERR_NOTFOUND, "there is nothing to take back");
}

enum err
store_redo_last(struct store_txn *t, int64_t now, struct undo_result *out,
    struct error *e)
{
	struct head head, oldest = { .step = UINT64_MAX };

	*out = (struct undo_result){ 0 };
	while (head_before(t, oldest.step, &head) &&
	    head.state == STEP_TAKEN_BACK)
		oldest = head;
	if (oldest.step != UINT64_MAX)
		return turn(t, oldest, true, now, out, e);
	return answer(t, e, ERR_NOTFOUND, "there is nothing to do again");
}
