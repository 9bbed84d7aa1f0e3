/* SPDX-License-Identifier: MIT */
/*
 * The store: where the screen and the servers meet.  Two LMDB environments
 * in one directory, `index` (everything that lists are drawn from, and the
 * journal) and `bodies` (letters).  No LMDB type or map pointer leaves
 * store/: what a caller gets is copied into its arena.
 *
 * Threads and processes: one struct store per directory and process, shared
 * by all its threads; a transaction belongs to the thread that began it.
 * Readers take no lock.  One writer at a time over all processes, in turns,
 * so a write transaction must be short: no network, no user, at most a few
 * milliseconds of work (store_write_is_long).
 *
 * Errors are sticky in the transaction: after the first failure every call
 * does nothing and gives its empty answer; store_commit or store_end says
 * what happened.  "Not found" is not a failure.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct store;	/* opaque */

/* Of the index, and of the bodies; raised when stored bytes change meaning. */
#define STORE_SCHEMA 4
#define STORE_BODIES_SCHEMA 1

/*
 * In the directory of the store, for who writes letters to keep unfinished
 * ones in, as plain files: backups and restoring take it along.
 */
#define STORE_DRAFTS "drafts"

/* For work that takes long: told now and then, in the calling thread. */
struct store_progress {
	void (*each)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/*
 * Opens or creates (0700 / 0600) the store in dir.  Refuses, with a clear
 * sentence: a newer schema (ERR_VERSION), a file cut short (ERR_CORRUPT), a
 * network file system (ERR_CONFIG), no room (ERR_FULL), another process
 * that has the store to itself (ERR_BUSY).
 *
 * An older schema is brought up to date, which takes long for a large store;
 * ERR_BUSY when another process has it open then.  Who is killed meanwhile
 * goes on next time.
 */
enum err store_open(const char *dir, struct store **out, struct error *e);
/* The same; progress (may be NULL) is told of bringing it up to date. */
enum err store_open_progress(const char *dir,
    const struct store_progress *progress, struct store **out,
    struct error *e);
void store_close(struct store *store);

/*
 * Grows with every commit of any process.  Two equal answers mean that
 * nothing was written in between.
 */
uint64_t store_generation(struct store *store);

/*
 * A descriptor that becomes readable when any process has committed to the
 * index (or -1 where the system cannot tell: poll store_generation then).
 * Each caller opens its own and closes it.
 */
int store_watch_open(struct store *store);
/* Takes the pending wake-ups off the descriptor. */
void store_watch_drain(int fd);

struct store_txn {
	struct store *store;
	void *handle;		/* store/env.h: LMDB's transaction, cursors */
	bool is_write;
	struct error error;	/* the first failure */
};

/*
 * Begin; the answer is in t->error as well.  A thread has one transaction
 * open at a time, and none over a fork.
 */
enum err store_read(struct store *store, struct store_txn *t);
enum err store_write(struct store *store, struct store_txn *t);
/*
 * Makes everything since store_write durable, or nothing of it: on a first
 * failure (or a full disk: ERR_FULL) the whole transaction is undone.
 * ERR_AGAIN: another process took the room that was left in the map; the
 * whole transaction is to be tried again.  e may be NULL.  t must not be
 * used again.
 */
enum err store_commit(struct store_txn *t, struct error *e);
/*
 * Others have waited long enough, or will have when this is committed: a
 * loop that adds many rows commits now and begins again.  The store learns
 * from its commits how long one takes on this disk.
 *
 * Large transactions cost less a row.  So one goes on for STORE_QUIET_MS while
 * nobody waits for it.
 */
enum { STORE_WRITE_MS = 8, STORE_QUIET_MS = 250 };
bool store_write_is_long(const struct store_txn *t);
/*
 * Somebody at the screen may want to write any moment: for some seconds no
 * transaction of this process is longer than STORE_WRITE_MS.  Any thread.
 */
void store_expect_writes(struct store *store);
/* Ends a read, or undoes a write.  Harmless after commit: for CLEANUP. */
void store_end(struct store_txn *t);

/*
 * A lock of the account's name that one process holds while it talks to the
 * account's server.  *fd is to be closed to let go; ERR_BUSY when another
 * process has it.
 */
enum err store_lock_account(struct store *store, struct span account, int *fd,
    struct error *e);

/*
 * A data file that turns out to be damaged under a running program ends it
 * with a sentence and the code for bad data.  `restore` is called before the
 * sentence, in a signal handler: it may give the terminal back, and nothing
 * else.  NULL: none.
 */
void store_on_damage(void (*restore)(void));

/*
 * Walks everything and checks checksums, counts and indexes against the
 * rows.  ERR_CORRUPT with the first finding; *checked is the number of rows.
 */
enum err store_check(struct store *store, uint64_t *checked, struct error *e);
