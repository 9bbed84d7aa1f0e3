/* SPDX-License-Identifier: MIT */
/* What becomes of a message that the user deletes: its account says. */
#include "base/cleanup.h"
#include "store/account.h"
#include "store/folder.h"
#include "store/journal.h"

uint32_t
store_act_delete_target(struct store_txn *t, const struct message *m)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account account;
	struct folder from, trash;

	if (!store_account_get(t, m->account, &arena, &account) ||
	    !account.moves_deleted ||
	    !store_folder_find_role(t, m->account, FOLDER_TRASH, &arena,
	    &trash) || !trash.is_selectable || trash.id == m->folder ||
	    !store_folder_get(t, m->server_folder, &arena, &from) ||
	    from.is_local != trash.is_local)
		return 0;
	return trash.id;
}

uint64_t
store_act_delete(struct store_txn *t, uint64_t message, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;
	uint32_t trash;

	if (!store_message_get(t, message, &arena, &m) || m.folder == 0)
		return 0;
	trash = store_act_delete_target(t, &m);
	return trash ? store_act_move(t, message, trash, now)
	    : store_act_flags(t, message, FLAG_DELETED, 0, now);
}
