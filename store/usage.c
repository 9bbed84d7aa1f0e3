/* SPDX-License-Identifier: MIT */
#include "store/usage.h"

#include "store/schema.h"
#include "store/txn.h"

static uint64_t
read_usage(struct store_txn *t, uint32_t account)
{
	struct key key = key_of_u32(account);
	struct record r;
	uint64_t octets;

	if (!txn_get_record(t, TABLE_USAGE, &key, &r))
		return 0;
	octets = record_u64(&r);
	return txn_close_record(t, TABLE_USAGE, &r) ? octets : 0;
}

void
usage_flush(struct store_txn *t)
{
	struct txn_handle *h = t->handle;
	struct usage_held *held = &h->usage;
	struct key key = key_of_u32(held->account);

	if (txn_failed(t) || !held->is_new)
		return;
	held->is_new = false;
	if (held->octets == 0) {
		txn_del(t, TABLE_USAGE, &key);
		return;
	}
	record_put_u64(txn_record(t), held->octets);
	txn_put_record(t, TABLE_USAGE, &key);
}

/* The writer's, of this account from now on. */
static struct usage_held *
hold(struct store_txn *t, uint32_t account)
{
	struct txn_handle *h = t->handle;

	if (h->usage.account != account) {
		usage_flush(t);
		h->usage = (struct usage_held){
			.account = account,
			.octets = read_usage(t, account),
		};
	}
	return &h->usage;
}

uint64_t
usage_get(struct store_txn *t, uint32_t account)
{
	if (txn_failed(t))
		return 0;
	return t->is_write ? hold(t, account)->octets
	    : read_usage(t, account);
}

void
usage_add(struct store_txn *t, uint32_t account, uint64_t octets)
{
	struct usage_held *held;

	if (txn_failed(t) || octets == 0)
		return;
	held = hold(t, account);
	held->octets += octets;
	held->is_new = true;
}

void
usage_remove(struct store_txn *t, uint32_t account, uint64_t octets)
{
	struct usage_held *held;

	if (txn_failed(t) || octets == 0)
		return;
	held = hold(t, account);
	if (octets > held->octets) {
		txn_corrupt(t, TABLE_USAGE);
		return;
	}
	held->octets -= octets;
	held->is_new = true;
}

uint64_t
usage_count(struct store_txn *t, uint32_t account)
{
	struct key at = { 0 };
	struct span key, value;
	uint64_t octets = 0, counted = 0;
	bool found = txn_seek(t, TABLE_BODY_USES, &at, &key, &value);

	for (; found; found = txn_next(t, TABLE_BODY_USES, &key, &value)) {
		uint64_t body = key_take_u64(&key);

		if (key_take_u32(&key) != account || body == counted ||
		    key_take_u8(&key) == BODY_USER_ACT)
			continue;
		counted = body;
		octets += key_take_u64(&value);
	}
	return octets;
}
