/* SPDX-License-Identifier: MIT */
#include "store/budget.h"

#include "store/body_read.h"
#include "store/txn.h"
#include "store/usage.h"
#include "store/want.h"

enum { READ_AGAIN_SECONDS = 3600 };

uint64_t
store_usage(struct store_txn *t, uint32_t account)
{
	return usage_get(t, account);
}

void
store_body_was_read(struct store_txn *t, uint64_t message, int64_t when)
{
	struct body_read read;
	int64_t since;

	if (!body_read_get(t, message, &read))
		return;
	when = key_date_cut(when);
	since = when - read.when;
	/* A clock that was set back is believed, too. */
	if (since < READ_AGAIN_SECONDS && since > -READ_AGAIN_SECONDS)
		return;
	read.when = when;
	body_read_put(t, message, read);
}

void
store_message_keep(struct store_txn *t, uint64_t message, bool is_kept)
{
	struct key key = key_of_u64(message);

	if (!is_kept) {
		txn_del(t, TABLE_KEPT, &key);
	} else if (txn_has(t, TABLE_ROWS, &key)) {
		txn_put(t, TABLE_KEPT, &key, (struct span){ "", 0 });
		store_want_part(t, message, SPAN_LIT("*"));
	}
}

bool
store_message_is_kept(struct store_txn *t, uint64_t message)
{
	struct key key = key_of_u64(message);

	return txn_has(t, TABLE_KEPT, &key);
}
