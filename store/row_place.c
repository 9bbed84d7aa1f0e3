/* SPDX-License-Identifier: MIT */
/*
 * Where the server has a row.  The other place, where the user sees it, is
 * that of row_index.c and the threads.
 */
#include "store/counts.h"
#include "store/row.h"
#include "store/thread.h"
#include "store/txn.h"
#include "store/uid_ranges.h"

struct key
row_unbound_key(uint32_t folder, uint64_t hash, uint64_t id)
{
	struct key key = key_of_u32(folder);

	key_hash(&key, hash);
	key_u64(&key, id);
	return key;
}

static struct key
unbound_key_of(const struct message *m)
{
	return row_unbound_key(m->server_folder,
	    thread_id_hash(m->message_id), m->id);
}

void
row_place_add(struct store_txn *t, const struct row *row)
{
	const struct message *m = &row->m;
	struct key by_uid = row_uid_key(m->server_folder, m->uid);
	struct key value = key_of_u64(m->id);

	if (m->uid.v) {
		txn_put(t, TABLE_BY_UID, &by_uid, key_span(&value));
		uid_ranges_add(t, m->server_folder, m->uid.v);
	} else if (m->is_unbound) {
		struct key key = unbound_key_of(m);

		txn_put(t, TABLE_UNBOUND, &key, (struct span){ "", 0 });
	}
}

void
row_place_remove(struct store_txn *t, const struct row *row)
{
	const struct message *m = &row->m;
	struct key by_uid = row_uid_key(m->server_folder, m->uid);

	if (m->uid.v) {
		if (!txn_del(t, TABLE_BY_UID, &by_uid))
			txn_corrupt(t, TABLE_BY_UID);
		uid_ranges_remove(t, m->server_folder, m->uid.v);
	} else if (m->is_unbound) {
		struct key key = unbound_key_of(m);

		if (!txn_del(t, TABLE_UNBOUND, &key))
			txn_corrupt(t, TABLE_UNBOUND);
	}
}

void
row_place_change(struct store_txn *t, struct row *row, uint32_t folder,
    struct uid uid)
{
	struct counts counts;

	row_place_remove(t, row);
	row->m.server_folder = folder;
	row->m.uid = uid;
	row->m.is_unbound = uid.v == 0 && counts_get(t, folder, &counts) &&
	    !counts.is_local;
	row_place_add(t, row);
}
