/* SPDX-License-Identifier: MIT */
#include "tests/net/peer.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool
link_handshake(struct link *link)
{
	int rc;

	gnutls_init(&link->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
	gnutls_priority_set_direct(link->session,
	    link->priorities ? link->priorities : "NORMAL", NULL);
	gnutls_credentials_set(link->session, GNUTLS_CRD_CERTIFICATE,
	    link->certs->server);
	if (link->alpn) {
		gnutls_datum_t name = { (unsigned char *)link->alpn,
			(unsigned)strlen(link->alpn) };

		gnutls_alpn_set_protocols(link->session, &name, 1,
		    GNUTLS_ALPN_MANDATORY);
	}
	if (link->ticket_key)
		gnutls_session_ticket_enable_server(link->session,
		    link->ticket_key);
	gnutls_transport_set_int(link->session, link->fd);
	do {
		rc = gnutls_handshake(link->session);
	} while (rc < 0 && !gnutls_error_is_fatal(rc));
	if (rc < 0)
		gnutls_alert_send_appropriate(link->session, rc);
	return rc == 0;
}

bool
link_write(struct link *link, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t sent = link->session ?
		    gnutls_record_send(link->session, at, n) :
		    send(link->fd, at, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

bool
link_puts(struct link *link, const char *s)
{
	return link_write(link, s, strlen(s));
}

size_t
link_read(struct link *link, void *p, size_t n)
{
	ssize_t got = link->session ? gnutls_record_recv(link->session, p, n) :
	    recv(link->fd, p, n, 0);

	return got > 0 ? (size_t)got : 0;
}

bool
link_gets(struct link *link, char *line, size_t size)
{
	for (size_t n = 0; n < size; n++) {
		if (link_read(link, line + n, 1) == 0)
			return false;
		if (line[n] == '\n') {
			line[n] = '\0';
			return true;
		}
	}
	return false;
}

void
link_bye(struct link *link)
{
	gnutls_bye(link->session, GNUTLS_SHUT_WR);
}

void
link_wait_closed(struct link *link)
{
	char rest[4096];

	while (recv(link->fd, rest, sizeof rest, 0) > 0)
		;
}

static void *
peer_run(void *p)
{
	struct peer *peer = p;
	int fd;

	while ((fd = accept(peer->listener, NULL, NULL)) >= 0) {
		struct link link = peer->link;

		link.fd = fd;
		atomic_fetch_add(&peer->accepted, 1);
		peer->serve(&link);
		if (link.session)
			gnutls_deinit(link.session);
		close(fd);
	}
	return NULL;
}

static socklen_t
to_address(const char *text, struct sockaddr_storage *sa)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)sa;

	*sa = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		return sizeof *v6;
	}
	cr_assert_eq(inet_pton(AF_INET, text, &v4->sin_addr), 1);
	v4->sin_family = AF_INET;
	return sizeof *v4;
}

bool
peer_start(struct peer *peer)
{
	struct sockaddr_storage sa;
	socklen_t size = to_address(peer->address ? peer->address :
	    "127.0.0.1", &sa);

	peer->listener = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (peer->listener < 0 ||
	    bind(peer->listener, (struct sockaddr *)&sa, size) < 0) {
		if (peer->listener >= 0)
			close(peer->listener);
		return false;
	}
	getsockname(peer->listener, (struct sockaddr *)&sa, &size);
	/* Both families keep the port at the same place. */
	peer->port = ntohs(((struct sockaddr_in *)&sa)->sin_port);
	if (!peer->serve)
		return true;
	cr_assert_eq(listen(peer->listener, 8), 0);
	cr_assert_eq(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
	return true;
}

void
peer_stop(struct peer *peer)
{
	if (peer->serve) {
		shutdown(peer->listener, SHUT_RDWR);
		pthread_join(peer->thread, NULL);
	}
	close(peer->listener);
}
