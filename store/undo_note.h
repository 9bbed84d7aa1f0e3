/* SPDX-License-Identifier: MIT */
/*
 * What an act tells the step that it is part of, if there is one
 * (store_undo_begin).  How each kind of act is taken back: undo_turn.c.
 * Private to store/.
 */
#pragma once

#include "base/act.h"
#include "store/store.h"

/* The user saw these flags change. */
void undo_note_flags(struct store_txn *t, uint64_t message, uint32_t added,
    uint32_t removed);
/* The user saw the message go from one folder into another. */
void undo_note_move(struct store_txn *t, uint64_t message, uint32_t from,
    uint32_t to);
void undo_note_keyword(struct store_txn *t, uint64_t message,
    struct span keyword, bool added);
/* An act that is taken back, or done again, as one: not the above. */
void undo_note_act(struct store_txn *t, enum act_kind kind, uint64_t act);
