/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the journal share: how an act begins, and what it leaves
 * when it has reached a state.  Private to store/.
 */
#pragma once

#include "store/journal.h"

/* A new one with a number of its own; DONE when there is no server to tell. */
struct act act_new(struct store_txn *t, enum act_kind kind, uint32_t account,
    bool is_local, int64_t now);
/*
 * The same, of a message where the server has it, with what tells it when it
 * is gone; the spans are the arena's.
 */
struct act act_new_of(struct store_txn *t, enum act_kind kind,
    const struct message *m, struct arena *arena, int64_t now);

/* The server's folder of the message is local.  Writes nothing. */
bool act_is_local(struct store_txn *t, const struct message *m);

/*
 * The act, which is stored, is in another state; of a message, a copy, a
 * folder.  Its spans are not of the map.
 */
void act_follow_message(struct store_txn *t, const struct act *act);
void act_follow_copy(struct store_txn *t, const struct act *act, int64_t now);
void act_follow_folder(struct store_txn *t, const struct act *act,
    int64_t now);

/*
 * Before an act that FAILED is queued again: makes its effect anew.  NULL, or
 * why that cannot be; the end of a sentence.
 */
const char *act_revive_copy(struct store_txn *t, struct act *act);
const char *act_revive_folder(struct store_txn *t, const struct act *act);

/* Takes a QUEUED act back, with all that follows. */
void act_cancel_queued(struct store_txn *t, uint64_t id, int64_t now);
