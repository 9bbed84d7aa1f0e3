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
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/backup.h"
#include "store/env.h"
#include "store/file.h"
#include "store/lock.h"
#include "store/pour.h"
#include "store/whole.h"

enum {
	COPIES_MAX = 10,
	/* Copied with others waiting: STORE_WRITE_MS of a slow disk's time. */
	LOCKED_OCTETS_MAX = 1 << 20,
	META_PAGES = 2,
	SPARE_OCTETS = 4 << 20,	/* left on the disk for those who write */
	MIB = 1 << 20,
};

/* Of one of the files. */
struct compaction {
	struct env *env;		/* borrowed */
	struct file_name next;		/* owned: the copy */
	struct copy_progress *progress;	/* borrowed: of both */
	uint64_t done_before;		/* of it, when this one began */
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
copy(const struct compaction *c, struct txn_handle *h, bool *was_resized,
    struct error *e)
{
	struct pouring p = {
		.from = h, .flags = MDB_CP_COMPACT, .to = c->next.path,
		.progress = c->progress,
	};
	struct error cause = { 0 };

	/* Of a copy that was given up nothing counts. */
	c->progress->done = c->done_before;
	if (pour(&p, &cause) != ERR_OK)
		return env_error(c->env, e, cause.sys, "compact");
	*was_resized = p.rc == MDB_MAP_RESIZED;
	/* LMDB's way to say that pages are neither in use nor free. */
	if (p.rc == MDB_INCOMPATIBLE)
		return error_set(e, ERR_CORRUPT, "cannot compact %s: pages in "
		    "it are lost, though no mail is", c->env->path);
	return p.rc == 0 || *was_resized ? ERR_OK :
	    env_error(c->env, e, p.rc, "compact");
}

static enum err
publish(const struct compaction *c, struct error *e)
{
	enum whole what;
	size_t map_octets;
	enum err err = whole_check(c->next.path, &what, &map_octets, e);

	if (err == ERR_OK && what != WHOLE_STORE)
		err = env_error(c->env, e, MDB_CORRUPTED, "compact");
	return err == ERR_OK ? file_publish(c->env->path, &c->next, e) : err;
}

/*
 * The number of the last transaction that the copy has for certain, in
 * *seen; a later one may be in it as well.
 */
static enum err
copy_snapshot(const struct compaction *c, uint64_t *seen, bool *was_resized,
    struct error *e)
{
	struct txn_handle *h;
	enum err err = env_begin(c->env, false, &h, e);

	if (err != ERR_OK)
		return err;
	*seen = mdb_txn_id(h->lmdb);
	err = check_room(h, e);
	if (err == ERR_OK)
		err = copy(c, h, was_resized, e);
	env_end(h);
	return err;
}

/* A writer's number is one more than that of the last commit. */
static enum err
publish_if_same(const struct compaction *c, uint64_t seen, bool *is_done,
    struct error *e)
{
	struct txn_handle *h;
	enum err err = env_begin(c->env, true, &h, e);

	if (err != ERR_OK)
		return err;
	*is_done = mdb_txn_id(h->lmdb) == seen + 1;
	if (*is_done)
		err = publish(c, e);
	env_end(h);
	return err;
}

/* At last, for who never found the others still. */
static enum err
copy_locked(const struct compaction *c, struct error *e)
{
	bool was_resized = false;
	struct txn_handle *h;
	enum err err = env_begin(c->env, true, &h, e);

	if (err != ERR_OK)
		return err;
	if (used_octets(h) > LOCKED_OCTETS_MAX)
		err = error_set(e, ERR_BUSY, "cannot compact %s: others keep "
		    "writing to it; try again when they are idle",
		    c->env->path);
	if (err == ERR_OK)
		err = check_room(h, e);
	if (err == ERR_OK)
		err = copy(c, h, &was_resized, e);
	/* A writer's map is large enough, and no other writer is there. */
	if (err == ERR_OK && was_resized)
		err = env_error(c->env, e, MDB_MAP_RESIZED, "compact");
	if (err == ERR_OK)
		err = publish(c, e);
	env_end(h);
	return err;
}

static enum err
replace(const struct compaction *c, struct error *e)
{
	enum err err = ERR_OK;
	bool is_done = false;

	for (int i = 0; i < COPIES_MAX && err == ERR_OK && !is_done; i++) {
		bool was_resized = false;
		uint64_t seen;

		err = copy_snapshot(c, &seen, &was_resized, e);
		if (err == ERR_OK && !was_resized)
			err = publish_if_same(c, seen, &is_done, e);
	}
	return err == ERR_OK && !is_done ? copy_locked(c, e) : err;
}

/* Leaves no file behind but the one that is in use. */
static enum err
compact(struct env *env, struct copy_progress *progress,
    struct compact_size *size, struct error *e)
{
	struct compaction c = {
		.env = env, .progress = progress, .done_before = progress->done,
	};
	enum err err, swept;

	*size = (struct compact_size){ .before = file_octets(env->path) };
	size->after = size->before;
	err = file_next(env->path, &c.next, e);
	if (err == ERR_OK)
		err = replace(&c, e);
	file_name_fini(&c.next);
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

/* Of both copies, as it looks now; what cannot be read fails by itself. */
static uint64_t
octets_to_copy(struct store *store)
{
	uint64_t octets = 0;

	for (int i = 0; i < ENV_COUNT; i++) {
		struct txn_handle *h;

		if (env_begin(store->envs[i], false, &h, NULL) != ERR_OK)
			continue;
		octets += used_octets(h);
		env_end(h);
	}
	return octets;
}

enum err
store_compact(struct store *store, const struct store_progress *progress,
    struct compact_result *result, struct error *e)
{
	CLEANUP(cleanup_close) int fd = -1, stay = -1;
	struct copy_progress p = { .told = progress };
	enum err err = lock_for_compacting(store, &fd, e);

	*result = (struct compact_result){ 0 };
	if (err == ERR_OK) {
		p.total = octets_to_copy(store);
		err = compact(store->envs[ENV_INDEX], &p, &result->index, e);
	}
	/* Who collects bodies would wait for us with the index locked. */
	if (err == ERR_OK)
		err = store_lock_bodies(store, true, &stay, e);
	if (err == ERR_OK)
		err = compact(store->envs[ENV_BODIES], &p, &result->bodies, e);
	/* It was an estimate. */
	if (err == ERR_OK && progress)
		progress->each(progress->ctx, p.done, p.done);
	return err;
}
