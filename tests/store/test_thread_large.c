/* SPDX-License-Identifier: MIT */
/*
 * Threads that are large, long or deep, and such as no letters make: they
 * cost what they must and no stack.
 */
#include "tests/store/letters.h"

#include <stdio.h>

#include "store/conversation.h"
#include "store/txn.h"

/* A letter of a large thread; ids are numbers. */
static uint64_t
add_numbered(struct letters *w, struct store_txn *t, int folder, unsigned id,
    const unsigned *refs, size_t nrefs)
{
	static char texts[ENVELOPE_REFERENCES_MAX + 1][16];
	struct span spans[ENVELOPE_REFERENCES_MAX];
	struct envelope e = {
		.date = (int64_t)id,
		.references = spans,
		.nreferences = nrefs,
	};
	struct message_new m = {
		.folder = w->folders[folder],
		.arrived = DATE_NONE,
		.envelope = &e,
	};

	for (size_t i = 0; i < nrefs; i++) {
		snprintf(texts[i], sizeof texts[i], "%u@n", refs[i]);
		spans[i] = span_of(texts[i]);
	}
	snprintf(texts[nrefs], sizeof texts[nrefs], "%u@n", id);
	e.message_id = span_of(texts[nrefs]);
	return store_message_add(t, &m);
}

Test(thread, takes_a_hundred_thousand_references)
{
	enum { LETTERS = 200, POOL = 5000 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	unsigned refs[ENVELOPE_REFERENCES_MAX];
	uint64_t ids[LETTERS];
	struct thread_node *tree;
	struct store_txn t;
	struct row row;

	letters_init(&w);
	t = scratch_write(&w.s);
	for (unsigned i = 0; i < LETTERS; i++) {
		for (size_t j = 0; j < ARRAY_LEN(refs); j++)
			refs[j] = 1 + any_below(POOL);
		refs[3] = 1;
		ids[i] = add_numbered(&w, &t, 0, i + 2, refs,
		    ARRAY_LEN(refs));
		cr_assert(row_get(&t, ids[i], &row));
		cr_assert_eq(row.references.n, 8 * ROW_REFERENCES_MAX);
	}
	row_get(&t, ids[0], &row);
	cr_expect_eq(thread_tree(&t, thread_find(&t, row.m.thread), NULL, 0,
	    LETTERS, &arena, &tree), LETTERS);
	for (size_t i = 0; i < LETTERS; i++)
		store_message_remove(&t, ids[i]);
	cr_expect_eq(txn_count(&t, TABLE_THREADS), 0);
	scratch_commit(&t);
	scratch_check(&w.s);
}

/* The bits of i the other way round: neighbours come last. */
static unsigned
reversed(unsigned i, int bits)
{
	unsigned r = 0;

	for (; bits > 0; bits--, i >>= 1)
		r = r << 1 | (i & 1);
	return r;
}

Test(thread, joins_a_long_chain_whose_links_come_last)
{
	enum { BITS = 12, LETTERS = 1 << BITS };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	struct thread_node *tree;
	uint64_t ids[LETTERS], thread;
	struct store_txn t;
	struct row row;

	letters_init(&w);
	t = scratch_write(&w.s);
	for (unsigned i = 0; i < LETTERS; i++) {
		unsigned id = 1 + reversed(i, BITS), parent = id - 1;

		ids[id - 1] = add_numbered(&w, &t, 0, id, &parent, id > 1);
	}
	cr_expect_eq(txn_count(&t, TABLE_THREADS), 1);
	row_get(&t, ids[0], &row);
	thread = thread_find(&t, row.m.thread);
	cr_assert_eq(thread_tree(&t, thread, NULL, 0, LETTERS, &arena, &tree),
	    LETTERS);
	for (size_t i = 0; i < LETTERS; i++) {
		cr_assert_eq(tree[i].message, ids[i]);
		cr_assert_eq(tree[i].depth,
		    i < THREAD_DEPTH_MAX ? i : THREAD_DEPTH_MAX);
	}
	/* From the newest on: each time another one stands for it. */
	for (size_t i = LETTERS; i-- > 0; )
		store_message_remove(&t, ids[i]);
	cr_expect_eq(txn_count(&t, TABLE_THREAD_MEMBERS), 0);
	cr_expect_eq(txn_count(&t, TABLE_THREADS), 0);
	scratch_commit(&t);
	scratch_check(&w.s);
}

Test(thread, of_missing_messages_may_be_as_deep_as_it_likes)
{
	enum { LETTERS = 1000, STEP = ROW_REFERENCES_MAX - 1 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	struct thread_node *tree;
	uint64_t last = 0;
	struct store_txn t;
	struct row row;

	letters_init(&w);
	t = scratch_write(&w.s);
	for (unsigned i = 0; i < LETTERS; i++) {
		unsigned refs[ROW_REFERENCES_MAX];

		for (unsigned j = 0; j <= STEP; j++)
			refs[j] = 2 * LETTERS + i * STEP + j;
		last = add_numbered(&w, &t, 0, i + 1, refs, ARRAY_LEN(refs));
	}
	row_get(&t, last, &row);
	cr_assert_eq(thread_tree(&t, thread_find(&t, row.m.thread), NULL, 0,
	    LETTERS, &arena, &tree), LETTERS);
	for (size_t i = 0; i < LETTERS; i++)
		cr_assert_eq(tree[i].depth, 0);
	scratch_commit(&t);
}

Test(thread, too_large_for_a_tree_is_given_flat_from_its_newest)
{
	enum { LETTERS = THREAD_TREE_MAX + 1, PAGE = 50 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	const unsigned root = 1;
	struct thread_node *tree;
	uint64_t first = 0;
	struct store_txn t;
	struct message *list;
	struct row row;

	letters_init(&w);
	t = scratch_write(&w.s);
	for (unsigned i = 0; i < LETTERS; i++) {
		uint64_t id = add_numbered(&w, &t, i % 2, i + 2, &root, 1);

		first = first ? first : id;
	}
	row_get(&t, first, &row);
	cr_assert_eq(thread_tree(&t, thread_find(&t, row.m.thread), NULL, 0,
	    PAGE, &arena, &tree), PAGE);
	for (size_t i = 0; i < PAGE; i++) {
		cr_assert_eq(tree[i].date, LETTERS + 2 - PAGE + (int)i);
		cr_assert_eq(tree[i].depth, 0);
	}
	cr_assert_eq(thread_tree(&t, thread_find(&t, row.m.thread),
	    &w.folders[1], 1, PAGE, &arena, &tree), PAGE);
	cr_assert_eq(tree[PAGE - 1].folder, w.folders[1]);
	cr_assert_eq(tree[0].date, tree[PAGE - 1].date - 2 * (PAGE - 1));
	cr_assert_eq(store_conversation(&t, first, PAGE, &arena, &list), PAGE);
	scratch_commit(&t);
}

Test(thread, whose_links_run_in_a_ring_is_damage)
{
	CLEANUP(letters_fini) struct letters w = { 0 };
	struct key a = key_of_u64(1), b = key_of_u64(2);
	struct store_txn t;

	letters_init(&w);
	t = scratch_write(&w.s);
	txn_put(&t, TABLE_THREAD_LINKS, &a, key_span(&b));
	txn_put(&t, TABLE_THREAD_LINKS, &b, key_span(&a));
	thread_find(&t, 1);
	cr_expect_eq(t.error.kind, ERR_CORRUPT);
	store_end(&t);
}
