/* SPDX-License-Identifier: MIT */
/*
 * Threads by Message-ID.  The table message_ids knows the thread of every id
 * that a message has or refers to.  A new message joins the thread of the
 * first id that is known: its own (a copy), the one it answers, its
 * references from the nearest to the root; else it begins a thread, named by
 * its own number.  Threads that a late letter would join into one stay
 * apart; the table keeps what is needed to join them.  Private to store/.
 */
#pragma once

#include "base/envelope.h"
#include "store/key.h"
#include "store/store.h"

/* The thread of the new message `id`; writes its ids down. */
uint64_t thread_join(struct store_txn *t, const struct envelope *envelope,
    uint32_t folder, uint64_t id);
/*
 * The message goes, and with it its entry `own` in message_ids; that its id
 * belongs to the thread is not forgotten.
 */
void thread_leave(struct store_txn *t, const struct key *own,
    uint64_t thread);
