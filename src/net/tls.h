/* SPDX-License-Identifier: MIT */
/*
 * A GnuTLS client session over a connected, non-blocking socket: TLS 1.2 or
 * 1.3, SNI, ALPN, the server's certificate checked during the handshake (see
 * certificate.h).  No renegotiation, no early data.  A session that is
 * resumed shows no certificate: the one of the session before is checked,
 * by the same rules, before the handshake counts as done.
 *
 * Knows no loop: each call does what it can at once and says WAIT when the
 * socket has to become ready first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "src/net/fingerprint.h"
#include "src/net/host.h"

struct tls;	/* opaque */
struct resume;
struct trust;

enum tls_step {
	TLS_DONE,	/* done; for tls_read: *got octets, maybe 0 */
	TLS_WAIT,	/* the socket must become readable or writable */
	TLS_END,	/* the peer said goodbye (close_notify) */
	TLS_FAILED,	/* *e tells; the session is of no more use */
};

struct tls_settings {
	const struct host *host;		/* copied */
	uint16_t port;
	const char *alpn;			/* copied; or NULL */
	const struct fingerprint *pin;		/* copied; or NULL */
	const struct trust *trust;		/* borrowed: outlives the tls */
	struct resume *resume;			/* the same; NULL: never */
};

/* fd stays the caller's and must outlive the session. */
enum err tls_new(const struct tls_settings *settings, int fd,
    struct tls **out, struct error *e);
/* Says goodbye when the socket takes it at once.  NULL is fine. */
void tls_free(struct tls *tls);

enum tls_step tls_handshake(struct tls *tls, struct error *e);
/*
 * Fills `to` as far as there is something.  DONE with less than size octets
 * says nothing about what is left: only WAIT says that all was read.
 */
enum tls_step tls_read(struct tls *tls, char *to, size_t size, size_t *got,
    struct error *e);
/*
 * Sends a prefix of out.  After WAIT the same bytes must stand at the start
 * of the next call's.
 */
enum tls_step tls_write(struct tls *tls, struct span out, size_t *sent,
    struct error *e);
/* After WAIT: the socket must become writable (too). */
bool tls_wants_write(const struct tls *tls);
/* Taken up from an earlier connection; once the handshake is done. */
bool tls_is_resumed(const struct tls *tls);
/* "TLS1.3"; once the handshake is done. */
const char *tls_version(const struct tls *tls);
