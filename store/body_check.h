/* SPDX-License-Identifier: MIT */
/* The part of store_check that reads the bodies.  Private to store/. */
#pragma once

#include "store/store.h"

/*
 * Unpacks every letter and compares it with its hash; `bad` is told of each
 * that is damaged, in the order of their ids, and whether body_repair may
 * make it right.  t is on the bodies and fails only for what is no damage.
 * Progress (may be NULL) is in letters.
 */
typedef void body_bad(void *ctx, uint64_t id, const char *what, bool may_mend);
void body_check(struct store_txn *t, const struct store_progress *progress,
    body_bad *bad, void *ctx);
