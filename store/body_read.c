/* SPDX-License-Identifier: MIT */
#include "store/body_read.h"

#include <time.h>

#include "store/txn.h"

struct key
body_read_key(struct body_read read, uint64_t message)
{
	struct key key = key_of_u32(read.account);

	key_date(&key, read.when);
	key_u64(&key, message);
	return key;
}

bool
body_read_get(struct store_txn *t, uint64_t message, struct body_read *out)
{
	struct key key = key_of_u64(message);
	struct record r;

	*out = (struct body_read){ 0 };
	if (!txn_get_record(t, TABLE_READS, &key, &r))
		return false;
	out->account = record_u32(&r);
	out->when = record_i64(&r);
	r.is_bad |= out->when != key_date_cut(out->when);
	return txn_close_record(t, TABLE_READS, &r);
}

void
body_read_put(struct store_txn *t, uint64_t message, struct body_read read)
{
	struct key key = key_of_u64(message), by_read;
	struct buf *b;

	body_read_end(t, message);
	if (txn_failed(t))
		return;
	read.when = key_date_cut(read.when);
	b = txn_record(t);
	record_put_u64(b, read.account);
	record_put_i64(b, read.when);
	txn_put_record(t, TABLE_READS, &key);
	by_read = body_read_key(read, message);
	txn_put(t, TABLE_BY_READ, &by_read, (struct span){ "", 0 });
}

void
body_read_begin(struct store_txn *t, uint64_t message, uint32_t account)
{
	struct key key = key_of_u64(message);
	struct body_read now = { account, (int64_t)time(NULL) };

	if (!txn_has(t, TABLE_READS, &key))
		body_read_put(t, message, now);
}

void
body_read_end(struct store_txn *t, uint64_t message)
{
	struct key key = key_of_u64(message), by_read;
	struct body_read was;

	if (!body_read_get(t, message, &was))
		return;
	by_read = body_read_key(was, message);
	txn_del(t, TABLE_READS, &key);
	if (!txn_del(t, TABLE_BY_READ, &by_read))
		txn_corrupt(t, TABLE_BY_READ);
}
