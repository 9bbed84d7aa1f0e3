/* SPDX-License-Identifier: MIT */
/*
 * Wants: bodies that somebody is waiting for.  The screen writes one, the
 * sync thread sees it, fetches, and takes it off.  Newest wish first.
 */
#pragma once

#include "store/store.h"

/* Nothing happens when the body is already here. */
void store_want_body(struct store_txn *t, uint64_t message);
void store_want_done(struct store_txn *t, uint64_t message);
/* Up to max message ids of the account, the last wish first. */
size_t store_wants(struct store_txn *t, uint32_t account, uint64_t *ids,
    size_t max);
/* Drops all wishes of the account: at start, they are of an earlier life. */
void store_wants_clear(struct store_txn *t, uint32_t account);
