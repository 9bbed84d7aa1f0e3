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
struct resume;

/* Everything is copied but `resume`. */
struct conn_settings {
	const char *host;		/* a name (also UTF-8) or an address */
	uint16_t port;
	bool tls_at_once;		/* else in clear until conn_starttls */
	const char *alpn;		/* "imap", "pop3", or NULL */
	const char *ca_file;		/* or NULL: the system's */
	const char *fingerprint;	/* as fingerprint.h reads it; or NULL */
	struct resume *resume;		/* borrowed: outlives the connection;
					   or NULL: resume.h */
	int connect_ms;			/* for each of connect and handshake;
					   0: 10 s */
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
	/*
	 * Bytes came; *in must be taken whole, also by an owner that calls
	 * conn_pause or conn_starttls from here.
	 */
	void (*received)(void *ctx, struct span in);
	/*
	 * conn_queued was at CONN_LOW or above and has fallen below it.  May
	 * be NULL.
	 */
	void (*writable)(void *ctx);
	/*
	 * Ended: error.kind is ERR_OK for an orderly end by the peer.  ERR_TLS
	 * is no secure channel or a certificate that is not believed, ERR_IO
	 * the network (also: no such host), ERR_TIMEOUT nobody answering,
	 * ERR_CONFIG a host, tls-ca or tls-fingerprint that cannot be used,
	 * ERR_PROTO compressed data that is damaged or cut short.
	 */
	void (*closed)(void *ctx, const struct error *error);
};

/* Never NULL: what is wrong with the settings comes as `closed`, too. */
struct conn *conn_open(const struct conn_settings *settings,
    const struct conn_events *events, void *ctx);
/*
 * Closes at once and drops what is queued; from within any callback, too.
 * NULL is fine.
 */
void conn_free(struct conn *conn);
/*
 * Queues bytes; they leave as the socket takes them, and with tls_at_once or
 * after conn_starttls only under TLS.  Does nothing once it has ended.
 */
void conn_write(struct conn *conn, struct span out);
/* Octets queued and not yet sent: stop giving more above CONN_HIGH. */
size_t conn_queued(const struct conn *conn);
enum { CONN_HIGH = 256 * 1024, CONN_LOW = 64 * 1024 };
/*
 * Starts the handshake; to be called once, in clear.  `leftover` is what the
 * engine has not consumed: anything but 0 is an injection and closes the
 * connection with ERR_TLS, as does a server that agreed while the request
 * was still queued here.
 */
void conn_starttls(struct conn *conn, size_t leftover);
/*
 * From here on everything is deflated, both ways (RFC 4978); to be called
 * once, with a connection that is as secure as it will be.  `behind` are the
 * octets that came behind the peer's agreement: they are compressed already,
 * and come again through `received`, after this call.  `received` then gets
 * pieces of at most DEFLATE_PIECE octets, however much is packed into what
 * came; conn_queued counts what is deflated.
 */
void conn_compress(struct conn *conn, struct span behind);
bool conn_is_secure(const struct conn *conn);
/* The server took up an earlier session; once secure. */
bool conn_is_resumed(const struct conn *conn);
/* "TLS1.3", or "" in clear: for the activity screen. */
const char *conn_protocol(const struct conn *conn);
/*
 * Stop and go on reading: back-pressure for an owner that cannot keep up.  A
 * peer that hangs up is noticed when reading goes on.
 */
void conn_pause(struct conn *conn, bool paused);
