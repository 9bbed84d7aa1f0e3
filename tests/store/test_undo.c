/* SPDX-License-Identifier: MIT */
/*
 * Undo against a twin that writes the flags of every message down before
 * each step, while servers take acts, refuse them and are cut off.
 */
#include "tests/store/scratch.h"

#include "store/txn.h"
#include "store/undo.h"

enum { NOW = 1000, MESSAGES = 12, ROUNDS = 600, STEPS = UNDO_STEPS };

struct fixture {
	struct scratch s;
	uint32_t account, folder, local;
	uint64_t ids[MESSAGES];
};

static void
fixture_fini(struct fixture *f)
{
	scratch_check(&f->s);
	scratch_fini(&f->s);
}

/* The last three messages are in a local folder. */
static void
fixture_init(struct fixture *f)
{
	struct store_txn t;

	scratch_init(&f->s);
	f->account = scratch_account(&f->s, "kerja");
	f->folder = scratch_folder(&f->s, f->account, "INBOX", FOLDER_INBOX,
	    false);
	f->local = scratch_folder(&f->s, f->account, "Lokal", FOLDER_NONE,
	    true);
	t = scratch_write(&f->s);
	for (uint32_t i = 0; i < MESSAGES; i++)
		f->ids[i] = i < MESSAGES - 3
		    ? scratch_message(&t, f->folder, i + 1, i, 0)
		    : scratch_message(&t, f->local, 0, i, 0);
	scratch_commit(&t);
}

static uint32_t
flags_of(struct fixture *f, uint64_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };

	return scratch_get(&f->s, id, &arena).flags;
}

/* One command of the user about n messages. */
static void
step(struct fixture *f, const uint64_t *ids, size_t n, uint32_t add,
    uint32_t remove)
{
	struct store_txn t = scratch_write(&f->s);

	store_undo_begin(&t, NOW);
	for (size_t i = 0; i < n; i++)
		store_act_flags(&t, ids[i], add, remove, NOW);
	scratch_commit(&t);
}

static enum err
turn(struct fixture *f, bool is_again, struct undo_result *r)
{
	struct store_txn t = scratch_write(&f->s);
	struct error e = { 0 };
	enum err err = is_again ? store_redo_last(&t, NOW, r, &e)
	    : store_undo_last(&t, NOW, r, &e);

	cr_assert_eq(err, e.kind);
	scratch_commit(&t);
	return err;
}

static uint64_t
send_one(struct fixture *f)
{
	struct span to = SPAN("ani@rumah.example");
	uint64_t body = scratch_body(&f->s, SPAN_LIT("Subject: x\r\n\r\ny"));
	struct store_txn t = scratch_write(&f->s);
	uint64_t id;

	store_undo_begin(&t, NOW);
	id = store_act_send(&t, &(struct act){ .account = f->account,
	    .body = body, .recipients = &to, .nrecipients = 1,
	    .subject = SPAN_LIT("x"), .not_before = DATE_NONE }, NOW);
	scratch_commit(&t);
	cr_assert_neq(id, 0);
	return id;
}

static void
set(struct fixture *f, uint64_t act, enum act_state state)
{
	struct store_txn t = scratch_write(&f->s);

	store_act_set(&t, act, state, SPAN_LIT("answer"), DATE_NONE, NOW);
	scratch_commit(&t);
}

static enum act_state
state_of(struct fixture *f, uint64_t act)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };

	return scratch_act(&f->s, act, &arena).state;
}

/* The twin: what a step was, and what each message had before and after. */

struct twin_step {
	uint32_t mask[MESSAGES];	/* flags that the step changed */
	uint32_t before[MESSAGES], after[MESSAGES];
};

struct twin {
	struct fixture f;
	uint32_t flags[MESSAGES];	/* as the user sees them */
	bool is_gone[MESSAGES];
	struct twin_step steps[ROUNDS];
	size_t ndone, nall, first;	/* first: older ones were dropped */
};

static uint32_t
any(uint32_t below)
{
	return (uint32_t)random() % below;
}

static void
twin_step(struct twin *w)
{
	static const uint32_t some[] = { FLAG_SEEN, FLAG_FLAGGED, FLAG_DELETED,
		FLAG_SEEN | FLAG_FLAGGED };
	struct store_txn t = scratch_write(&w->f.s);
	struct twin_step s = { 0 };
	bool is_step = false;

	store_undo_begin(&t, NOW);
	memcpy(s.before, w->flags, sizeof s.before);
	for (uint32_t n = 1 + any(5); n > 0; n--) {
		uint32_t i = any(MESSAGES), add = some[any(4)],
		    remove = some[any(4)] & ~add;

		if (w->is_gone[i])
			continue;
		if (any(2))
			remove = 0;
		if (any(3) == 0)
			add = 0;
		store_act_flags(&t, w->f.ids[i], add, remove, NOW);
		is_step |= (w->flags[i] | add) != w->flags[i] ||
		    (w->flags[i] & remove);
		w->flags[i] = (w->flags[i] | add) & ~remove;
	}
	scratch_commit(&t);
	if (!is_step)
		return;
	memcpy(s.after, w->flags, sizeof s.after);
	for (size_t i = 0; i < MESSAGES; i++)
		s.mask[i] = s.before[i] ^ s.after[i];
	w->steps[w->ndone++] = s;
	w->nall = w->ndone;
	if (w->ndone - w->first > STEPS)
		w->first++;
}

static void
twin_turn(struct twin *w, bool is_again)
{
	bool is_there = is_again ? w->ndone < w->nall : w->ndone > w->first;
	const struct twin_step *s;
	struct undo_result r;
	enum err err;

	err = turn(&w->f, is_again, &r);
	cr_assert_eq(err, is_there ? ERR_OK : ERR_NOTFOUND,
	    "again %d: %d; first %zu done %zu all %zu", is_again, err,
	    w->first, w->ndone, w->nall);
	if (!is_there)
		return;
	s = &w->steps[is_again ? w->ndone : w->ndone - 1];
	w->ndone = is_again ? w->ndone + 1 : w->ndone - 1;
	for (size_t i = 0; i < MESSAGES; i++) {
		uint32_t to = is_again ? s->after[i] : s->before[i];

		if (!w->is_gone[i])
			w->flags[i] = (w->flags[i] & ~s->mask[i]) |
			    (to & s->mask[i]);
	}
}

/* A server takes an act, refuses it, or is cut off; or says what it has. */
static void
twin_server(struct twin *w)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = scratch_write(&w->f.s);
	static const enum act_state then[] = { ACT_SENT, ACT_SENT, ACT_DONE,
		ACT_DONE, ACT_FAILED, ACT_UNKNOWN, ACT_QUEUED };
	struct act *acts;
	size_t n = store_acts(&t, 0, false, &arena, &acts);
	uint32_t i = any(MESSAGES);

	/* Acts on one message go in their order. */
	if (n)
		store_act_set(&t, acts[any(4) ? 0 : any((uint32_t)n)].id,
		    then[any(ARRAY_LEN(then))], SPAN_LIT(""), DATE_NONE, NOW);
	if (any(4) == 0 && !w->is_gone[i] && i < MESSAGES - 3)
		store_message_server_flags(&t, w->f.ids[i], any(2)
		    ? FLAG_SEEN : FLAG_FLAGGED | FLAG_ANSWERED, NULL, 0);
	if (any(60) == 0 && !w->is_gone[i]) {
		store_message_remove(&t, w->f.ids[i]);
		w->is_gone[i] = true;
	}
	/* What the user sees by that is not undo's, and taken as it is. */
	for (i = 0; i < MESSAGES; i++) {
		struct message m;

		if (store_message_get(&t, w->f.ids[i], &arena, &m))
			w->flags[i] = m.flags;
	}
	scratch_commit(&t);
}

static void
compare(struct twin *w, int round)
{
	struct store_txn t = scratch_read(&w->f.s);
	CLEANUP(arena_fini) struct arena arena = { 0 };

	for (size_t i = 0; i < MESSAGES; i++) {
		struct message m;

		cr_assert_eq(store_message_get(&t, w->f.ids[i], &arena, &m),
		    !w->is_gone[i]);
		cr_assert(w->is_gone[i] || m.flags == w->flags[i],
		    "round %d message %zu: %x, not %x", round, i, m.flags,
		    w->flags[i]);
	}
	store_end(&t);
}

Test(undo, gives_back_what_a_twin_wrote_down)
{
	static struct twin w;

	srandom(3);
	fixture_init(&w.f);
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t what = any(10);

		if (what < 5)
			twin_step(&w);
		else if (what < 7)
			twin_turn(&w, false);
		else if (what < 8)
			twin_turn(&w, true);
		else
			twin_server(&w);
		compare(&w, round);
		if (round % 200 == 199) {
			scratch_close(&w.f.s);
			scratch_open(&w.f.s);
			/* All the way back, and all the way again. */
			while (w.ndone > w.first)
				twin_turn(&w, false);
			twin_turn(&w, false);
			compare(&w, round);
			while (w.ndone < w.nall)
				twin_turn(&w, true);
			twin_turn(&w, true);
			compare(&w, round);
		}
	}
	fixture_fini(&w.f);
}

Test(undo, leaves_alone_what_the_step_did_not_change)
{
	struct undo_result r;
	struct fixture f;

	fixture_init(&f);
	step(&f, f.ids, 1, FLAG_FLAGGED, 0);
	step(&f, f.ids, 2, FLAG_FLAGGED | FLAG_SEEN, 0);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(r.messages, 2);
	cr_expect_eq(r.not_undone, 0);
	cr_expect_eq(r.kind, ACT_FLAGS);
	cr_expect_eq(flags_of(&f, f.ids[0]), FLAG_FLAGGED);
	cr_expect_eq(flags_of(&f, f.ids[1]), 0);
	fixture_fini(&f);
}

Test(undo, notes_only_what_was_asked_for)
{
	struct undo_result r;
	struct store_txn t;
	struct fixture f;

	fixture_init(&f);
	t = scratch_write(&f.s);
	store_act_flags(&t, f.ids[0], FLAG_SEEN, 0, NOW);
	scratch_commit(&t);
	/* And a step that changed nothing is none. */
	step(&f, f.ids, 1, FLAG_SEEN, 0);
	cr_expect_eq(turn(&f, false, &r), ERR_NOTFOUND);
	fixture_fini(&f);
}

Test(undo, cancels_an_act_that_did_not_leave_and_follows_one_that_did)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct undo_result r;
	struct store_txn t;
	struct fixture f;
	struct act *acts;

	fixture_init(&f);
	step(&f, f.ids, 1, FLAG_SEEN, 0);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	t = scratch_read(&f.s);
	cr_expect_eq(store_acts(&t, 0, false, &arena, &acts), 0);
	cr_assert_eq(store_acts(&t, 0, true, &arena, &acts), 1);
	store_end(&t);
	cr_expect_eq(acts[0].state, ACT_CANCELED);
	step(&f, f.ids, 1, FLAG_SEEN, 0);
	set(&f, acts[0].id + 1, ACT_SENT);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(flags_of(&f, f.ids[0]), 0);
	t = scratch_read(&f.s);
	cr_assert_eq(store_acts(&t, 0, false, &arena, &acts), 2);
	store_end(&t);
	cr_expect_eq(acts[1].remove, FLAG_SEEN);
	cr_expect_eq(acts[1].state, ACT_QUEUED);
	fixture_fini(&f);
}

Test(undo, counts_letters_that_are_gone)
{
	struct undo_result r;
	struct store_txn t;
	struct fixture f;

	fixture_init(&f);
	step(&f, f.ids, 3, FLAG_SEEN, 0);
	t = scratch_write(&f.s);
	store_message_remove(&t, f.ids[1]);
	scratch_commit(&t);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(r.messages, 2);
	cr_expect_eq(r.not_undone, 1);
	fixture_fini(&f);
}

Test(undo, ends_what_could_be_done_again_with_a_new_step)
{
	struct undo_result r;
	struct fixture f;

	fixture_init(&f);
	step(&f, f.ids, 1, FLAG_SEEN, 0);
	step(&f, f.ids, 1, FLAG_FLAGGED, 0);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	step(&f, f.ids + 1, 1, FLAG_SEEN, 0);
	cr_expect_eq(turn(&f, true, &r), ERR_NOTFOUND);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(flags_of(&f, f.ids[0]), 0);
	cr_expect_eq(turn(&f, false, &r), ERR_NOTFOUND);
	fixture_fini(&f);
}

Test(undo, keeps_the_newest_steps_and_nothing_of_the_others)
{
	struct undo_result r;
	struct store_txn t;
	struct fixture f;
	size_t n = 0;

	fixture_init(&f);
	for (int i = 0; i < UNDO_STEPS + 20; i++)
		step(&f, f.ids, 5, i % 2 ? 0 : FLAG_SEEN,
		    i % 2 ? FLAG_SEEN : 0);
	t = scratch_read(&f.s);
	cr_expect_eq(txn_count(&t, TABLE_UNDO), UNDO_STEPS * (1 + 5));
	store_end(&t);
	while (turn(&f, false, &r) == ERR_OK)
		n++;
	cr_expect_eq(n, UNDO_STEPS);
	fixture_fini(&f);
}

Test(undo, takes_back_a_letter_that_waits_and_sends_it_again)
{
	struct undo_result r;
	struct fixture f;
	uint64_t act, again;

	fixture_init(&f);
	act = send_one(&f);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(r.kind, ACT_SEND);
	cr_expect_eq(r.messages, 1);
	cr_expect_eq(state_of(&f, act), ACT_CANCELED);
	cr_assert_eq(turn(&f, true, &r), ERR_OK);
	cr_expect_eq(r.messages, 1);
	again = act + 1;
	cr_expect_eq(state_of(&f, act), ACT_CANCELED);
	cr_expect_eq(state_of(&f, again), ACT_QUEUED);
	/* And so on, each time the letter that is waiting. */
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(state_of(&f, again), ACT_CANCELED);
	cr_assert_eq(turn(&f, true, &r), ERR_OK);
	cr_expect_eq(state_of(&f, again + 1), ACT_QUEUED);
	fixture_fini(&f);
}

Test(undo, says_that_a_letter_has_left_and_goes_on_before_it)
{
	static const enum act_state states[] = { ACT_SENT, ACT_UNKNOWN,
		ACT_DONE };
	struct undo_result r;
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		uint64_t act;

		step(&f, f.ids, 1, FLAG_SEEN, 0);
		act = send_one(&f);
		set(&f, act, ACT_SENT);
		if (states[i] != ACT_SENT)
			set(&f, act, states[i]);
		cr_expect_eq(turn(&f, false, &r), ERR_REFUSED);
		cr_expect_eq(r.messages, 0);
		cr_expect_eq(r.not_undone, 1);
		cr_expect_eq(state_of(&f, act), states[i]);
		cr_assert_eq(turn(&f, false, &r), ERR_OK);
		cr_expect_eq(flags_of(&f, f.ids[0]), 0);
	}
	fixture_fini(&f);
}

Test(undo, takes_back_there_and_back_as_nothing)
{
	struct undo_result r;
	struct store_txn t;
	struct fixture f;

	fixture_init(&f);
	t = scratch_write(&f.s);
	store_undo_begin(&t, NOW);
	store_act_flags(&t, f.ids[0], FLAG_SEEN | FLAG_FLAGGED, 0, NOW);
	store_act_flags(&t, f.ids[0], 0, FLAG_SEEN, NOW);
	scratch_commit(&t);
	t = scratch_write(&f.s);
	store_act_flags(&t, f.ids[0], FLAG_SEEN, 0, NOW);
	scratch_commit(&t);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(flags_of(&f, f.ids[0]), FLAG_SEEN);
	fixture_fini(&f);
}

Test(undo, is_undone_itself_with_its_transaction)
{
	struct undo_result r;
	struct store_txn t;
	struct fixture f;

	fixture_init(&f);
	step(&f, f.ids, 1, FLAG_SEEN, 0);
	t = scratch_write(&f.s);
	cr_assert_eq(store_undo_last(&t, NOW, &r, NULL), ERR_OK);
	store_end(&t);
	cr_expect_eq(flags_of(&f, f.ids[0]), FLAG_SEEN);
	cr_assert_eq(turn(&f, false, &r), ERR_OK);
	cr_expect_eq(flags_of(&f, f.ids[0]), 0);
	fixture_fini(&f);
}
