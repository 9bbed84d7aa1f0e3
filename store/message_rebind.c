/* SPDX-License-Identifier: MIT */
/*
 * When a server's numbers stop to mean what they meant: rows lose their UIDs,
 * and find them again by what tells letters apart.
 */
#include "base/cleanup.h"
#include "base/envelope.h"
#include "store/folder.h"
#include "store/message_bind.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/txn.h"

bool
store_message_is_leaving(struct store_txn *t, uint64_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };

	while (pending_next(t, id, a.id, &arena, &a))
		if ((a.kind == ACT_MOVE || a.kind == ACT_PURGE) &&
		    a.state != ACT_QUEUED)
			return true;
	return false;
}

bool
store_message_rebind(struct store_txn *t, uint32_t folder, struct uid uid,
    struct span message_id, uint64_t size)
{
	const struct envelope e = { .message_id = message_id };
	const struct message_new m = { .folder = folder, .uid = uid,
		.size = size, .envelope = &e };

	if (store_message_by_uid(t, folder, uid))
		return true;
	return message_claim(t, &m) != 0;
}

bool
store_folder_unbind(struct store_txn *t, uint32_t folder, size_t max)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key from = row_uid_key(folder, (struct uid){ 1 });
	struct span key, value;
	struct row row;
	size_t n = 0;

	while (n < max && txn_seek(t, TABLE_BY_UID, &from, &key, &value) &&
	    key_take_u32(&key) == folder) {
		uint64_t id = key_take_u64(&value);

		if (!row_get(t, id, &row)) {
			txn_corrupt(t, TABLE_BY_UID);
			break;
		}
		arena_reset(&arena);
		row_keep(&row, &arena);
		row_place_change(t, &row, folder, (struct uid){ 0 });
		row_show(t, &row, NULL);
		n++;
	}
	return n == max && !txn_failed(t);
}
