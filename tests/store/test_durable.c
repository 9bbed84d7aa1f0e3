/* SPDX-License-Identifier: MIT */
/*
 * What survives: a process that is killed at any write, a disk that fails
 * at any write, a disk that is full, two processes at once, and a map that
 * must grow under all of them.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/body.h"
#include "store/body_piece.h"
#include "tests/store/child.h"
#include "tests/store/faults.h"
#include "tests/store/life.h"
#include "tests/store/scratch.h"

/* Set before the fork. */
static const struct life *life;
static enum fault killing;

static int
live_and_die(const struct scratch *s, int fd, int at)
{
	struct store *store;

	faults_set(at, killing);
	if (store_open(s->dir, &store, NULL) != ERR_OK)
		return 99;
	return (int)life_go_on(life, store, fd);
}

/* Which numbers of steps were found in stores that somebody was killed in. */
struct cuts {
	bool is_found[LIFE_STEPS_MAX + 1];
};

/*
 * One life that is cut off and gone on with; false: it came to its end
 * before.  What is found is what there was after one of the steps, to the
 * last act, and after the last step what there is without a kill: no act is
 * lost, and none is there twice.
 */
static bool
cut_off(int at, const struct life_record *record, struct cuts *cuts)
{
	CLEANUP(cleanup_close) int nobody = open("/dev/null",
	    O_WRONLY | O_CLOEXEC);
	CLEANUP(scratch_fini) struct scratch s;
	struct child c;
	uint64_t told, done;
	int status;

	scratch_dir(&s);
	c = child_start(&s, live_and_die, at);
	told = child_finish(&c, &status);
	cr_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	scratch_open(&s);
	done = life_steps_done(s.store);
	cr_assert(done == told || done == told + 1,
	    "life %s, killed at write %d: told %llu, found %llu", life->name,
	    at, (unsigned long long)told, (unsigned long long)done);
	scratch_check(&s);
	life_record_compare(record, s.store, done);
	if (!WIFSIGNALED(status))
		return false;
	cuts->is_found[done] = true;
	/* And life goes on from there. */
	cr_assert_eq(life_go_on(life, s.store, nobody), ERR_OK);
	cr_assert_eq(life_steps_done(s.store), life->n);
	scratch_check(&s);
	life_record_compare(record, s.store, life->n);
	return true;
}

static void
sweep_kills(const struct life *which, enum fault how)
{
	CLEANUP(life_record_fini) struct life_record record;
	struct cuts cuts = { 0 };

	life = which;
	killing = how;
	life_record_make(&record, life);
	for (int at = 1; cut_off(at, &record, &cuts); at++)
		;
	for (size_t i = 0; i < life->n; i++)
		cr_expect(cuts.is_found[i], "life %s: never killed between "
		    "the commits %zu and %zu", life->name, i, i + 1);
}

Test(durable, whatever_was_told_survives_a_kill_at_every_write)
{
	for (size_t i = 0; i < LIVES; i++)
		sweep_kills(lives[i], FAULT_KILL);
}

Test(durable, whatever_was_told_survives_a_kill_in_the_middle_of_a_write)
{
	for (size_t i = 0; i < LIVES; i++)
		sweep_kills(lives[i], FAULT_KILL_HALF);
}

struct act_end {
	enum act_kind kind;
	enum act_state state;
	uint32_t attempts;
	uint64_t message;
};

/* What the lives that are cut off are compared with. */
Test(durable, a_life_of_acts_ends_with_each_act_once_and_as_it_was_answered)
{
	static const struct act_end ends[] = {
		{ ACT_FLAGS, ACT_DONE, 1, 1 },
		{ ACT_FLAGS, ACT_CANCELED, 1, 2 },
		{ ACT_FLAGS, ACT_QUEUED, 1, 3 },
		{ ACT_FLAGS, ACT_CANCELED, 0, 4 },
		{ ACT_FLAGS, ACT_QUEUED, 0, 5 },
		{ ACT_FLAGS, ACT_CANCELED, 0, 6 },
		{ ACT_FLAGS, ACT_CANCELED, 0, 7 },
		{ ACT_FLAGS, ACT_CANCELED, 0, 8 },
		{ ACT_FLAGS, ACT_QUEUED, 0, 6 },
		{ ACT_FLAGS, ACT_QUEUED, 0, 7 },
		{ ACT_FLAGS, ACT_QUEUED, 0, 8 },
		{ ACT_SEND, ACT_DONE, 1, 0 },
		{ ACT_SEND, ACT_DONE, 2, 0 },
		{ ACT_SEND, ACT_CANCELED, 2, 0 },
		{ ACT_SEND, ACT_QUEUED, 1, 0 },
		{ ACT_SEND, ACT_CANCELED, 1, 0 },
		{ ACT_SEND, ACT_CANCELED, 0, 0 },
		{ ACT_SEND, ACT_UNKNOWN, 1, 0 },
		{ ACT_FILE, ACT_DONE, 1, 0 },
		{ ACT_FILE, ACT_CANCELED, 0, 0 },
		{ ACT_FLAGS, ACT_QUEUED, 0, 12 },
	};
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct act *acts;

	scratch_init(&s);
	for (uint64_t i = 0; i < life_of_acts.n; i++)
		cr_assert_eq(life_take_step(&life_of_acts, s.store, i),
		    ERR_OK);
	t = scratch_read(&s);
	cr_assert_eq(store_acts(&t, 0, true, &arena, &acts), ARRAY_LEN(ends));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		cr_expect_eq(acts[i].id, i + 1);
		cr_expect_eq(acts[i].kind, ends[i].kind, "act %zu", i + 1);
		cr_expect_eq(acts[i].state, ends[i].state, "act %zu", i + 1);
		cr_expect_eq(acts[i].attempts, ends[i].attempts, "act %zu",
		    i + 1);
		cr_expect_eq(acts[i].message, ends[i].message, "act %zu",
		    i + 1);
	}
	store_end(&t);
}

static enum fault failing;	/* set before the fork */

/* Every failure is seen; opening again and trying again goes on. */
static int
live_on_bad_disk(const struct scratch *s, int fd, int at)
{
	bool has_failed = false;
	struct store *store;
	uint64_t checked;
	enum err err;

	if (store_open(s->dir, &store, NULL) != ERR_OK)
		return 99;
	faults_set(at, failing);
	while ((err = life_go_on(life, store, fd)) != ERR_OK) {
		if (has_failed || (err != ERR_FULL && err != ERR_IO))
			return 98;
		if (failing == FAULT_FULL && err != ERR_FULL)
			return 97;
		has_failed = true;
		store_close(store);
		if (store_open(s->dir, &store, NULL) != ERR_OK ||
		    store_check(store, &checked, NULL) != ERR_OK)
			return 96;
	}
	if (faults_happened() != has_failed ||
	    store_check(store, &checked, NULL) != ERR_OK ||
	    life_steps_done(store) != life->n)
		return 95;
	return has_failed ? 1 : 0;
}

static void
sweep_failures_of(const struct life *which, enum fault how)
{
	CLEANUP(life_record_fini) struct life_record record;
	int status = 1 << 8;

	life = which;
	failing = how;
	life_record_make(&record, life);
	for (int at = 1; WEXITSTATUS(status) != 0; at++) {
		CLEANUP(scratch_fini) struct scratch s;
		struct child c;

		scratch_dir(&s);
		c = child_start(&s, live_on_bad_disk, at);
		child_finish(&c, &status);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2,
		    "life %s, fault %d at write %d: status %x", life->name,
		    how, at, status);
		scratch_open(&s);
		life_record_compare(&record, s.store, life->n);
	}
}

static void
sweep_failures(enum fault how)
{
	for (size_t i = 0; i < LIVES; i++)
		sweep_failures_of(lives[i], how);
}

Test(durable, a_full_disk_at_any_write_undoes_one_commit_and_is_told)
{
	sweep_failures(FAULT_FULL);
}

Test(durable, a_failing_disk_at_any_write_undoes_one_commit_and_is_told)
{
	sweep_failures(FAULT_IO);
}

Test(durable, half_a_write_at_any_time_undoes_one_commit_and_is_told)
{
	sweep_failures(FAULT_SHORT);
}

/* A real limit, and a process that goes on. */
static int
live_in_little_room(const struct scratch *s, int fd, int arg)
{
	struct rlimit limit = { 1 << 20, RLIM_INFINITY };
	struct store *store;
	struct error e = { 0 };
	uint32_t uid = 0;
	uint64_t checked;
	enum err err;

	(void)fd;
	(void)arg;
	signal(SIGXFSZ, SIG_IGN);
	if (store_open(s->dir, &store, NULL) != ERR_OK ||
	    life_take_step(&life_of_mail, store, 0) != ERR_OK)
		return 99;
	setrlimit(RLIMIT_FSIZE, &limit);
	do {
		struct store_txn t;

		store_write(store, &t);
		for (int i = 0; i < 50; i++)
			scratch_message(&t, 1, ++uid, 1, 0);
		err = store_commit(&t, &e);
	} while (err == ERR_OK && uid < 100000);
	if (err != ERR_FULL || e.kind != ERR_FULL)
		return 98;
	if (store_check(store, &checked, NULL) != ERR_OK ||
	    checked != uid - 50)
		return 97;
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	return life_take_step(&life_of_mail, store, 1) == ERR_OK &&
	    store_check(store, &checked, NULL) == ERR_OK ? 0 : 96;
}

Test(durable, a_full_disk_leaves_everything_that_was_there)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct child c;
	int status;

	scratch_dir(&s);
	c = child_start(&s, live_in_little_room, 0);
	child_finish(&c, &status);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x",
	    status);
	scratch_open(&s);
	scratch_check(&s);
}

enum { LOAD_MESSAGES = 3000, LOAD_BATCH = 25, LETTER_OCTETS = 3 << 20 };

static const struct env_limits small = {
	.map_octets = 1 << 20,
	.room_octets = 1 << 19,
	.wait_ms = 60000,
};

struct reading {
	struct store *store;
	atomic_bool is_over;
	bool is_good;
};

/* Pages, bodies and counts, as fast as it goes, while others write. */
static void *
keep_reading(void *arg)
{
	struct reading *r = arg;
	struct view view = { .folders = { 1, 2 }, .nfolders = 2 };

	r->is_good = true;
	while (!r->is_over && r->is_good) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message *page;
		struct store_txn t;

		store_read(r->store, &t);
		store_view_page(&t, &view, VIEW_TOP,
		    (struct view_position){ 0 }, 50, &arena, &page);
		store_view_counts(&t, &view);
		store_end(&t);
		r->is_good = t.error.kind == ERR_OK;
		store_generation(r->store);
	}
	return NULL;
}

/* Another process may have taken the room: then the whole is tried again. */
static bool
add_batch(struct store *store, uint32_t folder, uint32_t first)
{
	struct store_txn t;
	enum err err;

	do {
		store_write(store, &t);
		for (uint32_t i = 0; i < LOAD_BATCH; i++)
			scratch_message(&t, folder, first + i, first, 0);
		err = store_commit(&t, NULL);
	} while (err == ERR_AGAIN);
	return err == ERR_OK;
}

static int
load(const struct scratch *s, int fd, int folder)
{
	struct reading r = { .is_over = false };
	pthread_t thread;

	if (store_open_limited(s->dir, &small, &r.store, NULL) != ERR_OK ||
	    pthread_create(&thread, NULL, keep_reading, &r) != 0)
		return 99;
	for (uint32_t i = 1; i < LOAD_MESSAGES; i += LOAD_BATCH)
		if (!add_batch(r.store, (uint32_t)folder, i) ||
		    write(fd, "", 1) != 1)
			return 98;
	r.is_over = true;
	pthread_join(thread, NULL);
	store_close(r.store);
	return r.is_good ? 0 : 97;
}

static void
init_load(struct scratch *s)
{
	struct error e = { 0 };

	scratch_dir(s);
	cr_assert_eq(store_open_limited(s->dir, &small, &s->store, &e),
	    ERR_OK, "%s", e.text);
	scratch_account(s, "kerja");
	cr_assert_eq(scratch_folder(s, 1, "a", FOLDER_NONE, false), 1);
	cr_assert_eq(scratch_folder(s, 1, "b", FOLDER_NONE, false), 2);
	scratch_close(s);
}

Test(durable, two_processes_write_and_read_while_the_map_grows)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct view view = { .folders = { 1, 2 }, .nfolders = 2 };
	struct child children[2];
	struct store_txn t;
	int status;

	init_load(&s);
	for (int i = 0; i < 2; i++)
		children[i] = child_start(&s, load, i + 1);
	for (int i = 0; i < 2; i++) {
		child_finish(&children[i], &status);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		    "process %d: %x", i, status);
	}
	scratch_open(&s);
	scratch_check(&s);
	t = scratch_read(&s);
	cr_expect_eq(store_view_counts(&t, &view).total, 2 * LOAD_MESSAGES);
	store_end(&t);
}

static int grown[2];	/* a pipe, set before the fork */

static void
make_letter(char *bytes, size_t n)
{
	uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(x >> 24);
	}
}

static bool
reads_what_others_wrote(struct store *store)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct view view = { .folders = { 1 }, .nfolders = 1 };
	static char letter[LETTER_OCTETS];
	struct message *page;
	struct store_txn t;
	struct span body;
	uint64_t total;
	size_t n;

	store_read(store, &t);
	n = store_view_page(&t, &view, VIEW_BOTTOM,
	    (struct view_position){ 0 }, 50, &arena, &page);
	total = store_view_counts(&t, &view).total;
	store_end(&t);
	make_letter(letter, sizeof letter);
	return t.error.kind == ERR_OK && n == 50 && total == LOAD_MESSAGES &&
	    store_body_load(store, 1, sizeof letter, &arena, &body, NULL) ==
	    ERR_OK && span_eq(body, (struct span){ letter, sizeof letter });
}

/* Of both files. */
static bool
writes(struct store *store)
{
	struct body_writer *w;
	struct store_txn t;
	uint64_t id;

	if (store_body_begin(store, &w, NULL) != ERR_OK)
		return false;
	store_body_write(w, SPAN_LIT("a letter of the idle one"));
	if (store_body_finish(w, &id, NULL) != ERR_OK)
		return false;
	store_write(store, &t);
	store_message_set_body(&t, scratch_message(&t, 2, 1, 1, 0), id,
	    BODY_WHOLE, SPAN_LIT("text"));
	return store_commit(&t, NULL) == ERR_OK;
}

/* Looks once, and again when what is there has outgrown its maps. */
static int
stay_idle(const struct scratch *s, int fd, int writes_first)
{
	uint64_t resized[ENV_COUNT];
	struct store *store;
	struct store_txn t;
	char octet;

	if (store_open_limited(s->dir, &small, &store, NULL) != ERR_OK)
		return 99;
	store_read(store, &t);
	store_end(&t);
	for (int i = 0; i < ENV_COUNT; i++)
		resized[i] = store->envs[i]->resized;
	if (t.error.kind != ERR_OK || write(fd, "", 1) != 1 ||
	    read(grown[0], &octet, 1) != 1)
		return 98;
	if (writes_first && !writes(store))
		return 97;
	if (!reads_what_others_wrote(store))
		return 96;
	if (!writes_first && !writes(store))
		return 95;
	/* Else this has shown nothing. */
	for (int i = 0; i < ENV_COUNT; i++)
		if (store->envs[i]->resized == resized[i])
			return 94;
	store_close(store);
	return 0;
}

static void
outgrow(bool writes_first)
{
	CLEANUP(scratch_fini) struct scratch s;
	static char letter[LETTER_OCTETS];
	struct child c;
	char octet;
	int status;

	init_load(&s);
	cr_assert_eq(pipe(grown), 0);
	c = child_start(&s, stay_idle, writes_first);
	cr_assert_eq(read(c.fd, &octet, 1), 1);
	scratch_open(&s);
	make_letter(letter, sizeof letter);
	cr_assert_eq(scratch_body(&s, (struct span){ letter,
	    sizeof letter }), 1);
	for (uint32_t i = 1; i < LOAD_MESSAGES; i += LOAD_BATCH)
		cr_assert(add_batch(s.store, 1, i));
	cr_assert_eq(write(grown[1], "", 1), 1);
	child_finish(&c, &status);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x",
	    status);
	close(grown[0]);
	close(grown[1]);
	scratch_check(&s);
}

Test(durable, who_was_idle_reads_what_has_outgrown_its_map)
{
	outgrow(false);
}

Test(durable, who_was_idle_writes_to_what_has_outgrown_its_map)
{
	outgrow(true);
}

Test(durable, a_kill_under_load_hurts_nobody_else)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct child killed, other;
	int status;

	init_load(&s);
	other = child_start(&s, load, 2);
	srandom(3);
	for (int i = 0; i < 8; i++) {
		int wait = (int)(random() % 12);
		char octet;

		killed = child_start(&s, load, 1);
		for (int k = 0; k < wait; k++)
			cr_assert_eq(read(killed.fd, &octet, 1), 1);
		kill(killed.pid, SIGKILL);
		child_finish(&killed, &status);
	}
	child_finish(&other, &status);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x",
	    status);
	scratch_open(&s);
	scratch_check(&s);
}

static int
write_and_wait(const struct scratch *s, int fd, int arg)
{
	static char bytes[1 << 20];
	struct body_writer *w;
	struct store *store;

	(void)arg;
	if (store_open(s->dir, &store, NULL) != ERR_OK)
		return 99;
	store_body_begin(store, &w, NULL);
	for (int i = 0; i < 12; i++) {
		memset(bytes, i, sizeof bytes);
		store_body_write(w, (struct span){ bytes, sizeof bytes });
	}
	if (write(fd, "", 1) != 1)
		return 98;
	alarm(60);	/* should the parent be gone */
	pause();
	return 97;
}

Test(durable, what_a_killed_writer_left_of_a_letter_is_collected)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct child c;
	size_t dropped;
	char octet;
	int status;

	scratch_dir(&s);
	c = child_start(&s, write_and_wait, 0);
	cr_assert_eq(read(c.fd, &octet, 1), 1);
	kill(c.pid, SIGKILL);
	child_finish(&c, &status);
	scratch_open(&s);
	scratch_check(&s);
	cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
	cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 0);
}
