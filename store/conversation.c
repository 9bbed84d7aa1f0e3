/* SPDX-License-Identifier: MIT */
#include "store/conversation.h"

#include "base/cleanup.h"
#include "store/row.h"
#include "store/thread_tree.h"
#include "store/txn.h"

/* Whether a copy of a letter stands for it rather than another. */
static bool
is_better(const struct message *m, const struct message *other,
    uint32_t folder)
{
	bool is_whole = m->body_state == BODY_WHOLE;
	bool is_near = m->folder == folder;

	if (is_whole != (other->body_state == BODY_WHOLE))
		return is_whole;
	if (is_near != (other->folder == folder))
		return is_near;
	return m->id < other->id;
}

/*
 * Reads the row of nodes[0] and those of its copies, which follow it, into
 * one message; how many they are, 0 after a failure.
 */
static size_t
read_letter(struct store_txn *t, const struct thread_node *nodes, size_t n,
    uint32_t folder, struct arena *arena, struct message *out)
{
	struct row best, row;
	size_t copies = 0;

	while (copies < n) {
		if (!row_get(t, nodes[copies].message, &row)) {
			txn_corrupt(t, TABLE_THREAD_MEMBERS);
			return 0;
		}
		if (copies && (row.m.message_id.n == 0 ||
		    !span_eq(row.m.message_id, best.m.message_id)))
			break;
		if (!copies || is_better(&row.m, &best.m, folder))
			best = row;
		copies++;
	}
	best.m.keywords = best.keywords;
	row_copy(&best, arena, out);
	out->depth = nodes[0].depth;
	out->copies = (uint32_t)copies;
	return copies;
}

size_t
store_conversation(struct store_txn *t, uint64_t message, size_t max,
    struct arena *arena, struct message **out)
{
	CLEANUP(arena_fini) struct arena scratch = { 0 };
	struct thread_node *nodes;
	size_t nnodes, n = 0, taken;
	uint64_t thread;
	uint32_t folder;
	struct row row;

	*out = NULL;
	if (!row_get(t, message, &row))
		return 0;
	folder = row.m.folder;
	thread = thread_find(t, row.m.thread);
	nnodes = thread_tree(t, thread, NULL, 0, THREAD_TREE_MAX, &scratch,
	    &nodes);
	if (max > nnodes)
		max = nnodes;
	*out = arena_array(arena, max, sizeof **out);
	for (size_t i = 0; i < nnodes && n < max; i += taken) {
		taken = read_letter(t, nodes + i, nnodes - i, folder, arena,
		    &(*out)[n]);
		if (taken == 0)
			return 0;
		(*out)[n++].thread = thread;
	}
	return n;
}
