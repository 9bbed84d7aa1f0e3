/* SPDX-License-Identifier: MIT */
/*
 * Repairing is making the index anew (store/rebuild.h), where that makes
 * anything right.  The bodies are mended in place before, as far as they can
 * be made again.  Whoever is killed in between has the old index or the new
 * one, and repairs again.
 */
#include "store/repair.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/body_check.h"
#include "store/body_repair.h"
#include "store/body_use.h"
#include "store/check.h"
#include "store/dirs.h"
#include "store/env.h"
#include "store/file.h"
#include "store/lock.h"
#include "store/migrate.h"
#include "store/pages.h"
#include "store/pair.h"
#include "store/txn.h"

/* Damaged letters beyond these are left for the next repair. */
enum { DAMAGED_MAX = 1 << 16 };

struct repair {
	struct store store;
	char *paths[ENV_COUNT];		/* owned */
	int dir, compact;		/* owned: locks */
	uint64_t *damaged;		/* owned */
	size_t ndamaged;
	const struct store_findings *found;
};

static void
repair_fini(struct repair *r)
{
	for (int i = 0; i < ENV_COUNT; i++) {
		env_close(r->store.envs[i]);
		free(r->paths[i]);
	}
	free(r->damaged);
	cleanup_close(&r->compact);
	cleanup_close(&r->store.in_use);
	cleanup_close(&r->dir);
	free(r->store.dir);
}

static enum err
lock_all(struct repair *r, struct error *e)
{
	const char *dir = r->store.dir;
	enum err err = lock_dir(dir, &r->dir, e);

	if (err == ERR_OK)
		err = lock_in_use(dir, &r->store.in_use, e);
	if (err == ERR_OK)
		err = lock_alone(r->store.in_use, e);
	return err == ERR_OK ? lock_compact(dir, &r->compact, e) : err;
}

/* Bodies that are lost are made anew, without letters; an index never. */
static enum err
check_files(struct repair *r, struct error *e)
{
	const char *index = r->paths[ENV_INDEX];
	enum err err = pair_may_open(&r->store, ENV_INDEX, index,
	    r->paths[ENV_BODIES], e);

	if (err == ERR_OK && pair_is_nothing(index))
		err = error_sys(e, ERR_NOTFOUND, ENOENT, "cannot read %s",
		    index);
	return err == ERR_OK ? pair_check_link(r->paths[ENV_BODIES], e) : err;
}

/* Trees that are broken cannot be walked, and nothing can be repaired. */
static enum err
check_trees(struct repair *r, const struct store_progress *progress,
    struct error *e)
{
	struct error why = { 0 };

	for (int i = 0; i < ENV_COUNT; i++) {
		enum err err;

		if (pair_is_nothing(r->paths[i]))
			continue;
		err = pages_check(r->paths[i], progress, &why);
		if (err == ERR_CORRUPT)
			return error_set(e, err, "%s; this cannot be "
			    "repaired: restore a backup with `surat restore`",
			    why.text);
		if (err != ERR_OK)
			return error_set(e, err, "%s", why.text);
	}
	return ERR_OK;
}

static enum err
open_both(struct repair *r, struct error *e)
{
	enum err err = ERR_OK;

	for (int i = 0; i < ENV_COUNT && err == ERR_OK; i++)
		err = env_open(r->paths[i], (enum env_kind)i,
		    &env_limits_usual, &r->store.envs[i], e);
	return err;
}

static void
note_damaged(void *ctx, uint64_t id, const char *what, bool may_mend)
{
	struct store_finding f = { tables[TABLE_BODIES].name, id, what, false };
	struct repair *r = ctx;

	(void)may_mend;
	r->found->each(r->found->ctx, &f);
	if (id == 0 || r->ndamaged == DAMAGED_MAX)
		return;
	if ((r->ndamaged & (r->ndamaged - 1)) == 0)
		r->damaged = xreallocarray(r->damaged,
		    r->ndamaged ? 2 * r->ndamaged : 1, sizeof *r->damaged);
	r->damaged[r->ndamaged++] = id;
}

static enum err
mend_bodies(struct repair *r, const struct store_progress *progress,
    struct error *e)
{
	enum err err = body_repair(&r->store, e);
	struct store_txn t;

	if (err != ERR_OK)
		return err;
	txn_begin(&r->store, ENV_BODIES, false, &t);
	body_check(&t, progress, note_damaged, r);
	err = store_commit(&t, e);
	return err == ERR_OK ? body_repair_hide(&r->store, r->damaged,
	    r->ndamaged, e) : err;
}

/* Of some damaged letter the messages will be fetched again, or it goes. */
static bool
has_letters_to_drop(struct repair *r)
{
	bool is_last = true;
	struct store_txn t;

	store_read(&r->store, &t);
	for (size_t i = 0; i < r->ndamaged && is_last; i++)
		is_last = body_is_last_copy(&t, r->damaged[i]);
	store_end(&t);
	return !is_last;
}

/* Else a new index would be what the old one is, over and over again. */
static enum err
look_for_work(struct repair *r, const struct store_progress *progress,
    bool *is_needed, struct repair_result *out, struct error *e)
{
	enum err err;

	out->letters = r->ndamaged;
	*is_needed = r->store.envs[ENV_INDEX]->file->schema != STORE_SCHEMA ||
	    has_letters_to_drop(r);
	if (*is_needed)
		return ERR_OK;
	err = check_index(&r->store, progress, &out->rows, e);
	*is_needed = err == ERR_CORRUPT;
	return *is_needed ? ERR_OK : err;
}

enum { NAMES_MAX = 100 };	/* of old files within one second */

/* Gives the old file a second name, under which it stays. */
static enum err
keep_old(struct repair *r, char **kept, struct error *e)
{
	CLEANUP(file_name_fini) struct file_name current = { 0 };
	enum err err = file_current(r->paths[ENV_INDEX], &current, e);
	time_t now = time(NULL);
	struct tm tm;
	char when[32];

	if (err != ERR_OK)
		return err;
	gmtime_r(&now, &tm);
	strftime(when, sizeof when, "%Y%m%d-%H%M%S", &tm);
	for (int i = 1; i <= NAMES_MAX; i++) {
		free(*kept);
		*kept = i == 1
		    ? xasprintf("%s/index.damaged-%s.mdb", r->store.dir, when)
		    : xasprintf("%s/index.damaged-%s-%d.mdb", r->store.dir,
		    when, i);
		if (link(current.path, *kept) == 0)
			return ERR_OK;
		if (errno != EEXIST)
			break;
	}
	return dirs_error(e, errno, "keep the old index as", *kept);
}

/*
 * Nothing was replaced: the next repair gives the old index a name again, and
 * the user, who is told that one alone, would never find this one.
 */
static void
forget_old(struct repair *r, char **kept)
{
	struct stat now, old;

	if (!*kept || stat(r->paths[ENV_INDEX], &now) != 0 ||
	    stat(*kept, &old) != 0 || now.st_dev != old.st_dev ||
	    now.st_ino != old.st_ino)
		return;
	unlink(*kept);
	free(*kept);
	*kept = NULL;
}

static enum err
replace_index(struct repair *r, struct repair_result *out, struct error *e)
{
	enum err err = keep_old(r, &out->kept, e);

	env_close(r->store.envs[ENV_INDEX]);
	r->store.envs[ENV_INDEX] = NULL;
	if (err == ERR_OK)
		err = rebuild_publish(r->store.dir, e);
	if (err != ERR_OK)
		forget_old(r, &out->kept);
	if (err == ERR_OK)
		err = env_open(r->paths[ENV_INDEX], ENV_INDEX,
		    &env_limits_usual, &r->store.envs[ENV_INDEX], e);
	return err;
}

static enum err
rebuild(struct repair *r, const struct store_progress *progress,
    struct repair_result *out, struct error *e)
{
	uint32_t schema = r->store.envs[ENV_INDEX]->file->schema;
	const struct rebuild work = {
		.store = &r->store,
		.format = migrate_format(schema),
		.limits = &env_limits_usual,
		.progress = progress,
		.found = r->found,
		.damaged = r->damaged,
		.ndamaged = r->ndamaged,
	};
	struct rebuild_result result;
	enum err err;

	if (!work.format)
		return error_set(e, ERR_VERSION, "%s is of schema %u, which "
		    "this surat does not know", r->paths[ENV_INDEX], schema);
	err = rebuild_index(&work, &result, e);
	if (err == ERR_OK)
		err = replace_index(r, out, e);
	if (err != ERR_OK)
		return err;
	out->rows = result.rows;
	out->lost = result.lost;
	return body_repair_drop(&r->store, r->damaged, r->ndamaged, e);
}

enum err
store_repair(const char *dir, const struct store_progress *progress,
    const struct store_findings *found, struct repair_result *out,
    struct error *e)
{
	CLEANUP(repair_fini) struct repair r = {
		.store = { .dir = xstrdup(dir), .in_use = -1 },
		.dir = -1,
		.compact = -1,
		.found = found,
	};
	bool is_needed = false;
	enum err err;

	*out = (struct repair_result){ 0 };
	r.paths[ENV_INDEX] = xasprintf("%s/index.mdb", dir);
	r.paths[ENV_BODIES] = xasprintf("%s/bodies.mdb", dir);
	err = lock_all(&r, e);
	if (err == ERR_OK)
		err = check_files(&r, e);
	if (err == ERR_OK)
		err = check_trees(&r, progress, e);
	if (err == ERR_OK)
		err = open_both(&r, e);
	if (err == ERR_OK)
		err = mend_bodies(&r, progress, e);
	if (err == ERR_OK)
		err = look_for_work(&r, progress, &is_needed, out, e);
	return err == ERR_OK && is_needed ? rebuild(&r, progress, out, e)
	    : err;
}
