/* SPDX-License-Identifier: MIT */
/*
 * The index is copied first, then the bodies: a body is committed before the
 * row that names it, so each that the copied index names is there, as long
 * as none is collected in between.
 */
#include "store/backup.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/dirs.h"
#include "store/drafts.h"
#include "store/manifest.h"
#include "store/pages.h"
#include "store/pour.h"
#include "store/stage.h"

#define COLLECT_LOCK "collect"

/* Times that another process may grow the map just when a copy begins. */
enum { ATTEMPTS = 8 };

enum err
store_lock_bodies(struct store *store, bool is_to_stay, int *fd,
    struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", store->dir,
	    COLLECT_LOCK);

	return dirs_lock(path, is_to_stay ? LOCK_SH : LOCK_EX | LOCK_NB, fd,
	    e);
}

/*
 * LMDB refuses to leave out free pages when a page is neither free nor in
 * use, as after some of its older faults; then all are copied.
 */
static enum err
copy_file(struct txn_handle *h, const char *to, struct copy_progress *progress,
    struct copied *out, struct error *e)
{
	struct pouring p = {
		.from = h, .flags = MDB_CP_COMPACT, .to = to,
		.progress = progress, .out = out,
	};
	uint64_t done = progress->done;

	for (int i = 0; i < ATTEMPTS; i++) {
		enum err err;

		progress->done = done;
		err = pour(&p, e);
		if (err != ERR_OK)
			return err;
		if (p.rc == MDB_INCOMPATIBLE)
			p.flags = 0;
		else if (p.rc != MDB_MAP_RESIZED)
			break;
	}
	return p.rc == 0 ? ERR_OK : env_error(h->env, e, p.rc, "copy");
}

/* The transaction keeps the map of this process where it is. */
static enum err
copy_kind(struct store *store, enum env_kind kind, const char *to,
    struct copy_progress *progress, struct copied *out, struct error *e)
{
	struct store_txn t;
	enum err err = txn_begin(store, kind, false, &t);

	if (err == ERR_OK)
		err = copy_file(t.handle, to, progress, out, e);
	else if (e)
		*e = t.error;
	store_end(&t);
	return err;
}

static uint64_t
octets_of(struct store *store, enum env_kind kind)
{
	MDB_envinfo info = { .me_last_pgno = 0 };
	MDB_stat stat = { .ms_psize = 0 };
	struct store_txn t;

	if (txn_begin(store, kind, false, &t) == ERR_OK) {
		const struct txn_handle *h = t.handle;

		mdb_env_info(h->file->lmdb, &info);
		mdb_env_stat(h->file->lmdb, &stat);
	}
	store_end(&t);
	return (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize;
}

static enum err
fill(struct store *store, const struct stage *stage,
    const struct store_progress *progress, struct error *e)
{
	struct manifest m = { .schema = STORE_SCHEMA, .made = time(NULL) };
	struct copy_progress p = {
		.told = progress,
		.total = octets_of(store, ENV_INDEX) +
		    octets_of(store, ENV_BODIES),
	};
	enum err err = ERR_OK;

	for (int i = 0; i < ENV_COUNT && err == ERR_OK; i++) {
		CLEANUP(cleanup_free) char *to = stage_path(stage,
		    manifest_files[i]);

		err = copy_kind(store, (enum env_kind)i, to, &p, &m.files[i],
		    e);
	}
	if (err == ERR_OK)
		err = drafts_copy(store->dir, stage->part, e);
	if (err == ERR_OK)
		err = manifest_write(stage->part, &m, e);
	/* Free pages were counted at first. */
	if (err == ERR_OK && progress)
		progress->each(progress->ctx, p.done, p.done);
	return err;
}

static enum err
check_place(const char *dir, struct error *e)
{
	struct manifest m;
	enum err err;

	if (access(dir, F_OK) != 0 || dirs_is_empty(dir))
		return ERR_OK;
	err = manifest_read(dir, &m, e);
	if (err == ERR_OK || err == ERR_IO)
		return err;
	return error_set(e, ERR_USAGE, "%s is there and is no complete backup "
	    "of a mail store: give another directory", dir);
}

enum err
store_backup(struct store *store, const char *dir,
    const struct store_progress *progress, struct error *e)
{
	CLEANUP(cleanup_close) int lock = -1;
	CLEANUP(stage_fini) struct stage stage = { .lock = -1, .old = -1 };
	struct manifest made;
	bool is_swapped = false;
	enum err err = stage_open(&stage, dir, ".part", e);

	/* Nobody else replaces it while it is looked at. */
	if (err == ERR_OK)
		err = check_place(dir, e);
	if (err == ERR_OK)
		err = store_lock_bodies(store, true, &lock, e);
	/* A copy of damage must not replace what may be whole. */
	if (err == ERR_OK)
		err = store_check_pages(store, progress, e);
	if (err == ERR_OK)
		err = fill(store, &stage, progress, e);
	/* What is not all there replaces nothing. */
	if (err == ERR_OK)
		err = manifest_read(stage.part, &made, e);
	if (err == ERR_OK)
		err = stage_hold_old(&stage, e);
	if (err == ERR_OK)
		err = stage_publish(&stage, &is_swapped, e);
	if (is_swapped)
		stage_remove_old(&stage);
	return err;
}
