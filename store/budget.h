/* SPDX-License-Identifier: MIT */
/*
 * What letters take on disk, and what a live account gives back when it is
 * too much: the bodies that were read longest ago, which the server still
 * has.  Rows always stay.
 */
#pragma once

#include "store/store.h"

/*
 * Octets that the bodies of an account take on disk, compressed; one that
 * several of its messages share is counted once.  What only the journal
 * holds (letters to be sent) is not in it.
 */
uint64_t store_usage(struct store_txn *t, uint32_t account);

/*
 * The user has seen the body of the message (or a part of it).  Coarse:
 * nothing is written within an hour of the last time.  A body that comes is
 * stamped by the store itself, so one that nobody reads ages from then on.
 */
void store_body_was_read(struct store_txn *t, uint64_t message, int64_t when);

/*
 * A message whose body is never evicted, and wanted (store/want.h) where it
 * is not here whole.  Nothing happens when there is no such message.
 */
void store_message_keep(struct store_txn *t, uint64_t message, bool is_kept);
bool store_message_is_kept(struct store_txn *t, uint64_t message);

struct evicted {
	size_t messages;
	uint64_t octets;	/* by which the usage went down */
};

/*
 * While the account uses more than `budget` octets, takes the bodies and
 * parts of up to max messages off it, those that were read longest ago
 * first.  Never of an account that is not live on an IMAP server or is no
 * longer configured, of a folder that is local or that the server no longer
 * lists, of a message that is kept, that an act of the journal still to be
 * done names, or that somebody waits for.
 *
 * In short write transactions of its own: no transaction of this thread may
 * be open.  store_body_collect gives the room back that nobody else needs.
 * ERR_AGAIN: somebody has been reading for too long; later it will go on.
 * *out tells what was done, also after a failure.
 */
enum err store_evict(struct store *store, uint32_t account, uint64_t budget,
    size_t max, struct evicted *out, struct error *e);
