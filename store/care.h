/* SPDX-License-Identifier: MIT */
/*
 * Taking care of a store as a whole: what is done with its files rather than
 * with what is in them.  All of it works on a store that other processes are
 * reading and writing, unless a function says otherwise.
 *
 * Threads: any, with no transaction of its own open; while one of these
 * runs, the other threads of the process should not write much.
 */
#pragma once

#include <stdint.h>

#include "store/store.h"

struct compact_size {
	uint64_t before, after;	/* octets of the file */
};

struct compact_result {
	struct compact_size index, bodies;
};

/*
 * Gives the room back that removed mail has left in the files: each is
 * copied without it, and the copy takes its place.  Others go on meanwhile,
 * reading at any time and writing but for an instant.  The disk needs room
 * for the copies.
 *
 * ERR_FULL when it has none, ERR_BUSY when another process is at it, or
 * writes again and again before a copy of a large file is ready.  After
 * a failure, and for whoever is killed, each file is the old or the new one
 * with all that was ever committed, and *result tells of those that were
 * done.
 *
 * progress, which may be NULL, is told of octets copied; fewer are done again
 * when a copy has to be made anew.
 */
enum err store_compact(struct store *store,
    const struct store_progress *progress, struct compact_result *result,
    struct error *e);
