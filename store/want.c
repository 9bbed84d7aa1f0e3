/* SPDX-License-Identifier: MIT */
#include "store/want.h"

#include "store/row.h"
#include "store/txn.h"

static struct key
wish_key(uint32_t account, uint64_t wish)
{
	struct key key = key_of_u32(account);

	key_u64(&key, wish);
	return key;
}

void
store_want_body(struct store_txn *t, uint64_t message)
{
	struct key of = key_of_u64(message), wish;
	struct row row;

	if (!row_get(t, message, &row) || row.m.body_state == BODY_WHOLE)
		return;
	store_want_done(t, message);	/* a repeated wish is the newest */
	wish = wish_key(row.m.account, txn_next_number(t, COUNTER_WISH));
	txn_put(t, TABLE_WANTS, &wish, key_span(&of));
	txn_put(t, TABLE_WANT_OF, &of, key_span(&wish));
}

void
store_want_done(struct store_txn *t, uint64_t message)
{
	struct key of = key_of_u64(message), wish = { 0 };
	struct span value;

	if (!txn_get(t, TABLE_WANT_OF, &of, &value))
		return;
	key_bytes(&wish, span_take(&value, KEY_MAX));
	txn_del(t, TABLE_WANT_OF, &of);
	txn_del(t, TABLE_WANTS, &wish);
}

size_t
store_wants(struct store_txn *t, uint32_t account, uint64_t *ids, size_t max)
{
	struct key end = wish_key(account, UINT64_MAX);
	struct span key, value;
	size_t n = 0;
	bool found = txn_seek_before(t, TABLE_WANTS, &end, &key, &value);

	for (; found && n < max && key_take_u32(&key) == account;
	    found = txn_prev(t, TABLE_WANTS, &key, &value))
		ids[n++] = key_take_u64(&value);
	return n;
}

void
store_wants_clear(struct store_txn *t, uint32_t account)
{
	struct key from = key_of_u32(account);
	struct span key, value;

	while (txn_seek(t, TABLE_WANTS, &from, &key, &value)) {
		struct key wish = { 0 }, message = { 0 };

		key_bytes(&wish, span_take(&key, KEY_MAX));
		key_bytes(&message, span_take(&value, KEY_MAX));
		key = key_span(&wish);
		if (key_take_u32(&key) != account ||
		    !txn_del(t, TABLE_WANTS, &wish))
			return;
		txn_del(t, TABLE_WANT_OF, &message);
	}
}
