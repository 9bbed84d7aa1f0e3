/* SPDX-License-Identifier: MIT */
/*
 * One SASL exchange, by gsasl: SCRAM-SHA-256, PLAIN, LOGIN.  RFC 4422,
 * 5802, 7677, 4616.  The engines speak base64 lines with it; framing
 * ("AUTHENTICATE X", "+ ", "334 ") is theirs.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "protocol/session.h"

struct sasl;	/* opaque; one thread */

/* Limits against a hostile server. */
enum {
	SASL_CHALLENGE_MAX = 12288,	/* octets of base64; RFC 4954 4 */
	SASL_ITERATIONS_MAX = 1000000,	/* of SCRAM: about a second */
};

/*
 * The best mechanism of a blank-separated list as servers announce it
 * ("PLAIN LOGIN SCRAM-SHA-256"), in the order SCRAM-SHA-256, PLAIN, LOGIN,
 * skipping those in the mask ("AUTH=PLAIN").  The empty span when none fits.
 * What is returned is static.
 */
struct span sasl_choose(struct span announced,
    const struct session_settings *settings);

/*
 * Starts an exchange with a mechanism that sasl_choose returned.  service
 * is "imap", "pop" or "smtp", and static.  ERR_AUTH when gsasl cannot do the
 * mechanism, or the user or password cannot be sent (no user, a NUL).
 */
enum err sasl_new(struct span mechanism, const char *service,
    const struct session_settings *settings, struct sasl **out,
    struct error *e);
void sasl_free(struct sasl *sasl);

/* True when the client speaks first (PLAIN, SCRAM): allows SASL-IR. */
bool sasl_client_first(const struct sasl *sasl);

/*
 * One round: challenge is the server's base64 text (empty at the start of
 * a client-first mechanism, whatever the server says there; anything at all
 * with LOGIN); the base64 answer is appended to *answer, which the caller
 * must overwrite after sending (protocol/secret.h).  The answer may be
 * empty, as after SCRAM's last challenge: an empty line is sent then.
 * ERR_AUTH when the server's proof is wrong, its challenge is nonsense or
 * over a limit, or it asks on after the end.
 */
enum err sasl_step(struct sasl *sasl, struct span challenge,
    struct buf *answer, struct error *e);

/*
 * Whether the exchange may end in success now: with SCRAM only once the
 * server's signature was verified.  The engine must refuse an OK before.
 */
bool sasl_is_complete(const struct sasl *sasl);
