/* SPDX-License-Identifier: MIT */
/*
 * A thread as a tree: who answers whom.  RFC 5256 REFERENCES, steps 1 to 4,
 * over all members of a thread in an order of their own (date, Message-ID,
 * references, folder), so that the order of arrival does not matter.  Where
 * it goes its own way:
 *
 * - What a message says of itself (its last reference is its parent) comes
 *   before what others' references say of it, whoever is older.  A message
 *   without references has the parent that others give it.
 * - Further copies of a Message-ID stand next to the first one, at its depth;
 *   answers follow the last of them.  The copies' references do not count.
 * - A missing message, and one outside the wanted folders, gives its place
 *   to its children, also at the root.
 * - Siblings, and the roots, are in the order of their dates.
 *
 * Time is n log n over members and references, whatever they say.  Private
 * to store/.
 */
#pragma once

#include "base/arena.h"
#include "store/thread.h"

enum {
	THREAD_TREE_MAX = 10000,	/* members; more are given flat */
	THREAD_DEPTH_MAX = 200,		/* deeper ones are shown there */
};

struct thread_node {
	uint64_t message;
	uint32_t folder;
	int64_t date;
	uint16_t depth;		/* 0: a root */
};

/*
 * The first max members in tree order that are in one of the folders
 * (nfolders 0: in any) into *out, in the arena.  Of a thread of more than
 * THREAD_TREE_MAX members the newest max of them, newest last, at depth 0.
 */
size_t thread_tree(struct store_txn *t, uint64_t thread,
    const uint32_t *folders, size_t nfolders, size_t max,
    struct arena *arena, struct thread_node **out);
