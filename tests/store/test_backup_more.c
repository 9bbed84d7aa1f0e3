/* SPDX-License-Identifier: MIT */
/*
 * Restoring and letters that waited to be sent; several backups at once.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/manifest.h"
#include "tests/store/faults.h"
#include "tests/store/scratch.h"

enum { NOW = 1700000000 };

/* A directory with a store and a backup. */
struct place {
	char top[200];
	char backup[256];		/* not there at first */
	struct scratch s;		/* the store: top/store */
	uint32_t account;
};

static void
place_init(struct place *p)
{
	const char *tmp = getenv("TMPDIR");

	*p = (struct place){ .account = 0 };
	alarm(600);
	snprintf(p->top, sizeof p->top, "%s/surat-backup-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(p->top));
	snprintf(p->backup, sizeof p->backup, "%s/backup", p->top);
	snprintf(p->s.dir, sizeof p->s.dir, "%s/store", p->top);
	scratch_open(&p->s);
	p->account = scratch_account(&p->s, "kerja");
}

static void
place_fini(struct place *p)
{
	scratch_close(&p->s);
	scratch_remove(p->top);
}

static void
back_up(struct place *p)
{
	struct error e = { 0 };

	cr_assert_eq(store_backup(p->s.store, p->backup, NULL, &e), ERR_OK,
	    "%s", e.text);
}

static enum err
restore(struct place *p, size_t *nletters, struct error *e)
{
	struct store_restoring r = {
		.from = p->backup, .dir = p->s.dir, .replace = true,
	};
	enum err err = store_restore(&r, e);

	free(r.kept);
	*nletters = r.nletters;
	return err;
}

static void
restore_well(struct place *p, size_t nletters)
{
	struct error e = { 0 };
	size_t n;

	cr_assert_eq(restore(p, &n, &e), ERR_OK, "%s", e.text);
	cr_assert_eq(n, nletters);
}

static uint64_t
put_letter(struct place *p, enum act_state state)
{
	struct span to = SPAN("budi@kantor.example");
	struct act send = {
		.account = p->account, .recipients = &to, .nrecipients = 1,
		.from = SPAN("ani@kantor.example"), .not_before = DATE_NONE,
		.body = scratch_body(&p->s, SPAN_LIT("Subject: a\r\n\r\n")),
	};
	struct store_txn t = scratch_write(&p->s);
	uint64_t id = store_act_send(&t, &send, NOW);

	if (state != ACT_QUEUED)
		store_act_set(&t, id, state, SPAN_LIT("as it was"), DATE_NONE,
		    NOW);
	scratch_commit(&t);
	return id;
}

static enum act_state
state_of(struct place *p, uint64_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };

	return scratch_act(&p->s, id, &arena).state;
}

Test(backup_more, restoring_leaves_it_to_the_user_what_waited_to_be_sent)
{
	static const enum act_state states[] = { ACT_QUEUED, ACT_SENT,
		ACT_DONE, ACT_FAILED, ACT_UNKNOWN, ACT_CANCELED };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t ids[ARRAY_LEN(states)];
	struct store_txn t;
	struct place p;
	struct act a;

	place_init(&p);
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		ids[i] = put_letter(&p, states[i]);
	back_up(&p);
	t = scratch_write(&p.s);
	store_act_set(&t, ids[0], ACT_DONE, (struct span){ 0 }, DATE_NONE,
	    NOW);
	scratch_commit(&t);
	scratch_close(&p.s);
	restore_well(&p, 2);

	scratch_open(&p.s);
	scratch_check(&p.s);
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		cr_expect_eq(state_of(&p, ids[i]), i < 2 ? ACT_UNKNOWN
		    : states[i], "%zu", i);
	a = scratch_act(&p.s, ids[0], &arena);
	cr_expect_eq(strncmp(a.answer.p, "restored from a backup", 22), 0);
	a = scratch_act(&p.s, ids[4], &arena);
	cr_expect(span_eq(a.answer, SPAN_LIT("as it was")));
	/* And the user says that it is to be sent after all. */
	t = scratch_write(&p.s);
	cr_expect_eq(store_act_retry(&t, ids[0], NOW, NULL), ERR_OK);
	scratch_commit(&t);
	cr_expect_eq(state_of(&p, ids[0]), ACT_QUEUED);
	place_fini(&p);
}

Test(backup_more, restoring_asks_about_each_of_thousands_of_letters)
{
	enum { LETTERS = 3000 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span to = SPAN("budi@kantor.example");
	struct act send = { .recipients = &to, .nrecipients = 1 }, *acts;
	struct store_txn t;
	struct place p;
	size_t n;

	place_init(&p);
	send.account = p.account;
	send.body = scratch_body(&p.s, SPAN_LIT("Subject: a\r\n\r\n"));
	t = scratch_write(&p.s);
	for (int i = 0; i < LETTERS; i++)
		store_act_send(&t, &send, NOW);
	scratch_commit(&t);
	back_up(&p);
	scratch_close(&p.s);
	restore_well(&p, LETTERS);
	scratch_open(&p.s);
	t = scratch_read(&p.s);
	n = store_acts(&t, 0, false, &arena, &acts);
	cr_expect_eq(n, LETTERS);
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(acts[i].state, ACT_UNKNOWN);
	store_end(&t);
	place_fini(&p);
}

/* In a child, as faults are of a whole process; its status. */
static int
restore_in_child(struct place *p, int at, enum fault fault)
{
	int status;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		size_t n;

		faults_set(at, fault);
		_exit((int)restore(p, &n, NULL));
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/*
 * The letter has left since: what is in the place is the old store, which
 * knows it, or the new one, which asks.  False when it is the old one.
 */
static bool
is_restored(struct place *p, uint64_t id, int at)
{
	enum act_state state;

	scratch_open(&p->s);
	scratch_check(&p->s);
	state = state_of(p, id);
	scratch_close(&p->s);
	cr_assert(state == ACT_DONE || state == ACT_UNKNOWN, "step %d", at);
	return state == ACT_UNKNOWN;
}

/* How many steps it has until none of them goes wrong. */
static int
go_wrong_at_each_step(enum fault fault)
{
	bool went_wrong = true;
	int at;

	for (at = 1; went_wrong; at++) {
		struct store_txn t;
		struct place p;
		uint64_t id;
		int status;

		place_init(&p);
		id = put_letter(&p, ACT_QUEUED);
		back_up(&p);
		t = scratch_write(&p.s);
		store_act_set(&t, id, ACT_DONE, (struct span){ 0 }, DATE_NONE,
		    NOW);
		scratch_commit(&t);
		scratch_close(&p.s);
		status = restore_in_child(&p, at, fault);
		went_wrong = status != 0;
		cr_assert(!went_wrong || WIFSIGNALED(status) ||
		    WEXITSTATUS(status) == ERR_FULL, "step %d: %d", at, status);
		cr_assert(is_restored(&p, id, at) || went_wrong);
		restore_well(&p, 1);
		cr_assert(is_restored(&p, id, at));
		place_fini(&p);
	}
	return at;
}

Test(backup_more, killed_restoring_sends_nothing_again)
{
	cr_expect_gt(go_wrong_at_each_step(FAULT_KILL_NAMES), 12);
}

Test(backup_more, restoring_on_a_full_disk_sends_nothing_again)
{
	cr_expect_gt(go_wrong_at_each_step(FAULT_FULL), 5);
}

static bool
is_left_beside(const struct place *p)
{
	char part[300];

	snprintf(part, sizeof part, "%s.part", p->backup);
	return access(part, F_OK) == 0;
}

/* Into p->backup, of a store that nobody has open, in another process. */
static pid_t
begin_backups(const struct place *p, const char *store, int n)
{
	pid_t pid = fork();
	enum err err;

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		struct store *from;

		faults_before_fsync(0, NULL, NULL);
		err = store_open(store, &from, NULL);
		if (err != ERR_OK)
			_exit(ERR_IO);
		for (int i = 0; i < n && (err == ERR_OK || err == ERR_BUSY);
		    i++)
			err = store_backup(from, p->backup, NULL, NULL);
		_exit((int)err);
	}
	return pid;
}

static enum err
end_backups(pid_t pid)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status));
	return (enum err)WEXITSTATUS(status);
}

Test(backup_more, two_at_once_leave_a_whole_one_each_time)
{
	enum { ROUNDS = 30, EACH = 4 };
	struct place p;

	place_init(&p);
	put_letter(&p, ACT_QUEUED);
	back_up(&p);
	scratch_close(&p.s);
	for (int i = 0; i < ROUNDS; i++) {
		struct error e = { 0 };
		struct manifest m;
		pid_t one = begin_backups(&p, p.s.dir, EACH);
		pid_t other = begin_backups(&p, p.s.dir, EACH);
		enum err a = end_backups(one), b = end_backups(other);

		cr_assert(a == ERR_OK || a == ERR_BUSY, "%d: %d", i, (int)a);
		cr_assert(b == ERR_OK || b == ERR_BUSY, "%d: %d", i, (int)b);
		cr_assert_eq(manifest_read(p.backup, &m, &e), ERR_OK, "%d: %s",
		    i, e.text);
		cr_assert_not(is_left_beside(&p), "%d", i);
	}
	restore_well(&p, 1);
	place_fini(&p);
}

struct rival {
	const struct place *p;
	char store[256];
	int ntimes;
};

static void
back_up_as_well(void *ctx)
{
	struct rival *r = ctx;

	cr_assert_eq(end_backups(begin_backups(r->p, r->store, 1)), ERR_BUSY,
	    "%d", r->ntimes);
	r->ntimes++;
}

/* Also when they have changed places, and the old one is to be removed. */
Test(backup_more, refuses_another_from_its_begin_to_its_end)
{
	enum { MANY = 1000 };
	struct scratch other = { .store = NULL };
	struct rival r = { .ntimes = 0 };
	struct manifest m;
	struct place p;

	place_init(&p);
	r.p = &p;
	snprintf(r.store, sizeof r.store, "%s/rival", p.top);
	snprintf(other.dir, sizeof other.dir, "%s", r.store);
	scratch_open(&other);
	scratch_close(&other);
	back_up(&p);
	faults_before_fsync(MANY, back_up_as_well, &r);
	back_up(&p);
	faults_before_fsync(0, NULL, NULL);
	cr_expect_gt(r.ntimes, 4);
	cr_expect_eq(manifest_read(p.backup, &m, NULL), ERR_OK);
	cr_expect_not(is_left_beside(&p));
	place_fini(&p);
}
