/* SPDX-License-Identifier: MIT */
/*
 * The table has two parts.  0, step: the head of a step; at most UNDO_STEPS,
 * and those that were taken back are the last ones.  step, kind, id, hash:
 * one thing that it changed (undo_item.h).
 */
#include "store/undo.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/txn.h"
#include "store/undo_item.h"

/* Stored: add at the end. */
enum step_state { STEP_DONE = 1, STEP_TAKEN_BACK = 2 };

struct head {
	uint64_t step;
	enum step_state state;
	enum act_kind kind;	/* of its first act */
	int64_t when;
};

static struct key
head_key(uint64_t step)
{
	struct key key = key_of_u64(0);

	key_u64(&key, step);
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
	head->kind = record_upto(&r, ACT_KIND_LAST);
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
drop_step(struct store_txn *t, uint64_t step)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key key = head_key(step), at = key_of_u64(step);
	struct undo_item item;

	txn_del(t, TABLE_UNDO, &key);
	while (undo_item_next(t, step, &at, &arena, &item))
		undo_item_drop(t, &item);
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

uint64_t
undo_step(struct store_txn *t, enum act_kind kind)
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

/* True when some of it has left and nothing could be done. */
static bool
turn_items(struct store_txn *t, bool is_again, int64_t now,
    struct undo_result *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	/* What is done again by another act has its own item by then. */
	const uint64_t last_act = txn_last_number(t, COUNTER_ACT);
	struct key at = key_of_u64(out->step);
	bool has_left = false;
	struct undo_item item;

	while (undo_item_next(t, out->step, &at, &arena, &item)) {
		enum undo_outcome outcome;

		if (!undo_item_has_message(&item) && item.id > last_act)
			continue;
		outcome = undo_turn_item(t, &item, is_again, now);
		out->messages += outcome == UNDO_OK;
		out->not_undone += outcome != UNDO_OK;
		has_left |= outcome == UNDO_LEFT;
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

static const char *
why_left(enum act_kind kind, bool is_again)
{
	if (kind != ACT_SEND)
		return "the server has been told already, or may have been";
	return is_again ? "the letter has left already"
	    : "the letter has left, or may have; it cannot be taken back";
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
		return answer(t, e, ERR_REFUSED, why_left(head.kind,
		    is_again));
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
