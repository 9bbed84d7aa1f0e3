/* SPDX-License-Identifier: MIT */
/*
 * A connection: resolve, connect (IPv6 and IPv4, the faster wins: RFC 8305),
 * TLS by GnuTLS, as an event source of the thread's own GMainContext.  The
 * callbacks run in that context, never inside a call of this header.
 *
 * TLS: at least 1.2, SNI, the certificate checked against the host that the
 * user typed; `ca_file` replaces the system's roots; `fingerprint` pins one
 * certificate for this host instead of the chain.  A close without
 * close_notify is an error.
 *
 * Threads: a connection belongs to the thread whose context is the
 * thread-default one when it is opened.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

struct conn;	/* opaque */

struct conn_settings {
	const char *host;
	uint16_t port;
	bool tls_at_once;		/* implicit TLS; else clear until conn_starttls */
	const char *alpn;		/* "imap", "pop3", or NULL */
	const char *ca_file;		/* or NULL: the system's */
	const char *fingerprint;	/* "sha256:..." hex, colons allowed; or NULL */
	int connect_ms;			/* 0: 10 s for each of connect, handshake */
};

/*
 * The owner's callbacks.  After `closed` nothing more comes, and the owner
 * calls conn_free (also from within the callback).
 */
struct conn_events {
	/* Connected, and with tls_at_once secured. */
	void (*connected)(void *ctx);
	/* The handshake that conn_starttls asked for is done. */
	void (*secured)(void *ctx);
	/* Bytes came; *in must be taken whole. */
	void (*received)(void *ctx, struct span in);
	/* The output has drained below its low-water mark. */
	void (*writable)(void *ctx);
	/* Ended: error.kind is ERR_OK for an orderly end by the peer. */
	void (*closed)(void *ctx, const struct error *error);
};

struct conn *conn_open(const struct conn_settings *settings,
    const struct conn_events *events, void *ctx);
void conn_free(struct conn *conn);	/* closes at once; NULL is fine */
/* Queues bytes; they leave as the socket takes them. */
void conn_write(struct conn *conn, struct span out);
/* Octets queued and not yet sent: stop giving more above CONN_HIGH. */
size_t conn_queued(const struct conn *conn);
enum { CONN_HIGH = 256 * 1024, CONN_LOW = 64 * 1024 };
/*
 * Starts the handshake.  `leftover` is what the engine has not consumed:
 * anything but 0 is an injection and closes the connection with ERR_TLS.
 */
void conn_starttls(struct conn *conn, size_t leftover);
bool conn_is_secure(const struct conn *conn);
/* "TLS1.3", or "" in clear: for the activity screen. */
const char *conn_protocol(const struct conn *conn);
/*
 * Stop and go on reading: back-pressure for an owner that cannot keep up.
 */
void conn_pause(struct conn *conn, bool paused);
