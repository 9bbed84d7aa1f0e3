/* SPDX-License-Identifier: MIT */
#include "store/account.h"

#include <stdlib.h>

#include "base/date.h"
#include "store/change_log.h"
#include "store/txn.h"

static void
put_account(struct store_txn *t, const struct account *a)
{
	struct key key = key_of_u32(a->id);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_span(b, a->name);
	record_put_span(b, a->full_name);
	record_put_span(b, a->address);
	record_put_u64(b, a->kind);
	record_put_u64(b, a->keep);
	record_put_bool(b, a->sends);
	record_put_bool(b, a->is_insecure);
	record_put_bool(b, a->is_gone);
	record_put_u64(b, a->order);
	/* Came later than the rest: not there where it says nothing. */
	if (a->moves_deleted)
		record_put_bool(b, true);
	txn_put_record(t, TABLE_ACCOUNTS, &key);
}

/* Spans are borrowed from the map. */
static bool
read_account(struct store_txn *t, struct span key, struct span value,
    struct account *a)
{
	struct record r;

	*a = (struct account){ 0 };
	if (!txn_open_record(t, TABLE_ACCOUNTS, key, value, &r))
		return false;
	a->id = key_take_u32(&key);
	a->name = record_span(&r);
	a->full_name = record_span(&r);
	a->address = record_span(&r);
	a->kind = record_upto(&r, ACCOUNT_LOCAL);
	a->keep = record_upto(&r, KEEP_OFFLINE);
	a->sends = record_bool(&r);
	a->is_insecure = record_bool(&r);
	a->is_gone = record_bool(&r);
	a->order = record_u32(&r);
	if (!r.is_bad && r.left.n > 0)
		a->moves_deleted = record_bool(&r);
	return txn_close_record(t, TABLE_ACCOUNTS, &r);
}

static void
copy_account(struct arena *arena, struct account *a)
{
	a->name = arena_copy(arena, a->name);
	a->full_name = arena_copy(arena, a->full_name);
	a->address = arena_copy(arena, a->address);
}

/* Walks all accounts by id; `found` goes on from the last one. */
static bool
next_account(struct store_txn *t, struct account *a)
{
	struct key at = key_of_u32(a->id + 1);
	struct span key, value;

	return txn_seek(t, TABLE_ACCOUNTS, &at, &key, &value) &&
	    read_account(t, key, value, a);
}

static bool
find_account(struct store_txn *t, struct span name, struct account *a)
{
	*a = (struct account){ 0 };
	while (next_account(t, a))
		if (span_eq(a->name, name))
			return true;
	return false;
}

static bool
is_as_before(const struct account *a, const struct account *b)
{
	return span_eq(a->full_name, b->full_name) &&
	    span_eq(a->address, b->address) && a->kind == b->kind &&
	    a->keep == b->keep && a->sends == b->sends &&
	    a->is_insecure == b->is_insecure && a->is_gone == b->is_gone &&
	    a->order == b->order && a->moves_deleted == b->moves_deleted;
}

uint32_t
store_account_put(struct store_txn *t, const struct account *account)
{
	struct account a = *account, old;
	bool is_known = find_account(t, account->name, &old);

	/* Nothing written at all makes a start without a commit. */
	if (is_known && is_as_before(&a, &old))
		return old.id;
	a.id = is_known ? old.id
	    : (uint32_t)txn_next_number(t, COUNTER_ACCOUNT);
	put_account(t, &a);
	return txn_failed(t) ? 0 : a.id;
}

static bool
is_among(uint32_t id, const uint32_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

void
store_account_keep_only(struct store_txn *t, const uint32_t *ids, size_t n)
{
	struct account a = { 0 };

	while (next_account(t, &a)) {
		if (a.is_gone || is_among(a.id, ids, n))
			continue;
		a.is_gone = true;
		put_account(t, &a);
	}
}

bool
store_account_get(struct store_txn *t, uint32_t id, struct arena *arena,
    struct account *out)
{
	struct key key = key_of_u32(id);
	struct span value;

	*out = (struct account){ 0 };
	if (!txn_get(t, TABLE_ACCOUNTS, &key, &value) ||
	    !read_account(t, key_span(&key), value, out))
		return false;
	copy_account(arena, out);
	return true;
}

bool
store_account_find(struct store_txn *t, struct span name, struct arena *arena,
    struct account *out)
{
	if (!find_account(t, name, out)) {
		*out = (struct account){ 0 };
		return false;
	}
	copy_account(arena, out);
	return true;
}

static int
by_order(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

size_t
store_accounts(struct store_txn *t, struct arena *arena, struct account **out)
{
	size_t n = 0, room = txn_count(t, TABLE_ACCOUNTS);
	struct account a = { 0 };

	*out = arena_array(arena, room, sizeof **out);
	while (n < room && next_account(t, &a)) {
		if (a.is_gone)
			continue;
		(*out)[n] = a;
		copy_account(arena, &(*out)[n++]);
	}
	if (txn_failed(t))
		return 0;
	qsort(*out, n, sizeof **out, by_order);
	return n;
}

void
store_account_state_put(struct store_txn *t, uint32_t account,
    const struct account_state *state)
{
	struct key key = key_of_u32(account);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, state->link);
	record_put_i64(b, state->last_heard);
	record_put_i64(b, state->retry_at);
	record_put_u64(b, state->done);
	record_put_u64(b, state->total);
	record_put_span(b, state->error);
	txn_put_record(t, TABLE_ACCOUNT_STATES, &key);
	change_log_add(t, CHANGE_STATE, account, 0, 0);
}

void
store_account_state_get(struct store_txn *t, uint32_t account,
    struct arena *arena, struct account_state *out)
{
	static const struct account_state offline = {
		.link = LINK_OFFLINE,
		.last_heard = DATE_NONE,
		.retry_at = DATE_NONE,
	};
	struct key key = key_of_u32(account);
	struct record r;

	*out = offline;
	if (!txn_get_record(t, TABLE_ACCOUNT_STATES, &key, &r))
		return;
	out->link = record_upto(&r, LINK_REFUSED);
	out->last_heard = record_i64(&r);
	out->retry_at = record_i64(&r);
	out->done = record_u64(&r);
	out->total = record_u64(&r);
	out->error = record_span(&r);
	if (txn_close_record(t, TABLE_ACCOUNT_STATES, &r))
		out->error = arena_copy(arena, out->error);
	else
		*out = offline;
}
