/* SPDX-License-Identifier: MIT */
#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/guard.h"
#include "store/record.h"

enum {
	RENEWALS_MAX = 8,	/* times that others may grow the map at once */
	LOOKS_MAX = 1000,	/* at the last commit, while others commit */
	/* A transaction that says what each entry adds to a commit. */
	WRITES_MIN = 1024,
	LOOK_EVERY = 16,	/* times that one is asked whether it is long */
	EXPECT_MS = 3000,	/* who pressed a key will press more */
	COMMIT_NS = 8000,	/* for each entry, until one was seen */
	TXN_BITS = 40,		/* of a generation; the rest is the file's */
	SWEEP_MS = 5000,	/* between looks for killed readers */
};

#define NS_PER_MS INT64_C(1000000)

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
init_lock(struct env *env)
{
	pthread_condattr_t attr;

	bug_on(pthread_mutex_init(&env->lock, NULL) != 0);
	bug_on(pthread_condattr_init(&attr) != 0);
	bug_on(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) != 0);
	bug_on(pthread_cond_init(&env->left, &attr) != 0);
	pthread_condattr_destroy(&attr);
}

static enum err
open_as(bool is_draft, const char *path, enum env_kind kind,
    const struct env_limits *limits, struct env **out, struct error *e)
{
	struct env *env = xcalloc(1, sizeof *env);
	CLEANUP(cleanup_free) char *turn = xasprintf("%s-turn", path);
	enum err err;

	env->kind = kind;
	env->is_draft = is_draft;
	env->path = xstrdup(path);
	env->limits = *limits;
	env->pid = getpid();
	env->commit_ns = COMMIT_NS;
	init_lock(env);
	err = turn_open(&env->turn, turn, e);
	if (err == ERR_OK)
		err = env_file_open(env, true, &env->file, e);
	if (err != ERR_OK) {
		env_close(env);
		return err;
	}
	*out = env;
	return ERR_OK;
}

enum err
env_open(const char *path, enum env_kind kind, const struct env_limits *limits,
    struct env **out, struct error *e)
{
	return open_as(false, path, kind, limits, out, e);
}

enum err
env_open_draft(const char *path, enum env_kind kind,
    const struct env_limits *limits, struct env **out, struct error *e)
{
	return open_as(true, path, kind, limits, out, e);
}

void
env_close(struct env *env)
{
	if (!env)
		return;
	bug_on(env->nold != 0);
	env_file_close(env->file);
	turn_close(&env->turn);
	pthread_cond_destroy(&env->left);
	pthread_mutex_destroy(&env->lock);
	free(env->path);
	free(env);
}

static bool
is_alone_locked(const struct env *env)
{
	return !env->file || env->file->inside == 0;
}

/* Waits until no transaction of this process is open; false: too long. */
static bool
wait_alone_locked(struct env *env)
{
	struct timespec until;
	int64_t ms = env->limits.wait_ms;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(ms / 1000);
	until.tv_nsec += (long)(ms % 1000 * 1000000);
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (!is_alone_locked(env))
		if (pthread_cond_timedwait(&env->left, &env->lock, &until) != 0)
			return is_alone_locked(env);
	return true;
}

/*
 * When a meta page cannot be written, as a full disk that copies on write
 * refuses even what the file has already, LMDB gives the environment up: all
 * that helps is to open it again, once there is room.
 */
static enum err
reopen_locked(struct env *env, struct error *e)
{
	enum err err;

	if (!wait_alone_locked(env))
		return error_set(e, ERR_AGAIN, "cannot open %s again: it is "
		    "being read for too long", env->path);
	/* Another thread was waiting, too, and came first. */
	if (!env->is_given_up)
		return ERR_OK;
	env_file_close(env->file);
	env->file = NULL;
	err = env_file_open(env, false, &env->file, e);
	if (err != ERR_OK)
		return err;
	env->is_given_up = false;
	env->was_full = false;
	env->resized++;
	return ERR_OK;
}

/*
 * Begins from now on are on the file that is at the path.  The old one is
 * closed here, or by the last one to leave it.
 */
static enum err
follow_locked(struct env *env, struct error *e)
{
	struct env_file *old, *file;
	enum err err = env->is_given_up ? reopen_locked(env, e) : ERR_OK;

	if (err != ERR_OK)
		return err;
	old = env->file;
	if (!env_file_has_moved(env, old))
		return ERR_OK;
	err = env_file_open(env, false, &file, e);
	if (err != ERR_OK)
		return err;
	env->file = file;
	env->resized++;
	env->was_full = false;
	if (old->inside > 0)
		env->nold++;
	else
		env_file_close(old);
	return ERR_OK;
}

/* octets 0: as large as other processes have made it. */
static enum err
resize_locked(struct env *env, size_t octets, struct error *e)
{
	int dead, rc;

	if (!wait_alone_locked(env))
		return error_set(e, ERR_AGAIN, "cannot grow %s: it is being "
		    "read for too long", env->path);
	mdb_reader_check(env->file->lmdb, &dead);
	rc = mdb_env_set_mapsize(env->file->lmdb, octets);
	if (rc != 0)
		return env_error(env, e, rc, "grow");
	guard_add(env->file->lmdb, env->path);
	env->resized++;
	env->was_full = false;
	return ERR_OK;
}

/* Killed readers keep the pages that they read from being used again. */
static void
sweep_readers_locked(struct env *env)
{
	int64_t now = now_ns() / 1000000;
	int dead;

	if (now - env->swept_ms < SWEEP_MS)
		return;
	env->swept_ms = now;
	mdb_reader_check(env->file->lmdb, &dead);
}

/*
 * Before a write: is there room in the map?  From half of the wanted room
 * down the map must grow, and readers are waited for; before, it grows when
 * nobody is there.  Others may have made the file many times as large.
 */
static enum err
make_room_locked(struct env *env, struct error *e)
{
	MDB_envinfo info;
	MDB_stat stat;
	size_t used, room, octets;

	sweep_readers_locked(env);
	/* Nobody changes the map while the lock is held. */
	mdb_env_info(env->file->lmdb, &info);
	mdb_env_stat(env->file->lmdb, &stat);
	used = (info.me_last_pgno + 1) * stat.ms_psize;
	room = used < info.me_mapsize ? info.me_mapsize - used : 0;
	if (!env->was_full && room >= env->limits.room_octets)
		return ERR_OK;
	if (!env->was_full && room >= env->limits.room_octets / 2 &&
	    env->file->inside > 0)
		return ERR_OK;
	octets = info.me_mapsize;
	do {
		if (octets > SIZE_MAX / 2)
			return error_set(e, ERR_FULL, "%s has outgrown the "
			    "address space of this machine", env->path);
		octets *= 2;
	} while (octets < used || octets - used < env->limits.room_octets);
	return resize_locked(env, octets, e);
}

static void
enter_locked(struct env *env, bool is_write, struct txn_handle **out)
{
	struct env_file *file = env->file;
	struct txn_handle *h = is_write ? NULL : file->spare;

	if (h) {
		file->spare = h->next;
		file->nspare--;
	} else {
		h = xcalloc(1, sizeof *h);
		h->env = env;
		h->file = file;
		h->scratch.max = RECORD_MAX;
	}
	h->next = NULL;
	h->is_write = is_write;
	file->inside++;
	guard_enter(env->path);
	*out = h;
}

/* The last one closes a file whose place another has taken. */
static void
leave(struct env *env, struct env_file *file)
{
	bool is_over;

	guard_leave();
	pthread_mutex_lock(&env->lock);
	bug_on(file->inside == 0);
	if (--file->inside == 0)
		pthread_cond_broadcast(&env->left);
	is_over = file->inside == 0 && file != env->file;
	if (is_over)
		env->nold--;
	pthread_mutex_unlock(&env->lock);
	if (is_over)
		env_file_close(file);
}

/*
 * Only one writer at a time gets as far as waiting for LMDB's lock.  While
 * it waited, the file may have been replaced; not afterwards.
 */
static int
begin_write(struct txn_handle *h, bool *has_moved)
{
	struct env *env = h->env;
	int rc;

	turn_take(&env->turn);
	rc = mdb_txn_begin(h->file->lmdb, NULL, 0, &h->lmdb);
	turn_give(&env->turn);
	if (rc == 0 && env_file_has_moved(env, h->file)) {
		mdb_txn_abort(h->lmdb);
		h->lmdb = NULL;
		*has_moved = true;
	}
	h->began_ns = now_ns();
	return rc;
}

static int
begin_any_read(struct txn_handle *h)
{
	MDB_env *lmdb = h->file->lmdb;
	int dead, rc;

	if (h->lmdb)
		return mdb_txn_renew(h->lmdb);
	rc = mdb_txn_begin(lmdb, NULL, MDB_RDONLY, &h->lmdb);
	if (rc == MDB_READERS_FULL &&
	    mdb_reader_check(lmdb, &dead) == 0 && dead > 0)
		rc = mdb_txn_begin(lmdb, NULL, MDB_RDONLY, &h->lmdb);
	return rc;
}

/*
 * LMDB has two meta pages, and a reader takes the one that the number of the
 * last commit leads to.  When two commits come between its look at the number
 * and its look at the page, that page is of a commit whose number is not told
 * yet: the next reader would see the one before it, as if time went back.
 */
static bool
is_of_its_number(const struct txn_handle *h)
{
	MDB_envinfo info;

	mdb_env_info(h->file->lmdb, &info);
	return info.me_last_txnid <= mdb_txn_id(h->lmdb) + 1;
}

static int
begin_read(struct txn_handle *h)
{
	int rc = begin_any_read(h);

	/* In a damaged file the numbers may never agree. */
	for (int i = 0; rc == 0 && i < LOOKS_MAX && !is_of_its_number(h); i++) {
		mdb_txn_reset(h->lmdb);
		rc = mdb_txn_renew(h->lmdb);
	}
	return rc;
}

/* After a failed begin: nothing of LMDB's is left in a handle that is new. */
static void
drop_failed(struct txn_handle *h)
{
	struct env *env = h->env;
	struct env_file *file = h->file;

	if (h->lmdb)
		env_drop_reader(h);
	else
		env_free_handle(h);
	leave(env, file);
}

/* `resized`: what it was when a try failed for the size of the map, or NULL. */
static enum err
enter(struct env *env, bool is_write, const uint64_t *resized,
    struct txn_handle **out, struct error *e)
{
	enum err err;

	pthread_mutex_lock(&env->lock);
	err = follow_locked(env, e);
	if (err == ERR_OK && resized && *resized == env->resized)
		err = resize_locked(env, 0, e);
	if (err == ERR_OK && is_write)
		err = make_room_locked(env, e);
	if (err == ERR_OK) {
		enter_locked(env, is_write, out);
		(*out)->resized = env->resized;
	}
	pthread_mutex_unlock(&env->lock);
	return err;
}

enum err
env_begin(struct env *env, bool is_write, struct txn_handle **out,
    struct error *e)
{
	uint64_t resized;
	bool has_moved = false;
	int rc = 0;

	bug_on(env->pid != getpid());
	for (int i = 0; i < RENEWALS_MAX; i++) {
		struct txn_handle *h;
		enum err err = enter(env, is_write,
		    rc == MDB_MAP_RESIZED ? &resized : NULL, &h, e);

		if (err != ERR_OK)
			return err;
		has_moved = false;
		rc = is_write ? begin_write(h, &has_moved) : begin_read(h);
		if (rc == 0 && !has_moved) {
			*out = h;
			return ERR_OK;
		}
		resized = h->resized;
		drop_failed(h);
		if (rc == MDB_PANIC)
			env->is_given_up = true;
		else if (rc != MDB_MAP_RESIZED && !has_moved)
			break;
	}
	if (has_moved)
		return error_set(e, ERR_AGAIN, "cannot write %s: it is being "
		    "replaced; trying again helps", env->path);
	return env_error(env, e, rc, is_write ? "write" : "read");
}

bool
env_is_long(struct txn_handle *h)
{
	int64_t ns;

	if (!h->is_write)
		return false;
	ns = now_ns() - h->began_ns;
	if (h->nwrites >= WRITES_MIN)
		ns += h->env->sync_ns +
		    (int64_t)h->nwrites * h->env->commit_ns;
	if (ns < STORE_WRITE_MS * NS_PER_MS)
		return false;
	if (ns >= STORE_QUIET_MS * NS_PER_MS ||
	    now_ns() < h->env->expects_ns)
		return true;
	/* To look is a call of the system, and a row is made in less time. */
	if (h->looks++ % LOOK_EVERY != 0)
		return false;
	return turn_is_wanted(&h->env->turn);
}

void
env_expect_writes(struct env *env)
{
	env->expects_ns = now_ns() + EXPECT_MS * NS_PER_MS;
}

/*
 * A commit waits for the disk once or twice, whatever is in it, and then for
 * each entry.  Small ones say the first, and what large ones take beyond that
 * is the second.
 */
static void
learn(const struct txn_handle *h, int64_t ns)
{
	struct env *env = h->env;
	int64_t each;

	if (h->nwrites < WRITES_MIN) {
		env->sync_ns += (ns - env->sync_ns) / 4;
		return;
	}
	each = ns > env->sync_ns ?
	    (ns - env->sync_ns) / (int64_t)h->nwrites : 0;
	env->commit_ns += (each - env->commit_ns) / 4;
}

enum err
env_commit(struct txn_handle *h, struct error *e)
{
	struct env *env = h->env;
	struct env_file *file = h->file;
	int64_t start = now_ns();
	/* Frees the transaction and its cursors, also on failure. */
	int rc = mdb_txn_commit(h->lmdb);
	enum err err = rc == 0 ? ERR_OK : env_error(env, e, rc, "write");

	learn(h, now_ns() - start);
	env_free_handle(h);
	leave(env, file);
	/* Rings for those who watch; at worst they look a little later. */
	if (rc == 0 && env->kind == ENV_INDEX &&
	    utimensat(AT_FDCWD, env->path, NULL, 0) != 0)
		log_debug("store", "%s: %s", env->path, strerror(errno));
	return err;
}

static void
end_write(struct txn_handle *h)
{
	struct env *env = h->env;
	struct env_file *file = h->file;

	mdb_txn_abort(h->lmdb);
	env_free_handle(h);
	leave(env, file);
}

static void
end_read(struct txn_handle *h)
{
	struct env *env = h->env;
	struct env_file *file = h->file;
	bool is_kept;

	mdb_txn_reset(h->lmdb);
	memset(h->is_placed, 0, sizeof h->is_placed);
	pthread_mutex_lock(&env->lock);
	is_kept = file == env->file && file->nspare < ENV_SPARE_READERS;
	if (is_kept) {
		h->next = file->spare;
		file->spare = h;
		file->nspare++;
	}
	pthread_mutex_unlock(&env->lock);
	if (!is_kept)
		env_drop_reader(h);
	leave(env, file);
}

void
env_end(struct txn_handle *h)
{
	if (h->is_write)
		end_write(h);
	else
		end_read(h);
}

uint64_t
env_generation(struct env *env)
{
	MDB_envinfo info = { .me_last_txnid = 0 };
	uint64_t number = 0;

	/* Looks into the map, which must not change meanwhile. */
	pthread_mutex_lock(&env->lock);
	if (follow_locked(env, NULL) != ERR_OK)
		log_debug("store", "%s: cannot be opened again", env->path);
	if (env->file) {
		mdb_env_info(env->file->lmdb, &info);
		number = env->file->number;
	}
	pthread_mutex_unlock(&env->lock);
	/* A new file counts its transactions from 1 again. */
	return number << TXN_BITS | info.me_last_txnid;
}
