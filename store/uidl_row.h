/* SPDX-License-Identifier: MIT */
/* What rows need of the table of UIDLs.  Private to store/. */
#pragma once

#include "store/key.h"
#include "store/uidl.h"

struct key uidl_key(uint32_t account, struct span uidl);
/* The message of that entry was removed here; the entry stays. */
void uidl_forget(struct store_txn *t, const struct key *key,
    uint64_t message);
