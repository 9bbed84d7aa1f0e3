/* SPDX-License-Identifier: MIT */
/* Writing the change log; reading it is store/change.h.  Private to store/. */
#pragma once

#include "store/change.h"

/* Notes a change; it is put with others, at commit at the latest. */
void change_log_add(struct store_txn *t, enum change_kind kind,
    uint32_t account, uint32_t folder, uint64_t id);
/* Puts what was noted.  Called by store_commit. */
void change_log_flush(struct store_txn *t);
