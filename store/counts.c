/* SPDX-License-Identifier: MIT */
#include "store/counts.h"

#include "store/txn.h"

static bool
read_counts(struct store_txn *t, uint32_t folder, struct counts *out)
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

static void
write_counts(struct store_txn *t, struct counts_held *held)
{
	const struct counts *c = &held->counts;
	struct key key = key_of_u32(held->folder);
	struct buf *b;

	if (txn_failed(t) || !held->is_new)
		return;
	held->is_new = false;
	b = txn_record(t);
	record_put_u64(b, c->account);
	record_put_bool(b, c->is_local);
	record_put_u64(b, c->total);
	record_put_u64(b, c->unread);
	record_put_u64(b, c->flagged);
	txn_put_record(t, TABLE_COUNTS, &key);
}

/* Where the writer holds the folder's; what was there makes room. */
static struct counts_held *
held_of(struct store_txn *t, uint32_t folder)
{
	struct txn_handle *h = t->handle;
	struct counts_held *held = &h->counts[folder % COUNTS_HELD];

	if (held->folder == folder)
		return held;
	write_counts(t, held);
	*held = (struct counts_held){ 0 };
	return held;
}

bool
counts_get(struct store_txn *t, uint32_t folder, struct counts *out)
{
	struct counts_held *held;

	*out = (struct counts){ 0 };
	if (txn_failed(t) || folder == 0)
		return false;
	if (!t->is_write)
		return read_counts(t, folder, out);
	held = held_of(t, folder);
	if (!held->folder && read_counts(t, folder, &held->counts))
		held->folder = folder;
	*out = held->counts;
	return held->folder == folder;
}

void
counts_put(struct store_txn *t, uint32_t folder, const struct counts *counts)
{
	struct counts_held *held;

	if (txn_failed(t) || folder == 0)
		return;
	held = held_of(t, folder);
	held->folder = folder;
	held->counts = *counts;
	held->is_new = true;
}

void
counts_flush(struct store_txn *t)
{
	struct txn_handle *h = t->handle;

	for (size_t i = 0; i < COUNTS_HELD; i++)
		write_counts(t, &h->counts[i]);
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
