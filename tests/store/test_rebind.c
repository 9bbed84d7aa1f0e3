/* SPDX-License-Identifier: MIT */
/* Messages whose server gave its folder new numbers. */
#include "tests/store/moves.h"

static struct moves w;

static void
setup(void)
{
	moves_init(&w);
}

static void
teardown(void)
{
	moves_fini(&w);
}

TestSuite(rebind, .init = setup, .fini = teardown);

/* The server has new numbers in the folder; `max` rows at a time. */
static unsigned
unbind(uint32_t folder, size_t max)
{
	unsigned rounds = 0;
	bool has_more;

	do {
		struct store_txn t = scratch_write(&w.s);

		has_more = store_folder_unbind(&t, folder, max);
		scratch_commit(&t);
		scratch_check(&w.s);
		rounds++;
	} while (has_more);
	return rounds;
}

static bool
rebind(uint32_t folder, uint32_t uid, const char *message_id, uint64_t size)
{
	struct store_txn t = scratch_write(&w.s);
	bool is_known = store_message_rebind(&t, folder, (struct uid){ uid },
	    span_of(message_id), size);

	scratch_commit(&t);
	scratch_check(&w.s);
	return is_known;
}

Test(rebind, keeps_the_letters_of_a_folder_that_got_new_numbers)
{
	uint64_t a = moves_arrives(&w, w.inbox, 7, "a@x", 100);
	uint64_t b = moves_arrives(&w, w.inbox, 8, "b@x", 100);
	uint64_t c = moves_arrives(&w, w.archive, 8, "c@x", 100);

	cr_expect_eq(unbind(w.inbox, 1), 3);
	moves_expect(&w, a, w.inbox, w.inbox, 0);
	moves_expect(&w, b, w.inbox, w.inbox, 0);
	moves_expect(&w, c, w.archive, w.archive, 8);
	moves_expect_total(&w, w.inbox, 2);
	cr_expect_eq(moves_by_uid(&w, w.inbox, 7), 0);
}

Test(rebind, gives_a_letter_its_new_number_by_what_tells_it_apart)
{
	uint64_t a = moves_arrives(&w, w.inbox, 7, "a@x", 100);
	uint64_t b = moves_arrives(&w, w.inbox, 8, "b@x", 100);

	unbind(w.inbox, 100);
	cr_expect(rebind(w.inbox, 1, "b@x", 100));
	cr_expect(rebind(w.inbox, 1, "b@x", 100), "told twice");
	cr_expect_not(rebind(w.inbox, 2, "a@x", 101), "another size");
	cr_expect_not(rebind(w.inbox, 2, "z@x", 100), "another letter");
	cr_expect_not(rebind(w.inbox, 2, "", 100), "it cannot be told");
	cr_expect_not(rebind(w.archive, 2, "a@x", 100), "another folder");
	moves_expect(&w, b, w.inbox, w.inbox, 1);
	moves_expect(&w, a, w.inbox, w.inbox, 0);
	cr_expect(rebind(w.inbox, 2, "a@x", 0), "a size that is not told");
	moves_expect(&w, a, w.inbox, w.inbox, 2);
}

Test(rebind, leaves_what_the_user_wants_on_the_letter)
{
	uint64_t a = moves_arrives(&w, w.inbox, 7, "a@x", 100);
	uint64_t moved = moves_arrives(&w, w.inbox, 8, "b@x", 100);
	uint64_t act = moves_move(&w, moved, w.archive);

	moves_flags(&w, a, FLAG_FLAGGED, 0);
	unbind(w.inbox, 100);
	cr_expect(rebind(w.inbox, 3, "a@x", 100));
	cr_expect(rebind(w.inbox, 4, "b@x", 100));
	moves_expect(&w, a, w.inbox, w.inbox, 3);
	cr_expect_eq(moves_get(&w, a).flags, FLAG_FLAGGED);
	moves_expect(&w, moved, w.archive, w.inbox, 4);
	moves_become(&w, act, ACT_SENT);
	moves_become(&w, act, ACT_DONE);
	moves_expect(&w, moved, w.archive, w.archive, 0);
}

Test(rebind, knows_that_a_letter_leaves_once_the_server_was_told)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_move(&w, id, w.archive);
	struct store_txn t = scratch_read(&w.s);

	cr_expect_not(store_message_is_leaving(&t, id), "it is queued");
	scratch_commit(&t);
	moves_become(&w, act, ACT_SENT);
	t = scratch_read(&w.s);
	cr_expect(store_message_is_leaving(&t, id));
	scratch_commit(&t);
	moves_become(&w, act, ACT_DONE);
	t = scratch_read(&w.s);
	cr_expect_not(store_message_is_leaving(&t, id), "it has left");
	scratch_commit(&t);
}
