/* SPDX-License-Identifier: MIT */
/*
 * The disk is full in the middle of a work on the whole store: a sentence
 * that says so, everything that was there, and the same call goes on when
 * there is room again.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "store/backup.h"
#include "store/body_piece.h"
#include "store/care.h"
#include "store/repair.h"
#include "store/txn.h"
#include "tests/store/full_disk.h"
#include "tests/store/full_store.h"

static void
put_draft(const char *store)
{
	CLEANUP(cleanup_free) char *dir = xasprintf("%s/" STORE_DRAFTS,
	    store);
	CLEANUP(cleanup_free) char *path = xasprintf("%s/letter-a.eml", dir);
	CLEANUP(cleanup_close) int fd = -1;

	cr_assert_eq(mkdir(dir, 0700), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_eq(write(fd, "To: ani", 7), 7);
}

static void
back_up_to(struct store *store, const char *dir)
{
	CLEANUP(cleanup_free) char *to = xasprintf("%s/backup", dir);
	struct error e = { 0 };

	cr_assert_eq(store_backup(store, to, NULL, &e), ERR_OK, "%s", e.text);
}

static void
remove_at(const char *dir, const char *name)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir, name);

	scratch_remove(path);
}

/* A backup, a store with more in it and a draft. */
static void
make_backup_and_store(const char *dir)
{
	struct scratch s;

	full_store_open(&s, dir);
	full_store_fill(&s, 12);
	full_store_add_rows(&s, 100, 150);
	put_draft(s.dir);
	back_up_to(s.store, dir);
	full_store_add_rows(&s, 1000, 50);
	scratch_close(&s);
}

static void
make_backup(const char *dir)
{
	make_backup_and_store(dir);
	remove_at(dir, "store");
}

static enum err
run_restore(const char *dir, struct store *store, struct error *e)
{
	CLEANUP(cleanup_free) char *from = xasprintf("%s/backup", dir);
	CLEANUP(cleanup_free) char *to = xasprintf("%s/store", dir);
	struct store_restoring r = { .from = from, .dir = to, .replace = true };
	enum err err = store_restore(&r, e);

	(void)store;
	free(r.kept);
	return err;
}

static bool
has_draft(const char *dir)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/" STORE_DRAFTS
	    "/letter-a.eml", dir);
	struct stat st;

	return stat(path, &st) == 0 && st.st_size == 7;
}

/* The store, then those beside it that are not the same; no others. */
static void
look_at_stores(const char *dir, struct store *store, struct buf *out)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);
	CLEANUP(buf_fini) struct buf one = { 0 };
	struct dirent *entry;
	DIR *d = opendir(dir);

	(void)store;
	cr_assert_not_null(d);
	if (access(path, F_OK) == 0) {
		full_store_put(path, &one);
		buf_put(out, buf_span(&one));
		buf_puts(out, has_draft(path) ? "a draft\n" : "");
	}
	while ((entry = readdir(d))) {
		CLEANUP(cleanup_free) char *other = xasprintf("%s/%s", dir,
		    entry->d_name);
		CLEANUP(buf_fini) struct buf kept = { 0 };

		if (strncmp(entry->d_name, "store.", 6) != 0)
			continue;
		full_store_put(other, &kept);
		if (span_eq(buf_span(&kept), buf_span(&one)))
			continue;
		buf_printf(out, "kept:\n%.*s%s", SPAN_ARG(buf_span(&kept)),
		    has_draft(other) ? "a draft\n" : "");
	}
	closedir(d);
}

static const struct full_work restore_new = {
	.name = "restoring to an empty place",
	.make = make_backup,
	.run = run_restore,
	.look = look_at_stores,
	.step = { 1, 3, 4, 1 },
	.min = { 12, 8, 8, 4 },
};

static const struct full_work restore_over = {
	.name = "restoring over a store",
	.make = make_backup_and_store,
	.run = run_restore,
	.look = look_at_stores,
	.step = { 1, 3, 4, 1 },
	.min = { 14, 8, 8, 4 },
};

static enum err
run_backup(const char *dir, struct store *store, struct error *e)
{
	CLEANUP(cleanup_free) char *to = xasprintf("%s/backup", dir);

	return store_backup(store, to, NULL, e);
}

/* What would come back from the backup; nothing is left beside it. */
static void
look_at_backup(const char *dir, struct store *store, struct buf *out)
{
	CLEANUP(cleanup_free) char *from = xasprintf("%s/backup", dir);
	CLEANUP(cleanup_free) char *to = xasprintf("%s/back", dir);
	CLEANUP(cleanup_free) char *part = xasprintf("%s.part", from);
	struct store_restoring r = { .from = from, .dir = to };
	struct error e = { 0 };

	full_store_check(store);
	cr_assert_neq(access(part, F_OK), 0, "%s is left", part);
	cr_assert_eq(store_restore(&r, &e), ERR_OK, "%s", e.text);
	full_store_put(to, out);
	remove_at(dir, "back");
}

static const struct full_work backup = {
	.name = "a backup",
	.make = make_backup_and_store,
	.is_open = true,
	.run = run_backup,
	.look = look_at_backup,
	.step = { 1, 3, 4, 1 },
	.min = { 14, 8, 8, 4 },
};

/* Rows without an index, a letter of a server with a bit turned. */
static void
damage(struct scratch *s)
{
	CLEANUP(cleanup_free) char *bytes = NULL;
	struct store_txn t = scratch_write(s);
	struct key at = { 0 }, key = { 0 };
	struct span k, v;
	size_t n;

	cr_assert(txn_seek(&t, TABLE_BY_DATE, &at, &k, &v));
	key_bytes(&key, k);
	cr_assert(txn_del(&t, TABLE_BY_DATE, &key));
	scratch_commit(&t);
	key = body_key(1);
	key_fixed32(&key, 0);
	txn_begin(s->store, ENV_BODIES, true, &t);
	cr_assert(txn_get(&t, TABLE_BODY_PIECES, &key, &v));
	bytes = span_dup(v);
	n = v.n;
	bytes[n / 2] ^= 4;
	txn_put(&t, TABLE_BODY_PIECES, &key, (struct span){ bytes, n });
	scratch_commit(&t);
}

static void
make_damaged(const char *dir)
{
	struct scratch s;

	full_store_open(&s, dir);
	full_store_fill(&s, 12);
	full_store_add_rows(&s, 100, 200);
	damage(&s);
	scratch_close(&s);
}

static void
ignore(void *ctx, const struct store_finding *finding)
{
	(void)ctx;
	(void)finding;
}

static enum err
run_repair(const char *dir, struct store *store, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);
	const struct store_findings found = { ignore, NULL };
	struct repair_result result;
	enum err err = store_repair(path, NULL, &found, &result, e);

	(void)store;
	free(result.kept);
	return err;
}

/* An old index that was kept is not the one that is there, or kept twice. */
static void
look_at_repaired(const char *dir, struct store *store, struct buf *out)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", dir);
	struct dirent *entry;
	size_t n = 0;
	DIR *d;

	full_store_look(dir, store, out);
	d = opendir(path);
	cr_assert_not_null(d);
	while ((entry = readdir(d))) {
		struct stat st;

		if (strncmp(entry->d_name, "index.damaged-", 14) != 0)
			continue;
		cr_assert_eq(fstatat(dirfd(d), entry->d_name, &st, 0), 0);
		cr_assert_eq(st.st_nlink, 1, "%s", entry->d_name);
		n++;
	}
	closedir(d);
	cr_assert_gt(n, 0);
}

static const struct full_work repair = {
	.name = "a repair",
	.make = make_damaged,
	.run = run_repair,
	.look = look_at_repaired,
	.is_made_by_run = true,
	.step = { 1, 4, 4, 1 },
	.min = { 16, 8, 5, 3 },
};

static enum err
run_compact(const char *dir, struct store *store, struct error *e)
{
	struct compact_result result;

	(void)dir;
	return store_compact(store, NULL, &result, e);
}

static const struct full_work compact = {
	.name = "compaction",
	.make = full_store_make,
	.is_open = true,
	.run = run_compact,
	.look = full_store_look,
	.step = { 1, 9, 150, 1 },
	.min = { 8, 6, 5, 2 },
};

Test(full, restoring_says_so_and_goes_on_with_room)
{
	full_disk_try(&restore_new);
	full_disk_try(&restore_over);
}

Test(full, a_backup_says_so_and_goes_on_with_room)
{
	full_disk_try(&backup);
}

Test(full, a_repair_says_so_and_goes_on_with_room)
{
	full_disk_try(&repair);
}

Test(full, compaction_says_so_and_goes_on_with_room)
{
	full_disk_try(&compact);
}

Test(full, works_on_the_whole_do_so_on_a_disk_that_is_really_small)
{
	static const struct full_work *const works[] = { &restore_new,
		&restore_over, &backup, &repair, &compact };

	if (!full_disk_try_small(works, ARRAY_LEN(works)))
		cr_skip_test("only who may mount can make a small disk");
}
