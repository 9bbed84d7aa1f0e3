/* SPDX-License-Identifier: MIT */
/*
 * Bringing a store of an earlier schema up to date: what comes of it is in
 * tests/store/test_dump.c; here, what may go wrong meanwhile.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/lock.h"
#include "store/txn.h"
#include "tests/store/dump.h"
#include "tests/store/expected.h"
#include "tests/store/faults.h"
#include "tests/store/scratch.h"

#define OLD "tests/data/store-1"

/* Many commits out of few records. */
static const struct env_limits small = {
	.map_octets = 1 << 20,
	.room_octets = 1 << 19,
	.wait_ms = 10000,
	.records_max = 60,
};

static void
init_old(struct scratch *s)
{
	scratch_dir(s);
	dump_load(OLD, s->dir);
}

static void
expect_migrated(struct scratch *s)
{
	scratch_open(s);
	scratch_check(s);
	expected_compare(s->store, OLD);
	cr_expect_neq(access(scratch_path(s, "index.next.mdb"), F_OK), 0);
}

/* Opens in a child whose at-th write goes wrong; the status of waitpid. */
static int
open_with(const struct scratch *s, int at, enum fault fault)
{
	struct store *store;
	struct error e = { 0 };
	int status;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		faults_set(at, fault);
		if (store_open_limited(s->dir, &small, &store, &e) == ERR_OK)
			_exit(faults_happened() ? 99 : 0);
		_exit((int)e.kind);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/* What was done before a kill late in the work is not done again. */
static void
expect_less_to_do(int writes)
{
	CLEANUP(scratch_fini) struct scratch s;

	init_old(&s);
	cr_assert(WIFSIGNALED(open_with(&s, writes * 3 / 4, FAULT_KILL)));
	cr_expect_eq(open_with(&s, writes / 2, FAULT_KILL), 0);
	expect_migrated(&s);
}

/* How many calls there were to be killed at, and one. */
static int
sweep_kills(enum fault how)
{
	bool was_killed = true;
	int at;

	for (at = 1; was_killed; at++) {
		CLEANUP(scratch_fini) struct scratch s;
		int status;

		init_old(&s);
		status = open_with(&s, at, how);
		was_killed = WIFSIGNALED(status);
		cr_assert(was_killed || WEXITSTATUS(status) == 0,
		    "call %d: status %x", at, status);
		expect_migrated(&s);
	}
	return at;
}

Test(migrate, goes_on_where_it_was_killed_at_any_write)
{
	int at = sweep_kills(FAULT_KILL);

	cr_assert_gt(at, 20);
	expect_less_to_do(at);
}

/* Also where a whole draft has not yet the name of the index. */
Test(migrate, goes_on_where_it_was_killed_at_any_change_of_a_name)
{
	cr_assert_gt(sweep_kills(FAULT_KILL_NAMES), 25);
}

Test(migrate, leaves_the_old_store_when_the_disk_fills_up)
{
	int status = 1 << 8;

	for (int at = 1; WEXITSTATUS(status) != 0; at++) {
		CLEANUP(scratch_fini) struct scratch s;

		init_old(&s);
		status = open_with(&s, at, FAULT_FULL);
		cr_assert(WIFEXITED(status), "write %d: %x", at, status);
		cr_assert(WEXITSTATUS(status) == 0 ||
		    WEXITSTATUS(status) == ERR_FULL, "write %d: %x", at,
		    status);
		if (WEXITSTATUS(status) != 0)
			cr_expect_neq(access(scratch_path(&s,
			    "index.next.mdb"), F_OK), 0);
		expect_migrated(&s);
	}
}

/* Holds the lock of those who have the store open, and tells. */
static pid_t
start_user(const struct scratch *s, int *told)
{
	int fds[2], in_use;
	pid_t pid;

	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		bool has = lock_in_use(s->dir, &in_use, NULL) == ERR_OK;

		if (write(fds[1], has ? "1" : "0", 1) == 1)
			pause();
		_exit(0);
	}
	close(fds[1]);
	*told = fds[0];
	return pid;
}

Test(migrate, waits_until_nobody_else_has_the_store_open)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(cleanup_close) int told = -1;
	struct error e = { 0 };
	char octet;
	pid_t pid;

	init_old(&s);
	pid = start_user(&s, &told);
	cr_assert_eq(read(told, &octet, 1), 1);
	cr_assert_eq(octet, '1');
	cr_expect_eq(store_open(s.dir, &s.store, &e), ERR_BUSY);
	cr_expect_not_null(strstr(e.text, "another surat"), "%s", e.text);
	cr_expect_null(s.store);
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	expect_migrated(&s);
}

struct told {
	uint64_t done, total;
	int times;
	bool went_back;
};

static void
tell(void *ctx, uint64_t done, uint64_t total)
{
	struct told *told = ctx;

	told->went_back |= done < told->done || done > total;
	told->done = done;
	told->total = total;
	told->times++;
}

Test(migrate, tells_how_far_it_is_only_when_there_is_something_to_do)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct told told = { 0 };
	struct store_progress progress = { tell, &told };
	struct error e = { 0 };

	init_old(&s);
	cr_assert_eq(store_open_progress(s.dir, &progress, &s.store, &e),
	    ERR_OK, "%s", e.text);
	cr_expect_gt(told.times, 0);
	cr_expect_gt(told.total, 100);
	cr_expect_not(told.went_back);
	scratch_close(&s);
	told.times = 0;
	cr_assert_eq(store_open_progress(s.dir, &progress, &s.store, &e),
	    ERR_OK, "%s", e.text);
	cr_expect_eq(told.times, 0);
}

/* Rows of one number are one thread, and an id that was heard of is known. */
Test(migrate, keeps_threads_together)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t;
	uint64_t heard = 0;
	struct key from = { 0 };
	struct span key, value;
	bool found;

	init_old(&s);
	scratch_open(&s);
	t = scratch_read(&s);
	for (uint64_t id = 1; id <= store_message_last_id(&t); id++) {
		struct message m, first;

		if (!store_message_get(&t, id, &arena, &m))
			continue;
		cr_expect_leq(m.thread, id);
		if (store_message_get(&t, m.thread, &arena, &first))
			cr_expect_eq(first.thread, m.thread);
	}
	found = txn_seek(&t, TABLE_MESSAGE_IDS, &from, &key, &value);
	for (; found; found = txn_next(&t, TABLE_MESSAGE_IDS, &key, &value)) {
		key_take_hash(&key);
		heard += key_take_u32(&key) == 0;
	}
	cr_expect_gt(heard, 0);
	store_end(&t);
}

/* Overwrites octets of the file that hold the content of a record. */
static void
damage_a_row(const struct scratch *s)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(scratch_path(s, "index.mdb"),
	    "r+");
	static char bytes[1 << 20];
	struct span all, wanted = SPAN_LIT("@rumah.example");
	size_t n;

	cr_assert(f);
	n = fread(bytes, 1, sizeof bytes, f);
	all = (struct span){ bytes, n };
	for (size_t at = 0; at + wanted.n < n; at++) {
		if (memcmp(all.p + at, wanted.p, wanted.n) != 0)
			continue;
		bytes[at] = '#';
	}
	rewind(f);
	cr_assert_eq(fwrite(bytes, 1, n, f), n);
}

Test(migrate, refuses_what_is_damaged_and_names_the_remedy)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct error e = { 0 };

	init_old(&s);
	damage_a_row(&s);
	cr_expect_eq(store_open(s.dir, &s.store, &e), ERR_CORRUPT);
	cr_expect_not_null(strstr(e.text, "--repair"), "%s", e.text);
	cr_expect_null(s.store);
}
