/* SPDX-License-Identifier: MIT */
/*
 * GnuTLS reads a record with two calls, header and body; here it reads from
 * a buffer that one recv fills with many records.  The price is that bytes
 * may wait where poll cannot see them, and that GNUTLS_E_AGAIN, which also
 * follows a session ticket, does not prove that nothing is left.  So the
 * transport itself keeps the truth: `starved` and `blocked` are set where
 * recv and send said EAGAIN, and TLS_WAIT is said only when one of them is.
 */
#include "src/net/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/xalloc.h"
#include "src/net/certificate.h"
#include "src/net/clear.h"
#include "src/net/resume.h"
#include "src/net/trust.h"

enum {
	READ_AHEAD = 64 * 1024,
	/* Records without a byte for us (tickets, alerts) in one call. */
	MAX_EMPTY = 32,
};

static const char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

struct tls {
	gnutls_session_t session;	/* owned */
	int fd;				/* borrowed */
	struct host host;
	uint16_t port;
	bool has_pin;
	struct fingerprint pin;
	char alpn[16];			/* "" when not asked for */
	bool starved, blocked;		/* recv, send said EAGAIN */
	bool ended;			/* recv said 0 */
	bool is_sending;		/* a record is half sent */
	struct resume *resume;		/* borrowed; or NULL */
	bool is_verified;		/* the certificate is believed */
	bool is_open;			/* secure, and not ended yet */
	int sys;			/* errno of the socket, or 0 */
	struct error distrust;		/* what certificate_check said */
	size_t ahead_at, ahead_n;
	char ahead[READ_AHEAD];		/* received, not yet decrypted */
};

static ssize_t
transport_fail(struct tls *tls, int sys)
{
	if (sys != EAGAIN && sys != EWOULDBLOCK && sys != EINTR)
		tls->sys = sys;
	gnutls_transport_set_errno(tls->session, sys);
	return -1;
}

static ssize_t
transport_pull(gnutls_transport_ptr_t p, void *to, size_t size)
{
	struct tls *tls = p;
	size_t n = tls->ahead_n - tls->ahead_at;

	if (n == 0) {
		ssize_t got = recv(tls->fd, tls->ahead, sizeof tls->ahead, 0);

		if (got < 0) {
			tls->starved = errno == EAGAIN || errno == EWOULDBLOCK;
			return transport_fail(tls, errno);
		}
		if (got == 0) {
			tls->ended = true;
			return 0;
		}
		tls->ahead_at = 0;
		tls->ahead_n = n = (size_t)got;
	}
	if (n > size)
		n = size;
	memcpy(to, tls->ahead + tls->ahead_at, n);
	tls->ahead_at += n;
	return (ssize_t)n;
}

static ssize_t
transport_push(gnutls_transport_ptr_t p, const giovec_t *vec, int n)
{
	struct tls *tls = p;
	struct msghdr msg = {
		.msg_iov = (struct iovec *)vec,	/* giovec_t is an iovec */
		.msg_iovlen = (size_t)n,
	};
	ssize_t sent = sendmsg(tls->fd, &msg, MSG_NOSIGNAL);

	if (sent >= 0)
		return sent;
	tls->blocked = errno == EAGAIN || errno == EWOULDBLOCK;
	return transport_fail(tls, errno);
}

/* During the handshake, before anything of ours has left. */
static int
verify_certificate(gnutls_session_t session)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	tls->is_verified = certificate_check(session, &tls->host,
	    tls->has_pin ? &tls->pin : NULL, &tls->distrust) == ERR_OK;
	return tls->is_verified ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

static int
tls_set_up(struct tls *tls, const struct trust *trust)
{
	gnutls_datum_t alpn = { (unsigned char *)tls->alpn,
		(unsigned)strlen(tls->alpn) };
	int rc = gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
	    (tls->resume ? 0 : GNUTLS_NO_TICKETS));

	if (rc < 0) {
		tls->session = NULL;
		return rc;
	}
	gnutls_session_set_ptr(tls->session, tls);
	gnutls_transport_set_ptr(tls->session, tls);
	gnutls_transport_set_pull_function(tls->session, transport_pull);
	gnutls_transport_set_vec_push_function(tls->session, transport_push);
	/* The owner has a clock of its own. */
	gnutls_handshake_set_timeout(tls->session, 0);
	gnutls_session_set_verify_function(tls->session, verify_certificate);
	rc = gnutls_priority_set_direct(tls->session, priorities, NULL);
	if (rc >= 0)
		rc = gnutls_credentials_set(tls->session,
		    GNUTLS_CRD_CERTIFICATE, trust_credentials(trust));
	/* RFC 6066 3: SNI holds no literal address. */
	if (rc >= 0 && !tls->host.is_literal)
		rc = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS,
		    tls->host.name, strlen(tls->host.name));
	if (rc >= 0 && alpn.size > 0)
		rc = gnutls_alpn_set_protocols(tls->session, &alpn, 1, 0);
	if (rc >= 0 && tls->resume)
		resume_show(tls->resume, tls->session);
	return rc;
}

enum err
tls_new(const struct tls_settings *settings, int fd, struct tls **out,
    struct error *e)
{
	struct tls *tls = xcalloc(1, sizeof *tls);
	int rc;

	tls->fd = fd;
	tls->host = *settings->host;
	tls->port = settings->port;
	tls->resume = settings->resume;
	if (settings->pin) {
		tls->has_pin = true;
		tls->pin = *settings->pin;
	}
	if (settings->alpn)
		strncpy(tls->alpn, settings->alpn, sizeof tls->alpn - 1);
	rc = tls_set_up(tls, settings->trust);
	if (rc < 0) {
		tls_free(tls);
		return error_set(e, ERR_TLS, "cannot set up TLS with %.100s: "
		    "%s", settings->host->name, gnutls_strerror(rc));
	}
	*out = tls;
	return ERR_OK;
}

void
tls_free(struct tls *tls)
{
	if (!tls)
		return;
	/* Now, for the server may send a newer one at any time. */
	if (tls->resume && tls->is_verified)
		resume_keep(tls->resume, tls->session);
	if (tls->is_open && !tls->is_sending)
		gnutls_bye(tls->session, GNUTLS_SHUT_WR);
	if (tls->session)
		gnutls_deinit(tls->session);
	free(tls);
}

static enum tls_step
fail_alert(const struct tls *tls, struct error *e)
{
	gnutls_alert_description_t alert = gnutls_alert_get(tls->session);
	const char *name = gnutls_alert_get_name(alert);

	if (alert == GNUTLS_A_PROTOCOL_VERSION)
		error_set(e, ERR_TLS, "%.100s speaks no TLS 1.2 or newer; "
		    "older versions are not safe", tls->host.name);
	else
		error_set(e, ERR_TLS, "%.100s ended TLS with the alert \"%s\"",
		    tls->host.name, name ? name : "unknown");
	return TLS_FAILED;
}

/* What all three calls can meet; rc is a fatal code. */
static enum tls_step
tls_fail(struct tls *tls, int rc, struct error *e)
{
	tls->is_open = false;
	if (tls->sys != 0)
		return clear_fail(tls->sys, &tls->host, e);
	if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
		return fail_alert(tls, e);
	if (tls->ended) {
		error_set(e, ERR_TLS, "%.100s closed the connection without "
		    "ending TLS; what came last may be cut short",
		    tls->host.name);
		return TLS_FAILED;
	}
	gnutls_alert_send_appropriate(tls->session, rc);
	error_set(e, ERR_TLS, "TLS with %.100s failed: %s", tls->host.name,
	    gnutls_strerror(rc));
	return TLS_FAILED;
}

static enum tls_step
handshake_fail(struct tls *tls, int rc, struct error *e)
{
	switch (rc) {
	case GNUTLS_E_CERTIFICATE_ERROR:
		if (tls->distrust.kind == ERR_OK)
			break;
		gnutls_alert_send_appropriate(tls->session, rc);
		if (e)
			*e = tls->distrust;
		return TLS_FAILED;
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
		gnutls_alert_send_appropriate(tls->session, rc);
		error_set(e, ERR_TLS, "%.100s speaks no TLS 1.2 or newer; "
		    "older versions are not safe", tls->host.name);
		return TLS_FAILED;
	case GNUTLS_E_UNEXPECTED_PACKET:
	case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
	case GNUTLS_E_RECORD_OVERFLOW:
		if (tls->sys != 0 || tls->ended)
			break;
		error_set(e, ERR_TLS, "%.100s does not speak TLS on port %u; "
		    "are scheme and port right?", tls->host.name,
		    (unsigned)tls->port);
		return TLS_FAILED;
	}
	if (tls->ended && tls->sys == 0) {
		error_set(e, ERR_TLS, "%.100s closed the connection during the "
		    "TLS handshake", tls->host.name);
		return TLS_FAILED;
	}
	return tls_fail(tls, rc, e);
}

/* ALPACA: a server of another protocol must not answer for this one. */
static enum tls_step
check_alpn(const struct tls *tls, struct error *e)
{
	gnutls_datum_t chosen;

	if (gnutls_alpn_get_selected_protocol(tls->session, &chosen) < 0 ||
	    span_eq((struct span){ (char *)chosen.data, chosen.size },
	    span_of(tls->alpn)))
		return TLS_DONE;
	error_set(e, ERR_TLS, "%.100s speaks another protocol than %s on port "
	    "%u", tls->host.name, tls->alpn, (unsigned)tls->port);
	return TLS_FAILED;
}

/* The session is there; is it one to be used? */
static enum tls_step
handshake_done(struct tls *tls, struct error *e)
{
	if (!tls->is_verified && verify_certificate(tls->session) != 0)
		return handshake_fail(tls, GNUTLS_E_CERTIFICATE_ERROR, e);
	tls->is_open = true;
	return check_alpn(tls, e);
}

/* Whether a code that is not fatal asks for the socket. */
static bool
must_wait(const struct tls *tls)
{
	return tls->starved || tls->blocked;
}

enum tls_step
tls_handshake(struct tls *tls, struct error *e)
{
	tls->starved = tls->blocked = false;
	for (int empty = 0; empty < MAX_EMPTY; empty++) {
		int rc = gnutls_handshake(tls->session);

		if (rc == GNUTLS_E_SUCCESS)
			return handshake_done(tls, e);
		if (gnutls_error_is_fatal(rc))
			return handshake_fail(tls, rc, e);
		if (must_wait(tls))
			return TLS_WAIT;
	}
	error_set(e, ERR_TLS, "%.100s does not get on with the TLS handshake",
	    tls->host.name);
	return TLS_FAILED;
}

static enum tls_step
read_failed(struct tls *tls, int rc, struct error *e)
{
	if (rc != GNUTLS_E_REHANDSHAKE)
		return tls_fail(tls, rc, e);
	gnutls_alert_send(tls->session, GNUTLS_AL_FATAL,
	    GNUTLS_A_NO_RENEGOTIATION);
	tls->is_open = false;
	error_set(e, ERR_TLS, "%.100s wants to negotiate TLS again, which is "
	    "not safe", tls->host.name);
	return TLS_FAILED;
}

enum tls_step
tls_read(struct tls *tls, char *to, size_t size, size_t *got, struct error *e)
{
	*got = 0;
	tls->starved = tls->blocked = false;
	for (int empty = 0; *got < size && empty < MAX_EMPTY;) {
		ssize_t rc = gnutls_record_recv(tls->session, to + *got,
		    size - *got);

		if (rc > 0) {
			*got += (size_t)rc;
			continue;
		}
		if (rc == 0) {
			tls->is_open = false;
			return TLS_END;
		}
		if (rc == GNUTLS_E_REHANDSHAKE ||
		    gnutls_error_is_fatal((int)rc))
			return read_failed(tls, (int)rc, e);
		if (must_wait(tls))
			return TLS_WAIT;
		empty++;
	}
	return TLS_DONE;
}

enum tls_step
tls_write(struct tls *tls, struct span out, size_t *sent, struct error *e)
{
	*sent = 0;
	tls->starved = tls->blocked = false;
	while (*sent < out.n) {
		/* A record that was cut is finished without new bytes. */
		ssize_t rc = tls->is_sending ?
		    gnutls_record_send(tls->session, NULL, 0) :
		    gnutls_record_send(tls->session, out.p + *sent,
			out.n - *sent);

		if (rc >= 0) {
			tls->is_sending = false;
			*sent += (size_t)rc;
			continue;
		}
		if (gnutls_error_is_fatal((int)rc))
			return tls_fail(tls, (int)rc, e);
		tls->is_sending = true;
		if (must_wait(tls))
			return TLS_WAIT;
	}
	return TLS_DONE;
}

bool
tls_wants_write(const struct tls *tls)
{
	return tls->blocked;
}

bool
tls_is_resumed(const struct tls *tls)
{
	return gnutls_session_is_resumed(tls->session);
}

const char *
tls_version(const struct tls *tls)
{
	return gnutls_protocol_get_name(
	    gnutls_protocol_get_version(tls->session));
}
