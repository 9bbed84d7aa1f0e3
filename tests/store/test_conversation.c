/* SPDX-License-Identifier: MIT */
/* Which messages of one Message-ID are one letter, and which are not. */
#include "tests/store/scratch.h"

#include "store/conversation.h"

enum { ADDED_MAX = 5, KERJA = 0, SENT, RUMAH, NFOLDERS };

/* All have one Message-ID. */
struct added {
	int folder;
	const char *from, *subject;
	int64_t date;
	bool has_body;
};

struct world {
	struct scratch s;
	uint64_t ids[ADDED_MAX];
	struct arena arena;
	struct message *list;
	size_t n;
};

static void
world_fini(struct world *w)
{
	arena_fini(&w->arena);
	scratch_fini(&w->s);
}

static void
add_all(struct world *w, const struct added *all, size_t n)
{
	uint32_t kerja, rumah, folders[NFOLDERS];
	uint64_t body;
	struct store_txn t;

	scratch_init(&w->s);
	kerja = scratch_account(&w->s, "kerja");
	rumah = scratch_account(&w->s, "rumah");
	folders[KERJA] = scratch_folder(&w->s, kerja, "INBOX", FOLDER_INBOX,
	    false);
	folders[SENT] = scratch_folder(&w->s, kerja, "Sent", FOLDER_SENT,
	    false);
	folders[RUMAH] = scratch_folder(&w->s, rumah, "INBOX", FOLDER_INBOX,
	    false);
	body = scratch_body(&w->s, SPAN_LIT("Subject: x\r\n\r\n"));
	t = scratch_write(&w->s);
	for (size_t i = 0; i < n; i++) {
		struct address from = { .addr = span_of(all[i].from) };
		struct envelope e = {
			.date = all[i].date,
			.message_id = SPAN_LIT("1@bank.example"),
			.subject = span_of(all[i].subject),
			.from = { &from, from.addr.n != 0 },
		};
		struct message_new m = {
			.folder = folders[all[i].folder],
			.arrived = 1000 + (int64_t)i,
			.envelope = &e,
		};

		w->ids[i] = store_message_add(&t, &m);
		cr_assert_neq(w->ids[i], 0, "%s", t.error.text);
		if (all[i].has_body)
			store_message_set_body(&t, w->ids[i], body,
			    BODY_WHOLE, SPAN_LIT(""));
	}
	scratch_commit(&t);
}

static void
ask(struct world *w, size_t which, size_t max)
{
	struct store_txn t = scratch_read(&w->s);

	w->n = store_conversation(&t, w->ids[which], max, &w->arena,
	    &w->list);
	scratch_commit(&t);
}

/* What stands in the conversation for a message itself; or NULL. */
static const struct message *
entry_of(const struct world *w, size_t which)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->list[i].id == w->ids[which])
			return &w->list[i];
	return NULL;
}

/* The second message is another letter than the first, and has a body. */
static void
expect_both(const struct added pair[2])
{
	CLEANUP(world_fini) struct world w = { 0 };

	add_all(&w, pair, 2);
	for (size_t i = 0; i < 2; i++) {
		ask(&w, i, 9);
		cr_assert_eq(w.n, 2);
		for (size_t k = 0; k < 2; k++) {
			cr_assert_not_null(entry_of(&w, k), "%zu", k);
			cr_expect_eq(entry_of(&w, k)->copies, 1);
			cr_expect_eq(entry_of(&w, k)->depth, 0);
		}
	}
}

Test(conversation, shows_a_letter_beside_one_of_another_sender_with_its_id)
{
	static const struct added pair[] = {
		{ KERJA, "info@bank.example", "Rekening", 10, false },
		{ KERJA, "info@jahat.example", "Rekening", 10, true },
	};

	expect_both(pair);
}

Test(conversation, shows_a_letter_beside_one_of_another_date_with_its_id)
{
	static const struct added pair[] = {
		{ KERJA, "info@bank.example", "Rekening", 10, false },
		{ KERJA, "info@bank.example", "Rekening", 11, true },
	};

	expect_both(pair);
}

Test(conversation, shows_a_letter_beside_one_of_another_subject_with_its_id)
{
	static const struct added pair[] = {
		{ KERJA, "info@bank.example", "Rekening", 10, false },
		{ KERJA, "info@bank.example", "Rekening baru", 10, true },
	};

	expect_both(pair);
}

Test(conversation, holds_copies_in_sent_from_a_list_and_in_accounts_once)
{
	CLEANUP(world_fini) struct world w = { 0 };
	static const struct added all[] = {
		{ SENT, "Ani@X.example", "Rapat", 10, false },
		{ KERJA, "ani@x.example", "[warga] Rapat", 10, false },
		{ RUMAH, "ani@x.example", "Rapat", 10, true },
	};

	add_all(&w, all, ARRAY_LEN(all));
	ask(&w, 1, 9);
	cr_assert_eq(w.n, 1);
	cr_expect_eq(w.list[0].id, w.ids[2]);
	cr_expect_eq(w.list[0].copies, 3);
}

/* Those of one date stand in the order of their folders. */
Test(conversation, holds_copies_once_that_another_letter_stands_between)
{
	CLEANUP(world_fini) struct world w = { 0 };
	static const struct added all[] = {
		{ KERJA, "info@bank.example", "Rekening", 10, false },
		{ KERJA, "info@jahat.example", "Rekening", 10, true },
		{ SENT, "info@jahat.example", "Rekening", 10, true },
		{ RUMAH, "info@bank.example", "Rekening", 10, false },
	};

	add_all(&w, all, ARRAY_LEN(all));
	ask(&w, 3, 9);
	cr_assert_eq(w.n, 2);
	cr_assert_not_null(entry_of(&w, 3));
	cr_expect_eq(entry_of(&w, 3)->copies, 2);
	cr_assert_not_null(entry_of(&w, 1));
	cr_expect_eq(entry_of(&w, 1)->copies, 2);
	/* No more than there is room for; copies of these are counted. */
	ask(&w, 0, 1);
	cr_assert_eq(w.n, 1);
	cr_expect_eq(w.list[0].id, w.ids[0]);
	cr_expect_eq(w.list[0].copies, 2);
}
