/* SPDX-License-Identifier: MIT */
/* Messages whose UID was not told, copies, and what is purged. */
#include "store/body.h"
#include "store/part.h"
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

TestSuite(bind, .init = setup, .fini = teardown);
TestSuite(copy, .init = setup, .fini = teardown);
TestSuite(purge, .init = setup, .fini = teardown);

/* A letter that was moved into the archive, by a server that said no UID. */
static uint64_t
unbound_letter(const char *message_id, uint64_t size)
{
	uint64_t id = moves_arrives(&w, w.inbox, 7, message_id, size);

	moves_become(&w, moves_move(&w, id, w.archive), ACT_DONE);
	return id;
}

Test(bind, happens_when_the_letter_comes_by)
{
	uint64_t id = unbound_letter("a@x", 100);

	cr_expect_neq(moves_arrives(&w, w.archive, 20, "b@x", 100), id);
	cr_expect_neq(moves_arrives(&w, w.archive, 21, "a@x", 99), id);
	cr_expect_neq(moves_arrives(&w, w.trash, 22, "a@x", 100), id);
	cr_expect_neq(moves_arrives(&w, w.archive, 23, "", 100), id);
	moves_expect(&w, id, w.archive, w.archive, 0);
	cr_expect_eq(moves_arrives(&w, w.archive, 24, "a@x", 100), id);
	moves_expect(&w, id, w.archive, w.archive, 24);
	cr_expect_neq(moves_arrives(&w, w.archive, 25, "a@x", 100), id);
}

Test(bind, does_not_need_a_size)
{
	uint64_t id = unbound_letter("a@x", 0);

	cr_expect_eq(moves_arrives(&w, w.archive, 24, "a@x", 100), id);
}

Test(bind, gives_each_of_two_equal_letters_one_uid)
{
	uint64_t one = unbound_letter("a@x", 100);
	uint64_t two = unbound_letter("a@x", 100);
	uint64_t first = moves_arrives(&w, w.archive, 24, "a@x", 100);
	uint64_t second = moves_arrives(&w, w.archive, 25, "a@x", 100);

	cr_expect_neq(one, two);
	cr_expect_neq(first, second);
	cr_expect(first == one || first == two);
	cr_expect(second == one || second == two);
	moves_expect_total(&w, w.archive, 2);
}

Test(bind, finds_what_is_seen_elsewhere_or_nowhere_by_now)
{
	uint64_t moved = unbound_letter("a@x", 100);
	uint64_t purged = unbound_letter("b@x", 100);

	moves_move(&w, moved, w.trash);
	moves_purge(&w, purged);
	cr_expect_eq(moves_arrives(&w, w.archive, 24, "a@x", 100), moved);
	cr_expect_eq(moves_arrives(&w, w.archive, 25, "b@x", 100), purged);
	moves_expect(&w, moved, w.trash, w.archive, 24);
	moves_expect(&w, purged, 0, w.archive, 25);
	moves_expect_total(&w, w.archive, 0);
}

Test(bind, takes_the_place_and_the_body_of_a_row_that_is_there)
{
	uint64_t body = scratch_body(&w.s, SPAN_LIT("Halo.\r\n"));
	uint64_t id = unbound_letter("a@x", 100), twin;
	struct store_txn t = scratch_write(&w.s);
	struct envelope e = { .date = 1, .message_id = SPAN("other@x") };
	struct message m;

	twin = store_message_add(&t, &(struct message_new){
	    .folder = w.archive, .uid = { 24 }, .flags = FLAG_SEEN,
	    .arrived = 1, .envelope = &e, .body = body,
	    .body_state = BODY_WHOLE });
	scratch_commit(&t);
	moves_bind(&w, id, w.archive, 24);
	cr_expect_not(moves_has(&w, twin));
	moves_expect(&w, id, w.archive, w.archive, 24);
	m = moves_get(&w, id);
	cr_expect_eq(m.body, body);
	cr_expect_eq(m.body_state, BODY_WHOLE);
	cr_expect_eq(m.server_flags, FLAG_SEEN);
	moves_expect_total(&w, w.archive, 1);
}

Test(bind, does_nothing_to_what_is_gone_or_of_another_account)
{
	uint64_t id = unbound_letter("a@x", 100);
	uint32_t other = scratch_account(&w.s, "rumah");
	uint32_t theirs = scratch_folder(&w.s, other, "INBOX", FOLDER_INBOX,
	    false);

	moves_bind(&w, 999, w.archive, 24);
	moves_bind(&w, id, theirs, 24);
	moves_bind(&w, id, w.archive, 0);
	moves_expect(&w, id, w.archive, w.archive, 0);
}

Test(bind, waits_for_no_message_that_has_something_to_be_done)
{
	uint64_t id = unbound_letter("a@x", 100), ids[2];
	uint64_t act = moves_flags(&w, id, FLAG_SEEN, 0);
	struct store_txn t = scratch_read(&w.s);

	cr_expect_eq(store_message_unbound(&t, w.archive, ids, 2), 0);
	scratch_commit(&t);
	moves_become(&w, act, ACT_DONE);
	t = scratch_read(&w.s);
	cr_expect_eq(store_message_unbound(&t, w.archive, ids, 2), 1);
	cr_expect_eq(store_message_unbound(&t, w.archive, ids, 0), 0);
	cr_expect_eq(store_message_unbound(&t, w.inbox, ids, 2), 0);
	scratch_commit(&t);
}

Test(copy, is_another_message_with_the_same_letter)
{
	uint64_t body = scratch_body(&w.s, SPAN_LIT("Halo.\r\n"));
	uint64_t id = moves_letter(&w, w.inbox, 7, FLAG_SEEN), act, copy;
	struct store_txn t = scratch_write(&w.s);
	struct message m;

	store_message_set_body(&t, id, body, BODY_WHOLE, SPAN_LIT("Halo."));
	scratch_commit(&t);
	moves_flags(&w, id, FLAG_FLAGGED, 0);
	act = moves_copy(&w, id, w.archive);
	copy = moves_copy_of(&w, act);
	moves_expect(&w, id, w.inbox, w.inbox, 7);
	moves_expect(&w, copy, w.archive, w.archive, 0);
	m = moves_get(&w, copy);
	cr_expect_eq(m.flags, FLAG_SEEN | FLAG_FLAGGED);
	cr_expect_eq(m.body, body);
	cr_expect_eq(m.size, 1234);
	cr_expect_eq(m.thread, moves_get(&w, id).thread);
	moves_become(&w, act, ACT_DONE);
	moves_bind(&w, copy, w.archive, 30);
	moves_expect(&w, copy, w.archive, w.archive, 30);
}

Test(copy, has_the_parts_as_well)
{
	uint64_t body = scratch_body(&w.s, SPAN_LIT("Halo.\r\n"));
	uint64_t id = moves_letter(&w, w.inbox, 7, FLAG_SEEN), copy;
	struct store_txn t = scratch_write(&w.s);
	struct part part;

	store_part_put(&t, id, SPAN_LIT("1.2"), body);
	scratch_commit(&t);
	copy = moves_copy_of(&w, moves_copy(&w, id, w.inbox));
	t = scratch_read(&w.s);
	cr_assert(store_part_get(&t, copy, SPAN_LIT("1.2"), &part));
	cr_expect_eq(part.body, body);
	scratch_commit(&t);
	cr_expect_eq(moves_get(&w, copy).body_state, BODY_PART);
}

Test(copy, goes_when_it_fails_or_is_canceled_and_what_waited_for_it)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_copy(&w, id, w.archive);
	uint64_t copy = moves_copy_of(&w, act);
	uint64_t flag = moves_flags(&w, copy, FLAG_SEEN, 0);
	uint64_t move = moves_move(&w, copy, w.trash);

	moves_become(&w, act, ACT_FAILED);
	cr_expect_not(moves_has(&w, copy));
	cr_expect_eq(moves_state(&w, flag), ACT_CANCELED);
	cr_expect_eq(moves_state(&w, move), ACT_CANCELED);
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	copy = moves_copy_of(&w, act);
	moves_expect(&w, copy, w.archive, w.archive, 0);
	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	cr_expect_not(moves_has(&w, copy));
	moves_expect_total(&w, w.archive, 0);
}

Test(copy, is_not_tried_again_without_its_letter)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_copy(&w, id, w.archive);
	struct store_txn t;

	moves_become(&w, act, ACT_FAILED);
	t = scratch_write(&w.s);
	store_message_remove(&t, id);
	scratch_commit(&t);
	cr_expect_eq(moves_retry(&w, act), ERR_REFUSED);
	cr_expect_eq(moves_state(&w, act), ACT_FAILED);
}

/* Another program copied it: ours is still to come. */
Test(copy, that_has_not_left_is_not_what_the_server_tells_of)
{
	uint64_t id = moves_arrives(&w, w.inbox, 7, "a@x", 100);
	uint64_t act = moves_copy(&w, id, w.archive);
	uint64_t copy = moves_copy_of(&w, act);

	cr_expect_neq(moves_arrives(&w, w.archive, 24, "a@x", 100), copy);
	moves_become(&w, act, ACT_SENT);
	cr_expect_eq(moves_arrives(&w, w.archive, 25, "a@x", 100), copy);
	/* The server has it, whatever it answers. */
	moves_become(&w, act, ACT_FAILED);
	moves_expect(&w, copy, w.archive, w.archive, 25);
}

Test(purge, takes_the_message_out_of_every_folder)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, FLAG_FLAGGED);
	uint64_t act = moves_purge(&w, id);
	struct store_txn t = scratch_read(&w.s);

	cr_expect_eq(store_message_by_message_id(&t, 0,
	    SPAN_LIT("1.7@host.example")), 0);
	scratch_commit(&t);
	moves_expect(&w, id, 0, w.inbox, 7);
	moves_expect_total(&w, w.inbox, 0);
	cr_expect_eq(moves_letter(&w, w.inbox, 7, FLAG_SEEN), id);
	moves_expect_total(&w, w.inbox, 0);
	moves_become(&w, act, ACT_DONE);
	cr_expect_not(moves_has(&w, id));
	cr_expect_eq(moves_by_uid(&w, w.inbox, 7), 0);
}

Test(purge, that_fails_or_is_canceled_brings_the_message_back)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, FLAG_FLAGGED);
	uint64_t move = moves_move(&w, id, w.trash);
	uint64_t act = moves_purge(&w, id);

	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	moves_expect(&w, id, w.trash, w.inbox, 7);
	act = moves_purge(&w, id);
	moves_become(&w, move, ACT_DONE);
	moves_expect(&w, id, 0, w.trash, 0);
	moves_become(&w, act, ACT_FAILED);
	moves_expect(&w, id, w.trash, w.trash, 0);
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	moves_expect(&w, id, 0, w.trash, 0);
}

Test(purge, is_the_last_thing_that_is_wished_for)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);

	moves_purge(&w, id);
	cr_expect_eq(moves_purge(&w, id), 0);
	cr_expect_eq(moves_move(&w, id, w.archive), 0);
	cr_expect_eq(moves_copy(&w, id, w.archive), 0);
	cr_expect_eq(moves_flags(&w, id, FLAG_SEEN, 0), 0);
}

Test(purge, removes_at_once_from_a_local_folder)
{
	uint32_t local = scratch_folder(&w.s, w.account, "Lokal", FOLDER_NONE,
	    true);
	struct store_txn t = scratch_write(&w.s);
	uint64_t id = scratch_message(&t, local, 0, 1, 0), act;

	scratch_commit(&t);
	act = moves_purge(&w, id);
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	cr_expect_not(moves_has(&w, id));
	moves_expect_total(&w, local, 0);
}

Test(purge, leaves_the_body_to_be_read_until_it_is_done)
{
	uint64_t body = scratch_body(&w.s, SPAN_LIT("Halo.\r\n"));
	uint64_t id = moves_letter(&w, w.inbox, 7, 0), act;
	struct store_txn t = scratch_write(&w.s);

	store_message_set_body(&t, id, body, BODY_WHOLE, SPAN_LIT("Halo."));
	scratch_commit(&t);
	act = moves_purge(&w, id);
	cr_expect_eq(moves_get(&w, id).body, body);
	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	cr_expect_eq(moves_get(&w, id).body_state, BODY_WHOLE);
}

Test(purge, that_is_tried_again_is_not_undone_by_a_move_made_meanwhile)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_purge(&w, id);

	moves_become(&w, act, ACT_FAILED);
	moves_move(&w, id, w.archive);
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	moves_expect(&w, id, 0, w.inbox, 7);
	moves_become(&w, act, ACT_FAILED);
	moves_expect(&w, id, w.archive, w.inbox, 7);
}
