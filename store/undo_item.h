/* SPDX-License-Identifier: MIT */
/*
 * One thing that a step changed, as it is stored.  Private to store/.
 */
#pragma once

#include "store/journal.h"
#include "store/key.h"

/*
 * FLAGS, MOVE and KEYWORD: id is the message, which gets back what it had
 * (undo_item_has_message).  Others: the act.
 */
struct undo_item {
	uint64_t step;
	enum act_kind kind;
	uint64_t id;
	/*
	 * FLAGS: bits.  MOVE: the folder it came into, and the one it left.
	 * KEYWORD: 1 for the one that was done.
	 */
	uint32_t added, removed;
	struct span keyword;
};

bool undo_item_has_message(const struct undo_item *item);
/* Writes it in the place of an older one of the same thing. */
void undo_item_put(struct store_txn *t, const struct undo_item *item);
void undo_item_drop(struct store_txn *t, const struct undo_item *item);
/* Finds one of item->step, kind, id and keyword. */
bool undo_item_find(struct store_txn *t, const struct undo_item *item,
    struct arena *arena, struct undo_item *out);
/* The first one of the step at or behind *at, which is moved behind it. */
bool undo_item_next(struct store_txn *t, uint64_t step, struct key *at,
    struct arena *arena, struct undo_item *out);

/*
 * The step that is being noted, made by the first act in it, which is of that
 * kind; 0: none.
 */
uint64_t undo_step(struct store_txn *t, enum act_kind kind);

/* What came of one thing. */
enum undo_outcome { UNDO_OK, UNDO_GONE, UNDO_LEFT };

enum undo_outcome undo_turn_item(struct store_txn *t,
    const struct undo_item *item, bool is_again, int64_t now);
