/* SPDX-License-Identifier: MIT */
/*
 * One connection with one engine on it: connects, fetches the password,
 * makes the engine, feeds it, sends what it says, does the STARTTLS dance,
 * compresses where the server agrees, and gives up on a peer that says
 * nothing for too long.
 *
 * The owner gets events and issues commands on the engine; after commands
 * issued outside of an event it calls link_flush.  Callbacks never run
 * inside a call of this header.  link_free may be called from a callback.
 *
 * Threads: the sync thread, or whichever context was the thread-default one
 * at link_open.
 */
#pragma once

#include "src/core/config.h"
#include "src/core/dialect.h"

struct link;	/* opaque */
struct resume;

struct link_events {
	void (*event)(void *ctx, const union dialect_event *event);
	/* Everything that came so far was fed: a good moment to commit. */
	void (*quiet)(void *ctx);
	/* The output drained: give more of what is large.  May be NULL. */
	void (*writable)(void *ctx);
	/*
	 * Ended; nothing comes any more.  ERR_OK: the peer hung up in good
	 * order.  The text is a sentence that names the host.
	 */
	void (*closed)(void *ctx, const struct error *error);
};

enum { LINK_GREETING_S = 20, LINK_COMMAND_S = 60 };

struct link_settings {
	const struct config_account *account;	/* borrowed */
	bool for_send;			/* to its server for sending */
	struct resume *resume;		/* borrowed: outlives the link; or
					   NULL */
};

struct link *link_open(const struct link_settings *settings,
    const struct dialect *ops, const struct link_events *events,
    void *ctx);
/* Closes at once.  NULL is fine. */
void link_free(struct link *link);
/* The engine; NULL before the first event.  The link owns it. */
void *link_engine(const struct link *link);
void link_flush(struct link *link);
/* Octets on their way out; stop giving more above CONN_HIGH. */
size_t link_queued(const struct link *link);
/*
 * Seconds without a byte after which the peer is taken for dead, from now;
 * 0: for ever.  LINK_COMMAND_S unless said otherwise.
 */
void link_patience(struct link *link, unsigned seconds);
/*
 * A byte must come within so many seconds, whatever the patience is: the
 * network changed, and nothing else tells whether the peer can be reached.
 */
void link_prove(struct link *link, unsigned seconds);
