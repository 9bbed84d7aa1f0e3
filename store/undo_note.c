/* SPDX-License-Identifier: MIT */
/*
 * A step keeps what it changed in all: there and back within one step is no
 * change.
 */
#include "store/undo_note.h"

#include "base/cleanup.h"
#include "store/undo_item.h"

void
undo_note_flags(struct store_txn *t, uint64_t message, uint32_t added,
    uint32_t removed)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct undo_item new = { .step = undo_step(t, ACT_FLAGS),
		.kind = ACT_FLAGS, .id = message, .added = added,
		.removed = removed }, old;

	if (new.step == 0)
		return;
	if (undo_item_find(t, &new, &arena, &old)) {
		new.added = (old.added & ~removed) | (added & ~old.removed);
		new.removed = (old.removed & ~added) | (removed & ~old.added);
	}
	undo_item_put(t, &new);
}

void
undo_note_move(struct store_txn *t, uint64_t message, uint32_t from,
    uint32_t to)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct undo_item new = { .step = undo_step(t, ACT_MOVE),
		.kind = ACT_MOVE, .id = message, .added = to,
		.removed = from }, old;

	if (new.step == 0)
		return;
	if (undo_item_find(t, &new, &arena, &old))
		new.removed = old.removed;
	undo_item_put(t, &new);
}

void
undo_note_keyword(struct store_txn *t, uint64_t message, struct span keyword,
    bool added)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct undo_item new = { .step = undo_step(t, ACT_KEYWORD),
		.kind = ACT_KEYWORD, .id = message, .added = added,
		.removed = !added, .keyword = keyword }, old;

	if (new.step == 0)
		return;
	/* The second one can only be the opposite of the first. */
	if (undo_item_find(t, &new, &arena, &old))
		undo_item_drop(t, &old);
	else
		undo_item_put(t, &new);
}

void
undo_note_act(struct store_txn *t, enum act_kind kind, uint64_t act)
{
	struct undo_item item = { .step = undo_step(t, kind), .kind = kind,
		.id = act };

	if (item.step)
		undo_item_put(t, &item);
}
