/* SPDX-License-Identifier: MIT */
/*
 * What the bodies of an account take on disk.  A body that several of its
 * rows and parts name is counted once, because it is there once; one that
 * two accounts name is counted for both, because neither can free it alone.
 * Bodies that only acts name are not counted: nobody may evict them.
 *
 * Changed with the entries of body_uses, in their transaction.  Private to
 * store/; store/budget.h tells.
 */
#pragma once

#include "store/store.h"

/* 0 for an account that is not known. */
uint64_t usage_get(struct store_txn *t, uint32_t account);
void usage_add(struct store_txn *t, uint32_t account, uint64_t octets);
void usage_remove(struct store_txn *t, uint32_t account, uint64_t octets);
/* A writer holds the account that it works on: called by store_commit. */
void usage_flush(struct store_txn *t);

/* What it should be, from body_uses: walks all of them, for checking. */
uint64_t usage_count(struct store_txn *t, uint32_t account);
