/* SPDX-License-Identifier: MIT */
/*
 * The sync half: one thread, one GMainContext, every connection of every
 * account.  It reads acts and wants from the store, drives the engines, and
 * writes what servers say into the store.  Nobody else talks to servers.
 *
 * Start, wake and stop may be called from any thread.
 */
#pragma once

#include "src/core/config.h"
#include "store/store.h"

struct sync;	/* opaque */

enum sync_mode {
	SYNC_STAY,	/* stay connected: push, check-every, back-off; mind
			   the network and the machine's sleep: wake.h */
	SYNC_ONCE,	/* one pass: replay the journal, fetch what is new, end */
};

struct sync_settings {
	enum sync_mode mode;
	const char *only_account;	/* or NULL: all */
	/*
	 * Called in the sync thread after each account's pass in SYNC_ONCE:
	 * err ERR_OK or why it ended.  May be NULL.
	 */
	void (*pass_ended)(void *ctx, const struct config_account *account,
	    const struct error *error);
	void *ctx;
};

/*
 * Writes the accounts into the store and starts the thread.  The
 * configuration and the store must outlive sync_free.
 */
enum err sync_start(const struct config *config, struct store *store,
    const struct sync_settings *settings, struct sync **out, struct error *e);
/* The store has a new act or want. */
void sync_wake(struct sync *sync);
/* Connect now, also when waiting or refused; account 0: all. */
void sync_check(struct sync *sync, uint32_t account);
/* In SYNC_ONCE: waits for the end.  Returns the worst error of the pass. */
enum err sync_wait(struct sync *sync, struct error *e);
/* Ends connections in an orderly way (at most 2 s) and joins the thread. */
void sync_free(struct sync *sync);

/*
 * Tries to log in to receive and send of one account; blocking, for
 * `surat account test`.  The two errors tell each half (ERR_OK, or ERR_CONFIG
 * when that half is not configured).
 */
void sync_test_account(const struct config_account *account,
    struct error *receive, struct error *send);
