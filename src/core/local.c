/* SPDX-License-Identifier: MIT */
/* Local folders; see local.h. */
#include "src/core/local.h"

#include "base/flags.h"
#include "store/folder.h"

static uint32_t
local_folder(struct store_txn *t, uint32_t account, struct span name,
    enum folder_role role)
{
	const struct folder folder = {
		.account = account,
		.name = name,
		.title = name,
		.role = role,
		.is_selectable = true,
		.is_subscribed = true,
		.is_local = true,
	};

	return store_folder_put(t, &folder);
}

uint32_t
local_inbox(struct store_txn *t, uint32_t account)
{
	return local_folder(t, account, SPAN_LIT("Inbox"), FOLDER_INBOX);
}

uint32_t
local_sent(struct store_txn *t, uint32_t account)
{
	return local_folder(t, account, SPAN_LIT("Sent"), FOLDER_SENT);
}

void
local_file(struct store_txn *t, const struct act *act, uint64_t size,
    const struct envelope *envelope, int64_t now)
{
	const struct message_new m = {
		.folder = local_sent(t, act->account),
		.flags = FLAG_SEEN,
		.arrived = now,
		.size = size,
		.envelope = envelope,
		.body = act->body,
		.body_state = BODY_WHOLE,
	};

	store_message_add(t, &m);
}
