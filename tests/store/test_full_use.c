/* SPDX-License-Identifier: MIT */
/*
 * The disk is full while the store is used: as in test_full.c, of opening
 * it, of what comes and what the user does, and of what goes by itself.
 * test_durable.c has a full disk at each write of each kind of commit.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "store/body.h"
#include "store/body_piece.h"
#include "store/budget.h"
#include "store/txn.h"
#include "store/undo.h"
#include "tests/store/damage.h"
#include "tests/store/dump.h"
#include "tests/store/expected.h"
#include "tests/store/full_disk.h"
#include "tests/store/full_store.h"

/* All that the server has. */
static enum err
run_evict(const char *dir, struct store *store, struct error *e)
{
	struct evicted evicted;
	size_t dropped;
	enum err err = store_evict(store, 1, 0, SIZE_MAX, &evicted, e);

	(void)dir;
	return err == ERR_OK ? body_collect(store, INT64_MAX, SIZE_MAX,
	    &dropped, e) : err;
}

static const struct full_work evict = {
	.name = "eviction and collection",
	.make = full_store_make,
	.is_open = true,
	.run = run_evict,
	.look = full_store_look,
	.is_in_steps = true,
	.step = { 1, 9, 5, 1 },
	.min = { 10, 6, 5, 0 },
};

static void
make_nothing(const char *dir)
{
	(void)dir;
}

static void
make_old(const char *dir)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);

	cr_assert_eq(mkdir(path, 0700), 0);
	dump_load("tests/data/store-1", path);
}

static enum err
run_open(const char *dir, struct store *store, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);
	enum err err = store_open(path, &store, e);

	if (err == ERR_OK)
		store_close(store);
	return err;
}

static const struct full_work open_new = {
	.name = "making a store",
	.make = make_nothing,
	.run = run_open,
	.look = full_store_look,
	.is_made_by_run = true,
	.step = { 1, 1, 2, 1 },
	.min = { 10, 6, 8, 6 },
};

static const struct full_work migrate = {
	.name = "migration",
	.make = make_old,
	.run = run_open,
	.look = full_store_look,
	.is_made_by_run = true,
	.step = { 3, 6, 8, 1 },
	.min = { 4, 6, 5, 4 },
};

static void
make_account(const char *dir)
{
	struct scratch s;

	full_store_open(&s, dir);
	scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX", FOLDER_INBOX,
	    false);
	scratch_close(&s);
}

enum { ROWS = 60, DAYS = 4, LETTER_LONG = 600000 };

/* Each from somebody else; the first one has the letter. */
static void
add_contacts(struct store_txn *t, uint64_t day, uint64_t body)
{
	for (uint32_t i = 0; i < ROWS; i++) {
		char addr[64];
		struct address from = { SPAN("Ani Wati"), SPAN("") };
		struct envelope e = { .date = i, .from = { &from, 1 },
			.subject = SPAN("Kabar") };
		uint64_t id;

		snprintf(addr, sizeof addr, "ani.%u.%u@rumah.example",
		    (unsigned)day, i);
		from.addr = span_of(addr);
		id = store_message_add(t, &(struct message_new){ .folder = 1,
		    .uid = { (uint32_t)day * ROWS + i + 1 }, .arrived = i,
		    .envelope = &e });
		if (i == 0)
			store_message_set_body(t, id, body, BODY_WHOLE,
			    SPAN_LIT("text"));
	}
}

static enum err
write_letter(struct store *store, uint64_t day, uint64_t *id, struct error *e)
{
	static char bytes[LETTER_LONG];
	struct body_writer *w;

	srandom((unsigned)day);
	damage_noise(bytes, sizeof bytes);
	store_body_begin(store, &w, e);
	store_body_write(w, (struct span){ bytes, sizeof bytes });
	return store_body_finish(w, id, e);
}

static uint64_t
days_done(struct store *store)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account_state state;
	struct store_txn t;

	cr_assert_eq(store_read(store, &t), ERR_OK, "%s", t.error.text);
	store_account_state_get(&t, 1, &arena, &state);
	store_end(&t);
	return state.done;
}

/* A letter; what it came with, and a step of the user's; the step back. */
static enum err
live_a_day(struct store *store, uint64_t day, struct error *e)
{
	struct account_state state = { .done = day + 1 };
	struct undo_result undone;
	struct store_txn t;
	uint64_t body;
	enum err err = write_letter(store, day, &body, e);

	if (err != ERR_OK)
		return err;
	store_write(store, &t);
	if (day % 2 && store_undo_last(&t, 2, &undone, NULL) != ERR_OK)
		txn_fail(&t, ERR_USAGE, "nothing to undo");
	add_contacts(&t, day, body);
	if (day % 2 == 0) {
		store_undo_begin(&t, 1);
		for (uint64_t i = 1; i <= ROWS; i++)
			store_act_flags(&t, day * ROWS + i, FLAG_FLAGGED, 0,
			    1);
	}
	store_account_state_put(&t, 1, &state);
	return store_commit(&t, e);
}

static enum err
run_life(const char *dir, struct store *store, struct error *e)
{
	CLEANUP(cleanup_close) int fd = -1;
	enum err err = store_lock_account(store, SPAN_LIT("kerja"), &fd, e);

	(void)dir;
	for (uint64_t day = days_done(store); day < DAYS && err == ERR_OK;
	    day++)
		err = live_a_day(store, day, e);
	return err;
}

/* Each day is there as a whole, or not at all. */
static void
look_at_life(const char *dir, struct store *store, struct buf *out)
{
	uint64_t days = days_done(store);
	struct store_txn t;

	full_store_look(dir, store, out);
	cr_assert_eq(store_read(store, &t), ERR_OK);
	cr_assert_eq(txn_count(&t, TABLE_ROWS), days * ROWS);
	cr_assert_eq(txn_count(&t, TABLE_CONTACTS), days * ROWS);
	store_end(&t);
}

static const struct full_work life = {
	.name = "days of mail",
	.make = make_account,
	.is_open = true,
	.run = run_life,
	.look = look_at_life,
	.is_in_steps = true,
	.step = { 4, 61, 61, 1 },
	.min = { 5, 5, 5, 1 },
};

/* Its locks are made by who opens it first. */
static void
make_opened(const char *dir)
{
	struct scratch s;

	full_store_make(dir);
	full_store_open(&s, dir);
	scratch_close(&s);
}

static enum err
run_reading(const char *dir, struct store *store, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);
	CLEANUP(buf_fini) struct buf text = { 0 };
	uint64_t checked;
	enum err err = store_open(path, &store, e);

	if (err != ERR_OK)
		return err;
	err = store_check(store, &checked, e);
	expected_write(store, &text);
	store_close(store);
	return err;
}

static const struct full_work reading = {
	.name = "reading",
	.make = make_opened,
	.run = run_reading,
	.look = full_store_look,
	.step = { 1, 1, 1, 1 },
};

Test(full, eviction_and_collection_say_so_and_go_on_with_room)
{
	full_disk_try(&evict);
}

Test(full, making_a_store_says_so_and_goes_on_with_room)
{
	full_disk_try(&open_new);
}

Test(full, migration_says_so_and_goes_on_with_room)
{
	full_disk_try(&migrate);
}

Test(full, days_of_letters_contacts_and_undo_say_so_and_go_on_with_room)
{
	full_disk_try(&life);
}

Test(full, using_a_store_does_so_on_a_disk_that_is_really_small)
{
	static const struct full_work *const works[] = { &evict,
		&open_new, &migrate, &life };

	if (!full_disk_try_small(works, ARRAY_LEN(works)))
		cr_skip_test("only who may mount can make a small disk");
}

Test(full, a_store_is_read_on_a_disk_without_any_room)
{
	struct full_disk d;

	if (!full_disk_init(&d, true)) {
		full_disk_fini(&d);
		cr_skip_test("only who may mount can make a small disk");
	}
	cr_expect_eq(full_disk_sweep(&d, &reading, FULL_PAGES), 0);
	cr_expect_eq(full_disk_sweep(&d, &reading, FULL_NAMES), 0);
	full_disk_fini(&d);
}
