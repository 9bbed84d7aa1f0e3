/* SPDX-License-Identifier: MIT */
/*
 * Certificates made by the test: a root of its own and a server's
 * certificate with one thing wrong with it, or nothing.
 */
#pragma once

#include <gnutls/gnutls.h>

enum cert_kind {
	CERT_GOOD,		/* for localhost, 127.0.0.1 and ::1 */
	CERT_SELF_SIGNED,
	CERT_OTHER_HOST,	/* for mail.example.org */
	CERT_EXPIRED,
	CERT_NOT_YET,
	CERT_CN_ONLY,		/* common name localhost, no other name */
	CERT_WEAK,		/* signed with SHA-1 */
	CERT_CLIENT_ONLY,	/* extended key usage: client */
};

struct certs {
	gnutls_certificate_credentials_t server;
	char dir[64], ca_file[96];	/* the root, PEM */
	char fingerprint[80];		/* of the server's, "sha256:..." */
};

void certs_make(struct certs *certs, enum cert_kind kind);
void certs_free(struct certs *certs);	/* with the files */
