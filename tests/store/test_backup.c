/* SPDX-License-Identifier: MIT */
/*
 * Backups: of a store that others write to, killed at each step, on a full
 * disk; and the way back, which leaves the old store or the new one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/backup.h"
#include "store/body.h"
#include "store/body_piece.h"
#include "store/manifest.h"
#include "tests/store/damage.h"
#include "tests/store/faults.h"

/* A directory with a store, backups and what else a test makes. */
struct place {
	char top[200];
	char backup[256], other[256];	/* not there at first */
	struct scratch s;		/* the store: top/store */
};

static void
place_init(struct place *p)
{
	const char *tmp = getenv("TMPDIR");

	*p = (struct place){ .s = { .store = NULL } };
	alarm(600);
	snprintf(p->top, sizeof p->top, "%s/surat-backup-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(p->top));
	snprintf(p->backup, sizeof p->backup, "%s/backup", p->top);
	snprintf(p->other, sizeof p->other, "%s/other", p->top);
	snprintf(p->s.dir, sizeof p->s.dir, "%s/store", p->top);
	scratch_open(&p->s);
}

static void
place_fini(struct place *p)
{
	scratch_close(&p->s);
	scratch_remove(p->top);
}

static void
back_up(struct place *p, const char *dir)
{
	struct error e = { 0 };

	cr_assert_eq(store_backup(p->s.store, dir, NULL, &e), ERR_OK, "%s",
	    e.text);
}

static enum err
restore(const char *from, const char *to, bool replace, struct error *e)
{
	struct store_restoring r = {
		.from = from, .dir = to, .replace = replace,
	};
	enum err err = store_restore(&r, e);

	free(r.kept);
	return err;
}

static void
restore_well(const char *from, const char *to, bool replace)
{
	struct error e = { 0 };

	cr_assert_eq(restore(from, to, replace, &e), ERR_OK, "%s", e.text);
}

/* A store elsewhere is whole; how many messages it has. */
static uint64_t
check_at(const char *dir)
{
	struct store *store;
	struct error e = { 0 };
	uint64_t checked;

	cr_assert_eq(store_open(dir, &store, &e), ERR_OK, "%s", e.text);
	cr_assert_eq(store_check(store, &checked, &e), ERR_OK, "%s", e.text);
	store_close(store);
	return checked;
}

/* As the reader keeps one; 1000 days after the epoch. */
static void
put_draft(const char *dir, const char *text)
{
	static const struct timespec then[2] = { { 86400000, 0 },
		{ 86400000, 0 } };
	size_t n = strlen(text);
	char path[400];
	int fd;

	snprintf(path, sizeof path, "%s/" STORE_DRAFTS, dir);
	cr_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
	snprintf(path, sizeof path, "%s/" STORE_DRAFTS "/letter-a.eml", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	cr_assert_eq(write(fd, text, n), (ssize_t)n);
	cr_assert_eq(futimens(fd, then), 0);
	close(fd);
}

static bool
draft_is(const char *dir, const char *text)
{
	char path[400], got[64];
	struct stat st;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/" STORE_DRAFTS "/letter-a.eml", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	cr_assert_eq(fstat(fd, &st), 0);
	n = read(fd, got, sizeof got);
	close(fd);
	return n == (ssize_t)strlen(text) && memcmp(got, text, (size_t)n) == 0 &&
	    st.st_mtim.tv_sec == 86400000 && (st.st_mode & 0777) == 0600;
}

static struct manifest
manifest_at(const char *dir)
{
	struct manifest m;
	struct error e = { 0 };

	cr_assert_eq(manifest_read(dir, &m, &e), ERR_OK, "%s", e.text);
	return m;
}

/* Files in the top directory whose name begins so. */
static size_t
named(const struct place *p, const char *begin)
{
	DIR *d = opendir(p->top);
	struct dirent *entry;
	size_t n = 0;

	cr_assert_not_null(d);
	while ((entry = readdir(d)))
		n += strncmp(entry->d_name, begin, strlen(begin)) == 0;
	closedir(d);
	return n;
}

static void
add_some(struct scratch *s, uint32_t first, uint32_t n)
{
	struct store_txn t = scratch_write(s);

	for (uint32_t i = first; i < first + n; i++)
		scratch_message(&t, 1, i, i, 0);
	scratch_commit(&t);
}

static void
init_small(struct place *p)
{
	place_init(p);
	scratch_folder(&p->s, scratch_account(&p->s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	add_some(&p->s, 1, 10);
}

Test(backup, comes_back_as_the_store_that_it_was)
{
	struct place p;
	struct manifest first, second;

	place_init(&p);
	damage_fill(&p.s);
	back_up(&p, p.backup);
	scratch_close(&p.s);
	restore_well(p.backup, p.other, false);
	cr_expect_eq(check_at(p.other), check_at(p.s.dir));
	/* Copies leave out what is free, so equal trees are equal bytes. */
	snprintf(p.s.dir, sizeof p.s.dir, "%s", p.other);
	scratch_open(&p.s);
	snprintf(p.other, sizeof p.other, "%s/again", p.top);
	back_up(&p, p.other);
	first = manifest_at(p.backup);
	second = manifest_at(p.other);
	cr_expect_arr_eq(first.files, second.files, sizeof first.files);
	place_fini(&p);
}

Test(backup, is_for_its_owner_alone)
{
	struct stat st;
	struct place p;
	char path[300];

	umask(0);
	init_small(&p);
	back_up(&p, p.backup);
	cr_assert_eq(stat(p.backup, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0700);
	for (int i = 0; i < ENV_COUNT; i++) {
		snprintf(path, sizeof path, "%s/%s", p.backup,
		    manifest_files[i]);
		cr_assert_eq(stat(path, &st), 0);
		cr_expect_eq(st.st_mode & 0777, 0600);
	}
	place_fini(&p);
}

Test(backup, replaces_an_earlier_one_and_an_empty_directory_alone)
{
	struct error e = { 0 };
	struct place p;
	char path[300];
	int fd;

	init_small(&p);
	cr_assert_eq(mkdir(p.backup, 0700), 0);
	back_up(&p, p.backup);
	add_some(&p.s, 11, 5);
	back_up(&p, p.backup);
	restore_well(p.backup, p.other, false);
	cr_expect_eq(check_at(p.other), 15);
	cr_expect_eq(named(&p, "backup"), 1, "nothing is left beside it");

	snprintf(path, sizeof path, "%s/notes", p.top);
	cr_assert_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/notes/shopping", p.top);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	*strrchr(path, '/') = '\0';
	cr_expect_eq(store_backup(p.s.store, path, NULL, &e), ERR_USAGE);
	cr_expect_not_null(strstr(e.text, "no complete backup"));
	cr_expect_eq(store_backup(p.s.store, p.s.dir, NULL, &e), ERR_USAGE);
	place_fini(&p);
}

/* It begins again with each step of the work, when one is done. */
struct told {
	uint64_t done, total;
	int nsteps;
};

static void
note_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct told *last = ctx;

	cr_assert_leq(done, total);
	if (last->nsteps == 0 || done < last->done) {
		cr_assert_eq(last->done, last->total);
		last->nsteps++;
	}
	last->done = done;
	last->total = total;
}

Test(backup, tells_how_far_it_is)
{
	struct manifest m;
	struct place p;
	struct told last = { .nsteps = 0 };
	struct store_progress progress = { note_progress, &last };
	struct store_restoring r = { .progress = &progress };

	init_small(&p);
	cr_assert_eq(store_backup(p.s.store, p.backup, &progress, NULL),
	    ERR_OK);
	m = manifest_at(p.backup);
	cr_expect_eq(last.done, m.files[0].octets + m.files[1].octets);
	cr_expect_geq(last.nsteps, 2, "looking at the pages is told, too");
	last = (struct told){ .nsteps = 0 };
	r.from = p.backup;
	r.dir = p.other;
	cr_assert_eq(store_restore(&r, NULL), ERR_OK);
	cr_expect_eq(last.done, m.files[0].octets + m.files[1].octets);
	place_fini(&p);
}

Test(backup, has_the_letters_that_are_not_finished)
{
	struct place p;

	init_small(&p);
	put_draft(p.s.dir, "To be");
	back_up(&p, p.backup);
	cr_expect(draft_is(p.backup, "To be"));
	put_draft(p.s.dir, "To be or not");
	back_up(&p, p.backup);
	cr_expect(draft_is(p.backup, "To be or not"));
	cr_expect_eq(named(&p, "backup"), 1, "nothing is left beside it");
	restore_well(p.backup, p.other, false);
	cr_expect(draft_is(p.other, "To be or not"));
	place_fini(&p);
}

Test(restore, leaves_unfinished_letters_where_they_were)
{
	struct store_restoring r = { .replace = true };
	struct place p;

	init_small(&p);
	put_draft(p.s.dir, "old");
	back_up(&p, p.backup);
	scratch_close(&p.s);
	put_draft(p.s.dir, "new");
	r.from = p.backup;
	r.dir = p.s.dir;
	cr_assert_eq(store_restore(&r, NULL), ERR_OK);
	cr_expect(draft_is(p.s.dir, "new"));
	cr_expect(draft_is(r.kept, "new"));
	free(r.kept);
	place_fini(&p);
}

/* Letters come and go as fast as they can, until this one is killed. */
static void
live_for_ever(struct scratch *s, int fd)
{
	for (uint32_t i = 1; ; i++) {
		struct store_txn t;
		char bytes[9000];
		uint64_t id, body;
		size_t dropped;

		memset(bytes, (int)i, sizeof bytes);
		memcpy(bytes, &i, sizeof i);
		body = scratch_body(s, (struct span){ bytes, sizeof bytes });
		t = scratch_write(s);
		id = scratch_message(&t, 1, 100 + i, i, 0);
		store_message_set_body(&t, id, body, BODY_WHOLE,
		    SPAN_LIT("text"));
		if (i > 20)
			store_message_remove(&t, id - 20);
		scratch_commit(&t);
		if (i % 4 == 0)
			body_collect(s->store, INT64_MAX, 100, &dropped,
			    NULL);
		if (write(fd, "", 1) != 1)
			_exit(1);
	}
}

Test(backup, of_a_store_that_is_written_to_is_consistent)
{
	struct place p;
	char octet;
	int fds[2];
	pid_t pid;

	init_small(&p);
	scratch_close(&p.s);
	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		close(fds[0]);
		scratch_open(&p.s);
		live_for_ever(&p.s, fds[1]);
	}
	close(fds[1]);
	scratch_open(&p.s);
	for (int i = 0; i < 12; i++) {
		/* It goes on only while it is listened to. */
		for (int k = 0; k < 9; k++)
			cr_assert_eq(read(fds[0], &octet, 1), 1);
		back_up(&p, p.backup);
		restore_well(p.backup, p.other, i > 0);
		check_at(p.other);
	}
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	close(fds[0]);
	place_fini(&p);
}

Test(backup, keeps_bodies_from_being_collected_meanwhile)
{
	struct place p;
	size_t dropped;
	int lock;

	init_small(&p);
	scratch_body(&p.s, SPAN_LIT("Subject: a\r\n\r\nb\r\n"));
	cr_assert_eq(store_lock_bodies(p.s.store, true, &lock, NULL), ERR_OK);
	cr_expect_eq(body_collect(p.s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 0);
	close(lock);
	cr_expect_eq(body_collect(p.s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
	place_fini(&p);
}

/* In a child, as faults are of a whole process; its status. */
static int
in_child(struct place *p, int at, enum fault fault,
    enum err (*work)(struct place *p, struct error *e))
{
	int status;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid == 0) {
		struct error e = { 0 };

		faults_set(at, fault);
		_exit((int)work(p, &e));
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static enum err
open_and_back_up(struct place *p, struct error *e)
{
	enum err err = store_open(p->s.dir, &p->s.store, e);

	if (err == ERR_OK)
		err = store_backup(p->s.store, p->backup, NULL, e);
	return err;
}

/* An earlier backup of ten messages, and a store of fifteen. */
static void
init_with_backup(struct place *p)
{
	init_small(p);
	back_up(p, p->backup);
	add_some(&p->s, 11, 5);
	put_draft(p->s.dir, "unfinished");
	scratch_close(&p->s);
}

Test(backup, that_is_killed_at_any_step_leaves_a_whole_one)
{
	bool was_killed = true;
	int at;

	for (at = 1; was_killed; at++) {
		struct place p;
		uint64_t n;
		int status;

		init_with_backup(&p);
		status = in_child(&p, at, FAULT_KILL_NAMES, open_and_back_up);
		was_killed = WIFSIGNALED(status);
		cr_assert(was_killed || WEXITSTATUS(status) == ERR_OK);
		restore_well(p.backup, p.other, false);
		n = check_at(p.other);
		cr_assert(n == 15 || (n == 10 && was_killed), "step %d", at);
		/* And the next one is as if nothing had been. */
		scratch_open(&p.s);
		back_up(&p, p.backup);
		restore_well(p.backup, p.other, true);
		cr_assert_eq(check_at(p.other), 15);
		cr_assert(draft_is(p.backup, "unfinished"), "step %d", at);
		cr_assert_eq(named(&p, "backup"), 1, "step %d", at);
		place_fini(&p);
	}
	cr_expect_gt(at, 12, "only %d steps", at);
}

Test(backup, on_a_full_disk_leaves_the_earlier_one)
{
	int status = 1 << 8, at;

	for (at = 1; WEXITSTATUS(status) != 0; at++) {
		struct place p;

		init_with_backup(&p);
		status = in_child(&p, at, FAULT_FULL, open_and_back_up);
		cr_assert(WIFEXITED(status));
		cr_assert(WEXITSTATUS(status) == ERR_FULL ||
		    WEXITSTATUS(status) == ERR_OK, "%d", status);
		restore_well(p.backup, p.other, false);
		cr_assert_eq(check_at(p.other),
		    WEXITSTATUS(status) == ERR_OK ? 15 : 10);
		cr_assert_eq(named(&p, "backup"), 1, "step %d", at);
		place_fini(&p);
	}
	cr_expect_gt(at, 3, "only %d writes", at);
}

static enum err
restore_over(struct place *p, struct error *e)
{
	return restore(p->backup, p->s.dir, true, e);
}

Test(restore, that_is_killed_at_any_step_leaves_the_old_or_the_new_store)
{
	bool was_killed = true;
	int at;

	for (at = 1; was_killed; at++) {
		struct place p;
		uint64_t n;
		int status;

		init_with_backup(&p);
		status = in_child(&p, at, FAULT_KILL_NAMES, restore_over);
		was_killed = WIFSIGNALED(status);
		cr_assert(was_killed || WEXITSTATUS(status) == ERR_OK);
		n = check_at(p.s.dir);
		cr_assert(n == 10 || (n == 15 && was_killed), "step %d", at);
		cr_assert(draft_is(p.s.dir, "unfinished"), "step %d", at);
		if (n == 10)
			cr_assert_eq(named(&p, "store."), 1, "the old one is "
			    "there, too: step %d", at);
		restore_well(p.backup, p.s.dir, true);
		cr_assert_eq(check_at(p.s.dir), 10);
		cr_assert_eq(named(&p, "store.restoring"), 0, "step %d", at);
		/* Those that were in the place, and no other. */
		cr_assert_eq(named(&p, "store.before-"), n == 10 ? 2 : 1,
		    "step %d", at);
		cr_assert_neq(access(scratch_path(&p.s, "incomplete"), F_OK),
		    0);
		place_fini(&p);
	}
	cr_expect_gt(at, 8, "only %d steps", at);
}

Test(restore, keeps_the_store_that_it_replaces_and_says_where)
{
	struct store_restoring r = { .replace = true };
	struct error e = { 0 };
	struct place p;

	init_with_backup(&p);
	r.from = p.backup;
	r.dir = p.s.dir;
	cr_assert_eq(store_restore(&r, &e), ERR_OK, "%s", e.text);
	cr_assert_not_null(r.kept);
	cr_expect_eq(strncmp(r.kept + strlen(p.s.dir), ".before-20", 10), 0);
	cr_expect_eq(check_at(r.kept), 15);
	cr_expect_eq(check_at(p.s.dir), 10);
	free(r.kept);
	place_fini(&p);
}

Test(restore, replaces_no_store_that_it_was_not_asked_to_or_that_is_in_use)
{
	struct error e = { 0 };
	struct place p;
	char path[300];
	int fd;

	init_with_backup(&p);
	cr_expect_eq(restore(p.backup, p.s.dir, false, &e), ERR_USAGE);
	cr_expect_not_null(strstr(e.text, p.s.dir));
	/* As a process with an open store holds it. */
	snprintf(path, sizeof path, "%s/in-use", p.s.dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_eq(flock(fd, LOCK_SH), 0);
	cr_expect_eq(restore(p.backup, p.s.dir, true, &e), ERR_BUSY);
	cr_expect_not_null(strstr(e.text, "end it first"));
	close(fd);
	cr_expect_eq(check_at(p.s.dir), 15);
	cr_expect_eq(named(&p, "store"), 1);
	place_fini(&p);
}

Test(restore, refuses_what_is_no_backup)
{
	struct error e = { 0 };
	struct place p;

	init_small(&p);
	scratch_close(&p.s);
	cr_expect_eq(restore(p.s.dir, p.other, false, &e), ERR_NOTFOUND);
	cr_expect_eq(restore(p.backup, p.other, false, &e), ERR_NOTFOUND);
	cr_expect_eq(named(&p, "other"), 0);
	place_fini(&p);
}

static void
turn_bit(const char *path, off_t at)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char octet;

	cr_assert_eq(pread(fd, &octet, 1, at), 1);
	octet ^= 1;
	cr_assert_eq(pwrite(fd, &octet, 1, at), 1);
	close(fd);
}

/* Each octet of the text; some of the data. */
Test(restore, refuses_a_backup_with_a_turned_bit_anywhere)
{
	static const char *const names[] = { MANIFEST_NAME, "index.mdb",
		"bodies.mdb" };
	struct place p;

	init_with_backup(&p);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct stat st;
		char path[300];

		snprintf(path, sizeof path, "%s/%s", p.backup, names[i]);
		cr_assert_eq(stat(path, &st), 0);
		for (off_t at = 0; at < st.st_size; at += 1 + st.st_size / 99) {
			struct error e = { 0 };
			enum err err;

			turn_bit(path, at);
			err = restore(p.backup, p.other, false, &e);
			turn_bit(path, at);
			/* The date is for people. */
			if (err == ERR_OK && i == 0) {
				scratch_remove(p.other);
				continue;
			}
			cr_assert(err == ERR_CORRUPT || err == ERR_VERSION,
			    "%s at %lld: %s", names[i], (long long)at, e.text);
		}
	}
	restore_well(p.backup, p.other, false);
	place_fini(&p);
}

Test(restore, refuses_a_newer_schema)
{
	struct error e = { 0 };
	struct manifest m;
	struct place p;

	init_with_backup(&p);
	m = manifest_at(p.backup);
	m.schema = STORE_SCHEMA + 1;
	cr_assert_eq(manifest_write(p.backup, &m, NULL), ERR_OK);
	cr_expect_eq(restore(p.backup, p.other, false, &e), ERR_VERSION);
	cr_expect_not_null(strstr(e.text, "newer surat"));
	cr_expect_eq(named(&p, "other"), 0);
	place_fini(&p);
}
