/* SPDX-License-Identifier: MIT */
#include "tests/bench/bare_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

void
wire_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
	exit(1);
}

double
wire_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int
dial(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
		wire_die("cannot connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

void
wire_open(struct wire *wire, unsigned port)
{
	gnutls_certificate_credentials_t credentials;
	int fd = dial(port), err;

	gnutls_certificate_allocate_credentials(&credentials);
	gnutls_init(&wire->tls, GNUTLS_CLIENT);
	gnutls_set_default_priority(wire->tls);
	gnutls_credentials_set(wire->tls, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(wire->tls, fd);	/* evaluates it twice */
	do
		err = gnutls_handshake(wire->tls);
	while (err < 0 && !gnutls_error_is_fatal(err));
	if (err < 0)
		wire_die(gnutls_strerror(err));
}

/* Raw deflate, as large a window as there is. */
void
wire_compress(struct wire *wire)
{
	if (inflateInit2(&wire->in, -15) != Z_OK ||
	    deflateInit2(&wire->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		wire_die("cannot compress");
	wire->is_compressed = true;
}

static void
send_all(struct wire *wire, struct span s)
{
	while (s.n) {
		ssize_t n = gnutls_record_send(wire->tls, s.p, s.n);

		if (n < 0)
			wire_die("cannot send");
		span_take(&s, (size_t)n);
	}
}

void
wire_say(struct wire *wire, struct span text)
{
	char packed[WIRE_LINE_MAX];

	if (!wire->is_compressed) {
		send_all(wire, text);
		return;
	}
	wire->out.next_in = (Bytef *)text.p;
	wire->out.avail_in = (uInt)text.n;
	do {
		wire->out.next_out = (Bytef *)packed;
		wire->out.avail_out = sizeof packed;
		deflate(&wire->out, Z_SYNC_FLUSH);
		send_all(wire, (struct span){ packed,
		    sizeof packed - wire->out.avail_out });
	} while (wire->out.avail_out == 0);
}

/* Never nothing: that would be the end of the connection. */
static size_t
receive(struct wire *wire, char *p, size_t size)
{
	ssize_t n;

	do	/* a session ticket is no data */
		n = gnutls_record_recv(wire->tls, p, size);
	while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
	if (n <= 0)
		wire_die(n < 0 ? gnutls_strerror((int)n) :
		    "the server hung up");
	wire->octets += (uint64_t)n;
	return (size_t)n;
}

static size_t
receive_packed(struct wire *wire, char *p, size_t size)
{
	z_stream *in = &wire->in;
	int rc = Z_OK;

	in->next_out = (Bytef *)p;
	in->avail_out = (uInt)size;
	/* Before more is read: inflate may still hold what did not fit. */
	while (rc == Z_OK && in->avail_out == size) {
		if (in->avail_in == 0) {
			in->next_in = (Bytef *)wire->packed;
			in->avail_in = (uInt)receive(wire, wire->packed,
			    sizeof wire->packed);
		}
		rc = inflate(in, Z_SYNC_FLUSH);
	}
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		wire_die("the server's deflate is damaged");
	return size - in->avail_out;
}

/* Keeps the last `keep` octets that were not looked at, and adds to them. */
static void
more(struct wire *wire, size_t keep)
{
	struct span rest = { wire->held + wire->at, wire->n - wire->at };
	size_t room;

	if (keep > rest.n)
		keep = rest.n;
	memmove(wire->held, rest.p + rest.n - keep, keep);
	wire->at = 0;
	wire->n = keep;
	room = sizeof wire->held - wire->n;
	wire->n += wire->is_compressed ?
	    receive_packed(wire, wire->held + wire->n, room) :
	    receive(wire, wire->held + wire->n, room);
}

void
wire_drain(struct wire *wire, const char *mark)
{
	size_t m = strlen(mark);

	for (;;) {
		const char *from = wire->held + wire->at;
		const char *found = memmem(from, wire->n - wire->at, mark, m);

		if (found) {
			wire->at += (size_t)(found - from) + m;
			return;
		}
		more(wire, m - 1);
	}
}

struct span
wire_line(struct wire *wire)
{
	for (;;) {
		struct span rest = { wire->held + wire->at,
			wire->n - wire->at };
		size_t n = span_find(rest, SPAN_LIT("\r\n"));

		if (n != SIZE_MAX) {
			wire->at += n + 2;
			return span_take(&rest, n);
		}
		if (rest.n > WIRE_LINE_MAX)
			wire_die("a line is too long");
		more(wire, rest.n);
	}
}
