/* SPDX-License-Identifier: MIT */
/*
 * What FETCH told, on its way into the store.  Answers are parsed and
 * collected; a thread of its own writes them, so that receiving and writing
 * go on side by side.  One batch is written while the next one is
 * filled: whoever comes faster waits, so nothing piles up.
 *
 * Rows are written in the order in which they came, each transaction bounded
 * in time; the state of the folder follows behind its last row.
 *
 * Threads: one owner, who alone calls what is here.
 */
#pragma once

#include "base/arena.h"
#include "protocol/imap.h"
#include "src/core/runner.h"
#include "store/account.h"
#include "store/folder.h"

enum {
	INGEST_ROWS_MAX = 8192,
	INGEST_OCTETS_MAX = 24 << 20,
};

struct imap_staged {
	struct imap_fetch fetch;	/* spans in the batch's arena */
	struct envelope *envelope;	/* of its header; or NULL */
};

struct imap_batch {
	struct arena arena;
	struct imap_staged *rows;	/* owned */
	size_t n, size;
	uint32_t folder;
	bool has_state;			/* put behind the rows */
	struct folder state;
	uint32_t account;		/* whose progress it is; 0: nobody's */
	struct account_state progress;
};

struct imap_ingest {
	struct store *store;		/* borrowed */
	struct imap_batch filling;
	struct imap_batch writing;	/* the runner's while it is busy */
	struct runner runner;
};

void ingest_init(struct imap_ingest *in, struct store *store);
/* Waits for what is being written; drops what is not. */
void ingest_fini(struct imap_ingest *in);

/* Adds a copy of one answer, with its UID, for the folder. */
void ingest_add(struct imap_ingest *in, uint32_t folder,
    const struct imap_fetch *f);
/* The folder's state, to be written behind what was added. */
void ingest_put_state(struct imap_ingest *in, const struct folder *folder);
/* How the account is doing, to be written with what was added. */
void ingest_put_progress(struct imap_ingest *in, uint32_t account,
    const struct account_state *state);
bool ingest_is_full(const struct imap_ingest *in);
bool ingest_is_empty(const struct imap_ingest *in);
/* Forgets what was added since the last batch was given. */
void ingest_drop(struct imap_ingest *in);

/*
 * Gives what was added to the thread; waits only while it still writes the
 * batch before.  Not what is given but what was given earlier shows its
 * failure here.
 */
enum err ingest_give(struct imap_ingest *in, struct error *e);
/* The thread has nothing to do: what there is might as well be given. */
bool ingest_is_idle(struct imap_ingest *in);
/* Everything that was added is in the store when it returns. */
enum err ingest_flush(struct imap_ingest *in, struct error *e);
