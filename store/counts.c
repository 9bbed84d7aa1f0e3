/* SPDX-License-Identifier: MIT */
#include "store/counts.h"

#include "store/txn.h"

bool
counts_get(struct store_txn *t, uint32_t folder, struct counts *out)
{
	struct key key = key_of_u32(folder);
	struct record r;

	*out = (struct counts){ 0 };
	if (!txn_get_record(t, TABLE_COUNTS, &key, &r))
		return false;
	out->account = record_u32(&r);
	out->is_local = record_bool(&r);
	out->total = record_u32(&r);
	out->unread = record_u32(&r);
	out->flagged = record_u32(&r);
	return txn_close_record(t, TABLE_COUNTS, &r);
}

void
counts_put(struct store_txn *t, uint32_t folder, const struct counts *counts)
{
	struct key key = key_of_u32(folder);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, counts->account);
	record_put_bool(b, counts->is_local);
	record_put_u64(b, counts->total);
	record_put_u64(b, counts->unread);
	record_put_u64(b, counts->flagged);
	txn_put_record(t, TABLE_COUNTS, &key);
}

/* Counts that would go below nothing were wrong before. */
static bool
add(uint32_t *count, int delta)
{
	int64_t sum = (int64_t)*count + delta;

	*count = (uint32_t)sum;
	return sum >= 0 && sum <= UINT32_MAX;
}

void
counts_add(struct store_txn *t, uint32_t folder, struct counts_delta delta)
{
	struct counts c;

	if (delta.total == 0 && delta.unread == 0 && delta.flagged == 0)
		return;
	if (!counts_get(t, folder, &c) || !add(&c.total, delta.total) ||
	    !add(&c.unread, delta.unread) || !add(&c.flagged, delta.flagged)) {
		txn_corrupt(t, TABLE_COUNTS);
		return;
	}
	counts_put(t, folder, &c);
}
