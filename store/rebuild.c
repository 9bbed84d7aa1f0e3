/* SPDX-License-Identifier: MIT */
#include "store/rebuild.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/dirs.h"
#include "store/file.h"
#include "store/rebuild_job.h"

enum {
	RECORDS_MAX = 4096,	/* in one commit */
	COMMIT_MS = 50,		/* of work, likewise */
	CLOCK_RECORDS = 16,	/* between looks at the clock */
	TRIES_MAX = 8,		/* while the map grows */
};

/* How far a draft is: in the draft itself, changed by every commit. */
struct place {
	uint64_t source;	/* generation of the old index */
	bool is_repair;
	size_t step;
	struct key last;	/* of the source, in that step; or none */
	uint64_t done;		/* records */
	uint64_t lost;
};

static struct key
place_key(void)
{
	struct key key = { 0 };

	key_bytes(&key, SPAN_LIT("draft"));
	return key;
}

static void
put_place(struct store_txn *t, const struct place *p)
{
	struct key key = place_key();
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_span(b, SPAN_LIT(PACKAGE_STRING));
	record_put_u64(b, STORE_SCHEMA);
	record_put_u64(b, p->source);
	record_put_bool(b, p->is_repair);
	record_put_u64(b, p->step);
	record_put_span(b, key_span(&p->last));
	record_put_u64(b, p->done);
	record_put_u64(b, p->lost);
	txn_put_record(t, TABLE_META, &key);
}

/* False when there is none, or it is one of another program or source. */
static bool
get_place(struct store_txn *t, struct place *p)
{
	struct key key = place_key();
	struct place was = *p;
	struct span program, last;
	struct record r;
	uint64_t schema;

	if (!txn_get_record(t, TABLE_META, &key, &r))
		return false;
	program = record_span(&r);
	schema = record_u64(&r);
	was.source = record_u64(&r);
	was.is_repair = record_bool(&r);
	was.step = record_upto(&r, (uint32_t)rebuild_nsteps);
	last = record_span(&r);
	was.last.n = 0;
	key_bytes(&was.last, span_take(&last, KEY_MAX));
	was.done = record_u64(&r);
	was.lost = record_u64(&r);
	if (!record_is_done(&r) || schema != STORE_SCHEMA ||
	    !span_eq(program, SPAN_LIT(PACKAGE_STRING)) ||
	    was.source != p->source || was.is_repair != p->is_repair)
		return false;
	*p = was;
	return true;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static char *
draft_path(const char *dir)
{
	return xasprintf("%s/index.next.mdb", dir);
}

void
rebuild_forget(const char *dir)
{
	static const char *const beside[] = { "", "-lock", "-turn" };
	CLEANUP(cleanup_free) char *path = draft_path(dir);

	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		CLEANUP(cleanup_free) char *one = xasprintf("%s%s", path,
		    beside[i]);

		if (unlink(one) != 0 && errno != ENOENT)
			log_warning("store", "%s: %s", one, strerror(errno));
	}
}

/*
 * It is of this source and not whole.  A whole one, of a run that was killed
 * before it was published, is made anew: it no longer says what it is of.
 */
static bool
can_go_on(struct rebuild_job *job, struct place *place)
{
	struct store_txn t;
	bool is_known;

	if (job->target.envs[ENV_INDEX]->file->schema != 0)
		return false;
	is_known = store_read(&job->target, &t) == ERR_OK &&
	    get_place(&t, place);
	store_end(&t);
	return is_known;
}

/* A draft of this source that was begun, or a new one. */
static enum err
open_draft(struct rebuild_job *job, struct place *place, struct error *e)
{
	const char *dir = job->r->store->dir;
	CLEANUP(cleanup_free) char *path = draft_path(dir);
	struct env **env = &job->target.envs[ENV_INDEX];

	if (access(path, F_OK) == 0 && env_open_draft(path, ENV_INDEX,
	    job->r->limits, env, NULL) == ERR_OK && can_go_on(job, place))
		return ERR_OK;
	env_close(*env);
	*env = NULL;
	rebuild_forget(dir);
	return env_open_draft(path, ENV_INDEX, job->r->limits, env, e);
}

/* The transaction that reads the table. */
static struct store_txn *
source_of(struct rebuild_job *job, enum table table)
{
	return tables[table].env == ENV_INDEX ? &job->from : &job->bodies;
}

static bool
source_failed(const struct rebuild_job *job)
{
	return txn_failed(&job->from) || txn_failed(&job->bodies);
}

/* The first record behind place->last, over the tables that are left. */
static bool
next_record(struct rebuild_job *job, struct place *place, struct span *key,
    struct span *value)
{
	while (place->step < rebuild_nsteps) {
		enum table table = rebuild_steps[place->step].table;
		struct key at = place->last;

		if (at.n > 0)
			key_u8(&at, 0);
		if (txn_seek(source_of(job, table), table, &at, key, value))
			return true;
		if (source_failed(job))
			return false;
		place->step++;
		place->last.n = 0;
	}
	return false;
}

/* One transaction: some records, or the last things.  True: it is the last. */
static bool
take_records(struct rebuild_job *job, struct place *place)
{
	int64_t until = now_ms() + COMMIT_MS;
	size_t max = job->r->limits->records_max;
	struct span key, value;

	if (max == 0)
		max = RECORDS_MAX;
	for (size_t n = 0; n < max; n++) {
		if (n > 0 && n % CLOCK_RECORDS == 0 && now_ms() >= until)
			return false;
		if (!next_record(job, place, &key, &value)) {
			if (source_failed(job))
				return false;
			rebuild_counters(job);
			return true;
		}
		/* Room for the octet that leads behind it. */
		place->last.n = 0;
		key_bytes(&place->last, (struct span){ key.p,
		    key.n < KEY_MAX ? key.n : KEY_MAX - 1 });
		rebuild_put(job, place->step, key, value);
		place->done++;
		if (txn_failed(&job->to) || source_failed(job))
			return false;
	}
	return false;
}

static enum err
commit_records(struct rebuild_job *job, struct place *place, bool *is_last,
    struct error *e)
{
	struct key key = place_key();
	struct place now = *place;
	enum err err;

	if (store_write(&job->target, &job->to) != ERR_OK)
		return error_set(e, job->to.error.kind, "%s",
		    job->to.error.text);
	job->lost = place->lost;
	*is_last = take_records(job, &now);
	now.lost = job->lost;
	if (*is_last) {
		job->rows = txn_count(&job->to, TABLE_ROWS);
		txn_del(&job->to, TABLE_META, &key);
		txn_seal(&job->to);
	} else {
		put_place(&job->to, &now);
	}
	if (source_failed(job) && !txn_failed(&job->to))
		job->to.error = txn_failed(&job->from) ? job->from.error
		    : job->bodies.error;
	err = store_commit(&job->to, e);
	if (err == ERR_OK)
		*place = now;
	return err;
}

static uint64_t
count_records(struct rebuild_job *job)
{
	uint64_t n = 0;

	for (size_t i = 0; i < rebuild_nsteps; i++)
		n += txn_count(source_of(job, rebuild_steps[i].table),
		    rebuild_steps[i].table);
	return n;
}

static enum err
run(struct rebuild_job *job, struct place *place, struct error *e)
{
	const struct store_progress *progress = job->r->progress;
	uint64_t total = count_records(job);
	bool is_last = false;
	enum err err = ERR_OK;

	for (int tries = 0; err == ERR_OK && !is_last; ) {
		if (progress)
			progress->each(progress->ctx, place->done, total);
		err = commit_records(job, place, &is_last, e);
		if (err == ERR_OK)
			tries = 0;
		else if (err == ERR_AGAIN && ++tries < TRIES_MAX)
			err = ERR_OK;
	}
	return err;
}

static enum err
open_source(struct rebuild_job *job, struct error *e)
{
	struct store *store = job->r->store;
	struct store_txn *t = &job->from;

	if (store_read(store, t) == ERR_OK) {
		t = &job->bodies;
		txn_begin(store, ENV_BODIES, false, t);
	}
	return t->error.kind ? error_set(e, t->error.kind, "%s",
	    t->error.text) : ERR_OK;
}

enum err
rebuild_index(const struct rebuild *r, struct rebuild_result *out,
    struct error *e)
{
	struct rebuild_job job = {
		.r = r,
		.target = { .dir = r->store->dir, .in_use = -1 },
	};
	struct place place = {
		.source = store_generation(r->store),
		.is_repair = r->found != NULL,
	};
	enum err err;

	*out = (struct rebuild_result){ 0 };
	job.target.envs[ENV_BODIES] = r->store->envs[ENV_BODIES];
	err = open_draft(&job, &place, e);
	if (err == ERR_OK)
		err = open_source(&job, e);
	if (err == ERR_OK)
		err = run(&job, &place, e);
	out->rows = job.rows;
	out->lost = place.lost;
	store_end(&job.bodies);
	store_end(&job.from);
	env_close(job.target.envs[ENV_INDEX]);
	/* What there is of it would keep the disk full. */
	if (err == ERR_FULL)
		rebuild_forget(r->store->dir);
	return err;
}

enum err
rebuild_publish(const char *dir, struct error *e)
{
	CLEANUP(cleanup_free) char *draft = draft_path(dir);
	CLEANUP(cleanup_free) char *path = xasprintf("%s/index.mdb", dir);
	CLEANUP(file_name_fini) struct file_name next = { 0 };
	enum err err = file_next(path, &next, e);

	if (err == ERR_OK && rename(draft, next.path) != 0)
		err = dirs_error(e, errno, "name", next.path);
	if (err == ERR_OK)
		err = file_publish(path, &next, e);
	rebuild_forget(dir);
	return err == ERR_OK ? file_sweep(path, e) : err;
}
