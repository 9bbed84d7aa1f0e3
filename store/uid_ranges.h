/* SPDX-License-Identifier: MIT */
/*
 * The UIDs that a folder has here, as ranges that are kept joined while rows
 * come and go: asking for all of them costs what there are of gaps, not of
 * messages.  Private to store/; the question is store_message_uids.
 */
#pragma once

#include "base/uidset.h"
#include "store/store.h"

/* Held by the writer while one follows the other; see uid_ranges_flush. */
void uid_ranges_add(struct store_txn *t, uint32_t folder, uint32_t uid);
void uid_ranges_remove(struct store_txn *t, uint32_t folder, uint32_t uid);
/* Puts what is held; called by store_commit. */
void uid_ranges_flush(struct store_txn *t);
/* Adds all of them to *out. */
void uid_ranges_get(struct store_txn *t, uint32_t folder, struct uidset *out);
