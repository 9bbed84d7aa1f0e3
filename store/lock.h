/* SPDX-License-Identifier: MIT */
/*
 * The locks among processes that are no locks of LMDB, each a file of the
 * store's directory (or the directory itself) that is locked by flock(2), so
 * that a killed process lets go of it:
 *
 *   the directory   held while the store is opened: one process at a time
 *   in-use          shared by all that have the store open; alone by who
 *                   must have it to itself (migration, repair, restoring)
 *   compact         held while data files are replaced or cleared away
 *
 * In that order, where several are taken.  Each is let go by closing its
 * descriptor.  Private to store/.
 */
#pragma once

#include "base/err.h"

/*
 * Waits for others to have opened the store, which is soon over; ERR_BUSY
 * when somebody has it for longer.
 */
enum err lock_dir(const char *dir, int *fd, struct error *e);

/*
 * Where the lock `in-use` is changed the caller holds the directory, so that
 * nobody comes in between.  ERR_BUSY when another process is alone with the
 * store, and for lock_alone when another one has it open; then the lock is
 * shared as it was.
 */
enum err lock_in_use(const char *dir, int *fd, struct error *e);
enum err lock_alone(int fd, struct error *e);
enum err lock_shared(int fd, struct error *e);

/*
 * ERR_BUSY when another process has it, *fd being -1 then.  The caller holds
 * the directory, as everybody takes it for a moment while opening the store.
 */
enum err lock_compact(const char *dir, int *fd, struct error *e);

struct store;
/*
 * The same as lock_alone and lock_shared for a store that is open: nobody
 * else has it open in between, nor can open it.
 */
enum err store_lock_alone(struct store *store, struct error *e);
enum err store_unlock_alone(struct store *store, struct error *e);
