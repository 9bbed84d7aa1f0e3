/* SPDX-License-Identifier: MIT */
/*
 * Damage to a store in which much waits: letters that are to be moved,
 * copied and purged, some of unknown UID, and folders that are to be made.
 */
#include "store/act_record.h"
#include "store/backup.h"
#include "store/row.h"
#include "store/txn.h"
#include "tests/store/damage_table.h"
#include "tests/store/expected.h"
#include "tests/store/findings.h"
#include "tests/store/life.h"

enum { ALL_WAIT = 6, SOME_DONE = 11, MOVED = 1, PURGED = 7, PROJECT = 3 };

static void
init(struct scratch *s, uint64_t steps)
{
	scratch_init(s);
	for (uint64_t i = 0; i < steps; i++)
		cr_assert_eq(life_take_step(&life_of_moves, s->store, i),
		    ERR_OK);
	scratch_check(s);
}

Test(repair_acts, makes_again_what_follows_from_letters_and_acts_that_wait)
{
	static const enum table followers[] = {
		TABLE_UNBOUND, TABLE_FOLDER_ACTS, TABLE_ACTS_OF, TABLE_BY_UID,
		TABLE_UID_RANGES, TABLE_BY_DATE, TABLE_COUNTS,
		TABLE_FOLDER_NAMES, TABLE_MESSAGE_IDS, TABLE_THREAD_MEMBERS,
	};
	static const uint64_t steps[] = { ALL_WAIT, SOME_DONE };

	for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
		CLEANUP(scratch_fini) struct scratch s;
		CLEANUP(buf_fini) struct buf before = { 0 };

		init(&s, steps[k]);
		expected_write(s.store, &before);
		for (size_t i = 0; i < ARRAY_LEN(followers); i++)
			damage_and_repair(&s, followers[i], &before);
	}
}

/* A row that was written by somebody who did not look at the acts. */
static void
write_row(struct scratch *s, uint64_t id, uint32_t folder, bool is_unbound)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = scratch_write(s);
	struct row row;

	cr_assert(row_get(&t, id, &row));
	row_keep(&row, &arena);
	row.m.folder = folder;
	row.m.is_unbound = is_unbound;
	row_put(&t, &row, false);
	scratch_commit(&t);
}

static void
expect_made_right(struct scratch *s, const struct buf *before)
{
	CLEANUP(buf_fini) struct buf now = { 0 };
	struct repair_result result;
	struct findings f;

	cr_assert_eq(findings_check(s, &f), ERR_CORRUPT);
	findings_repair(s, &result, &f);
	expected_write(s->store, &now);
	expected_same("repaired", buf_span(before), buf_span(&now));
}

Test(repair_acts, shows_letters_where_the_acts_say)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(buf_fini) struct buf before = { 0 };

	init(&s, ALL_WAIT);
	expected_write(s.store, &before);
	write_row(&s, MOVED, 1, false);
	expect_made_right(&s, &before);
	write_row(&s, PURGED, 1, false);
	expect_made_right(&s, &before);
}

Test(repair_acts, does_not_read_a_row_with_a_uid_that_is_to_be_told_one)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct message m;
	struct findings f;

	init(&s, ALL_WAIT);
	write_row(&s, MOVED, 2, true);
	cr_expect_eq(findings_check(&s, &f), ERR_CORRUPT);
	t = scratch_read(&s);
	cr_expect_not(store_message_get(&t, MOVED, &arena, &m));
	cr_expect_eq(t.error.kind, ERR_CORRUPT);
	store_end(&t);
}

/* One bit of a record. */
static void
damage_record(struct scratch *s, enum table table, struct key key)
{
	struct store_txn t = scratch_write(s);
	char value[4096];
	struct span v;

	cr_assert(txn_get(&t, table, &key, &v));
	cr_assert_leq(v.n, sizeof value);
	memcpy(value, v.p, v.n);
	value[v.n / 2] ^= 4;
	txn_put(&t, table, &key, (struct span){ value, v.n });
	scratch_commit(&t);
}

Test(repair_acts, brings_letters_back_whose_acts_are_lost)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct repair_result result;
	struct findings f;
	struct message m;

	init(&s, ALL_WAIT);
	for (uint64_t act = 1; act <= 9; act++)
		damage_record(&s, TABLE_ACTS, key_of_u64(act));
	findings_repair(&s, &result, &f);
	m = scratch_get(&s, MOVED, &arena);
	cr_expect_eq(m.folder, 1);
	cr_expect_eq(m.server_folder, 1);
	cr_expect_eq(scratch_get(&s, PURGED, &arena).folder, 1);
}

Test(repair_acts, keeps_letters_that_wait_for_a_folder_that_is_lost)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct repair_result result;
	struct findings f;
	struct message m;

	init(&s, ALL_WAIT);
	damage_record(&s, TABLE_FOLDERS, key_of_u32(PROJECT));
	findings_repair(&s, &result, &f);
	cr_expect_not_null(strstr(f.text, "Recovered"), "%s", f.text);
	m = scratch_get(&s, 12, &arena);
	cr_expect_eq(m.folder, PROJECT);
	cr_expect_eq(m.server_folder, 1);
}

Test(repair_acts, come_back_from_a_backup_as_they_were)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(scratch_fini) struct scratch other;
	CLEANUP(buf_fini) struct buf before = { 0 }, after = { 0 };
	CLEANUP(cleanup_free) char *from = NULL;
	struct store_restoring r = { .from = NULL };
	struct error e = { 0 };

	init(&s, SOME_DONE);
	expected_write(s.store, &before);
	scratch_dir(&other);
	from = strdup(scratch_path(&other, "backup"));
	cr_assert_eq(store_backup(s.store, from, NULL, &e), ERR_OK, "%s",
	    e.text);
	r.from = from;
	r.dir = strdup(scratch_path(&other, "store"));
	cr_assert_eq(store_restore(&r, &e), ERR_OK, "%s", e.text);
	scratch_close(&s);
	cr_assert_eq(store_open(r.dir, &s.store, &e), ERR_OK, "%s", e.text);
	scratch_check(&s);
	expected_write(s.store, &after);
	expected_same("restored", buf_span(&before), buf_span(&after));
	free((char *)r.dir);
	free(r.kept);
}

Test(repair_acts, acts_that_do_not_name_what_they_are_about_are_none)
{
	static const struct act bad[] = {
		{ .kind = ACT_MOVE, .message = 1 },
		{ .kind = ACT_MOVE, .target = 2 },
		{ .kind = ACT_COPY, .message = 1, .target = 2 },
		{ .kind = ACT_PURGE },
		{ .kind = ACT_KEYWORD, .message = 1, .add = 1 },
		{ .kind = ACT_KEYWORD, .message = 1, .add = 2,
		    .keyword = SPAN("a") },
		{ .kind = ACT_CREATE, .folder = 1 },
		{ .kind = ACT_RENAME, .folder = 1, .title = SPAN("a") },
		{ .kind = ACT_REMOVE },
		{ .kind = ACT_SUBSCRIBE, .folder = 1, .add = 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		CLEANUP(scratch_fini) struct scratch s;
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct store_txn t;
		struct act a = bad[i], got;

		init(&s, 1);
		t = scratch_write(&s);
		a.id = txn_next_number(&t, COUNTER_ACT);
		a.account = 1;
		a.state = ACT_QUEUED;
		act_store(&t, &a, 0);
		cr_expect_not(store_act_get(&t, a.id, &arena, &got),
		    "number %zu", i);
		cr_expect_eq(t.error.kind, ERR_CORRUPT, "number %zu", i);
		store_end(&t);
	}
}
