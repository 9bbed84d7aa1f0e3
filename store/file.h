/* SPDX-License-Identifier: MIT */
/*
 * Which file an environment is in.  LMDB cannot make a file smaller, so a
 * smaller one takes its place while others run: the first file is PATH
 * itself, `index.mdb`; those that follow are `index.N.mdb`, N counting from
 * 1, and PATH is then a symbolic link to the newest.  The link is replaced
 * by rename(2), so it names the old file or the new one at any instant.
 *
 * LMDB's lock file is named after the data file (`index.N.mdb-lock`).  Two
 * processes that write must share it, so a file is only ever opened under
 * the name that the link gives it; and no number is used again.
 *
 * Nothing but file names: no byte of the data is read here.  Private to
 * store/.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct file_name {
	uint64_t number;	/* 0: PATH itself is the file */
	char *path;		/* owned */
};

void file_name_fini(struct file_name *name);

/*
 * The file that is in use now; there or not.  A link that leads to anything
 * else is the user's: it is taken for the file (number 0).
 */
enum err file_current(const char *path, struct file_name *out,
    struct error *e);

/*
 * What follows is for who holds the lock `compact` (store/lock.h).
 *
 * file_next     the name of the next file.
 * file_publish  `next`, which is complete and synced, takes the place of the
 *               current one, durably.  After a failure either is current.
 * file_sweep    removes what is left of files that are not current: old
 *               ones, half-made ones, their lock files.  Whoever has an old
 *               one open reads on; who writes looks at the link under LMDB's
 *               lock, so nothing can still be written to it.
 */
enum err file_next(const char *path, struct file_name *out, struct error *e);
enum err file_publish(const char *path, const struct file_name *next,
    struct error *e);
enum err file_sweep(const char *path, struct error *e);

/* Makes the names in the directory of path durable. */
enum err file_sync_dir(const char *path, struct error *e);
