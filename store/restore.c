/* SPDX-License-Identifier: MIT */
/*
 * The new store is made beside the old one, verified there, opened once for
 * what waited to be sent, and they change places in one step.  The old one is
 * then given a name with the date; who is killed before that leaves it under
 * the name of the unfinished one, where the next restore finds it and gives
 * it its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "store/backup.h"
#include "store/dirs.h"
#include "store/drafts.h"
#include "store/env.h"
#include "store/journal.h"
#include "store/lock.h"
#include "store/manifest.h"
#include "store/pages.h"
#include "store/place.h"
#include "store/stage.h"

#define PART_SUFFIX ".restoring"

enum { NAMES_MAX = 100 };	/* stores moved aside within one second */

static enum err
restore_file(const struct store_restoring *r, const struct stage *stage,
    const char *name, struct copy_progress *progress,
    const struct copied *want, struct error *e)
{
	CLEANUP(cleanup_free) char *source = xasprintf("%s/%s", r->from, name);
	CLEANUP(cleanup_free) char *to = stage_path(stage, name);
	CLEANUP(cleanup_close) int from = open(source, O_RDONLY | O_CLOEXEC);
	struct copied got;
	enum err err;

	if (from < 0)
		return dirs_error(e, errno, "read", source);
	err = copy_stream(from, to, progress, &got, e);
	if (err != ERR_OK)
		return err;
	if (got.octets != want->octets ||
	    memcmp(got.sha256, want->sha256, sizeof got.sha256) != 0)
		return error_set(e, ERR_CORRUPT, "the backup is damaged: %s "
		    "has not the content that it had", source);
	return pages_check(to, NULL, e);
}

static enum err
fill(const struct store_restoring *r, const struct stage *stage,
    const struct manifest *m, struct error *e)
{
	struct copy_progress p = { .told = r->progress };
	enum err err = ERR_OK;

	for (int i = 0; i < ENV_COUNT; i++)
		p.total += m->files[i].octets;
	for (int i = 0; i < ENV_COUNT && err == ERR_OK; i++)
		err = restore_file(r, stage, manifest_files[i], &p,
		    &m->files[i], e);
	return err;
}

/* What may have left since the backup was made; it is the first n acts. */
static enum err
find_letters(struct store *store, struct arena *arena, struct act **acts,
    size_t *n, struct error *e)
{
	CLEANUP(store_end) struct store_txn t;
	size_t nopen;

	store_read(store, &t);
	nopen = store_acts(&t, 0, false, arena, acts);
	*n = 0;
	for (size_t i = 0; i < nopen; i++) {
		const struct act *a = &(*acts)[i];

		if (a->kind == ACT_SEND && a->state != ACT_UNKNOWN)
			(*acts)[(*n)++] = *a;
	}
	if (e && t.error.kind != ERR_OK)
		*e = t.error;
	return t.error.kind;
}

/* As many as one transaction may change; how many that were is added. */
static enum err
doubt_some(struct store *store, const struct act *acts, size_t n,
    size_t *ndone, struct error *e)
{
	CLEANUP(store_end) struct store_txn t;
	size_t i = *ndone;
	enum err err;

	store_write(store, &t);
	do {
		store_act_set(&t, acts[i].id, ACT_UNKNOWN, SPAN_LIT("restored "
		    "from a backup: it may have been sent since, so surat "
		    "does not send it by itself"), DATE_NONE,
		    (int64_t)time(NULL));
	} while (++i < n && !store_write_is_long(&t));
	err = store_commit(&t, e);
	if (err == ERR_OK)
		*ndone = i;
	return err == ERR_AGAIN ? ERR_OK : err;
}

/*
 * A letter that waited then may have been sent since, and nobody wants it
 * to be sent twice: it is for the user to say.
 */
static enum err
doubt_letters(struct store_restoring *r, const struct stage *stage,
    struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store *store = NULL;
	struct act *acts;
	size_t n = 0;
	enum err err = store_open_held(stage->part, stage->lock, r->progress,
	    &store, e);

	if (err == ERR_OK)
		err = find_letters(store, &arena, &acts, &n, e);
	while (err == ERR_OK && r->nletters < n)
		err = doubt_some(store, acts, n, &r->nletters, e);
	store_close(store);
	return err;
}

/* Renames to "STORE.before-20261122T094100", or that with a number. */
static enum err
move_aside(const char *store, const char *from, char **kept, struct error *e)
{
	struct civil c = date_to_civil((int64_t)time(NULL), 0);
	CLEANUP(cleanup_free) char *base = xasprintf(
	    "%s.before-%04d%02d%02dT%02d%02d%02d", store, c.year, c.month,
	    c.day, c.hour, c.minute, c.second);
	int sys = EEXIST;

	for (int i = 0; i < NAMES_MAX && sys == EEXIST; i++) {
		CLEANUP(cleanup_free) char *name = i == 0 ? xstrdup(base)
		    : xasprintf("%s-%d", base, i + 1);

		if (access(name, F_OK) == 0)
			continue;
		sys = rename(from, name) == 0 ? dirs_sync_parent(name) : errno;
		if (sys == 0) {
			free(*kept);
			*kept = xstrdup(name);
		}
	}
	return sys == 0 ? ERR_OK : dirs_error(e, sys, "move aside", from);
}

/* Of a restore that was killed right after the change of places. */
static enum err
keep_left_over(const char *store, char **kept, struct error *e)
{
	CLEANUP(cleanup_free) char *part = xasprintf("%s%s", store,
	    PART_SUFFIX);

	return stage_was_published(part)
	    ? move_aside(store, part, kept, e) : ERR_OK;
}

/*
 * Nobody opens it from now on, and nobody has it open.  Both locks are of
 * the directory that is there; without one there is nothing to lock.
 */
static enum err
lock_store(const char *dir, int *opening, int *use, struct error *e)
{
	enum err err;

	/* An empty directory stays one, so that a rename can replace it. */
	if (access(dir, F_OK) != 0 || dirs_is_empty(dir))
		return ERR_OK;
	err = lock_dir(dir, opening, e);
	if (err == ERR_OK)
		err = lock_in_use(dir, use, e);
	return err == ERR_OK ? lock_alone(*use, e) : err;
}

/* Asked at first, so that nobody copies for an hour in vain. */
static enum err
check_place(const struct store_restoring *r, const char *dir, struct error *e)
{
	CLEANUP(cleanup_close) int opening = -1;
	CLEANUP(cleanup_close) int use = -1;

	if (access(dir, F_OK) == 0 && !dirs_is_empty(dir) && !r->replace)
		return error_set(e, ERR_USAGE, "%s is there and not empty; it "
		    "is replaced only when that is asked for", dir);
	return lock_store(dir, &opening, &use, e);
}

static enum err
make_parent(const char *dir, struct error *e)
{
	CLEANUP(cleanup_free) char *parent = xstrdup(dir);
	char *slash = strrchr(parent, '/');
	int sys = 0;

	if (slash) {
		slash[slash == parent] = '\0';
		sys = dirs_make(parent);
	}
	if (sys != 0)
		return dirs_error(e, sys, "make", parent);
	return place_check(slash ? parent : ".", e);
}

/*
 * They are newer than the backup.  Copied before the change of places, so
 * that who is killed leaves them where the reader looks for them.
 */
static enum err
take_drafts(const struct store_restoring *r, const struct stage *stage,
    struct error *e)
{
	return drafts_copy(drafts_are_in(stage->final) ? stage->final
	    : r->from, stage->part, e);
}

static enum err
publish(struct store_restoring *r, struct stage *stage, struct error *e)
{
	CLEANUP(cleanup_close) int opening = -1;
	CLEANUP(cleanup_close) int use = -1;
	bool is_swapped = false;
	enum err err = lock_store(stage->final, &opening, &use, e);

	if (err == ERR_OK)
		err = take_drafts(r, stage, e);
	if (err == ERR_OK)
		err = stage_publish(stage, &is_swapped, e);
	if (is_swapped) {
		enum err moved = move_aside(stage->final, stage->part,
		    &r->kept, e);

		if (err == ERR_OK)
			err = moved;
	}
	return err;
}

enum err
store_restore(struct store_restoring *r, struct error *e)
{
	CLEANUP(stage_fini) struct stage stage = { .lock = -1, .old = -1 };
	CLEANUP(cleanup_free) char *dir = stage_place(r->dir);
	struct manifest m;
	enum err err = manifest_read(r->from, &m, e);

	r->kept = NULL;
	r->nletters = 0;
	if (err == ERR_OK && m.schema > STORE_SCHEMA)
		err = error_set(e, ERR_VERSION, "%s was made by a newer surat "
		    "(schema %u, this one knows %d); use that one", r->from,
		    m.schema, STORE_SCHEMA);
	if (err == ERR_OK)
		err = make_parent(dir, e);
	if (err == ERR_OK)
		err = check_place(r, dir, e);
	if (err == ERR_OK)
		err = keep_left_over(dir, &r->kept, e);
	if (err == ERR_OK)
		err = stage_open(&stage, dir, PART_SUFFIX, e);
	if (err == ERR_OK)
		err = fill(r, &stage, &m, e);
	if (err == ERR_OK)
		err = doubt_letters(r, &stage, e);
	return err == ERR_OK ? publish(r, &stage, e) : err;
}
