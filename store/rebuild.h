/* SPDX-License-Identifier: MIT */
/*
 * A new index made from the records of an old one: what brings an older
 * schema up to date, and what repairs.  Only what is not derived is taken
 * over (schema.h: the tables without a star); everything else follows
 * again, by the functions that make it every day.
 *
 * The new index grows beside the old one as a draft, `index.next.mdb`, in
 * short commits that say how far it is; who is killed goes on there.  It
 * gets its schema last, so a draft is no store before it is whole.  The old
 * file is not written to, and is the store until rebuild_publish.
 *
 * Numbers of messages, folders, acts and all others stay.  Bodies are not
 * touched.  Private to store/.
 */
#pragma once

#include "store/repair.h"
#include "store/row.h"

/* How the source is written. */
struct rebuild_format {
	/* The key of today; false: it is none. */
	bool (*key)(enum table table, struct span stored, struct key *now);
	/* Cuts the number of a message off a value. */
	uint64_t (*message)(struct span *value);
	/* Reads the content of a row's record; the id is not in it. */
	bool (*row)(struct record *r, struct row *row);
	/*
	 * The thread that a row of the source is in, as a number, 0 when it
	 * cannot be told: rows of one number will be in one thread.
	 */
	uint64_t (*thread)(struct store_txn *from, const struct row *row);
	/* What is kept today and follows from rows alone; or NULL. */
	void (*note)(struct store_txn *to, const struct row *row);
};

/* The schema of today. */
extern const struct rebuild_format rebuild_today;

struct rebuild {
	struct store *store;	/* open; nobody else has it open */
	const struct rebuild_format *format;
	const struct env_limits *limits;
	const struct store_progress *progress;	/* may be NULL */
	/*
	 * What cannot be read is left out and told to `found`; without one it
	 * is ERR_CORRUPT.
	 */
	const struct store_findings *found;
	const uint64_t *damaged;	/* bodies, in order: repair.h */
	size_t ndamaged;
};

struct rebuild_result {
	uint64_t rows;		/* that are in the draft */
	uint64_t lost;		/* how often `found` was told, in all runs */
};

/*
 * Makes the draft whole.  ERR_FULL removes what there is of it; after other
 * failures the next call goes on.
 */
enum err rebuild_index(const struct rebuild *r, struct rebuild_result *out,
    struct error *e);
/* Removes what there is of a draft. */
void rebuild_forget(const char *dir);
/*
 * Puts the whole draft into the place of the index, in which nobody is, and
 * removes that.  After a failure the old one is in its place or the new one.
 * The caller holds the lock `compact` (store/lock.h).
 */
enum err rebuild_publish(const char *dir, struct error *e);
