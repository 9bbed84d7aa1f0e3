/* SPDX-License-Identifier: MIT */
/*
 * Damage to what is in a store whose trees are whole: each table that
 * follows from others is changed in each way, found, and made right again;
 * of records that cannot be read the others are kept.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/xalloc.h"
#include "store/body.h"
#include "store/body_piece.h"
#include "store/budget.h"
#include "store/part.h"
#include "store/thread.h"
#include "store/txn.h"
#include "store/undo.h"
#include "store/want.h"
#include "tests/store/damage.h"
#include "tests/store/damage_table.h"
#include "tests/store/dump.h"
#include "tests/store/expected.h"
#include "tests/store/faults.h"
#include "tests/store/findings.h"
#include "tests/store/letters.h"

static void
add_letters(struct scratch *s, uint32_t folder)
{
	struct letters w = { .s = *s };
	struct letter l[] = {
		{ .id = 101, .date = 1, .from = 1, .to = 2, .subject = 1 },
		{ .id = 102, .date = 2, .from = 3, .to = 4, .subject = 2 },
		/* Joins two threads, which leaves a link. */
		{ .id = 103, .refs = { 101, 102 }, .nrefs = 2, .date = 3,
		    .from = 2, .to = 1 },
		{ .id = 104, .refs = { 150 }, .nrefs = 1, .date = 4 },
		/* Answers by its subject alone. */
		{ .id = 105, .date = 5, .from = 2, .to = 1, .subject = 1,
		    .is_reply = true },
	};
	struct store_txn t = scratch_write(s);

	for (int i = 0; i < LETTER_FOLDERS; i++)
		w.folders[i] = folder;
	for (size_t i = 0; i < ARRAY_LEN(l); i++)
		letter_add(&w, &t, &l[i]);
	scratch_commit(&t);
}

/* Every table has something in it. */
static void
init_full(struct scratch *s)
{
	uint64_t body, id;
	struct store_txn t;

	scratch_dir(s);
	dump_load("tests/data/store-1", s->dir);
	scratch_open(s);
	add_letters(s, 1);
	body = scratch_body(s, SPAN_LIT("a part of a letter"));
	t = scratch_write(s);
	id = scratch_message(&t, 1, 4000000, 1, 0);
	store_part_put(&t, id, SPAN_LIT("1.2"), body);
	store_message_keep(&t, id, true);
	store_want_body(&t, id);
	store_undo_begin(&t, 5);
	store_act_flags(&t, id, FLAG_FLAGGED, 0, 5);
	scratch_commit(&t);
	scratch_check(s);
}

Test(repair, makes_every_table_again_that_follows_from_others)
{
	static const enum table followers[] = {
		TABLE_FOLDER_NAMES, TABLE_COUNTS, TABLE_BY_DATE, TABLE_UNREAD,
		TABLE_FLAGGED, TABLE_BY_SENDER, TABLE_BY_SUBJECT,
		TABLE_BY_SIZE, TABLE_BY_UID, TABLE_UID_RANGES,
		TABLE_MESSAGE_IDS, TABLE_THREAD_MEMBERS, TABLE_THREADS,
		TABLE_SUBJECTS, TABLE_BODY_USES, TABLE_USAGE, TABLE_READS,
		TABLE_BY_READ, TABLE_ACTS_OPEN, TABLE_ACTS_CLOSED,
		TABLE_ACTS_OF, TABLE_WANT_OF, TABLE_CONTACT_OF,
		TABLE_CONTACT_WORDS,
	};
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(buf_fini) struct buf before = { 0 };

	init_full(&s);
	expected_write(s.store, &before);
	for (size_t i = 0; i < ARRAY_LEN(followers); i++)
		damage_and_repair(&s, followers[i], &before);
}

/* Which messages are together, as text. */
static void
write_threads(struct scratch *s, struct buf *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t = scratch_read(s);
	uint64_t last = store_message_last_id(&t);

	for (uint64_t a = 1; a <= last; a++) {
		struct message m, other;

		if (!store_message_get(&t, a, &arena, &m))
			continue;
		for (uint64_t b = 1; b < a; b++)
			if (store_message_get(&t, b, &arena, &other) &&
			    other.thread == m.thread)
				buf_printf(out, "%llu with %llu\n",
				    (unsigned long long)a,
				    (unsigned long long)b);
		arena_fini(&arena);
	}
	store_end(&t);
}

Test(repair, keeps_threads_whatever_became_of_their_links)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(buf_fini) struct buf before = { 0 };

	init_full(&s);
	write_threads(&s, &before);
	for (int c = 0; c < DAMAGE_COUNT; c++) {
		CLEANUP(buf_fini) struct buf now = { 0 };
		struct repair_result result;
		struct findings f;

		/* Repairing leaves no link to damage a second time. */
		if (c > 0) {
			scratch_fini(&s);
			init_full(&s);
		}
		cr_assert(damage_table(&s, TABLE_THREAD_LINKS,
		    (enum damage)c));
		/* One more link, of a number that no thread has, is none. */
		cr_expect(findings_check(&s, &f) == ERR_CORRUPT ||
		    c == DAMAGE_ADD);
		cr_expect(f.n == 0 || strstr(f.text, "thread_"), "%s", f.text);
		findings_repair(&s, &result, &f);
		write_threads(&s, &now);
		cr_expect(span_eq(buf_span(&now), buf_span(&before)), "%s",
		    damage_name((enum damage)c));
	}
}

/* A row goes into a thread that has the number of a later one. */
Test(repair, keeps_one_head_of_a_thread_with_a_link_to_a_larger_number)
{
	CLEANUP(letters_fini) struct letters w = { 0 };
	struct letter l[] = {
		{ .id = 101, .date = 1 },
		{ .id = 102, .date = 2 },
		{ .id = 103, .refs = { 102 }, .nrefs = 1, .date = 3 },
		{ .id = 104, .refs = { 101, 102 }, .nrefs = 2, .date = 4 },
	};
	struct repair_result result;
	struct findings f;
	struct store_txn t;

	letters_init(&w);
	t = scratch_write(&w.s);
	for (size_t i = 0; i < ARRAY_LEN(l); i++)
		letter_add(&w, &t, &l[i]);
	scratch_commit(&t);
	t = scratch_read(&w.s);
	cr_assert_eq(thread_find(&t, 1), 2);
	store_end(&t);
	cr_assert(damage_table(&w.s, TABLE_BY_DATE, DAMAGE_REMOVE));
	findings_repair(&w.s, &result, &f);
}

Test(repair, finds_letters_that_nobody_would_collect)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct repair_result result;
	struct findings f;
	struct store_txn t;
	struct key key;
	uint64_t body;

	init_full(&s);
	body = scratch_body(&s, SPAN_LIT("nobody names me"));
	key = body_key(body);
	txn_begin(s.store, ENV_BODIES, true, &t);
	cr_assert(txn_del(&t, TABLE_BODY_FRESH, &key));
	scratch_commit(&t);
	cr_assert_eq(findings_check(&s, &f), ERR_CORRUPT);
	cr_expect_not_null(strstr(f.text, "body_unused"), "%s", f.text);
	findings_repair(&s, &result, &f);
	cr_expect_eq(result.lost, 0);
}

/* One bit of a record. */
static void
damage_record(struct scratch *s, enum table table, struct key key)
{
	CLEANUP(cleanup_free) char *value = NULL;
	struct store_txn t;
	struct span v;
	size_t n;

	txn_begin(s->store, tables[table].env, true, &t);
	cr_assert(txn_get(&t, table, &key, &v));
	value = span_dup(v);
	n = v.n;
	value[n / 2] ^= 4;
	txn_put(&t, table, &key, (struct span){ value, n });
	scratch_commit(&t);
}

Test(repair, keeps_all_but_the_records_that_cannot_be_read)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct repair_result result;
	struct findings f;
	struct store_txn t;
	struct message m;
	uint64_t rows, last;

	init_full(&s);
	t = scratch_read(&s);
	rows = txn_count(&t, TABLE_ROWS);
	last = store_message_last_id(&t);
	store_end(&t);
	damage_record(&s, TABLE_ROWS, key_of_u64(3));
	damage_record(&s, TABLE_ROWS, key_of_u64(last));
	cr_assert_eq(findings_check(&s, &f), ERR_CORRUPT);
	cr_expect_not_null(strstr(f.text, "rows 3: "), "%s", f.text);
	findings_repair(&s, &result, &f);
	cr_expect_not_null(strstr(f.text, "rows 3: "), "%s", f.text);
	cr_expect_eq(result.rows, rows - 2);
	cr_expect_geq(result.lost, 2);
	t = scratch_write(&s);
	cr_expect_not(store_message_get(&t, 3, &arena, &m));
	cr_expect(store_message_get(&t, 4, &arena, &m));
	/* The number of the lost one is not given again. */
	cr_expect_eq(scratch_message(&t, 1, 4000001, 1, 0), last + 1);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(repair, keeps_the_mail_of_a_folder_that_cannot_be_read)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct repair_result result;
	struct findings f;
	struct store_txn t;
	struct folder before, after;

	init_full(&s);
	t = scratch_read(&s);
	cr_assert(store_folder_get(&t, 1, &arena, &before));
	store_end(&t);
	cr_assert_gt(before.total, 0);
	damage_record(&s, TABLE_FOLDERS, key_of_u32(1));
	findings_repair(&s, &result, &f);
	cr_expect_not_null(strstr(f.text, "Recovered"), "%s", f.text);
	t = scratch_read(&s);
	cr_assert(store_folder_get(&t, 1, &arena, &after));
	cr_expect_eq(after.total, before.total);
	cr_expect_eq(after.unread, before.unread);
	cr_expect_eq(after.account, before.account);
	cr_expect(after.is_local);
	store_end(&t);
}

Test(repair, goes_on_counting_when_a_counter_cannot_be_read)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct repair_result result;
	struct findings f;
	struct store_txn t;
	uint64_t last;

	init_full(&s);
	t = scratch_read(&s);
	last = store_message_last_id(&t);
	store_end(&t);
	damage_record(&s, TABLE_META, txn_counter_key(COUNTER_MESSAGE));
	findings_repair(&s, &result, &f);
	t = scratch_write(&s);
	cr_expect_gt(scratch_message(&t, 1, 4000001, 1, 0), last);
	scratch_commit(&t);
}

static struct key
piece_key(uint64_t body)
{
	struct key key = body_key(body);

	key_fixed32(&key, 0);
	return key;
}

/* A letter with a body, in a folder of a server or a local one. */
static uint64_t
add_letter(struct scratch *s, uint32_t folder, uint32_t uid, uint64_t body)
{
	struct store_txn t = scratch_write(s);
	uint64_t id = scratch_message(&t, folder, uid, 1, 0);

	store_message_set_body(&t, id, body, BODY_WHOLE, SPAN_LIT("text"));
	scratch_commit(&t);
	return id;
}

Test(repair, fetches_damaged_letters_again_or_leaves_them)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct repair_result result;
	struct findings f;
	uint64_t body, kept, remote, local;
	uint32_t folder;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	body = scratch_body(&s, SPAN_LIT("this one the server has"));
	kept = scratch_body(&s, SPAN_LIT("this one nobody else has"));
	remote = add_letter(&s, folder, 1, body);
	local = add_letter(&s, scratch_folder(&s, 1, "Local", FOLDER_NONE,
	    true), 0, kept);
	damage_record(&s, TABLE_BODY_PIECES, piece_key(body));
	damage_record(&s, TABLE_BODY_PIECES, piece_key(kept));
	cr_assert_eq(findings_check(&s, &f), ERR_CORRUPT);
	cr_expect_eq(f.n, 2, "%s", f.text);
	cr_expect_eq(f.nfinal, 1);
	scratch_close(&s);
	cr_assert_eq(store_repair(s.dir, NULL, &(struct store_findings){
	    findings_note, &f }, &result, NULL), ERR_OK);
	free(result.kept);
	cr_expect_eq(result.letters, 2);
	cr_expect_eq(result.rows, 2);
	scratch_open(&s);
	cr_expect_eq(scratch_get(&s, remote, &arena).body, 0);
	cr_expect_eq(scratch_get(&s, remote, &arena).body_state, BODY_NONE);
	cr_expect_eq(scratch_get(&s, local, &arena).body, kept);
	/* Fetched again, it is another body. */
	body = scratch_body(&s, SPAN_LIT("this one the server has"));
	add_letter(&s, folder, 2, body);
	/* What is left is still said, and nothing made again for it. */
	cr_expect_eq(findings_check(&s, &f), ERR_CORRUPT);
	cr_expect_eq(f.n, 1, "%s", f.text);
	cr_expect_eq(f.nfinal, 1);
	scratch_close(&s);
	cr_assert_eq(store_repair(s.dir, NULL, &(struct store_findings){
	    findings_note, &f }, &result, NULL), ERR_OK);
	cr_expect_null(result.kept);
	cr_expect_eq(result.letters, 1);
	cr_expect_eq(result.rows, 3);
	scratch_open(&s);
	/* The same letter that comes in another way is not taken for it. */
	cr_expect_neq(scratch_body(&s, SPAN_LIT("this one nobody else has")),
	    kept);
}

Test(repair, makes_what_letters_are_found_by_again)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(buf_fini) struct buf before = { 0 };
	struct repair_result result;
	struct findings f;
	struct store_txn t;
	struct key from = { 0 }, hash = { 0 };
	struct span k, v;

	init_full(&s);
	expected_write(s.store, &before);
	/* The record of one from its pieces, the hash of another. */
	damage_record(&s, TABLE_BODIES, body_key(1));
	txn_begin(s.store, ENV_BODIES, true, &t);
	cr_assert(txn_seek(&t, TABLE_BODY_HASHES, &from, &k, &v));
	while (key_take_fixed64(&v) == 1)
		cr_assert(txn_next(&t, TABLE_BODY_HASHES, &k, &v));
	key_bytes(&hash, k);
	cr_assert(txn_del(&t, TABLE_BODY_HASHES, &hash));
	scratch_commit(&t);
	cr_assert_eq(findings_check(&s, &f), ERR_CORRUPT);
	findings_repair(&s, &result, &f);
	cr_expect_eq(result.letters, 0, "%s", f.text);
	damage_expect_like(&s, &before, "bodies", "damaged");
}

Test(repair, is_refused_while_somebody_has_the_store_open)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct repair_result result;
	struct findings f = { 0 };
	struct error e = { 0 };
	pid_t pid;
	int status;

	scratch_init(&s);
	pid = fork();
	if (pid == 0)
		_exit((int)store_repair(s.dir, NULL, &(struct store_findings){
		    findings_note, &f }, &result, &e));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status));
	cr_expect_eq(WEXITSTATUS(status), ERR_BUSY);
}

Test(repair, of_broken_trees_is_refused_and_changes_nothing)
{
	CLEANUP(scratch_fini) struct scratch s;
	char noise[32 * DAMAGE_PAGE];
	struct repair_result result;
	struct findings f = { 0 };
	struct error e = { 0 };
	int fd;

	scratch_init(&s);
	damage_fill(&s);
	scratch_close(&s);
	damage_noise(noise, sizeof noise);
	fd = open(scratch_path(&s, "index.mdb"), O_RDWR | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	cr_assert_eq(pwrite(fd, noise, sizeof noise, 8 * DAMAGE_PAGE),
	    (ssize_t)sizeof noise);
	close(fd);
	cr_expect_eq(store_repair(s.dir, NULL, &(struct store_findings){
	    findings_note, &f }, &result, &e), ERR_CORRUPT);
	cr_expect_not_null(strstr(e.text, "surat restore"), "%s", e.text);
	cr_expect_null(result.kept);
	cr_expect_neq(access(scratch_path(&s, "index.next.mdb"), F_OK), 0);
}

/* The child damages nothing more; it is killed at its at-th call. */
static bool
repair_and_die(const struct scratch *s, int at, enum fault how)
{
	struct repair_result result;
	struct findings f = { 0 };
	struct store_findings to = { findings_note, &f };
	int status;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		faults_set(at, how);
		_exit((int)store_repair(s->dir, NULL, &to, &result, NULL));
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status);
}

static void
sweep_kills(enum fault how, int step)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(buf_fini) struct buf before = { 0 };
	bool was_killed = true;

	init_full(&s);
	expected_write(s.store, &before);
	for (int at = 1; was_killed; at += step) {
		struct repair_result result;
		struct findings f;

		damage_table(&s, TABLE_BY_DATE, DAMAGE_REMOVE);
		scratch_close(&s);
		was_killed = repair_and_die(&s, at, how);
		scratch_open(&s);
		if (findings_check(&s, &f) == ERR_CORRUPT)
			findings_repair(&s, &result, &f);
		damage_expect_like(&s, &before, "by_date", "repaired");
	}
}

Test(repair, may_be_killed_at_any_write)
{
	sweep_kills(FAULT_KILL, 3);
}

Test(repair, may_be_killed_at_any_change_of_a_name)
{
	sweep_kills(FAULT_KILL_NAMES, 1);
}

/* What a server has, damaged: the number of its message is 1. */
static void
init_damaged(struct scratch *s)
{
	uint64_t body;
	uint32_t folder;

	scratch_init(s);
	folder = scratch_folder(s, scratch_account(s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	body = scratch_body(s, SPAN_LIT("this one the server has"));
	cr_assert_eq(add_letter(s, folder, 1, body), 1);
	damage_record(s, TABLE_BODY_PIECES, piece_key(body));
	scratch_close(s);
}

/* Twice: the first one may have been killed before it came to the letter. */
Test(repair, that_is_killed_keeps_what_is_fetched_again)
{
	bool was_killed = true;

	for (int at = 1; was_killed; at++) {
		CLEANUP(scratch_fini) struct scratch s;
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct error e = { 0 };
		struct span letter;

		init_damaged(&s);
		was_killed = repair_and_die(&s, at, FAULT_KILL_NAMES);
		if (was_killed)
			repair_and_die(&s, at / 2 + 1, FAULT_KILL_NAMES);
		scratch_open(&s);
		if (scratch_get(&s, 1, &arena).body_state != BODY_NONE)
			continue;
		cr_expect_eq(store_body_load(s.store, scratch_body(&s,
		    SPAN_LIT("this one the server has")), 100, &arena,
		    &letter, &e), ERR_OK, "call %d: %s", at, e.text);
	}
}
