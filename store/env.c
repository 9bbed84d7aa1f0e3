/* SPDX-License-Identifier: MIT */
#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/record.h"
#include "store/whole.h"

enum {
	READERS_MAX = 510,	/* over all processes */
	TABLES_MAX = 64,
	/* Less room than this on the disk is taken for "full". */
	FULL_OCTETS = 1 << 20,
	RENEWALS_MAX = 8,	/* times that others may grow the map at once */
	SWEEP_MS = 5000,	/* between looks for killed readers */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* LMDB says EIO for a short write, which is mostly a full disk. */
static bool
is_disk_full(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize < FULL_OCTETS;
}

/* A limit on the size of files acts like a full disk. */
static bool
is_file_limited(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY;
}

enum err
env_error(struct env *env, struct error *e, int code, const char *doing)
{
	switch (code) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return error_sys(e, ERR_FULL, code, "cannot %s %s", doing,
		    env->path);
	case EIO:
		if (is_disk_full(env->path) || is_file_limited())
			return error_sys(e, ERR_FULL, ENOSPC, "cannot %s %s",
			    doing, env->path);
		return error_sys(e, ERR_IO, code, "cannot %s %s", doing,
		    env->path);
	case MDB_MAP_FULL:
		env->was_full = true;
		return error_set(e, ERR_AGAIN, "cannot %s %s: it has to grow "
		    "first; trying again helps", doing, env->path);
	case MDB_TXN_FULL:
		return error_set(e, ERR_LIMIT, "cannot %s %s: too much for one "
		    "transaction", doing, env->path);
	case MDB_READERS_FULL:
		return error_set(e, ERR_BUSY, "cannot %s %s: too many programs "
		    "are reading it", doing, env->path);
	case MDB_PANIC:
		return error_set(e, ERR_IO, "cannot %s %s: an earlier failure "
		    "of the disk; restart surat", doing, env->path);
	case MDB_VERSION_MISMATCH:
		return error_set(e, ERR_VERSION, "cannot %s %s: it was made by "
		    "another version of LMDB", doing, env->path);
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_NOTFOUND:
		return error_set(e, ERR_CORRUPT, "cannot %s %s: it is damaged "
		    "(%s)", doing, env->path, mdb_strerror(code));
	}
	if (code > 0)
		return error_sys(e, ERR_IO, code, "cannot %s %s", doing,
		    env->path);
	return error_set(e, ERR_IO, "cannot %s %s: %s", doing, env->path,
	    mdb_strerror(code));
}

static MDB_val
val_of(struct span s)
{
	return (MDB_val){ s.n, (void *)(uintptr_t)s.p };
}

/*
 * The one record whose layout never changes, so that an old program can
 * read it: the schema comes first.
 */
static int
put_schema(struct env *env, MDB_txn *txn)
{
	enum table table = schema_meta_of(env->kind);
	CLEANUP(buf_fini) struct buf b = { 0 };
	MDB_val key = val_of(SPAN_LIT("schema")), value;
	MDB_stat stat;
	int rc = mdb_stat(txn, env->tables[table], &stat);

	if (rc != 0)
		return rc;
	record_begin(&b, RECORD_V1);
	record_put_u64(&b, STORE_SCHEMA);
	record_put_u64(&b, stat.ms_psize);
	record_put_span(&b, SPAN_LIT(PACKAGE_STRING));
	value = val_of(record_end(&b, table, SPAN_LIT("schema")));
	rc = mdb_put(txn, env->tables[table], &key, &value, MDB_NOOVERWRITE);
	return rc == MDB_KEYEXIST ? 0 : rc;
}

static enum err
check_schema(struct env *env, MDB_txn *txn, struct error *e)
{
	enum table table = schema_meta_of(env->kind);
	MDB_val key = val_of(SPAN_LIT("schema")), value;
	struct record r;
	uint32_t schema;
	int rc = mdb_get(txn, env->tables[table], &key, &value);

	if (rc != 0)
		return env_error(env, e, rc, "read");
	if (!record_open(&r, table, SPAN_LIT("schema"),
	    (struct span){ value.mv_data, value.mv_size }))
		return env_error(env, e, MDB_CORRUPTED, "read");
	schema = record_u32(&r);
	if (r.is_bad || schema == 0)
		return env_error(env, e, MDB_CORRUPTED, "read");
	if (schema > STORE_SCHEMA)
		return error_set(e, ERR_VERSION, "%s was written by a newer "
		    "surat (schema %u, this one knows %d); use that one",
		    env->path, schema, STORE_SCHEMA);
	return ERR_OK;
}

/* MDB_NOTFOUND when one is not there and flags do not say to make it. */
static int
open_tables(struct env *env, MDB_txn *txn, unsigned flags)
{
	for (int i = 0; i < TABLE_COUNT; i++) {
		int rc;

		if (tables[i].env != env->kind)
			continue;
		rc = mdb_dbi_open(txn, tables[i].name, flags, &env->tables[i]);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* Tables and schema appear in one commit, so there are all or none. */
static enum err
make_tables(struct env *env, struct error *e)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(env->lmdb, NULL, 0, &txn);

	if (rc != 0)
		return env_error(env, e, rc, "open");
	rc = open_tables(env, txn, MDB_CREATE);
	if (rc == 0)
		rc = put_schema(env, txn);
	if (rc != 0)
		mdb_txn_abort(txn);
	else
		rc = mdb_txn_commit(txn);
	return rc == 0 ? ERR_OK : env_error(env, e, rc, "write");
}

static enum err
find_tables(struct env *env, bool *is_new, struct error *e)
{
	enum table meta = schema_meta_of(env->kind);
	enum err err;
	MDB_txn *txn;
	int rc = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &txn);

	if (rc != 0)
		return env_error(env, e, rc, "open");
	rc = mdb_dbi_open(txn, tables[meta].name, 0, &env->tables[meta]);
	*is_new = rc == MDB_NOTFOUND;
	err = rc == 0 ? check_schema(env, txn, e) : ERR_OK;
	if (rc == 0 && err == ERR_OK)
		rc = open_tables(env, txn, 0);
	if (rc != 0 || err != ERR_OK) {
		mdb_txn_abort(txn);
		if (err != ERR_OK || *is_new)
			return err;
		return env_error(env, e, rc, "open");
	}
	rc = mdb_txn_commit(txn);	/* keeps the handles of the tables */
	return rc == 0 ? ERR_OK : env_error(env, e, rc, "open");
}

static enum err
open_lmdb(struct env *env, size_t map_octets, struct error *e)
{
	int fd, dead, rc = mdb_env_create(&env->lmdb);

	if (rc == 0)
		rc = mdb_env_set_maxdbs(env->lmdb, TABLES_MAX);
	if (rc == 0)
		rc = mdb_env_set_maxreaders(env->lmdb, READERS_MAX);
	if (rc == 0)
		rc = mdb_env_set_mapsize(env->lmdb, map_octets);
	if (rc == 0)
		rc = mdb_env_open(env->lmdb, env->path,
		    MDB_NOSUBDIR | MDB_NOTLS, 0600);
	if (rc == 0)
		rc = mdb_env_get_fd(env->lmdb, &fd);
	if (rc == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		rc = errno;
	/* Killed readers would keep old pages from being used again. */
	if (rc == 0)
		rc = mdb_reader_check(env->lmdb, &dead);
	return rc == 0 ? ERR_OK : env_error(env, e, rc, "open");
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

enum err
env_open(const char *path, enum env_kind kind, const struct env_limits *limits,
    struct env **out, struct error *e)
{
	struct env *env = xcalloc(1, sizeof *env);
	size_t map_octets = 0;
	bool is_new = false;
	enum whole what;
	CLEANUP(cleanup_free) char *turn = xasprintf("%s-turn", path);
	enum err err;

	env->kind = kind;
	env->path = xstrdup(path);
	env->limits = *limits;
	env->pid = getpid();
	init_lock(env);
	err = turn_open(&env->turn, turn, e);
	if (err == ERR_OK)
		err = whole_check(path, &what, &map_octets, e);
	if (err == ERR_OK && what == WHOLE_UNFINISHED &&
	    truncate(path, 0) != 0)
		err = error_sys(e, ERR_IO, errno, "cannot write %s", path);
	if (map_octets < limits->map_octets)
		map_octets = limits->map_octets;
	if (err == ERR_OK)
		err = open_lmdb(env, map_octets, e);
	if (err == ERR_OK)
		err = find_tables(env, &is_new, e);
	if (err == ERR_OK && is_new)
		err = make_tables(env, e);
	if (err != ERR_OK) {
		env_close(env);
		return err;
	}
	*out = env;
	return ERR_OK;
}

static void
free_handle(struct txn_handle *h)
{
	buf_fini(&h->scratch);
	for (int i = 0; i < TABLE_COUNT; i++)
		late_fini(&h->late[i]);
	free(h);
}

static void
drop_reader(struct txn_handle *h)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		if (h->cursors[i])
			mdb_cursor_close(h->cursors[i]);
	mdb_txn_abort(h->lmdb);
	free_handle(h);
}

void
env_close(struct env *env)
{
	if (!env)
		return;
	bug_on(env->inside != 0);
	while (env->spare) {
		struct txn_handle *h = env->spare;

		env->spare = h->next;
		drop_reader(h);
	}
	if (env->lmdb)
		mdb_env_close(env->lmdb);
	turn_close(&env->turn);
	pthread_cond_destroy(&env->left);
	pthread_mutex_destroy(&env->lock);
	free(env->path);
	free(env);
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
	while (env->inside > 0)
		if (pthread_cond_timedwait(&env->left, &env->lock, &until) != 0)
			return env->inside == 0;
	return true;
}

/* octets 0: as large as other processes have made it. */
static enum err
resize_locked(struct env *env, size_t octets, struct error *e)
{
	int dead, rc;

	if (!wait_alone_locked(env))
		return error_set(e, ERR_AGAIN, "cannot grow %s: it is being "
		    "read for too long", env->path);
	mdb_reader_check(env->lmdb, &dead);
	rc = mdb_env_set_mapsize(env->lmdb, octets);
	if (rc != 0)
		return env_error(env, e, rc, "grow");
	env->resized++;
	env->was_full = false;
	return ERR_OK;
}

/* Killed readers keep the pages that they read from being used again. */
static void
sweep_readers_locked(struct env *env)
{
	int64_t now = now_ms();
	int dead;

	if (now - env->swept_ms < SWEEP_MS)
		return;
	env->swept_ms = now;
	mdb_reader_check(env->lmdb, &dead);
}

/*
 * Before a write: is there room in the map?  From half of the wanted room
 * down the map must grow, and readers are waited for; before, it grows when
 * nobody is there.
 */
static enum err
make_room_locked(struct env *env, struct error *e)
{
	MDB_envinfo info;
	MDB_stat stat;
	size_t used, room;

	sweep_readers_locked(env);
	/* Nobody changes the map while the lock is held. */
	mdb_env_info(env->lmdb, &info);
	mdb_env_stat(env->lmdb, &stat);
	used = (info.me_last_pgno + 1) * stat.ms_psize;
	room = used < info.me_mapsize ? info.me_mapsize - used : 0;
	if (!env->was_full && room >= env->limits.room_octets)
		return ERR_OK;
	if (!env->was_full && room >= env->limits.room_octets / 2 &&
	    env->inside > 0)
		return ERR_OK;
	if (info.me_mapsize > SIZE_MAX / 2)
		return error_set(e, ERR_FULL, "%s has outgrown the address "
		    "space of this machine", env->path);
	return resize_locked(env, info.me_mapsize * 2, e);
}

static void
enter_locked(struct env *env, bool is_write, struct txn_handle **out)
{
	struct txn_handle *h = is_write ? NULL : env->spare;

	if (h) {
		env->spare = h->next;
		env->nspare--;
	} else {
		h = xcalloc(1, sizeof *h);
		h->env = env;
		h->scratch.max = RECORD_MAX;
	}
	h->next = NULL;
	h->is_write = is_write;
	env->inside++;
	*out = h;
}

static void
leave(struct env *env)
{
	pthread_mutex_lock(&env->lock);
	bug_on(env->inside == 0);
	if (--env->inside == 0)
		pthread_cond_broadcast(&env->left);
	pthread_mutex_unlock(&env->lock);
}

/* Only one writer at a time gets as far as waiting for LMDB's lock. */
static int
begin_write(struct txn_handle *h)
{
	struct env *env = h->env;
	int rc;

	turn_take(&env->turn);
	rc = mdb_txn_begin(env->lmdb, NULL, 0, &h->lmdb);
	turn_give(&env->turn);
	h->began_ms = now_ms();
	return rc;
}

static int
begin_lmdb(struct txn_handle *h, bool is_write)
{
	struct env *env = h->env;
	int dead, rc;

	if (is_write)
		return begin_write(h);
	if (h->lmdb)
		return mdb_txn_renew(h->lmdb);
	rc = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &h->lmdb);
	if (rc == MDB_READERS_FULL &&
	    mdb_reader_check(env->lmdb, &dead) == 0 && dead > 0)
		rc = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &h->lmdb);
	return rc;
}

/* After a failed begin: nothing of LMDB's is left in a handle that is new. */
static void
drop_failed(struct txn_handle *h)
{
	struct env *env = h->env;

	if (h->lmdb)
		drop_reader(h);
	else
		free_handle(h);
	leave(env);
}

enum err
env_begin(struct env *env, bool is_write, struct txn_handle **out,
    struct error *e)
{
	struct txn_handle *h;
	uint64_t resized;
	enum err err = ERR_OK;
	int rc = MDB_MAP_RESIZED;

	bug_on(env->pid != getpid());
	for (int i = 0; i < RENEWALS_MAX; i++) {
		pthread_mutex_lock(&env->lock);
		if (i > 0 && resized == env->resized)
			err = resize_locked(env, 0, e);
		if (err == ERR_OK && is_write)
			err = make_room_locked(env, e);
		resized = env->resized;
		if (err == ERR_OK)
			enter_locked(env, is_write, &h);
		pthread_mutex_unlock(&env->lock);
		if (err != ERR_OK)
			return err;
		rc = begin_lmdb(h, is_write);
		if (rc == 0) {
			*out = h;
			return ERR_OK;
		}
		drop_failed(h);
		if (rc != MDB_MAP_RESIZED)
			break;
	}
	return env_error(env, e, rc, is_write ? "write" : "read");
}

bool
env_is_long(const struct txn_handle *h)
{
	return h->is_write && now_ms() - h->began_ms >= STORE_WRITE_MS;
}

enum err
env_commit(struct txn_handle *h, struct error *e)
{
	struct env *env = h->env;
	/* Frees the transaction and its cursors, also on failure. */
	int rc = mdb_txn_commit(h->lmdb);
	enum err err = rc == 0 ? ERR_OK : env_error(env, e, rc, "write");

	free_handle(h);
	leave(env);
	/* Rings for those who watch; at worst they look a little later. */
	if (rc == 0 && utimensat(AT_FDCWD, env->path, NULL, 0) != 0)
		log_debug("store", "%s: %s", env->path, strerror(errno));
	return err;
}

static void
end_write(struct txn_handle *h)
{
	struct env *env = h->env;

	mdb_txn_abort(h->lmdb);
	free_handle(h);
	leave(env);
}

static void
end_read(struct txn_handle *h)
{
	struct env *env = h->env;
	bool is_kept;

	mdb_txn_reset(h->lmdb);
	memset(h->is_placed, 0, sizeof h->is_placed);
	pthread_mutex_lock(&env->lock);
	is_kept = env->nspare < ENV_SPARE_READERS;
	if (is_kept) {
		h->next = env->spare;
		env->spare = h;
		env->nspare++;
	}
	pthread_mutex_unlock(&env->lock);
	if (!is_kept)
		drop_reader(h);
	leave(env);
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
	MDB_envinfo info;

	/* Looks into the map, which must not change meanwhile. */
	pthread_mutex_lock(&env->lock);
	mdb_env_info(env->lmdb, &info);
	pthread_mutex_unlock(&env->lock);
	return info.me_last_txnid;
}
