/* SPDX-License-Identifier: MIT */
/* Messages that are moved. */
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

TestSuite(move, .init = setup, .fini = teardown);

Test(move, is_seen_at_once_while_the_server_has_it_where_it_was)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, FLAG_FLAGGED);
	uint64_t act = moves_move(&w, id, w.archive);

	cr_assert_neq(act, 0);
	cr_expect_eq(moves_state(&w, act), ACT_QUEUED);
	moves_expect(&w, id, w.archive, w.inbox, 7);
	moves_expect_total(&w, w.inbox, 0);
	moves_expect_total(&w, w.archive, 1);
	/* What the server says of the old place is not a new letter. */
	cr_expect_eq(moves_letter(&w, w.inbox, 7, FLAG_SEEN), id);
	moves_expect(&w, id, w.archive, w.inbox, 7);
	cr_expect_eq(moves_get(&w, id).flags, FLAG_SEEN);
}

Test(move, that_is_done_leaves_the_message_unbound_until_its_uid_is_told)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0), ids[2];
	uint64_t act = moves_move(&w, id, w.archive);
	struct store_txn t;

	moves_become(&w, act, ACT_SENT);
	t = scratch_read(&w.s);
	cr_expect_eq(store_message_unbound(&t, w.archive, ids, 2), 0);
	scratch_commit(&t);
	moves_become(&w, act, ACT_DONE);
	moves_expect(&w, id, w.archive, w.archive, 0);
	cr_expect_eq(moves_by_uid(&w, w.inbox, 7), 0);
	t = scratch_read(&w.s);
	cr_assert_eq(store_message_unbound(&t, w.archive, ids, 2), 1);
	cr_expect_eq(ids[0], id);
	scratch_commit(&t);
	moves_bind(&w, id, w.archive, 30);
	moves_expect(&w, id, w.archive, w.archive, 30);
	t = scratch_read(&w.s);
	cr_expect_eq(store_message_unbound(&t, w.archive, ids, 2), 0);
	scratch_commit(&t);
}

/* The answer to MOVE tells the UID before the act is set. */
Test(move, may_be_told_its_uid_before_it_is_done)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_move(&w, id, w.archive);

	moves_bind(&w, id, w.archive, 30);
	moves_become(&w, act, ACT_DONE);
	moves_expect(&w, id, w.archive, w.archive, 30);
}

Test(move, that_fails_or_is_canceled_brings_the_message_back)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_move(&w, id, w.archive);

	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	moves_expect(&w, id, w.inbox, w.inbox, 7);
	act = moves_move(&w, id, w.archive);
	moves_become(&w, act, ACT_FAILED);
	moves_expect(&w, id, w.inbox, w.inbox, 7);
	moves_expect_total(&w, w.inbox, 1);
	moves_expect_total(&w, w.archive, 0);
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	moves_expect(&w, id, w.archive, w.inbox, 7);
}

Test(move, changes_one_that_has_not_left_and_cancels_it_on_the_way_back)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t act = moves_move(&w, id, w.archive);

	cr_expect_eq(moves_move(&w, id, w.archive), 0);
	cr_expect_eq(moves_move(&w, id, w.trash), act);
	moves_expect(&w, id, w.trash, w.inbox, 7);
	cr_expect_eq(moves_move(&w, id, w.inbox), act);
	cr_expect_eq(moves_state(&w, act), ACT_CANCELED);
	moves_expect(&w, id, w.inbox, w.inbox, 7);
}

Test(move, follows_one_that_has_left)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t first = moves_move(&w, id, w.archive), second;

	moves_become(&w, first, ACT_SENT);
	second = moves_move(&w, id, w.trash);
	cr_assert_gt(second, first);
	/* Back to where the first one brings it, not to the inbox. */
	cr_expect_eq(moves_move(&w, id, w.archive), second);
	cr_expect_eq(moves_state(&w, second), ACT_CANCELED);
	second = moves_move(&w, id, w.inbox);
	moves_become(&w, first, ACT_DONE);
	moves_expect(&w, id, w.inbox, w.archive, 0);
	moves_become(&w, second, ACT_DONE);
	moves_expect(&w, id, w.inbox, w.inbox, 0);
}

Test(move, that_fails_leaves_what_a_later_one_shows)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t first = moves_move(&w, id, w.archive), second;

	moves_become(&w, first, ACT_UNKNOWN);
	second = moves_move(&w, id, w.trash);
	moves_become(&w, first, ACT_FAILED);
	moves_expect(&w, id, w.trash, w.inbox, 7);
	moves_become(&w, second, ACT_FAILED);
	moves_expect(&w, id, w.inbox, w.inbox, 7);
}

Test(move, does_not_merge_flags_over_it)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	uint64_t flag = moves_flags(&w, id, FLAG_SEEN, 0), later;

	moves_move(&w, id, w.archive);
	later = moves_flags(&w, id, 0, FLAG_SEEN);
	cr_expect_gt(later, flag);
	cr_expect_eq(moves_state(&w, flag), ACT_QUEUED);
	moves_become(&w, flag, ACT_DONE);
	cr_expect_eq(moves_get(&w, id).flags, 0);
	cr_expect_eq(moves_get(&w, id).server_flags, FLAG_SEEN);
}

Test(move, is_refused_where_no_server_could_do_it)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0), mine;
	uint32_t other = scratch_account(&w.s, "rumah");
	uint32_t theirs = scratch_folder(&w.s, other, "INBOX", FOLDER_INBOX,
	    false);
	uint32_t local = scratch_folder(&w.s, w.account, "Lokal", FOLDER_NONE,
	    true);
	struct folder gone = { .account = w.account, .name = SPAN("Lama"),
		.is_selectable = true, .is_gone = true };
	struct folder parent = { .account = w.account, .name = SPAN("Induk") };
	struct store_txn t = scratch_write(&w.s);

	gone.id = store_folder_put(&t, &gone);
	parent.id = store_folder_put(&t, &parent);
	mine = scratch_message(&t, local, 0, 1, 0);
	scratch_commit(&t);
	cr_expect_eq(moves_move(&w, id, theirs), 0);
	cr_expect_eq(moves_move(&w, id, local), 0);
	cr_expect_eq(moves_move(&w, mine, w.inbox), 0);
	cr_expect_eq(moves_move(&w, id, gone.id), 0);
	cr_expect_eq(moves_move(&w, id, parent.id), 0);
	cr_expect_eq(moves_move(&w, id, 999), 0);
	cr_expect_eq(moves_move(&w, 999, w.archive), 0);
	moves_expect(&w, id, w.inbox, w.inbox, 7);
}

Test(move, between_local_folders_is_done_at_once)
{
	uint32_t one = scratch_folder(&w.s, w.account, "A", FOLDER_NONE, true);
	uint32_t two = scratch_folder(&w.s, w.account, "B", FOLDER_NONE, true);
	struct store_txn t = scratch_write(&w.s);
	uint64_t id = scratch_message(&t, one, 0, 1, 0), act;
	struct message m;

	scratch_commit(&t);
	act = moves_move(&w, id, two);
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	m = moves_get(&w, id);
	cr_expect_eq(m.folder, two);
	cr_expect_eq(m.server_folder, two);
	cr_expect_not(m.is_unbound);
	moves_expect_total(&w, one, 0);
	moves_expect_total(&w, two, 1);
}

Test(move, takes_the_message_along_in_its_thread)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0), thread;
	struct store_txn t = scratch_write(&w.s);
	struct span ref = SPAN("1.7@host.example");
	struct envelope e = { .date = 9, .message_id = SPAN("r@x"),
		.references = &ref, .nreferences = 1 };
	uint64_t answer;

	cr_assert_eq(w.inbox, 1);
	answer = store_message_add(&t, &(struct message_new){
	    .folder = w.inbox, .uid = { 8 }, .arrived = 9, .envelope = &e });
	scratch_commit(&t);
	thread = moves_get(&w, answer).thread;
	cr_expect_eq(moves_get(&w, id).thread, thread);
	moves_move(&w, id, w.archive);
	cr_expect_eq(moves_get(&w, id).thread, thread);
	moves_purge(&w, id);
	moves_purge(&w, answer);
	cr_expect_eq(moves_cancel(&w, 2), ERR_OK);
	cr_expect_eq(moves_cancel(&w, 3), ERR_OK);
	cr_expect_eq(moves_get(&w, id).thread,
	    moves_get(&w, answer).thread);
}

Test(move, tells_followers_that_it_went_and_came)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	struct store_txn t = scratch_read(&w.s);
	uint64_t seq = store_change_last(&t);
	struct change c[4];
	bool lost;

	scratch_commit(&t);
	moves_move(&w, id, w.archive);
	t = scratch_read(&w.s);
	cr_assert_eq(store_changes(&t, seq, 4, c, &lost), 3);
	scratch_commit(&t);
	cr_expect_eq(c[0].kind, CHANGE_ACT);
	cr_expect(c[1].kind == CHANGE_GONE && c[1].folder == w.inbox);
	cr_expect(c[2].kind == CHANGE_NEW && c[2].folder == w.archive);
	cr_expect_eq(c[2].id, id);
}

Test(move, leaves_what_is_to_come_alone_when_the_folder_is_cleared)
{
	uint64_t coming = moves_letter(&w, w.inbox, 7, 0);
	uint64_t leaving = moves_letter(&w, w.archive, 8, 0);
	uint64_t staying = moves_letter(&w, w.archive, 9, 0);
	struct store_txn t;

	moves_move(&w, coming, w.archive);
	moves_move(&w, leaving, w.inbox);
	t = scratch_write(&w.s);
	cr_expect(store_folder_clear(&t, w.archive, 1));
	cr_expect_not(store_folder_clear(&t, w.archive, 9));
	scratch_commit(&t);
	scratch_check(&w.s);
	cr_expect(moves_has(&w, coming));
	cr_expect_not(moves_has(&w, leaving));
	cr_expect_not(moves_has(&w, staying));
}

Test(move, is_not_among_the_bodies_to_fetch_where_it_will_be)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);
	const struct message_missing which = { .since = INT64_MIN };
	struct message *list;
	struct store_txn t;

	moves_letter(&w, w.archive, 8, 0);
	moves_move(&w, id, w.archive);
	t = scratch_read(&w.s);
	cr_expect_eq(store_message_missing_bodies(&t, w.archive, &which,
	    9, &arena, &list), 1);
	cr_expect_eq(list[0].uid.v, 8);
	scratch_commit(&t);
}

/* The account says where what is deleted goes. */
static void
set_moves_deleted(bool moves_deleted)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = scratch_write(&w.s);
	struct account a;

	cr_assert(store_account_get(&t, w.account, &arena, &a));
	a.moves_deleted = moves_deleted;
	cr_assert_eq(store_account_put(&t, &a), w.account);
	scratch_commit(&t);
}

static uint64_t
delete_letter(uint64_t id)
{
	struct store_txn t = scratch_write(&w.s);
	uint64_t act = store_act_delete(&t, id, MOVES_NOW);

	scratch_commit(&t);
	scratch_check(&w.s);
	return act;
}

Test(move, into_the_trash_is_what_deleting_is_where_the_account_says_so)
{
	uint64_t id = moves_letter(&w, w.inbox, 7, 0);

	set_moves_deleted(true);
	cr_expect_neq(delete_letter(id), 0);
	moves_expect(&w, id, w.trash, w.inbox, 7);
	cr_expect_eq(moves_get(&w, id).flags & FLAG_DELETED, 0);
	/* There it is marked, so that a purge can take it. */
	cr_expect_neq(delete_letter(id), 0);
	moves_expect(&w, id, w.trash, w.inbox, 7);
	cr_expect_eq(moves_get(&w, id).flags & FLAG_DELETED, FLAG_DELETED);
}

Test(move, is_not_what_deleting_is_without_a_trash_or_a_wish)
{
	uint64_t marked = moves_letter(&w, w.inbox, 7, 0);
	uint64_t lost = moves_letter(&w, w.inbox, 8, 0);
	struct store_txn t;

	cr_expect_neq(delete_letter(marked), 0);
	moves_expect(&w, marked, w.inbox, w.inbox, 7);
	set_moves_deleted(true);
	t = scratch_write(&w.s);
	cr_assert_neq(store_act_remove(&t, w.trash, MOVES_NOW), 0);
	scratch_commit(&t);
	cr_expect_neq(delete_letter(lost), 0);
	moves_expect(&w, lost, w.inbox, w.inbox, 8);
	cr_expect_eq(moves_get(&w, lost).flags & FLAG_DELETED, FLAG_DELETED);
}
