/* SPDX-License-Identifier: MIT */
/* Taking back, and doing again, what moved letters and changed folders. */
#include "store/txn.h"
#include "store/undo.h"
#include "tests/store/expected.h"
#include "tests/store/moves.h"

static struct moves w;
static uint64_t id;

static void
setup(void)
{
	moves_init(&w);
	id = moves_letter(&w, w.inbox, 7, 0);
}

static void
teardown(void)
{
	moves_fini(&w);
}

TestSuite(undo_acts, .init = setup, .fini = teardown);

static struct store_txn
step(void)
{
	struct store_txn t = scratch_write(&w.s);

	store_undo_begin(&t, MOVES_NOW);
	return t;
}

static uint64_t
end(struct store_txn *t, uint64_t act)
{
	scratch_commit(t);
	scratch_check(&w.s);
	return act;
}

static enum err
turn(bool is_again)
{
	struct store_txn t = scratch_write(&w.s);
	struct undo_result result;
	enum err err = is_again
	    ? store_redo_last(&t, MOVES_NOW, &result, NULL)
	    : store_undo_last(&t, MOVES_NOW, &result, NULL);

	end(&t, 0);
	return err;
}

static void
undo(void)
{
	cr_assert_eq(turn(false), ERR_OK);
}

static void
redo(void)
{
	cr_assert_eq(turn(true), ERR_OK);
}

static uint64_t
last_act(void)
{
	struct store_txn t = scratch_read(&w.s);
	uint64_t last = txn_last_number(&t, COUNTER_ACT);

	scratch_commit(&t);
	return last;
}

static struct folder
get(uint32_t folder)
{
	static struct arena arena;
	struct store_txn t = scratch_read(&w.s);
	struct folder f;

	cr_assert(store_folder_get(&t, folder, &arena, &f));
	scratch_commit(&t);
	return f;
}

Test(undo_acts, moves_back_what_waits_and_what_was_moved)
{
	struct store_txn t = step();
	uint64_t act = end(&t, store_act_move(&t, id, w.archive, MOVES_NOW));

	undo();
	moves_expect(&w, id, w.inbox, w.inbox, 7);
	cr_expect_eq(moves_state(&w, act), ACT_CANCELED);
	redo();
	act = last_act();
	moves_expect(&w, id, w.archive, w.inbox, 7);
	moves_become(&w, act, ACT_DONE);
	moves_bind(&w, id, w.archive, 30);
	undo();
	moves_expect(&w, id, w.inbox, w.archive, 30);
	cr_expect_gt(last_act(), act);
}

Test(undo_acts, a_step_that_moves_twice_goes_back_to_where_it_began)
{
	struct store_txn t = step();

	store_act_move(&t, id, w.archive, MOVES_NOW);
	end(&t, store_act_move(&t, id, w.trash, MOVES_NOW));
	undo();
	moves_expect(&w, id, w.inbox, w.inbox, 7);
	redo();
	moves_expect(&w, id, w.trash, w.inbox, 7);
}

Test(undo_acts, takes_a_copy_away_again)
{
	struct store_txn t = step();
	uint64_t act = end(&t, store_act_copy(&t, id, w.archive, MOVES_NOW));

	undo();
	cr_expect_not(moves_has(&w, moves_copy_of(&w, act)));
	redo();
	act = last_act();
	moves_become(&w, act, ACT_DONE);
	moves_bind(&w, moves_copy_of(&w, act), w.archive, 30);
	undo();
	moves_expect(&w, moves_copy_of(&w, act), 0, w.archive, 30);
	redo();
	moves_expect_total(&w, w.archive, 1);
	cr_expect_neq(moves_copy_of(&w, last_act()), moves_copy_of(&w, act));
}

Test(undo_acts, brings_back_what_is_not_yet_purged)
{
	struct store_txn t = step();
	uint64_t act = end(&t, store_act_purge(&t, id, MOVES_NOW));

	undo();
	moves_expect(&w, id, w.inbox, w.inbox, 7);
	redo();
	moves_expect(&w, id, 0, w.inbox, 7);
	act = last_act();
	moves_become(&w, act, ACT_SENT);
	cr_expect_eq(turn(false), ERR_REFUSED);
	moves_expect(&w, id, 0, w.inbox, 7);
}

Test(undo_acts, gives_keywords_back_each_for_itself)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = step();
	struct message m;

	store_act_keyword(&t, id, SPAN_LIT("a"), true, MOVES_NOW);
	store_act_keyword(&t, id, SPAN_LIT("b"), true, MOVES_NOW);
	store_act_keyword(&t, id, SPAN_LIT("A"), false, MOVES_NOW);
	end(&t, 0);
	undo();
	cr_expect_eq(scratch_get(&w.s, id, &arena).nkeywords, 0);
	redo();
	m = scratch_get(&w.s, id, &arena);
	cr_assert_eq(m.nkeywords, 1);
	expected_text(m.keywords[0], "b", "keyword");
}

Test(undo_acts, removes_a_folder_that_was_made_and_makes_it_again)
{
	struct store_txn t = step();
	uint64_t act = end(&t, store_act_create(&t, w.account,
	    SPAN_LIT("Proyek"), MOVES_NOW));
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint32_t folder = scratch_act(&w.s, act, &arena).folder;

	undo();
	cr_expect(get(folder).is_gone);
	cr_expect_eq(moves_state(&w, act), ACT_CANCELED);
	redo();
	act = last_act();
	folder = scratch_act(&w.s, act, &arena).folder;
	cr_expect_not(get(folder).is_gone);
	t = scratch_write(&w.s);
	store_folder_renamed(&t, folder, SPAN_LIT("Proyek"));
	end(&t, 0);
	moves_become(&w, act, ACT_DONE);
	undo();
	cr_expect(get(folder).is_gone);
	cr_expect_eq(scratch_act(&w.s, last_act(), &arena).kind, ACT_REMOVE);
	redo();
	cr_expect_not(get(folder).is_gone);
	cr_expect_eq(moves_state(&w, last_act()), ACT_CANCELED);
}

Test(undo_acts, gives_a_folder_its_title_and_subscription_back)
{
	struct store_txn t = step();
	uint64_t act;

	store_act_rename(&t, w.archive, SPAN_LIT("Lama"), MOVES_NOW);
	end(&t, store_act_subscribe(&t, w.archive, true, MOVES_NOW));
	undo();
	expected_text(get(w.archive).title, "Arsip", "title");
	cr_expect_not(get(w.archive).is_subscribed);
	redo();
	expected_text(get(w.archive).title, "Lama", "title");
	cr_expect(get(w.archive).is_subscribed);
	act = last_act();
	moves_become(&w, act, ACT_DONE);
	moves_become(&w, act - 1, ACT_DONE);
	undo();
	expected_text(get(w.archive).title, "Arsip", "title");
	cr_expect_not(get(w.archive).is_subscribed);
	cr_expect_eq(last_act(), act + 2);
	redo();
	expected_text(get(w.archive).title, "Lama", "title");
}

Test(undo_acts, brings_back_a_folder_that_is_not_yet_removed)
{
	struct store_txn t = step();
	uint64_t act = end(&t, store_act_remove(&t, w.archive, MOVES_NOW));

	undo();
	cr_expect_not(get(w.archive).is_gone);
	redo();
	cr_expect(get(w.archive).is_gone);
	cr_expect_gt(last_act(), act);
	moves_become(&w, last_act(), ACT_DONE);
	cr_expect_eq(turn(false), ERR_REFUSED);
	cr_expect(get(w.archive).is_gone);
}
