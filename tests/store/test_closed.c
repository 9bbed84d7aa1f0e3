/* SPDX-License-Identifier: MIT */
/*
 * Acts that have come to their end: which of them the journal keeps, and a
 * letter that was taken back, which nobody else has.
 */
#include "store/body.h"
#include "store/body_piece.h"
#include "store/txn.h"
#include "store/undo.h"
#include "tests/store/scratch.h"

enum { NOW = 1000, LATER = 99000, MESSAGES = 300 };

struct fixture {
	struct scratch s;
	uint32_t account;
	uint64_t first, letter;		/* of the messages; its act */
};

static void
fixture_fini(struct fixture *f)
{
	scratch_check(&f->s);
	scratch_fini(&f->s);
}

/* A letter that waits for its time, as a step that can be undone. */
static void
fixture_init(struct fixture *f)
{
	static struct span to = SPAN("a@b.example");
	struct act send = { .recipients = &to, .nrecipients = 1,
		.not_before = LATER };
	uint32_t folder;
	struct store_txn t;

	scratch_init(&f->s);
	f->account = scratch_account(&f->s, "kerja");
	folder = scratch_folder(&f->s, f->account, "INBOX", FOLDER_INBOX,
	    false);
	t = scratch_write(&f->s);
	for (uint32_t i = 0; i < MESSAGES; i++) {
		uint64_t id = scratch_message(&t, folder, i + 1, i, 0);

		f->first = i ? f->first : id;
	}
	scratch_commit(&t);
	send.account = f->account;
	send.body = scratch_body(&f->s, SPAN_LIT("the letter"));
	t = scratch_write(&f->s);
	store_undo_begin(&t, NOW);
	f->letter = store_act_send(&t, &send, NOW);
	scratch_commit(&t);
}

/* More acts than are kept come to their end, at that time. */
static void
end_many(struct fixture *f, int64_t when)
{
	struct store_txn t = scratch_write(&f->s);

	for (int i = 0; i < ACTS_CLOSED_MAX + 100; i++) {
		uint64_t message = f->first + (uint64_t)(i % MESSAGES);
		uint64_t act = store_act_flags(&t, message,
		    i / MESSAGES % 2 ? 0 : FLAG_SEEN,
		    i / MESSAGES % 2 ? FLAG_SEEN : 0, when);

		store_act_set(&t, act, ACT_DONE, SPAN_LIT(""), DATE_NONE,
		    when);
	}
	scratch_commit(&t);
}

static void
turn(struct fixture *f, enum err (*turn_last)(struct store_txn *t,
    int64_t now, struct undo_result *result, struct error *e))
{
	struct store_txn t = scratch_write(&f->s);
	struct undo_result result = { 0 };
	struct error e = { 0 };

	cr_expect_eq(turn_last(&t, NOW, &result, &e), ERR_OK, "%s", e.text);
	cr_expect_eq(result.messages, 1);
	cr_expect_eq(result.not_undone, 0);
	scratch_commit(&t);
}

static size_t
collect(struct fixture *f)
{
	size_t dropped = 0;

	cr_assert_eq(body_collect(f->s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	return dropped;
}

/* The act that sends now; it is there. */
static struct act
sending(struct fixture *f, struct arena *arena)
{
	struct store_txn t = scratch_read(&f->s);
	struct act *acts;
	size_t n = store_acts(&t, f->account, false, arena, &acts);

	store_end(&t);
	cr_assert_eq(n, 1);
	cr_assert_eq(acts[0].kind, ACT_SEND);
	return acts[0];
}

Test(closed, letter_that_was_taken_back_can_be_sent_again_at_its_time)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;

	fixture_init(&f);
	turn(&f, store_undo_last);
	turn(&f, store_redo_last);
	cr_expect_eq(sending(&f, &arena).not_before, LATER);
	cr_expect_neq(sending(&f, &arena).id, f.letter);
}

Test(closed, letter_that_was_taken_back_outlives_acts_that_end_before_it)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;

	fixture_init(&f);
	end_many(&f, NOW);
	turn(&f, store_undo_last);
	cr_expect_eq(collect(&f), 0);
	turn(&f, store_redo_last);
	sending(&f, &arena);
}

Test(closed, letter_that_was_taken_back_outlives_acts_that_end_after_it)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;

	fixture_init(&f);
	turn(&f, store_undo_last);
	end_many(&f, NOW + 1);
	cr_expect_eq(collect(&f), 0);
	turn(&f, store_redo_last);
	sending(&f, &arena);
}

Test(closed, letter_that_was_taken_back_goes_after_a_month)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	struct act act;

	fixture_init(&f);
	turn(&f, store_undo_last);
	end_many(&f, NOW + TAKEN_BACK_SECONDS + 1);
	t = scratch_read(&f.s);
	cr_expect_not(store_act_get(&t, f.letter, &arena, &act));
	store_end(&t);
	cr_expect_eq(collect(&f), 1);
}

Test(closed, acts_that_ended_last_stay_though_a_clock_was_set_back)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	struct act act;
	uint64_t id;

	fixture_init(&f);
	end_many(&f, NOW + 5000);
	t = scratch_write(&f.s);
	id = store_act_flags(&t, f.first, FLAG_FLAGGED, 0, NOW);
	cr_expect(store_act_set(&t, id, ACT_DONE, SPAN_LIT(""), DATE_NONE,
	    NOW));
	cr_expect_not(store_act_set(&t, id, ACT_SENT, SPAN_LIT(""), DATE_NONE,
	    NOW), "it is at its end");
	scratch_commit(&t);
	end_many(&f, NOW + 5000);
	t = scratch_read(&f.s);
	cr_expect_not(store_act_get(&t, id, &arena, &act), "as it is its turn");
	store_end(&t);
}

/* Schema 2 had them by their numbers alone. */
static void
make_schema_2(struct scratch *s)
{
	CLEANUP(buf_fini) struct buf ids = { 0 };
	struct store_txn t = scratch_write(s);
	struct key from = { 0 }, schema = { 0 };
	struct span key, value, rest;
	struct buf *b;

	while (txn_seek(&t, TABLE_ACTS_CLOSED, &from, &key, &value)) {
		struct key was = { 0 }, number = { 0 };

		key_bytes(&was, key);
		key_take_date(&key);
		key_fixed64(&number, key_take_u64(&key));
		buf_put(&ids, key_span(&number));
		txn_del(&t, TABLE_ACTS_CLOSED, &was);
	}
	for (rest = buf_span(&ids); rest.n > 0;) {
		struct key now = key_of_u64(key_take_fixed64(&rest));

		txn_put(&t, TABLE_ACTS_CLOSED, &now, (struct span){ "", 0 });
	}
	key_bytes(&schema, SPAN_LIT("schema"));
	b = txn_record(&t);
	record_put_u64(b, 2);
	record_put_u64(b, 4096);
	record_put_span(b, SPAN_LIT("surat"));
	txn_put_record(&t, TABLE_META, &schema);
	scratch_commit(&t);
}

Test(closed, acts_of_an_earlier_schema_are_brought_into_order)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	struct act *acts;

	fixture_init(&f);
	turn(&f, store_undo_last);
	end_many(&f, NOW + 1);
	make_schema_2(&f.s);
	scratch_close(&f.s);
	scratch_open(&f.s);
	t = scratch_read(&f.s);
	cr_expect_eq(store_acts_recent(&t, f.account, ACTS_CLOSED_MAX, &arena,
	    &acts), ACTS_CLOSED_MAX);
	store_end(&t);
	turn(&f, store_redo_last);
	sending(&f, &arena);
}

Test(closed, letter_that_may_have_left_is_put_away_with_what_is_known)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct error e = { 0 };
	struct store_txn t;
	struct act act;

	fixture_init(&f);
	t = scratch_write(&f.s);
	store_act_set(&t, f.letter, ACT_SENT, SPAN_LIT(""), DATE_NONE, NOW);
	store_act_set(&t, f.letter, ACT_UNKNOWN, SPAN_LIT("it was cut off"),
	    DATE_NONE, NOW);
	cr_expect_eq(store_act_cancel(&t, f.letter, NOW, &e), ERR_OK, "%s",
	    e.text);
	scratch_commit(&t);
	act = scratch_act(&f.s, f.letter, &arena);
	cr_expect_eq(act.state, ACT_CANCELED);
	cr_expect(span_eq(act.answer, SPAN_LIT("it was cut off")));
}
