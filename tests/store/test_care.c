/* SPDX-License-Identifier: MIT */
/*
 * Many processes on one store: whose turn it is to write, who has it to
 * itself, and data files that are replaced under those who use them.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/xalloc.h"
#include "store/lock.h"
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
	while (read(in, &what, 1) == 1)
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
