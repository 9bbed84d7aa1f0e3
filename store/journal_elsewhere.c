/* SPDX-License-Identifier: MIT */
/* Acts whose message another program has moved meanwhile. */
#include "base/cleanup.h"
#include "store/folder.h"
#include "store/journal.h"
#include "store/txn.h"

/*
 * The one message with that Message-ID that the account has beside another;
 * 0: none, or several.  Folders that are gone do not count.
 */
static uint64_t
only_other(struct store_txn *t, const struct act *a)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *folders;
	size_t n = store_folders(t, a->account, &arena, &folders);
	uint64_t found = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t id = folders[i].is_gone ? 0 :
		    store_message_by_message_id(t, folders[i].id,
		    a->message_id);

		if (id == 0 || id == a->message)
			continue;
		if (found)
			return 0;
		found = id;
	}
	return found;
}

uint64_t
store_act_elsewhere(struct store_txn *t, uint64_t id, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t message;
	struct act a;

	if (!store_act_get(t, id, &arena, &a) ||
	    !act_is_of_message(a.kind) || a.message_id.n == 0)
		return 0;
	message = only_other(t, &a);
	if (message == 0)
		return 0;
	switch (a.kind) {
	case ACT_FLAGS:
		return store_act_flags(t, message, a.add, a.remove, now);
	case ACT_KEYWORD:
		return store_act_keyword(t, message, a.keyword, a.add != 0,
		    now);
	case ACT_MOVE:
		return store_act_move(t, message, a.target, now);
	case ACT_COPY:
		return store_act_copy(t, message, a.target, now);
	default:
		return 0;
	}
}
