/* SPDX-License-Identifier: MIT */
/*
 * Changes are stored in blocks, one or more a transaction, under the number
 * of the last in the block: adding a row costs no table write of its own
 * here, and a follower finds its place by one seek.
 */
#include "store/change.h"

#include "store/change_log.h"
#include "store/txn.h"

static bool
block_open(struct store_txn *t, struct span key, struct span value,
    struct record *r, uint64_t *first, size_t *n)
{
	struct span k = key;
	uint64_t last = key_take_u64(&k);

	if (!txn_open_record(t, TABLE_CHANGES, key, value, r))
		return false;
	*n = record_upto(r, CHANGES_HELD);
	if (r->is_bad || *n == 0 || *n > last) {
		txn_corrupt(t, TABLE_CHANGES);
		return false;
	}
	*first = last - *n + 1;
	return true;
}

static struct change
take_change(struct record *r, uint64_t seq)
{
	struct change c = { .seq = seq };

	c.kind = record_upto(r, CHANGE_ACT);
	r->is_bad |= c.kind == 0;
	c.account = record_u32(r);
	c.folder = record_u32(r);
	c.id = record_u64(r);
	return c;
}

/* The oldest blocks go when the whole of them is out of the ring. */
static void
drop_old(struct store_txn *t, uint64_t last)
{
	struct span key, value;
	struct key from = { 0 };

	while (last > CHANGE_RING &&
	    txn_seek(t, TABLE_CHANGES, &from, &key, &value)) {
		struct key oldest = { 0 };
		struct span whole = key;

		key_bytes(&oldest, span_take(&whole, KEY_MAX));
		if (key_take_u64(&key) > last - CHANGE_RING ||
		    !txn_del(t, TABLE_CHANGES, &oldest))
			break;
	}
}

void
change_log_flush(struct store_txn *t)
{
	struct txn_handle *h = t->handle;
	struct key key;
	struct buf *b;
	uint64_t last = 0;

	if (txn_failed(t) || h->nchanges == 0)
		return;
	for (size_t i = 0; i < h->nchanges; i++)
		last = txn_next_number(t, COUNTER_CHANGE);
	key = key_of_u64(last);
	b = txn_record(t);
	record_put_u64(b, h->nchanges);
	for (size_t i = 0; i < h->nchanges; i++) {
		const struct change *c = &h->changes[i];

		record_put_u64(b, c->kind);
		record_put_u64(b, c->account);
		record_put_u64(b, c->folder);
		record_put_u64(b, c->id);
	}
	txn_append_record(t, TABLE_CHANGES, &key);
	h->nchanges = 0;
	drop_old(t, last);
}

void
change_log_add(struct store_txn *t, enum change_kind kind, uint32_t account,
    uint32_t folder, uint64_t id)
{
	struct txn_handle *h = t->handle;

	if (txn_failed(t))
		return;
	if (h->nchanges == CHANGES_HELD)
		change_log_flush(t);
	if (txn_failed(t))
		return;
	h->changes[h->nchanges++] = (struct change){
		.kind = kind,
		.account = account,
		.folder = folder,
		.id = id,
	};
}

uint64_t
store_change_last(struct store_txn *t)
{
	if (t->is_write)
		change_log_flush(t);
	return txn_last_number(t, COUNTER_CHANGE);
}

size_t
store_changes(struct store_txn *t, uint64_t seq, size_t max,
    struct change *out, bool *lost)
{
	uint64_t last = store_change_last(t), expected = seq + 1;
	struct key from = key_of_u64(seq + 1);
	struct span key, value;
	size_t got = 0;
	bool found;

	*lost = false;
	if (seq >= last)
		return 0;
	found = txn_seek(t, TABLE_CHANGES, &from, &key, &value);
	for (; found && got < max;
	    found = txn_next(t, TABLE_CHANGES, &key, &value)) {
		struct record r;
		uint64_t first;
		size_t n;

		if (!block_open(t, key, value, &r, &first, &n))
			return got;
		*lost |= first > expected;
		expected = first + n;
		for (size_t i = 0; i < n && got < max; i++) {
			struct change c = take_change(&r, first + i);

			if (r.is_bad) {
				txn_corrupt(t, TABLE_CHANGES);
				return got;
			}
			if (c.seq > seq)
				out[got++] = c;
		}
	}
	*lost |= got == 0 && max > 0 && !txn_failed(t);
	return got;
}
