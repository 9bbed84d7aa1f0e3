/* SPDX-License-Identifier: MIT */
/*
 * Threads as mail arrives in any order, against their slow twin
 * (letters.h), and against a count of everything in the tables.
 */
#include "tests/store/letters.h"

#include "store/conversation.h"
#include "store/txn.h"

static void
shuffle(size_t *order, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = any_below((uint32_t)i), other = order[j];

		order[j] = order[i - 1];
		order[i - 1] = other;
	}
}

/* Adds those that are not there in a random order, in several commits. */
static void
add_all(struct letters *w)
{
	size_t order[LETTERS_MAX];
	struct store_txn t = scratch_write(&w->s);

	for (size_t i = 0; i < w->n; i++)
		order[i] = i;
	shuffle(order, w->n);
	for (size_t i = 0; i < w->n; i++) {
		if (any_below(30) == 0) {
			scratch_commit(&t);
			t = scratch_write(&w->s);
		}
		if (!w->l[order[i]].stored)
			letter_add(w, &t, &w->l[order[i]]);
	}
	scratch_commit(&t);
}

static void
empty_table(struct store_txn *t, enum table table)
{
	struct key at = { 0 };
	struct span key, value;

	while (txn_seek(t, table, &at, &key, &value)) {
		struct key first = { 0 };

		key_bytes(&first, key);
		txn_del(t, table, &first);
	}
}

/* As after a rebuild without letters: what was joined is forgotten. */
static void
remove_all(struct letters *w)
{
	struct store_txn t = scratch_write(&w->s);

	for (size_t i = 0; i < w->n; i++) {
		store_message_remove(&t, w->l[i].stored);
		w->l[i].stored = 0;
	}
	cr_assert_eq(txn_count(&t, TABLE_THREAD_MEMBERS), 0);
	cr_assert_eq(txn_count(&t, TABLE_THREADS), 0);
	cr_assert_eq(txn_count(&t, TABLE_SUBJECTS), 0);
	empty_table(&t, TABLE_MESSAGE_IDS);
	empty_table(&t, TABLE_THREAD_LINKS);
	scratch_commit(&t);
}

static uint64_t
thread_of(struct store_txn *t, const struct letter *l)
{
	struct row row;

	cr_assert(row_get(t, l->stored, &row), "%s", t->error.text);
	return thread_find(t, row.m.thread);
}

/* Letters are of one thread just when their labels are the same. */
static void
expect_partition(struct letters *w, struct store_txn *t,
    const int labels[LETTERS_MAX])
{
	uint64_t threads[LETTERS_MAX];

	for (size_t i = 0; i < w->n; i++)
		threads[i] = w->l[i].stored ? thread_of(t, &w->l[i]) : 0;
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < i; j++)
			if (threads[i] && threads[j])
				cr_assert_eq(threads[i] == threads[j],
				    labels[i] == labels[j],
				    "letters %zu and %zu", j, i);
}

static void
expect_tree(struct letters *w, struct store_txn *t,
    const int labels[LETTERS_MAX], size_t letter, unsigned mask)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct twin_node twin[LETTERS_MAX];
	bool wanted[LETTER_FOLDERS];
	uint32_t folders[LETTER_FOLDERS];
	struct thread_node *tree;
	size_t nfolders = 0, n, max = 1 + any_below(LETTERS_MAX);

	for (unsigned i = 0; i < LETTER_FOLDERS; i++) {
		wanted[i] = mask == 0 || mask >> i & 1;
		if (mask >> i & 1)
			folders[nfolders++] = w->folders[i];
	}
	n = twin_tree(w, labels, labels[letter], wanted, twin);
	if (n > max)
		n = max;
	cr_assert_eq(thread_tree(t, thread_of(t, &w->l[letter]), folders,
	    nfolders, max, &arena, &tree), n, "%s", t->error.text);
	for (size_t i = 0; i < n; i++) {
		const struct letter *l = &w->l[twin[i].letter];

		cr_assert_eq(tree[i].message, l->stored, "node %zu", i);
		cr_assert_eq(tree[i].depth, twin[i].depth, "node %zu", i);
		cr_assert_eq(tree[i].date, l->date);
		cr_assert_eq(tree[i].folder, w->folders[l->folder]);
	}
}

static bool
is_newest(struct letters *w, struct store_txn *t, size_t letter)
{
	const struct letter *l = &w->l[letter];
	uint64_t thread = thread_of(t, l);

	for (size_t i = 0; i < w->n; i++) {
		const struct letter *m = &w->l[i];

		if (m->stored && m->folder == l->folder &&
		    thread_of(t, m) == thread && (m->date > l->date ||
		    (m->date == l->date && m->stored > l->stored)))
			return false;
	}
	return true;
}

/* What the tables hold follows from the rows and their threads. */
static void
expect_tables(struct letters *w, struct store_txn *t)
{
	uint64_t members = 0, threads = 0, subjects = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct letter *l = &w->l[i];
		struct thread_member m = { .at = { l->date, l->stored } };
		struct message_spot newest;
		struct key key;
		struct span value;
		struct row row;

		if (!l->stored)
			continue;
		m.thread = thread_of(t, l);
		m.folder = w->folders[l->folder];
		key = thread_member_key(&m);
		cr_assert(txn_has(t, TABLE_THREAD_MEMBERS, &key));
		members++;
		row_get(t, l->stored, &row);
		key = thread_subject_key(&row);
		cr_assert(!key.n || txn_has(t, TABLE_SUBJECTS, &key));
		subjects += key.n > 0;
		if (!is_newest(w, t, i))
			continue;
		key = row_date_key(m.folder, l->date, l->stored);
		cr_assert(txn_get(t, TABLE_THREADS, &key, &value));
		cr_assert_eq(thread_find(t, thread_of_value(value,
		    l->stored)), m.thread);
		cr_assert(thread_newest(t, m.thread, m.folder, &newest));
		cr_assert_eq(newest.id, l->stored);
		threads++;
	}
	cr_assert_eq(txn_count(t, TABLE_THREAD_MEMBERS), members);
	cr_assert_eq(txn_count(t, TABLE_THREADS), threads);
	cr_assert_eq(txn_count(t, TABLE_SUBJECTS), subjects);
}

static void
expect_all(struct letters *w, const int labels[LETTERS_MAX])
{
	struct store_txn t = scratch_read(&w->s);

	expect_partition(w, &t, labels);
	expect_tables(w, &t);
	for (size_t i = 0; i < w->n; i++)
		if (w->l[i].stored)
			expect_tree(w, &t, labels, i, any_below(2)
			    ? any_below(1 << LETTER_FOLDERS) : 0);
	scratch_commit(&t);
}

enum { SOME_REFS = 8 };

/* Anything at all: loops, copies, missing parents, subjects, names. */
static void
any_letter(struct letter *l, int nids)
{
	*l = (struct letter){
		.id = any_below(8) ? 1 + (int)any_below((uint32_t)nids) : 0,
		.nrefs = any_below(3) ? any_below(SOME_REFS) : 0,
		.date = (int64_t)any_below(12) * 10 * DAY + any_below(2),
		.folder = (int)any_below(LETTER_FOLDERS),
		.subject = (int)any_below(4),
		.from = (int)any_below(3),
		.to = (int)any_below(3),
		.is_reply = any_below(2),
		.is_forward = any_below(3) == 0,
		.server_thread = any_below(8) ? 0 : 1 + (int)any_below(3),
	};
	for (size_t i = 0; i < l->nrefs; i++)
		l->refs[i] = 1 + (int)any_below((uint32_t)nids);
}

/* One of many that only their subject can join. */
static void
any_subject(struct letter *l)
{
	*l = (struct letter){
		.date = (int64_t)any_below(60) * 5 * DAY,
		.folder = (int)any_below(LETTER_FOLDERS),
		.subject = 1,
		.from = 1 + (int)any_below(2),
		.to = 1 + (int)any_below(2),
		.is_reply = any_below(4) == 0,
		.is_forward = any_below(4) == 0,
	};
}

Test(thread, is_the_same_in_every_order_of_arrival_and_as_its_twin)
{
	enum { ROUNDS = 24, ORDERS = 3 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	int labels[LETTERS_MAX];

	srandom(1);
	letters_init(&w);
	for (int round = 0; round < ROUNDS; round++) {
		int nids = 1 + (int)any_below(LETTER_IDS - 1);

		w.n = 1 + any_below(LETTERS_MAX);
		for (size_t i = 0; i < w.n; i++)
			if (round % 3)
				any_letter(&w.l[i], nids);
			else
				any_subject(&w.l[i]);
		twin_partition(&w, labels);
		for (int i = 0; i < ORDERS; i++) {
			add_all(&w);
			expect_all(&w, labels);
			remove_all(&w);
		}
		scratch_check(&w.s);
	}
}

static void
remove_some(struct letters *w)
{
	struct store_txn t = scratch_write(&w->s);

	for (size_t i = 0; i < w->n; i++) {
		if (!w->l[i].stored || any_below(3))
			continue;
		store_message_remove(&t, w->l[i].stored);
		w->l[i].stored = 0;
	}
	scratch_commit(&t);
}

Test(thread, stays_joined_when_those_that_joined_it_go)
{
	enum { ROUNDS = 20, FIRST = LETTERS_MAX / 2 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	int labels[LETTERS_MAX];

	srandom(2);
	letters_init(&w);
	for (int round = 0; round < ROUNDS; round++) {
		w.n = FIRST;
		for (size_t i = 0; i < LETTERS_MAX; i++) {
			any_letter(&w.l[i], 40);
			/* Later ones do not join by subject those that went. */
			if (i >= FIRST)
				w.l[i].subject = 0;
		}
		add_all(&w);
		remove_some(&w);
		twin_partition(&w, labels);
		expect_all(&w, labels);
		w.n = LETTERS_MAX;
		for (size_t i = FIRST; i < w.n; i++) {
			struct store_txn t = scratch_write(&w.s);

			letter_add(&w, &t, &w.l[i]);
			store_commit(&t, NULL);
		}
		remove_some(&w);
		twin_partition(&w, labels);
		expect_all(&w, labels);
		scratch_check(&w.s);
		remove_all(&w);
	}
}

/* The nearest one above that is in the store; LETTERS_MAX: none. */
static size_t
stored_above(const struct letters *w, const size_t *parents, size_t i)
{
	do
		i = parents[i];
	while (i != LETTERS_MAX && !w->l[i].stored);
	return i;
}

static void
plant_below(const struct letters *w, const size_t *parents, size_t above,
    int depth, struct twin_node *out, size_t *n)
{
	for (size_t i = 0; i < w->n; i++) {
		if (!w->l[i].stored || stored_above(w, parents, i) != above)
			continue;
		out[(*n)++] = (struct twin_node){ i, depth };
		plant_below(w, parents, i, depth + 1, out, n);
	}
}

/* Mail as it should be: each answer has its parent's references and id. */
static void
plant(struct letters *w, size_t parents[LETTERS_MAX])
{
	w->n = LETTERS_MAX;
	for (size_t i = 0; i < w->n; i++) {
		struct letter *l = &w->l[i];
		uint32_t reach = i < 3 ? (uint32_t)i : 3;

		*l = (struct letter){
			.id = (int)i + 1,
			.date = (int64_t)i,
			.folder = (int)any_below(LETTER_FOLDERS),
		};
		parents[i] = i ? i - 1 - any_below(reach) : LETTERS_MAX;
		if (i == 0)
			continue;
		memcpy(l->refs, w->l[parents[i]].refs, sizeof l->refs);
		l->nrefs = w->l[parents[i]].nrefs;
		l->refs[l->nrefs++] = (int)parents[i] + 1;
	}
}

static void
expect_planted(struct letters *w, const size_t parents[LETTERS_MAX])
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct twin_node twin[LETTERS_MAX];
	struct thread_node *tree;
	size_t n = 0, last = w->n - 1;
	struct store_txn t = scratch_read(&w->s);

	while (!w->l[last].stored)
		last--;
	plant_below(w, parents, LETTERS_MAX, 0, twin, &n);
	cr_assert_eq(thread_tree(&t, thread_of(&t, &w->l[last]), NULL, 0,
	    LETTERS_MAX, &arena, &tree), n);
	for (size_t i = 0; i < n; i++) {
		cr_assert_eq(letter_of(w, tree[i].message), twin[i].letter);
		cr_assert_eq(tree[i].depth, twin[i].depth);
	}
	scratch_commit(&t);
}

Test(thread, of_well_formed_mail_is_the_tree_that_it_was_written_in)
{
	enum { ROUNDS = 20 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	size_t parents[LETTERS_MAX];

	srandom(3);
	letters_init(&w);
	for (int round = 0; round < ROUNDS; round++) {
		plant(&w, parents);
		add_all(&w);
		expect_planted(&w, parents);
		remove_some(&w);
		expect_planted(&w, parents);
		remove_all(&w);
	}
}

/* Adds letters one by one; which of them are in the first one's thread. */
static unsigned
with_first(struct letters *w, const struct letter *letters, size_t n)
{
	unsigned with = 0;
	struct store_txn t = scratch_write(&w->s);

	memcpy(w->l, letters, n * sizeof *letters);
	w->n = n;
	for (size_t i = 0; i < n; i++)
		letter_add(w, &t, &w->l[i]);
	for (size_t i = 0; i < n; i++)
		if (thread_of(&t, &w->l[i]) == thread_of(&t, &w->l[0]))
			with |= 1u << i;
	scratch_commit(&t);
	return with;
}

Test(thread, joins_an_answer_without_references_by_subject_and_people)
{
	CLEANUP(letters_fini) struct letters w = { 0 };
	const int64_t days = THREAD_SUBJECT_SECONDS;
	const struct letter letters[] = {
		{ .subject = 1, .from = 1, .to = 2, .date = 0 },
		{ .subject = 1, .from = 2, .to = 1, .date = days,
			.is_reply = true },
		/* Too late, even for what joined the first. */
		{ .subject = 1, .from = 1, .to = 2, .date = 2 * days + 1,
			.is_reply = true },
		/* Older than what it would answer. */
		{ .subject = 1, .from = 2, .to = 1, .date = -1,
			.is_reply = true },
		{ .subject = 1, .from = 3, .to = 1, .date = 1,
			.is_reply = true },
		{ .subject = 2, .from = 2, .to = 1, .date = 1,
			.is_reply = true },
		/* Not an answer: joined by the answer behind it. */
		{ .subject = 1, .from = 1, .to = 2, .date = 2 },
		/* Not an answer, and nothing answers it. */
		{ .subject = 1, .from = 1, .to = 2, .date = -40 * DAY },
		/* Refers to something. */
		{ .subject = 1, .from = 2, .to = 1, .date = 1,
			.is_reply = true, .refs = { 9 }, .nrefs = 1 },
		{ .subject = 1, .from = 2, .date = 1, .is_reply = true },
	};

	letters_init(&w);
	cr_expect_eq(with_first(&w, letters, ARRAY_LEN(letters)), 0x43);
}

Test(thread, is_not_joined_by_subject_by_a_letter_that_is_forwarded)
{
	const struct letter letters[] = {
		{ .subject = 1, .from = 1, .to = 2 },
		{ .subject = 1, .from = 1, .to = 2, .date = 1,
			.is_forward = true },
		{ .subject = 1, .from = 2, .to = 1, .date = 2,
			.is_forward = true },
	};
	const struct letter answered[] = {
		{ .subject = 1, .from = 1, .to = 2, .is_forward = true },
		{ .subject = 1, .from = 2, .to = 1, .date = 1,
			.is_reply = true, .is_forward = true },
	};

	for (int i = 0; i < 8; i++) {
		CLEANUP(letters_fini) struct letters w = { 0 };
		CLEANUP(letters_fini) struct letters v = { 0 };

		letters_init(&w);
		cr_expect_eq(with_first(&w, letters, ARRAY_LEN(letters)), 1);
		letters_init(&v);
		cr_expect_eq(with_first(&v, answered, ARRAY_LEN(answered)),
		    3);
	}
}

/* Their rows are missing, which whoever reads one would see. */
Test(thread, of_an_answer_is_found_without_the_rows_of_others_like_it)
{
	CLEANUP(letters_fini) struct letters w = { 0 };
	struct letter first = { .subject = 1, .from = 1, .to = 2 };
	struct letter answer = { .subject = 1, .from = 2, .to = 1,
		.date = 3, .is_reply = true };
	struct letter others[] = {
		{ .subject = 1, .from = 3, .to = 1, .date = 1 },
		{ .subject = 1, .from = 1, .to = 4, .date = 1 },
		{ .subject = 1, .from = 3, .to = 4, .date = 2,
			.is_reply = true },
		{ .subject = 1, .date = 2 },
	};
	struct store_txn t;

	letters_init(&w);
	t = scratch_write(&w.s);
	letter_add(&w, &t, &first);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct key row;

		letter_add(&w, &t, &others[i]);
		row = key_of_u64(others[i].stored);
		cr_assert(txn_del(&t, TABLE_ROWS, &row));
	}
	letter_add(&w, &t, &answer);
	cr_expect_eq(thread_of(&t, &answer), thread_of(&t, &first));
	scratch_commit(&t);
}

Test(thread, of_a_server_is_its_own_in_each_account)
{
	CLEANUP(letters_fini) struct letters w = { 0 };
	const struct letter letters[] = {
		{ .id = 1, .server_thread = 7 },
		{ .id = 2, .server_thread = 7, .refs = { 5 }, .nrefs = 1 },
		{ .id = 3, .server_thread = 8, .refs = { 1 }, .nrefs = 1 },
		{ .id = 4, .server_thread = 7, .folder = 2 },
		/* An account whose server says nothing. */
		{ .id = 6, .refs = { 2 }, .nrefs = 1, .folder = 3 },
		{ .id = 7, .refs = { 5 }, .nrefs = 1, .folder = 3 },
	};

	letters_init(&w);
	cr_expect_eq(with_first(&w, letters, ARRAY_LEN(letters)), 0x13);
}

Test(conversation, holds_each_letter_once_wherever_it_lies)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(letters_fini) struct letters w = { 0 };
	const struct letter letters[] = {
		{ .id = 1, .date = 1, .folder = 0 },
		{ .id = 2, .date = 2, .folder = 1, .refs = { 1 }, .nrefs = 1 },
		{ .id = 1, .date = 1, .folder = 2 },
		{ .id = 3, .date = 3, .folder = 2, .refs = { 1, 2 },
			.nrefs = 2 },
		{ .id = 3, .date = 3, .folder = 3, .refs = { 1, 2 },
			.nrefs = 2 },
		{ .date = 4, .folder = 0, .refs = { 2 }, .nrefs = 1 },
		{ .date = 4, .folder = 0, .refs = { 2 }, .nrefs = 1 },
		{ .id = 8, .date = 4, .folder = 0 },
	};
	static const struct { int letter; unsigned copies, depth; }
	    expected[] = { { 2, 2, 0 }, { 1, 1, 1 }, { 3, 2, 2 }, { 5, 1, 2 },
		{ 6, 1, 2 } };
	struct message *list;
	uint64_t body;
	struct store_txn t;

	letters_init(&w);
	body = scratch_body(&w.s, SPAN_LIT("Subject: x\r\n\r\n"));
	cr_expect_eq(with_first(&w, letters, ARRAY_LEN(letters)), 0x7f);
	t = scratch_write(&w.s);
	/* The root's copy in the other account has the letter itself. */
	store_message_set_body(&t, w.l[2].stored, body, BODY_WHOLE,
	    SPAN_LIT(""));
	scratch_commit(&t);
	t = scratch_read(&w.s);
	cr_assert_eq(store_conversation(&t, w.l[3].stored, 9, &arena, &list),
	    ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		cr_expect_eq(list[i].id, w.l[expected[i].letter].stored);
		cr_expect_eq(list[i].copies, expected[i].copies);
		cr_expect_eq(list[i].depth, expected[i].depth);
	}
	/* Asked from the other folder, its copy stands for the letter. */
	cr_assert_eq(store_conversation(&t, w.l[4].stored, 3, &arena, &list),
	    3);
	cr_expect_eq(letter_of(&w, list[2].id), 4);
	cr_expect_eq(store_conversation(&t, w.l[7].stored, 9, &arena, &list),
	    1);
	cr_expect_eq(store_conversation(&t, 99, 9, &arena, &list), 0);
	scratch_commit(&t);
}
