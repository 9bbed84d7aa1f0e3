/* SPDX-License-Identifier: MIT */
/* The part of store_check that reads the bodies.  Private to store/. */
#pragma once

#include "store/store.h"

/*
 * Unpacks every letter and compares it with its hash; `bad` is told of each
 * that is damaged, in the order of their ids.  t is on the bodies and fails
 * only for what is no damage.
 */
void body_check(struct store_txn *t,
    void (*bad)(void *ctx, uint64_t id, const char *what), void *ctx);
