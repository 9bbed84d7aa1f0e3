/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/dirs.h"
#include "store/env.h"
#include "store/file.h"
#include "store/lock.h"
#include "store/migrate.h"
#include "store/pair.h"
#include "store/place.h"

enum { LOCK_NAME_MAX = 64 };	/* octets of an account's name */

static const char *const files[ENV_COUNT] = {
	[ENV_INDEX] = "index.mdb",
	[ENV_BODIES] = "bodies.mdb",
};

/*
 * The map is address space, not disk: a gibibyte is many letters, and the
 * room that is kept is more than any one transaction writes.
 */
const struct env_limits env_limits_usual = {
	.map_octets = (size_t)1 << 30,
	.room_octets = (size_t)1 << 28,
	.wait_ms = 10000,
};

/*
 * What a killed process left of files, unless somebody is at it now, who may
 * not have made the newest names durable yet.
 */
static enum err
sweep(const char *path, int compact, struct error *e)
{
	return compact >= 0 ? file_sweep(path, e) : file_sync_dir(path, e);
}

/* *fd is -1 when another process has it. */
static enum err
try_compact(const char *dir, int *fd, struct error *e)
{
	enum err err = lock_compact(dir, fd, e);

	return err == ERR_BUSY ? ERR_OK : err;
}

/* Of an older schema: nobody else may look at it meanwhile. */
static enum err
bring_up_to_date(struct store *store, const struct env_limits *limits,
    const struct store_progress *progress, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", store->dir,
	    files[ENV_INDEX]);
	enum err err;

	if (lock_alone(store->in_use, NULL) != ERR_OK)
		return error_set(e, ERR_BUSY, "the mail store is of an older "
		    "surat, and another surat has it open; end that one, and "
		    "the store is brought up to date");
	err = migrate(store, limits, progress, e);
	if (err == ERR_OK)
		err = env_open(path, ENV_INDEX, limits,
		    &store->envs[ENV_INDEX], e);
	return err == ERR_OK ? lock_shared(store->in_use, e) : err;
}

/* The names of files that were made are durable before the next is made. */
static enum err
open_env(struct store *store, enum env_kind kind, int dir, int compact,
    const struct env_limits *limits, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", store->dir,
	    files[kind]);
	CLEANUP(cleanup_free) char *bodies = xasprintf("%s/%s", store->dir,
	    files[ENV_BODIES]);
	bool is_new = pair_is_nothing(path);
	enum err err = sweep(path, compact, e);

	if (err == ERR_OK)
		err = pair_may_open(store, kind, path, bodies, e);
	if (err == ERR_OK)
		err = env_open(path, kind, limits, &store->envs[kind], e);
	/* LMDB syncs the files that it makes, but not their names. */
	if (err == ERR_OK && is_new && fsync(dir) != 0)
		err = dirs_error(e, errno, "write", store->dir);
	return err;
}

struct opening {
	const struct env_limits *limits;
	const struct store_progress *progress;
	int held;	/* the directory, where the caller locked it; or -1 */
};

/* *fd is to be closed, which does not let go of what the caller holds. */
static enum err
hold_dir(const struct store *store, int held, int *fd, struct error *e)
{
	if (held < 0)
		return lock_dir(store->dir, fd, e);
	*fd = fcntl(held, F_DUPFD_CLOEXEC, 0);
	return *fd >= 0 ? ERR_OK : dirs_error(e, errno, "open", store->dir);
}

static enum err
open_in(struct store *store, const struct opening *o, struct error *e)
{
	CLEANUP(cleanup_close) int fd = -1, compact = -1;
	enum err err;
	int sys = dirs_make(store->dir);

	if (sys != 0)
		return dirs_error(e, sys, "make", store->dir);
	err = place_check(store->dir, e);
	if (err == ERR_OK)
		err = hold_dir(store, o->held, &fd, e);
	if (err == ERR_OK)
		err = lock_in_use(store->dir, &store->in_use, e);
	if (err == ERR_OK)
		err = try_compact(store->dir, &compact, e);
	for (int i = 0; i < ENV_COUNT && err == ERR_OK; i++)
		err = open_env(store, (enum env_kind)i, fd, compact,
		    o->limits, e);
	if (err == ERR_OK && store->envs[ENV_INDEX]->file->schema < STORE_SCHEMA)
		err = bring_up_to_date(store, o->limits, o->progress, e);
	else if (err == ERR_OK)
		rebuild_forget(store->dir);
	if (err == ERR_OK)
		err = pair_check(store, e);
	return err;
}

static enum err
open_with(const char *dir, const struct opening *o, struct store **out,
    struct error *e)
{
	struct store *store = xcalloc(1, sizeof *store);
	enum err err;

	store->dir = xstrdup(dir);
	store->in_use = -1;
	err = open_in(store, o, e);
	if (err != ERR_OK) {
		store_close(store);
		return err;
	}
	*out = store;
	return ERR_OK;
}

enum err
store_open_limited(const char *dir, const struct env_limits *limits,
    struct store **out, struct error *e)
{
	return open_with(dir, &(struct opening){ limits, NULL, -1 }, out, e);
}

enum err
store_open(const char *dir, struct store **out, struct error *e)
{
	return store_open_progress(dir, NULL, out, e);
}

enum err
store_open_progress(const char *dir, const struct store_progress *progress,
    struct store **out, struct error *e)
{
	return store_open_held(dir, -1, progress, out, e);
}

enum err
store_open_held(const char *dir, int held,
    const struct store_progress *progress, struct store **out,
    struct error *e)
{
	return open_with(dir, &(struct opening){ &env_limits_usual, progress,
	    held }, out, e);
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	for (int i = 0; i < ENV_COUNT; i++)
		env_close(store->envs[i]);
	cleanup_close(&store->in_use);
	free(store->dir);
	free(store);
}

uint64_t
store_generation(struct store *store)
{
	return env_generation(store->envs[ENV_INDEX]);
}

bool
store_write_is_long(const struct store_txn *t)
{
	return t->handle && env_is_long(t->handle);
}

void
store_expect_writes(struct store *store)
{
	for (int i = 0; i < ENV_COUNT; i++)
		env_expect_writes(store->envs[i]);
}

/* A name may hold any byte; what is not plain is written as %XX. */
static void
put_file_name(struct buf *b, struct span name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c && strchr(plain, c))
			buf_putc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

enum err
store_lock_account(struct store *store, struct span account, int *fd,
    struct error *e)
{
	CLEANUP(buf_fini) struct buf path = { 0 };
	CLEANUP(cleanup_close) int lock = -1;

	if (account.n == 0 || account.n > LOCK_NAME_MAX)
		return error_set(e, ERR_LIMIT, "the name of an account has 1 "
		    "to %d octets", LOCK_NAME_MAX);
	buf_printf(&path, "%s/lock-", store->dir);
	put_file_name(&path, account);
	lock = open(buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0)
		return dirs_error(e, errno, "open", buf_str(&path));
	if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			return error_set(e, ERR_BUSY, "another surat is "
			    "talking to the server of %.*s",
			    SPAN_ARG(account));
		return error_sys(e, ERR_IO, errno, "cannot lock %s",
		    buf_str(&path));
	}
	*fd = lock;
	lock = -1;
	return ERR_OK;
}
