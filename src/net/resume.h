/* SPDX-License-Identifier: MIT */
/*
 * What one server gave one account to take up TLS where it was left (RFC
 * 8446 2.2, RFC 5077): it saves the certificates and a signature each time
 * a connection is made again.  In memory alone, overwritten when it goes.
 *
 * One for each account and server, so that connections of two accounts are
 * not to be linked by the ticket they show.  A ticket is shown once (RFC
 * 8446 C.4), and never trusted for itself: the certificate that came with
 * it is checked again on every connection, see tls.h.
 *
 * Threads: that of the connections which use it.
 */
#pragma once

struct gnutls_session_int;	/* what a gnutls_session_t points to */
struct resume;			/* opaque */

struct resume *resume_new(void);
void resume_free(struct resume *resume);	/* NULL is fine */

/* For tls.c.  Before the handshake: shows the ticket, if there is one. */
void resume_show(struct resume *resume, struct gnutls_session_int *session);
/* Behind the handshake: keeps the newest ticket, if the server sent one. */
void resume_keep(struct resume *resume, struct gnutls_session_int *session);
