/* SPDX-License-Identifier: MIT */
/*
 * store_compact: a copy of what is in use, made from a reader's snapshot
 * while others write, takes the place of the file.  It may only do so when
 * nothing was committed since the snapshot, which is seen under LMDB's write
 * lock; otherwise it is made again.  Under that lock itself only what is so
 * small that nobody waits for it is copied.  A half-made copy is removed
 * here, or by whoever next opens the store.
 */
#include "store/care.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/backup.h"
#include "store/env.h"
#include "store/file.h"
#include "store/lock.h"
#include "store/whole.h"

enum {
	COPIES_MAX = 10,
	/* Copied with others waiting: STORE_WRITE_MS of a slow disk's time. */
	LOCKED_OCTETS_MAX = 1 << 20,
	META_PAGES = 2,
	SPARE_OCTETS = 4 << 20,	/* left on the disk for those who write */
	MIB = 1 << 20,
};

static uint64_t
file_octets(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size
	    : 0;
}

/* What the copy of the snapshot will take: pages in use, no others. */
static uint64_t
used_octets(struct txn_handle *h)
{
	uint64_t octets = 0;

	for (int i = 0; i < TABLE_COUNT; i++) {
		MDB_stat stat;

		if (tables[i].env != h->env->kind ||
		    mdb_stat(h->lmdb, h->file->tables[i], &stat) != 0)
			continue;
		octets += (stat.ms_branch_pages + stat.ms_leaf_pages +
		    stat.ms_overflow_pages + META_PAGES) *
		    (uint64_t)stat.ms_psize;
	}
	return octets;
}

static enum err
check_room(struct txn_handle *h, struct error *e)
{
	uint64_t needed = used_octets(h) + SPARE_OCTETS, there;
	struct statvfs fs;

	if (statvfs(h->env->path, &fs) != 0)
		return error_sys(e, ERR_IO, errno, "cannot look at %s",
		    h->env->path);
	there = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (there >= needed)
		return ERR_OK;
	return error_set(e, ERR_FULL, "cannot compact %s: the copy needs %llu "
	    "MiB and the disk has only %llu MiB left", h->env->path,
	    (unsigned long long)(needed / MIB + 1),
	    (unsigned long long)(there / MIB));
}

/* *was_resized: the map has to follow another process's first. */
static enum err
copy(struct txn_handle *h, const char *to, bool *was_resized, struct error *e)
{
	CLEANUP(cleanup_close) int fd = open(to,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = fd < 0 ? errno : mdb_env_copyfd2(h->file->lmdb, fd,
	    MDB_CP_COMPACT);

	*was_resized = rc == MDB_MAP_RESIZED;
	if (rc == 0 && fsync(fd) != 0)
		rc = errno;
	/* LMDB's way to say that pages are neither in use nor free. */
	if (rc == MDB_INCOMPATIBLE)
		return error_set(e, ERR_CORRUPT, "cannot compact %s: pages in "
		    "it are lost, though no mail is", h->env->path);
	return rc == 0 || *was_resized ? ERR_OK :
	    env_error(h->env, e, rc, "compact");
}

static enum err
publish(struct env *env, const struct file_name *next, struct error *e)
{
	enum whole what;
	size_t map_octets;
	enum err err = whole_check(next->path, &what, &map_octets, e);

	if (err == ERR_OK && what != WHOLE_STORE)
		err = env_error(env, e, MDB_CORRUPTED, "compact");
	return err == ERR_OK ? file_publish(env->path, next, e) : err;
}

/*
 * The number of the last transaction that the copy has for certain, in
 * *seen; a later one may be in it as well.
 */
static enum err
copy_snapshot(struct env *env, const struct file_name *next, uint64_t *seen,
    bool *was_resized, struct error *e)
{
	struct txn_handle *h;
	enum err err = env_begin(env, false, &h, e);

	if (err != ERR_OK)
		return err;
	*seen = mdb_txn_id(h->lmdb);
	err = check_room(h, e);
	if (err == ERR_OK)
		err = copy(h, next->path, was_resized, e);
	env_end(h);
	return err;
}

/* A writer's number is one more than that of the last commit. */
static enum err
publish_if_same(struct env *env, const struct file_name *next, uint64_t seen,
    bool *is_done, struct error *e)
{
	struct txn_handle *h;
	enum err err = env_begin(env, true, &h, e);

	if (err != ERR_OK)
		return err;
	*is_done = mdb_txn_id(h->lmdb) == seen + 1;
	if (*is_done)
		err = publish(env, next, e);
	env_end(h);
	return err;
}

/* At last, for who never found the others still. */
static enum err
copy_locked(struct env *env, const struct file_name *next, struct error *e)
{
	bool was_resized = false;
	struct txn_handle *h;
	enum err err = env_begin(env, true, &h, e);

	if (err != ERR_OK)
		return err;
	if (used_octets(h) > LOCKED_OCTETS_MAX)
		err = error_set(e, ERR_BUSY, "cannot compact %s: others keep "
		    "writing to it; try again when they are idle", env->path);
	if (err == ERR_OK)
		err = check_room(h, e);
	if (err == ERR_OK)
		err = copy(h, next->path, &was_resized, e);
	/* A writer's map is large enough, and no other writer is there. */
	if (err == ERR_OK && was_resized)
		err = env_error(env, e, MDB_MAP_RESIZED, "compact");
	if (err == ERR_OK)
		err = publish(env, next, e);
	env_end(h);
	return err;
}

static enum err
replace(struct env *env, const struct file_name *next, struct error *e)
{
	enum err err = ERR_OK;
	bool is_done = false;

	for (int i = 0; i < COPIES_MAX && err == ERR_OK && !is_done; i++) {
		bool was_resized = false;
		uint64_t seen;

		err = copy_snapshot(env, next, &seen, &was_resized, e);
		if (err == ERR_OK && !was_resized)
			err = publish_if_same(env, next, seen, &is_done, e);
	}
	return err == ERR_OK && !is_done ? copy_locked(env, next, e) : err;
}

/* Leaves no file behind but the one that is in use. */
static enum err
compact(struct env *env, struct compact_size *size, struct error *e)
{
	CLEANUP(file_name_fini) struct file_name next = { 0 };
	enum err err, swept;

	*size = (struct compact_size){ .before = file_octets(env->path) };
	size->after = size->before;
	err = file_next(env->path, &next, e);
	if (err == ERR_OK)
		err = replace(env, &next, e);
	size->after = file_octets(env->path);
	/* An error of before is the one to tell. */
	swept = file_sweep(env->path, err == ERR_OK ? e : NULL);
	return err == ERR_OK ? swept : err;
}

static enum err
lock_for_compacting(struct store *store, int *fd, struct error *e)
{
	CLEANUP(cleanup_close) int dir = -1;
	enum err err = lock_dir(store->dir, &dir, e);

	return err == ERR_OK ? lock_compact(store->dir, fd, e) : err;
}

enum err
store_compact(struct store *store, struct compact_result *result,
    struct error *e)
{
	CLEANUP(cleanup_close) int fd = -1, stay = -1;
	enum err err = lock_for_compacting(store, &fd, e);

	*result = (struct compact_result){ 0 };
	if (err == ERR_OK)
		err = compact(store->envs[ENV_INDEX], &result->index, e);
	/* Who collects bodies would wait for us with the index locked. */
	if (err == ERR_OK)
		err = store_lock_bodies(store, true, &stay, e);
	if (err == ERR_OK)
		err = compact(store->envs[ENV_BODIES], &result->bodies, e);
	return err;
}
