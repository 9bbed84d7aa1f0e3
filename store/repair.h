/* SPDX-License-Identifier: MIT */
/*
 * Care for a store that may be damaged: what is wrong, and making it right.
 */
#pragma once

#include "store/store.h"

/* One thing that is wrong. */
struct store_finding {
	const char *table;	/* schema.h */
	uint64_t id;		/* in it; 0: it has none */
	const char *what;	/* the end of a sentence */
	bool is_final;		/* store_repair can do nothing about it */
};

/* Who is told; finding and text are valid during the call. */
struct store_findings {
	void (*each)(void *ctx, const struct store_finding *finding);
	void *ctx;
};

enum { STORE_FINDINGS_MAX = 100 };

/*
 * store_check that goes on: up to STORE_FINDINGS_MAX of them.  Also
 * ERR_CORRUPT when there was one; *e is then the first.  Progress (may be
 * NULL) is in pages of each file first, then in messages, then in letters.
 */
enum err store_check_each(struct store *store,
    const struct store_findings *found,
    const struct store_progress *progress, uint64_t *checked,
    struct error *e);

struct repair_result {
	uint64_t rows;		/* that are there now */
	uint64_t lost;		/* records that could not be read */
	uint64_t letters;	/* damaged: see store_repair */
	char *kept;		/* owned: the old index, for the user; NULL
				   when there was nothing to make anew */
};

/*
 * Makes the index of the store in dir anew from those of its records that
 * can be read, when anything is wrong with it that this makes right.  Nobody else may have the store open (ERR_BUSY), and the
 * trees of both files must be whole: else ERR_CORRUPT, and nothing is
 * changed.  What is lost is told to `found`.
 *
 * Letters whose bytes are damaged are told as well.  Of those that an IMAP
 * server has, the message will be fetched again.  Others are left as they
 * are, as a part of them may be readable; store_check_each goes on to tell
 * of them, as final.
 *
 * Progress (may be NULL) is in pages of each file, in letters, in messages.
 */
enum err store_repair(const char *dir, const struct store_progress *progress,
    const struct store_findings *found, struct repair_result *out,
    struct error *e);
