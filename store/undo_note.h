/* SPDX-License-Identifier: MIT */
/*
 * What an act tells the step that it is part of, if there is one
 * (store_undo_begin).  A new kind of act needs a function here and an entry
 * in the table of undo.c.  Private to store/.
 */
#pragma once

#include "store/store.h"

/* The user saw these flags change. */
void undo_note_flags(struct store_txn *t, uint64_t message, uint32_t added,
    uint32_t removed);
void undo_note_send(struct store_txn *t, uint64_t act);
