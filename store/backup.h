/* SPDX-License-Identifier: MIT */
/*
 * Copies of a store and the way back.  A backup is a directory of three
 * files: the two data files, without their free pages, and `surat-backup`,
 * a text that names their sizes and hashes; and of STORE_DRAFTS, when there
 * is one.  It appears whole or not at all.
 */
#pragma once

#include "store/store.h"

/*
 * A consistent copy of a store that others go on using, into a directory
 * that is made (0700 / 0600).  An earlier backup there is replaced when the
 * new one is complete; ERR_USAGE for anything else that is there, ERR_FULL
 * and ERR_CORRUPT (the store is damaged) leave what was there.  Progress
 * (may be NULL) is in pages of each file first, then in octets.
 */
enum err store_backup(struct store *store, const char *dir,
    const struct store_progress *progress, struct error *e);

struct store_restoring {
	const char *from;	/* the backup */
	const char *dir;	/* the store; no process may have it open */
	bool replace;		/* a store that is there */
	const struct store_progress *progress;	/* may be NULL; octets */
	char *kept;		/* out, owned: where the replaced store is */
	size_t nletters;	/* out: that waited to be sent in the backup */
};

/*
 * Makes a store of a backup, whose sizes, hashes and trees are verified
 * first.  A store that is there is moved aside, never removed.  Its drafts
 * come over to the new one (and stay with the old one, too); where it has
 * none, those of the backup do.  Letters that waited to be sent are
 * ACT_UNKNOWN then, as they may have been sent since.  A backup of an older
 * schema is brought up to date.
 *
 * Refuses: what is no backup (ERR_NOTFOUND), is damaged (ERR_CORRUPT) or
 * newer (ERR_VERSION), a store in use (ERR_BUSY), one that is there without
 * `replace` (ERR_USAGE).  Each leaves what was there.
 */
enum err store_restore(struct store_restoring *r, struct error *e);

/*
 * Held while bodies go (alone, not waiting: ERR_BUSY) or must stay (shared),
 * as they are copied.
 * *fd is to be closed to let go.
 */
enum err store_lock_bodies(struct store *store, bool is_to_stay, int *fd,
    struct error *e);
