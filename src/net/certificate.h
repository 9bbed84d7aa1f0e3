/* SPDX-License-Identifier: MIT */
/*
 * Whether the certificate that a server shows is believed, and when not, the
 * sentence that says why and what to do.
 */
#pragma once

#include <gnutls/gnutls.h>

#include "base/err.h"
#include "src/net/fingerprint.h"
#include "src/net/host.h"

/*
 * To be called once the session has the server's certificates.  pin NULL:
 * the chain must lead to a trusted root, be valid now, be meant for a
 * server, and name the host in its subjectAltName (RFC 9525: a common name
 * alone is not believed).  Else the certificate must be the pinned one, and
 * nothing else matters.  ERR_OK or ERR_TLS.
 */
enum err certificate_check(gnutls_session_t session, const struct host *host,
    const struct fingerprint *pin, struct error *e);
