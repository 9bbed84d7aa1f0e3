/* SPDX-License-Identifier: MIT */
/*
 * What others feel while one process adds N messages: another one that makes
 * a small write (a flag) every few milliseconds, and a third that reads
 * pages.  Each takes the time of every step from asking to having.
 *
 *   store_wait DIR N       prints, in milliseconds: small writes (how many),
 *                          their wait until they can write (median, 99th in
 *                          100, longest); pages read (how many), the wait
 *                          until they can read (median, 99th in 100,
 *                          longest)
 */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/journal.h"
#include "store/view.h"
#include "tests/bench/mailbox.h"

enum { PAUSE_MS = 3, SAMPLES_MAX = 1 << 20 };

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static _Noreturn void
die(const struct error *e)
{
	fprintf(stderr, "store_wait: %s\n", e->text);
	exit(1);
}

static struct store *
open_store(const char *dir)
{
	struct store *store;
	struct error e = { 0 };

	if (store_open(dir, &store, &e) != ERR_OK)
		die(&e);
	return store;
}

static double
write_small(struct store *store, uint64_t n)
{
	double start = now_ms(), waited;
	struct store_txn t;
	struct error e = { 0 };

	store_write(store, &t);
	waited = now_ms() - start;
	store_act_flags(&t, 1 + n / 2 % 100, n % 2 ? FLAG_FLAGGED : 0,
	    n % 2 ? 0 : FLAG_FLAGGED, (int64_t)n);
	if (store_commit(&t, &e) != ERR_OK)
		die(&e);
	return waited;
}

static double
read_page(struct store *store, uint64_t n)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	double start = now_ms(), waited;
	struct message *page;
	struct store_txn t;
	struct view view;

	(void)n;
	store_read(store, &t);
	waited = now_ms() - start;
	store_view_role(&t, FOLDER_INBOX, &view);
	store_view_page(&t, &view, VIEW_TOP, (struct view_position){ 0 },
	    50, &arena, &page);
	store_end(&t);
	if (t.error.kind)
		die(&t.error);
	return waited;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Steps until the other end of the pipe is closed; then writes figures. */
static _Noreturn void
run(const char *dir, int until, int out, double (*step)(struct store *store,
    uint64_t n))
{
	struct store *store = open_store(dir);
	double *taken = xcalloc(SAMPLES_MAX, sizeof *taken);
	struct pollfd p = { .fd = until, .events = POLLIN };
	size_t n = 0;

	while (n < SAMPLES_MAX && poll(&p, 1, PAUSE_MS) == 0) {
		taken[n] = step(store, n);
		n++;
	}
	qsort(taken, n, sizeof *taken, by_size);
	if (n > 0)
		dprintf(out, "%zu %.3f %.3f %.3f\n", n, taken[n / 2],
		    taken[n * 99 / 100], taken[n - 1]);
	store_close(store);
	free(taken);
	_exit(0);
}

struct other {
	pid_t pid;
	int until;	/* closing it ends the other one */
};

/* A second one must not hold open what ends the first. */
static struct other
start(const char *dir, int out, double (*step)(struct store *store,
    uint64_t n), int held)
{
	struct other o;
	int fds[2];

	if (pipe(fds) != 0)
		exit(1);
	o.pid = fork();
	if (o.pid == 0) {
		close(fds[1]);
		if (held >= 0)
			close(held);
		run(dir, fds[0], out, step);
	}
	close(fds[0]);
	o.until = fds[1];
	return o;
}

/* No store is open in the process that forks. */
static void
make_first(const char *dir)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct store *store = open_store(dir);
		struct mailbox box;

		mailbox_make(&box, store);
		mailbox_fill(&box, 1000);
		store_close(store);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void
finish(struct other o)
{
	close(o.until);
	waitpid(o.pid, NULL, 0);
}

int
main(int argc, char **argv)
{
	struct other writer, reader;
	struct mailbox box;
	struct store *store;
	uint64_t n;

	if (argc != 3 || !span_u64(span_of(argv[2]), &n) || n > UINT32_MAX)
		return 64;
	make_first(argv[1]);
	writer = start(argv[1], 1, write_small, -1);
	reader = start(argv[1], 1, read_page, writer.until);
	store = open_store(argv[1]);
	mailbox_make(&box, store);
	mailbox_fill(&box, (uint32_t)n);
	store_close(store);
	finish(writer);
	finish(reader);
	return 0;
}
