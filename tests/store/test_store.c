/* SPDX-License-Identifier: MIT */
/* Opening, refusing, watching, locking; small tables. */
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "store/txn.h"
#include "tests/store/damage.h"
#include "tests/store/scratch.h"

static enum err
try_open(struct scratch *s, struct error *e)
{
	*e = (struct error){ 0 };
	return store_open(s->dir, &s->store, e);
}

Test(store, makes_files_that_only_the_owner_reads)
{
	static const char *const names[] = { "index.mdb", "bodies.mdb",
		"index.mdb-lock", "bodies.mdb-lock" };
	CLEANUP(scratch_fini) struct scratch s;
	struct stat st;
	char dir[256];

	scratch_dir(&s);
	snprintf(dir, sizeof dir, "%s", scratch_path(&s, "a"));
	cr_assert_eq(rmdir(s.dir), 0);
	scratch_open(&s);
	cr_assert_eq(stat(s.dir, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0700);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cr_assert_eq(stat(scratch_path(&s, names[i]), &st), 0);
		cr_expect_eq(st.st_mode & 0777, 0600, "%s", names[i]);
	}
}

Test(store, finds_again_what_was_committed_and_nothing_else)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct message m;
	uint32_t folder;
	uint64_t kept, undone;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	t = scratch_write(&s);
	kept = scratch_message(&t, folder, 1, 100, 0);
	scratch_commit(&t);
	t = scratch_write(&s);
	undone = scratch_message(&t, folder, 2, 100, 0);
	cr_expect_neq(undone, 0);
	store_end(&t);
	store_end(&t);	/* harmless */
	scratch_close(&s);
	scratch_open(&s);
	t = scratch_read(&s);
	cr_assert(store_message_get(&t, kept, &arena, &m));
	cr_expect(span_eq(m.from_name, SPAN_LIT("Ani")));
	cr_expect(span_eq(m.to,
	    SPAN_LIT("Budi <budi@kantor.example>, c@d.example")));
	cr_expect(span_eq(m.subject, SPAN_LIT("Sel\303\241mat pagi")));
	cr_expect(span_eq(m.message_id, SPAN_LIT("1.1@host.example")));
	cr_expect_eq(m.date, 100);
	cr_expect_eq(m.thread, kept);
	cr_expect_not(store_message_get(&t, undone, &arena, &m));
	store_end(&t);
	scratch_check(&s);
}

static void
write_schema(struct scratch *s, enum env_kind kind, uint64_t schema)
{
	struct key key = { 0 };
	struct store_txn t;
	struct buf *b;

	cr_assert_eq(txn_begin(s->store, kind, true, &t), ERR_OK);
	b = txn_record(&t);
	key_bytes(&key, SPAN_LIT("schema"));
	record_put_u64(b, schema);
	record_put_span(b, SPAN_LIT("and what only that version knows"));
	txn_put_record(&t, schema_meta_of(kind), &key);
	scratch_commit(&t);
}

/* Of all octets of both files. */
static uint32_t
checksum(const struct scratch *s)
{
	static const char *const names[] = { "index.mdb", "bodies.mdb" };
	uint32_t crc = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		CLEANUP(cleanup_fclose) FILE *f = fopen(scratch_path(s,
		    names[i]), "r");
		char piece[4096];
		size_t n;

		cr_assert_not_null(f);
		while ((n = fread(piece, 1, sizeof piece, f)) > 0)
			crc = crc32c(crc, (struct span){ piece, n });
	}
	return crc;
}

static void
expect_newer_refused(enum env_kind kind, uint64_t schema, const char *name)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct error e;
	uint32_t before;

	scratch_init(&s);
	write_schema(&s, kind, schema);
	scratch_close(&s);
	before = checksum(&s);
	cr_assert_eq(try_open(&s, &e), ERR_VERSION, "%s", e.text);
	cr_expect_not_null(strstr(e.text, "newer surat"));
	cr_expect_not_null(strstr(e.text, name), "%s", e.text);
	cr_expect_null(s.store);
	cr_expect_eq(checksum(&s), before);
}

Test(store, of_a_newer_version_is_refused_and_left_alone)
{
	expect_newer_refused(ENV_INDEX, STORE_SCHEMA + 1, "index.mdb");
}

Test(store, with_letters_of_a_newer_version_is_refused_and_left_alone)
{
	expect_newer_refused(ENV_BODIES, STORE_BODIES_SCHEMA + 1,
	    "bodies.mdb");
}

/* -1: there is none. */
static void
replace_lock(const struct scratch *s, const char *name, int octets)
{
	CLEANUP(cleanup_fclose) FILE *f = NULL;
	static char noise[1 << 17];

	cr_assert_eq(unlink(scratch_path(s, name)), 0, "%s", name);
	if (octets < 0)
		return;
	f = fopen(scratch_path(s, name), "w");
	cr_assert_not_null(f);
	damage_noise(noise, sizeof noise);
	cr_assert_eq(fwrite(noise, 1, (size_t)octets, f), (size_t)octets);
}

/* Whatever is in them is of processes that are no more. */
Test(store, goes_on_whatever_is_in_the_lock_files)
{
	static const char *const names[] = { "index.mdb-lock",
		"bodies.mdb-lock" };
	static const int sizes[] = { -1, 0, 1, 100, 4096, 8192, 32768,
		1 << 17 };
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t id = 0;

	scratch_init(&s);
	scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	for (size_t i = 0; i < 2 * ARRAY_LEN(sizes); i++) {
		uint64_t last = id, body;
		struct store_txn t;
		char text[32];

		scratch_close(&s);
		replace_lock(&s, names[i % 2], sizes[i / 2]);
		scratch_open(&s);
		if (last)
			cr_expect_eq(scratch_get(&s, last, &arena).id, last);
		snprintf(text, sizeof text, "letter %zu", i);
		body = scratch_body(&s, span_of(text));
		t = scratch_write(&s);
		id = scratch_message(&t, 1, (uint32_t)i + 1, 1, 0);
		store_message_set_body(&t, id, body, BODY_WHOLE,
		    SPAN_LIT("text"));
		scratch_commit(&t);
		scratch_check(&s);
	}
}

/* Enough that the tables have pages of their own. */
static void
fill_some(struct scratch *s)
{
	uint32_t folder = scratch_folder(s, scratch_account(s, "kerja"),
	    "INBOX", FOLDER_INBOX, false);
	struct store_txn t = scratch_write(s);

	for (uint32_t i = 1; i <= 2000; i++)
		scratch_message(&t, folder, i, i, 0);
	scratch_commit(&t);
}

Test(store, that_was_cut_short_is_refused_at_every_length)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct stat st;
	struct error e;

	scratch_init(&s);
	fill_some(&s);
	scratch_close(&s);
	cr_assert_eq(stat(scratch_path(&s, "index.mdb"), &st), 0);
	for (off_t size = st.st_size - 1; size > 0; size -= size / 7 + 1) {
		cr_assert_eq(truncate(scratch_path(&s, "index.mdb"), size), 0);
		cr_assert_eq(try_open(&s, &e), ERR_CORRUPT, "%lld of %lld: %s",
		    (long long)size, (long long)st.st_size, e.text);
	}
}

/*
 * A page that is taken and given back in one transaction is never written,
 * so an undamaged file can end before its last page.
 */
Test(store, that_lacks_only_free_pages_is_whole)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct stat full, lean;
	uint32_t folder, kept;
	struct store_txn t;
	struct error e;
	uint64_t checked;

	scratch_init(&s);
	kept = scratch_folder(&s, scratch_account(&s, "rumah"), "INBOX",
	    FOLDER_INBOX, false);
	t = scratch_write(&s);
	scratch_message(&t, kept, 1, 1, 0);
	scratch_commit(&t);
	cr_assert_eq(stat(scratch_path(&s, "index.mdb"), &lean), 0);
	fill_some(&s);
	folder = kept + 1;
	for (bool more = true; more; ) {
		t = scratch_write(&s);
		more = store_folder_clear(&t, folder, 500);
		scratch_commit(&t);
	}
	/* Free pages in the middle are used first from here on. */
	for (int i = 0; i < 5; i++) {
		t = scratch_write(&s);
		scratch_message(&t, kept, (uint32_t)i + 2, 1, 0);
		scratch_commit(&t);
	}
	scratch_close(&s);
	cr_assert_eq(stat(scratch_path(&s, "index.mdb"), &full), 0);
	/*
	 * Page by page: as long as it is said to be whole everything can be
	 * read, and the first page that is not free ends that.
	 */
	for (off_t size = full.st_size; ; size -= 4096) {
		cr_assert_gt(size, lean.st_size / 2);
		cr_assert_eq(truncate(scratch_path(&s, "index.mdb"), size), 0);
		if (try_open(&s, &e) != ERR_OK) {
			cr_expect_lt(size, full.st_size, "%s", e.text);
			cr_expect_eq(e.kind, ERR_CORRUPT);
			break;
		}
		cr_assert_eq(store_check(s.store, &checked, &e), ERR_OK,
		    "%s", e.text);
		cr_assert_eq(checked, 6);
		scratch_close(&s);
	}
}

Test(store, that_is_no_store_is_refused)
{
	static const char text[] = "From budi@kantor.example Sun Nov 22\n";
	CLEANUP(scratch_fini) struct scratch s;
	struct error e;
	FILE *f;

	scratch_dir(&s);
	f = fopen(scratch_path(&s, "index.mdb"), "w");
	cr_assert_not_null(f);
	for (int i = 0; i < 1000; i++)
		fputs(text, f);
	fclose(f);
	cr_expect_eq(try_open(&s, &e), ERR_CORRUPT, "%s", e.text);
}

Test(store, refuses_a_place_that_cannot_be_made)
{
	struct scratch s = { .dir = "/proc/self/nowhere/surat" };
	struct error e;

	cr_expect_eq(try_open(&s, &e), ERR_IO);
	cr_expect_not_null(strstr(e.text, "/proc/self/nowhere"));
}

/* A child process that does one thing with the store of its own. */
static pid_t
in_child(const struct scratch *s, int (*work)(struct store *store))
{
	pid_t pid = fork();

	if (pid == 0) {
		struct store *store;

		_exit(store_open(s->dir, &store, NULL) == ERR_OK
		    ? work(store) : 99);
	}
	return pid;
}

static int
exit_of(pid_t pid)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
put_state(struct store *store)
{
	struct account_state state = { .link = LINK_SYNCING };
	struct store_txn t;

	store_write(store, &t);
	store_account_state_put(&t, 1, &state);
	return (int)store_commit(&t, NULL);
}

Test(store, wakes_a_watcher_when_another_process_commits)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct pollfd p = { .events = POLLIN };
	uint64_t before;
	pid_t child;

	scratch_init(&s);
	p.fd = store_watch_open(s.store);
	if (p.fd < 0)
		cr_skip("no inotify here");
	store_watch_drain(p.fd);
	cr_expect_eq(poll(&p, 1, 0), 0, "nothing was written");
	before = store_generation(s.store);
	scratch_close(&s);
	child = in_child(&s, put_state);
	cr_expect_eq(poll(&p, 1, 60000), 1);
	cr_expect_eq(exit_of(child), 0);
	scratch_open(&s);
	cr_expect_gt(store_generation(s.store), before);
	store_watch_drain(p.fd);
	cr_expect_eq(poll(&p, 1, 0), 0, "all were taken off");
	close(p.fd);
}

static int
lock_kerja(struct store *store)
{
	int fd;

	return (int)store_lock_account(store, SPAN_LIT("../ker ja"), &fd,
	    NULL);
}

Test(store, lets_one_process_at_a_time_talk_for_an_account)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct error e;
	int fd, other;

	scratch_init(&s);
	cr_assert_eq(store_lock_account(s.store, SPAN_LIT("../ker ja"), &fd,
	    &e), ERR_OK);
	cr_expect_eq(store_lock_account(s.store, SPAN_LIT("rumah"), &other,
	    &e), ERR_OK);
	cr_expect_eq(access(scratch_path(&s, "lock-%2E%2E%2Fker%20ja"), F_OK),
	    0);
	cr_expect_eq(exit_of(in_child(&s, lock_kerja)), ERR_BUSY);
	close(fd);
	close(other);
	cr_expect_eq(exit_of(in_child(&s, lock_kerja)), ERR_OK);
}

/* Reads and says so, until it is killed; what it sees cannot be reused. */
static pid_t
start_reader(const struct scratch *s)
{
	int pipe_fds[2];
	char byte;
	pid_t pid;

	cr_assert_eq(pipe(pipe_fds), 0);
	pid = fork();
	if (pid == 0) {
		struct store *store;
		struct store_txn t;

		if (store_open(s->dir, &store, NULL) != ERR_OK ||
		    store_read(store, &t) != ERR_OK ||
		    write(pipe_fds[1], "", 1) != 1)
			_exit(1);
		alarm(60);
		for (;;)
			pause();
	}
	close(pipe_fds[1]);
	cr_assert_eq(read(pipe_fds[0], &byte, 1), 1, "it cannot read");
	close(pipe_fds[0]);
	return pid;
}

struct wanted {
	pid_t pid;
	bool is_found;
};

static int
look_for_pid(const char *line, void *ctx)
{
	struct wanted *wanted = ctx;

	wanted->is_found |= strtol(line, NULL, 10) == (long)wanted->pid;
	return 0;
}

static bool
is_reader(const struct scratch *s, pid_t pid)
{
	struct wanted wanted = { .pid = pid };

	mdb_reader_list(s->store->envs[ENV_INDEX]->file->lmdb, look_for_pid,
	    &wanted);
	return wanted.is_found;
}

enum { REWRITES = 60 };

/* Writes the same over and over; how many pages the file has then. */
static size_t
pages_after_rewrites(struct scratch *s)
{
	MDB_envinfo info;

	for (int i = 0; i < REWRITES; i++)
		cr_assert_eq(put_state(s->store), ERR_OK);
	mdb_env_info(s->store->envs[ENV_INDEX]->file->lmdb, &info);
	return info.me_last_pgno;
}

Test(store, reuses_the_pages_that_a_killed_reader_held)
{
	CLEANUP(scratch_fini) struct scratch s;
	size_t first, held, freed;
	pid_t reader;

	scratch_init(&s);
	scratch_close(&s);
	reader = start_reader(&s);
	scratch_open(&s);
	first = pages_after_rewrites(&s);
	held = pages_after_rewrites(&s);
	cr_expect_gt(held, first + REWRITES, "a reader holds its pages");
	cr_expect(is_reader(&s, reader));
	kill(reader, SIGKILL);
	cr_expect_eq(exit_of(reader), -1);
	/* As if it were long ago that the store looked. */
	s.store->envs[ENV_INDEX]->swept_ms = -3600 * 1000;
	freed = pages_after_rewrites(&s);
	cr_expect_leq(freed, held + REWRITES / 4);
	cr_expect_not(is_reader(&s, reader));
}

Test(store, keeps_the_first_failure_of_a_transaction)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct error e;

	scratch_init(&s);
	t = scratch_write(&s);
	cr_expect_eq(scratch_message(&t, 77, 1, 0, 0), 0);
	cr_expect_eq(store_account_put(&t, &(struct account){ .name =
	    SPAN("later") }), 0);
	cr_expect_eq(store_commit(&t, &e), ERR_NOTFOUND);
	cr_expect_not_null(strstr(e.text, "folder 77"));
	t = scratch_read(&s);
	cr_expect_eq(txn_count(&t, TABLE_ACCOUNTS), 0);
	store_end(&t);
}
