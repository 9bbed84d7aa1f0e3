/* SPDX-License-Identifier: MIT */
/*
 * Many processes on one store: whose turn it is to write, who has it to
 * itself, and data files that are replaced under those who use them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/xalloc.h"
#include "store/care.h"
#include "store/lock.h"
#include "tests/store/faults.h"
#include "tests/store/scratch.h"

/* A process of its own with the store open, which does what it is told. */
struct helper {
	pid_t pid;
	int to, from;
};

/* An octet in, its work, an octet of answer back: 'k' when it went well. */
static void
serve(const struct scratch *s, int in, int out,
    bool (*work)(struct store *store, char what))
{
	struct store *store;
	char what;

	alarm(600);	/* should the parent be gone */
	if (store_open(s->dir, &store, NULL) != ERR_OK ||
	    write(out, "o", 1) != 1)
		_exit(99);
	while (read(in, &what, 1) == 1 && what != 'q')
		if (write(out, work(store, what) ? "k" : "x", 1) != 1)
			_exit(98);
	store_close(store);
	_exit(0);
}

static char
helper_hears(struct helper *h)
{
	char answer;

	return read(h->from, &answer, 1) == 1 ? answer : '-';
}

/* Before the test opens the store itself. */
static struct helper
helper_start(const struct scratch *s,
    bool (*work)(struct store *store, char what))
{
	struct helper h;
	int to[2], from[2];

	cr_assert_eq(pipe2(to, O_CLOEXEC), 0);
	cr_assert_eq(pipe2(from, O_CLOEXEC), 0);
	h.pid = fork();
	cr_assert_geq(h.pid, 0);
	if (h.pid == 0) {
		close(to[1]);
		close(from[0]);
		serve(s, to[0], from[1], work);
	}
	close(to[0]);
	close(from[1]);
	h.to = to[1];
	h.from = from[0];
	cr_assert_eq(helper_hears(&h), 'o');
	return h;
}

static void
helper_told(struct helper *h, char what)
{
	cr_assert_eq(write(h->to, &what, 1), 1);
}

/* Tells it, and waits until it has done so. */
static bool
helper_does(struct helper *h, char what)
{
	helper_told(h, what);
	return helper_hears(h) == 'k';
}

static void
helper_end(struct helper *h)
{
	int status;

	/* Closing is not enough: later helpers have the pipe as well. */
	helper_told(h, 'q');
	close(h->to);
	close(h->from);
	cr_assert_eq(waitpid(h->pid, &status, 0), h->pid);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
}

/* Each commit of these tests counts itself. */
static uint64_t
commits_in(struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account_state state;

	store_account_state_get(t, 1, &arena, &state);
	return state.done;
}

static void
count_commit(struct store_txn *t)
{
	struct account_state state = { .done = commits_in(t) + 1 };

	store_account_state_put(t, 1, &state);
}

static bool
commit_one(struct store *store)
{
	struct store_txn t;

	store_write(store, &t);
	count_commit(&t);
	return store_commit(&t, NULL) == ERR_OK;
}

static void
wait_until_somebody_waits(struct store *store)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/index.mdb-turn",
	    store->dir);
	CLEANUP(cleanup_close) int fd = open(path, O_RDWR | O_CLOEXEC);

	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
		flock(fd, LOCK_UN);
		sched_yield();
	}
}

enum { LOOP_COMMITS = 50 };

/* 'b' begins to write, 'l' goes on in a loop once another one waits. */
static bool
write_in_loop(struct store *store, char what)
{
	static struct store_txn t;

	if (what == 'b')
		return store_write(store, &t) == ERR_OK;
	wait_until_somebody_waits(store);
	count_commit(&t);
	if (store_commit(&t, NULL) != ERR_OK)
		return false;
	for (int i = 1; i < LOOP_COMMITS; i++)
		if (!commit_one(store))
			return false;
	return true;
}

Test(care, who_waits_to_write_is_next_though_another_writes_in_a_loop)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct helper loop;
	struct store_txn t;

	scratch_dir(&s);
	loop = helper_start(&s, write_in_loop);
	scratch_open(&s);
	for (uint64_t round = 0; round < 20; round++) {
		cr_assert(helper_does(&loop, 'b'));
		helper_told(&loop, 'l');
		t = scratch_write(&s);
		cr_expect_leq(commits_in(&t), round * LOOP_COMMITS + 2);
		scratch_commit(&t);
		cr_assert_eq(helper_hears(&loop), 'k');
	}
	helper_end(&loop);
}

Test(care, a_write_is_long_once_its_time_is_over)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;

	scratch_init(&s);
	t = scratch_read(&s);
	cr_expect_not(store_write_is_long(&t), "readers keep nobody waiting");
	store_end(&t);
	cr_expect_not(store_write_is_long(&t));
	t = scratch_write(&s);
	while (!store_write_is_long(&t))
		count_commit(&t);
	scratch_commit(&t);
}

/* 'a' wants it alone, 's' shares it again. */
static bool
be_alone(struct store *store, char what)
{
	return (what == 'a' ? store_lock_alone(store, NULL)
	    : store_unlock_alone(store, NULL)) == ERR_OK;
}

Test(care, nobody_is_alone_with_a_store_that_another_has_open)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct helper other;
	struct error e = { 0 };

	scratch_dir(&s);
	other = helper_start(&s, be_alone);
	scratch_open(&s);
	cr_expect_eq(store_lock_alone(s.store, &e), ERR_BUSY);
	cr_expect_not_null(strstr(e.text, "end it first"), "%s", e.text);
	cr_expect_not(helper_does(&other, 'a'), "a refusal lost the lock");
	scratch_close(&s);
	cr_expect(helper_does(&other, 'a'));
	cr_expect_eq(store_open(s.dir, &s.store, &e), ERR_BUSY);
	cr_expect(helper_does(&other, 's'));
	scratch_open(&s);
	cr_expect_not(helper_does(&other, 'a'));
	helper_end(&other);
	cr_expect_eq(store_lock_alone(s.store, &e), ERR_OK);
}

Test(care, opening_does_not_wait_for_who_works_on_the_whole_store)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(cleanup_close) int fd = -1;
	struct error e = { 0 };

	alarm(600);
	scratch_dir(&s);
	cr_assert_eq(lock_dir(s.dir, &fd, NULL), ERR_OK);
	cr_expect_eq(store_open(s.dir, &s.store, &e), ERR_BUSY);
	cr_expect_not_null(strstr(e.text, "busy with the mail store"), "%s",
	    e.text);
	close(fd);
	fd = -1;
	scratch_open(&s);
}

Test(care, who_was_alone_and_killed_leaves_no_lock)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct helper other;

	scratch_dir(&s);
	other = helper_start(&s, be_alone);
	cr_expect(helper_does(&other, 'a'));
	kill(other.pid, SIGKILL);
	close(other.to);
	close(other.from);
	cr_assert_eq(waitpid(other.pid, NULL, 0), other.pid);
	scratch_open(&s);
	cr_expect_eq(store_lock_alone(s.store, NULL), ERR_OK);
}

enum { FILLED = 4000, CROWD_COMMITS = 400 };

/* A folder, and a store that is mostly room that was given back. */
static void
fill(struct scratch *s)
{
	struct store_txn t;

	scratch_init(s);
	scratch_account(s, "kerja");
	cr_assert_eq(scratch_folder(s, 1, "a", FOLDER_NONE, false), 1);
	t = scratch_write(s);
	for (uint32_t i = 1; i <= FILLED; i++)
		cr_assert_eq(scratch_message(&t, 1, 1000000 + i, i, 0), i);
	scratch_commit(&t);
	t = scratch_write(s);
	for (uint64_t i = 1; i <= FILLED; i++)
		store_message_remove(&t, i);
	scratch_commit(&t);
	for (int i = 0; i < 3; i++) {
		char text[100000];

		for (size_t k = 0; k < sizeof text; k++)
			text[k] = (char)(random() >> 8);
		scratch_body(s, (struct span){ text, sizeof text });
	}
	scratch_close(s);
}

/* One message a commit, with the number of the commit as its UID. */
static bool
add_one(struct store *store)
{
	struct store_txn t;
	uint32_t uid;

	store_write(store, &t);
	count_commit(&t);
	uid = (uint32_t)commits_in(&t);
	scratch_message(&t, 1, uid, uid, 0);
	return store_commit(&t, NULL) == ERR_OK;
}

static bool
add_many(struct store *store, char what)
{
	(void)what;
	for (int i = 0; i < CROWD_COMMITS; i++)
		if (!add_one(store))
			return false;
	return true;
}

static uint64_t
messages_in(struct store_txn *t)
{
	struct view view = { .folders = { 1 }, .nfolders = 1 };

	return store_view_counts(t, &view).total;
}

/* Until all are there; what was seen once is never gone again. */
static bool
read_on(struct store *store, char what)
{
	uint64_t last = 0;

	(void)what;
	while (last < CROWD_COMMITS) {
		uint64_t now, count;
		struct store_txn t;

		store_read(store, &t);
		now = commits_in(&t);
		count = messages_in(&t);
		store_end(&t);
		if (t.error.kind != ERR_OK || now < last || count != now)
			return false;
		last = now;
	}
	return true;
}

static struct compact_result
compact(struct scratch *s)
{
	struct compact_result result;
	struct error e = { 0 };

	cr_assert_eq(store_compact(s->store, NULL, &result, &e), ERR_OK, "%s",
	    e.text);
	return result;
}

/* Names in the directory that begin like that. */
static int
count_names(const struct scratch *s, const char *start)
{
	DIR *d = opendir(s->dir);
	struct dirent *entry;
	int n = 0;

	cr_assert_not_null(d);
	while ((entry = readdir(d)))
		n += strncmp(entry->d_name, start, strlen(start)) == 0;
	closedir(d);
	return n;
}

/* The link, the file, its lock, and the turn; of both. */
static void
expect_no_remains(const struct scratch *s)
{
	cr_expect_eq(count_names(s, "index"), 4);
	cr_expect_eq(count_names(s, "bodies"), 4);
}

Test(care, compaction_loses_nothing_under_a_reader_and_a_writer)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct helper writer, reader;
	struct compact_result first;
	struct pollfd p = { .events = POLLIN };
	struct store_txn t;

	fill(&s);
	writer = helper_start(&s, add_many);
	reader = helper_start(&s, read_on);
	scratch_open(&s);
	helper_told(&writer, 'w');
	helper_told(&reader, 'r');
	p.fd = writer.from;
	first = compact(&s);
	cr_expect_lt(first.index.after, first.index.before / 2);
	cr_expect_lt(first.bodies.after, first.bodies.before);
	while (poll(&p, 1, 0) == 0)
		compact(&s);
	cr_expect_eq(helper_hears(&writer), 'k');
	cr_expect_eq(helper_hears(&reader), 'k');
	t = scratch_read(&s);
	cr_expect_eq(commits_in(&t), CROWD_COMMITS);
	store_end(&t);
	/* And once more, in the file that there is now. */
	compact(&s);
	cr_expect(helper_does(&writer, 'w'));
	t = scratch_read(&s);
	cr_expect_eq(messages_in(&t), 2 * CROWD_COMMITS);
	store_end(&t);
	scratch_check(&s);
	expect_no_remains(&s);
	helper_end(&writer);
	helper_end(&reader);
}

Test(care, a_reader_goes_on_in_the_file_that_it_began_in)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn old, t;
	uint64_t before;

	fill(&s);
	scratch_open(&s);
	cr_assert(add_one(s.store));
	before = store_generation(s.store);
	old = scratch_read(&s);
	cr_expect_eq(messages_in(&old), 1);
	compact(&s);
	cr_expect_gt(store_generation(s.store), before);
	before = store_generation(s.store);
	cr_assert(add_one(s.store));
	cr_expect_gt(store_generation(s.store), before);
	t = scratch_read(&s);
	cr_expect_eq(messages_in(&t), 2);
	store_end(&t);
	cr_expect_eq(messages_in(&old), 1);
	scratch_commit(&old);
	scratch_check(&s);
}

static bool
work_one(struct store *store, char what)
{
	(void)what;
	return add_one(store);
}

/* Compacts and is killed at the n-th write, rename, ...; 0 when it was not. */
static bool
compact_and_die(const struct scratch *s, int n, enum fault how)
{
	pid_t pid = fork();
	int status;

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		struct compact_result result;
		struct store *store;

		if (store_open(s->dir, &store, NULL) != ERR_OK)
			_exit(99);
		faults_set(n, how);
		_exit((int)store_compact(store, NULL, &result, NULL));
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0, "%x",
	    status);
	return WIFSIGNALED(status);
}

static void
sweep_compaction(enum fault how, int least)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct helper other;
	uint64_t added = 0;
	struct store_txn t;
	int n = 1;

	fill(&s);
	other = helper_start(&s, work_one);
	do {
		cr_assert(helper_does(&other, 'w'));
		added++;
	} while (compact_and_die(&s, n, how) && n++ < 1000);
	cr_expect_geq(n, least);
	cr_assert(helper_does(&other, 'w'));
	added++;
	scratch_open(&s);
	t = scratch_read(&s);
	cr_expect_eq(messages_in(&t), added);
	cr_expect_eq(commits_in(&t), added);
	store_end(&t);
	scratch_check(&s);
	expect_no_remains(&s);
	helper_end(&other);
}

Test(care, a_compaction_killed_at_any_step_hurts_nobody)
{
	sweep_compaction(FAULT_KILL_NAMES, 15);
}

Test(care, a_compaction_killed_in_the_middle_of_a_write_hurts_nobody)
{
	sweep_compaction(FAULT_KILL_HALF, 3);
}

enum { COPIES = 10, FOR_EVER = 1 << 30 };

static void
let_it_write(void *helper)
{
	cr_assert(helper_does(helper, 'w'));
}

Test(care, a_small_file_is_compacted_though_others_never_stop_writing)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct compact_result result;
	struct helper other;

	fill(&s);
	other = helper_start(&s, work_one);
	scratch_open(&s);
	/* A commit into each copy; the last is made while it has to wait. */
	faults_before_fsync(COPIES, let_it_write, &other);
	result = compact(&s);
	cr_expect_eq(faults_before_fsync_left(), 0);
	cr_expect_lt(result.index.after, result.index.before / 2);
	cr_expect(helper_does(&other, 'w'));
	scratch_check(&s);
	expect_no_remains(&s);
	helper_end(&other);
}

/* A copy of that size takes longer than anybody may be kept from writing. */
static void
fill_well(struct scratch *s)
{
	struct store_txn t;

	fill(s);
	scratch_open(s);
	t = scratch_write(s);
	for (uint32_t i = 1; i <= FILLED; i++)
		scratch_message(&t, 1, 2000000 + i, i, 0);
	scratch_commit(&t);
	scratch_close(s);
}

Test(care, a_large_file_is_never_copied_with_others_waiting)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct compact_result result;
	struct error e = { 0 };
	struct helper other;

	fill_well(&s);
	other = helper_start(&s, work_one);
	scratch_open(&s);
	faults_before_fsync(FOR_EVER, let_it_write, &other);
	cr_assert_eq(store_compact(s.store, NULL, &result, &e), ERR_BUSY, "%s",
	    e.text);
	cr_expect_not_null(strstr(e.text, "when they are idle"), "%s", e.text);
	cr_expect_geq(FOR_EVER - faults_before_fsync_left(), COPIES);
	cr_expect_eq(count_names(&s, "index."), 3, "no copy is left");
	faults_before_fsync(0, NULL, NULL);
	result = compact(&s);
	cr_expect_gt(result.index.after, 1 << 20);
	cr_expect_lt(result.index.after, result.index.before);
	cr_expect(helper_does(&other, 'w'));
	scratch_check(&s);
	helper_end(&other);
}

/* What a compaction says of itself. */
struct told {
	uint64_t done, total;
	int ncalls;
};

static void
note_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct told *told = ctx;

	cr_assert_leq(done, total);
	cr_assert_geq(done, told->done);
	*told = (struct told){ done, total, told->ncalls + 1 };
}

Test(care, compaction_tells_how_far_it_is)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct told told = { .ncalls = 0 };
	struct store_progress progress = { note_progress, &told };
	struct compact_result result;
	struct error e = { 0 };

	fill_well(&s);
	scratch_open(&s);
	cr_assert_eq(store_compact(s.store, &progress, &result, &e), ERR_OK,
	    "%s", e.text);
	cr_expect_eq(told.done, result.index.after + result.bodies.after);
	cr_expect_eq(told.done, told.total);
	cr_expect_gt(told.ncalls, 3, "a large file is not copied at once");
}

static bool
compact_once(struct store *store, char what)
{
	struct compact_result result;

	(void)what;
	return store_compact(store, NULL, &result, NULL) == ERR_OK;
}

Test(care, a_watch_outlives_the_file)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct pollfd p = { .events = POLLIN };
	struct helper other, writer;

	fill(&s);
	other = helper_start(&s, compact_once);
	writer = helper_start(&s, work_one);
	scratch_open(&s);
	p.fd = store_watch_open(s.store);
	if (p.fd < 0)
		cr_skip("no inotify here");
	for (int i = 0; i < 2; i++) {
		cr_assert(helper_does(&other, 'c'));
		store_watch_drain(p.fd);
		cr_expect_eq(poll(&p, 1, 0), 0);
		cr_assert(helper_does(&writer, 'w'));
		cr_expect_eq(poll(&p, 1, 60000), 1);
		store_watch_drain(p.fd);
	}
	scratch_body(&s, SPAN_LIT("a letter"));
	cr_expect_eq(poll(&p, 1, 0), 0, "letters alone are not on the screen");
	close(p.fd);
	helper_end(&other);
	helper_end(&writer);
}

/* The limit is of the process; the answer must speak of the reason. */
static int
compact_in_little_room(const struct scratch *s)
{
	struct rlimit limit = { 64 << 10, RLIM_INFINITY };
	struct compact_result result;
	struct error e = { 0 };
	struct store *store;

	signal(SIGXFSZ, SIG_IGN);
	if (store_open(s->dir, &store, NULL) != ERR_OK)
		return 99;
	setrlimit(RLIMIT_FSIZE, &limit);
	if (store_compact(store, NULL, &result, &e) != ERR_FULL ||
	    e.kind != ERR_FULL || !strstr(e.text, "cannot compact") ||
	    result.index.after != result.index.before)
		return 98;
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	return add_one(store) ? 0 : 97;
}

Test(care, compaction_without_room_leaves_all_as_it_was_and_says_so)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct stat before, after;
	int status;
	pid_t pid;

	fill(&s);
	cr_assert_eq(stat(scratch_path(&s, "index.mdb"), &before), 0);
	pid = fork();
	if (pid == 0)
		_exit(compact_in_little_room(&s));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
	cr_assert_eq(stat(scratch_path(&s, "index.mdb"), &after), 0);
	cr_expect_eq(before.st_ino, after.st_ino);
	cr_expect_eq(count_names(&s, "index."), 3, "no copy is left");
	scratch_open(&s);
	scratch_check(&s);
}
