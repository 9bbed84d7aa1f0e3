/* SPDX-License-Identifier: MIT */
/*
 * LMDB's copy of a file, which tells nobody how far it is: LMDB writes it to
 * a pipe on a thread of its own, and here it is counted and written to the
 * file that is wanted.  Private to store/.
 */
#pragma once

#include "store/copy.h"
#include "store/txn.h"

struct pouring {
	/* Keeps the map of this process where it is; may be a writer's. */
	struct txn_handle *from;	/* borrowed */
	unsigned flags;			/* of mdb_env_copyfd2 */
	const char *to;			/* borrowed: a path */
	struct copy_progress *progress;	/* borrowed */
	struct copied *out;		/* borrowed; NULL: not wanted */
	int rc;		/* set: LMDB's, when the copy could not be read */
};

/*
 * Once.  ERR_OK says that all that LMDB wrote is on the disk; whether that
 * is a copy p->rc says.
 */
enum err pour(struct pouring *p, struct error *e);
