/* SPDX-License-Identifier: MIT */
/*
 * The inside of a connection, for its own files:
 *
 *   conn.c        life, turns, the way to a secure channel
 *   conn_flow.c   bytes in and out
 *
 * One GSource runs everything: conn_turn, whenever the socket is ready or
 * something was asked for.  The functions of conn.h only note what is
 * wanted and wake it, so a callback never runs inside a call of the owner's;
 * a callback may free the connection, which is then released at the end of
 * the turn.
 *
 * No stall: a turn ends either with the transport drained (the socket said
 * EAGAIN) or with `unread` set, which makes the source ready at once, as
 * bytes may be held inside the TLS session, or deflated, where poll does not
 * see them.
 */
#pragma once

#include <glib.h>

#include "src/net/clear.h"
#include "src/net/conn.h"
#include "src/net/deflate.h"
#include "src/net/dial.h"
#include "src/net/fingerprint.h"
#include "src/net/host.h"
#include "src/net/tls.h"
#include "src/net/trust.h"

enum { CONN_READ_SIZE = 64 * 1024 };

enum conn_state {
	CONN_DIALING,
	CONN_CLEAR,	/* connected, no TLS (yet) */
	CONN_HANDSHAKE,
	CONN_SECURE,
	CONN_CLOSED,	/* `closed` was called, or will be at the turn's end */
};

struct conn {
	struct conn_events events;
	void *ctx;			/* borrowed: the owner's */
	struct host host;
	uint16_t port;
	char *alpn;			/* owned; or NULL */
	bool tls_at_once, has_pin;
	struct fingerprint pin;
	struct resume *resume;		/* borrowed; or NULL */
	int timeout_ms;

	enum conn_state state;
	GSource *source;		/* owned */
	gpointer tag;			/* of the watch on fd; NULL: none */
	GIOCondition watched;
	int fd;				/* owned; -1: none */
	struct dial *dial;		/* owned; until connected */
	struct trust_job *trust_job;	/* owned; until loaded */
	struct trust *trust;		/* owned; NULL until then */
	struct error distrust;		/* why there is no trust */
	struct tls *tls;		/* owned; from the handshake on */
	int64_t deadline;		/* of the handshake; 0: none */
	struct deflate *deflate;	/* owned; from conn_compress on */

	struct buf out;
	size_t out_at;			/* of out, sent already */
	bool was_full;			/* `writable` is owed */
	bool is_paused;
	bool unread;			/* there may be more to read */
	bool read_blocked;		/* reading waits for POLLOUT */
	bool in_turn, is_woken, is_freed;
	enum tls_step last;		/* END or FAILED: of the transport */
	struct error last_why;		/* ... while there is more to inflate */
	bool is_failed;			/* `closed` is owed, with why */
	struct error why;
	char in[CONN_READ_SIZE];
};

/* conn.c */

/* A turn is wanted: at once, or right after the one that is running. */
void conn_wake(struct conn *conn);
/* The first reason stands; `closed` follows in this turn or the next. */
void conn_fail(struct conn *conn, const struct error *why);
/* Whether the turn may go on after a callback. */
bool conn_lives(const struct conn *conn);

/* conn_flow.c */

/* Reads and hands over, but no more than is fair to other connections. */
void conn_read(struct conn *conn);
/* Sends what the transport takes now of what is queued. */
void conn_write_out(struct conn *conn);
