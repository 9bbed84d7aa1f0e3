/* SPDX-License-Identifier: MIT */
/*
 * Folders that no server has: the Inbox and Sent of POP3 accounts, and of
 * accounts that only send.  What the user does to letters there the store
 * does at once: no server waits for it.
 */
#pragma once

#include "base/envelope.h"
#include "store/journal.h"
#include "store/store.h"

/* Makes it where it is not yet; returns its id. */
uint32_t local_inbox(struct store_txn *t, uint32_t account);
uint32_t local_sent(struct store_txn *t, uint32_t account);
/* Puts a sent letter into the local Sent folder. */
void local_file(struct store_txn *t, const struct act *act, uint64_t size,
    const struct envelope *envelope, int64_t now);
