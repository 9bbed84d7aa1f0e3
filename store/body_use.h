/* SPDX-License-Identifier: MIT */
/*
 * Who names a body.  Kept in the index as entries (body, user), never as a
 * count, in the same transaction as the row or act itself: after a crash it
 * is right without looking.  Private to store/.
 */
#pragma once

#include "store/schema.h"
#include "store/store.h"

/* Fails with ERR_NOTFOUND when there is no such body.  Body 0 is none. */
void body_use(struct store_txn *t, uint64_t body, enum body_user user,
    uint64_t id);
/* A body without users may be collected. */
void body_unuse(struct store_txn *t, uint64_t body, enum body_user user,
    uint64_t id);
bool body_is_used(struct store_txn *t, uint64_t body);
