/* SPDX-License-Identifier: MIT */
/*
 * The certificates that a connection trusts: the system's, or those of one
 * file.  Reading the system's takes tens of milliseconds, so a thread does
 * it while the name is looked up and the socket connects.
 */
#pragma once

#include <gnutls/gnutls.h>

#include "base/err.h"

struct trust;		/* opaque: roots, once loaded */
struct trust_job;	/* opaque: gone once ready was called */

enum trust_kind {
	TRUST_SYSTEM,
	TRUST_FILE,
	TRUST_NOBODY,	/* a pinned certificate needs no root */
};

/* trust is the callee's, or NULL, and then error tells why. */
typedef void trust_ready(void *ctx, struct trust *trust,
    const struct error *error);

/*
 * Calls ready in the context that is the thread-default one now, never inside
 * this call.  ca_file: for TRUST_FILE.
 */
struct trust_job *trust_load(enum trust_kind kind, const char *ca_file,
    trust_ready *ready, void *ctx);
/* Waits for the thread: disk, never the network.  NULL is fine. */
void trust_cancel(struct trust_job *job);
void trust_free(struct trust *trust);		/* NULL is fine */

gnutls_certificate_credentials_t trust_credentials(const struct trust *trust);
