/* SPDX-License-Identifier: MIT */
/*
 * Who names a body.  Kept in the index as entries (body, account, user),
 * never as a count, in the same transaction as the row, part or act itself:
 * after a crash it is right without looking.  Each entry says what the body
 * takes on disk, so that the usage of the account can be told from these
 * entries alone.  Private to store/.
 */
#pragma once

#include "store/key.h"
#include "store/schema.h"
#include "store/store.h"

/* The entry in body_uses. */
struct key body_use_key(uint64_t body, uint32_t account, enum body_user user,
    uint64_t id);

/*
 * How long the letter or part is; fails with ERR_NOTFOUND when there is no
 * such body.
 */
uint64_t body_size(struct store_txn *t, uint64_t body);
/*
 * Fails with ERR_NOTFOUND when there is no such body.  Body 0 is none, and a
 * use that is noted already stays as it is.
 */
void body_use(struct store_txn *t, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id);
/* A body without users may be collected. */
void body_unuse(struct store_txn *t, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id);
bool body_is_used(struct store_txn *t, uint64_t body);
/*
 * It is used, and by nothing that a server could be asked for once more: no
 * message with a UID, known or not, no part of one.
 */
bool body_is_last_copy(struct store_txn *t, uint64_t body);
