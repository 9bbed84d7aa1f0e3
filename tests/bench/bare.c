/* SPDX-License-Identifier: MIT */
/*
 * The floor: a bare TLS socket that asks for the same bytes as surat does
 * and throws them away.  Prints the seconds from connect to the last byte.
 *
 *   bare imap PORT USER PASSWORD     headers of every message of INBOX
 *   bare pop3 PORT USER PASSWORD     every letter, pipelined
 */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

struct bare {
	gnutls_session_t tls;
	char held[1 << 16];	/* received, from `at` on not yet looked at */
	size_t at, n;
	unsigned long long octets;
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "bare: %s\n", what);
	exit(1);
}

static double
now(void)
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
		die("cannot connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void
secure(struct bare *b, int fd)
{
	gnutls_certificate_credentials_t credentials;
	int err;

	gnutls_certificate_allocate_credentials(&credentials);
	gnutls_init(&b->tls, GNUTLS_CLIENT);
	gnutls_set_default_priority(b->tls);
	gnutls_credentials_set(b->tls, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(b->tls, fd);
	do
		err = gnutls_handshake(b->tls);
	while (err < 0 && !gnutls_error_is_fatal(err));
	if (err < 0)
		die(gnutls_strerror(err));
}

static void
say(struct bare *b, struct span s)
{
	while (s.n) {
		ssize_t n = gnutls_record_send(b->tls, s.p, s.n);

		if (n < 0)
			die("cannot send");
		span_take(&s, (size_t)n);
	}
}

/* Reads until the mark came by; what follows it is kept for the next. */
static void
drain(struct bare *b, const char *mark)
{
	size_t m = strlen(mark);

	for (;;) {
		struct span rest = { b->held + b->at, b->n - b->at };
		const char *found = memmem(rest.p, rest.n, mark, m);
		ssize_t n;

		if (found) {
			b->at += (size_t)(found - rest.p) + m;
			return;
		}
		b->n = rest.n < m ? rest.n : m - 1;
		memmove(b->held, rest.p + rest.n - b->n, b->n);
		b->at = 0;
		do	/* a session ticket is no data */
			n = gnutls_record_recv(b->tls, b->held + b->n,
			    sizeof b->held - b->n);
		while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
		if (n <= 0)
			die(n < 0 ? gnutls_strerror((int)n) : "the server hung up");
		b->octets += (unsigned long long)n;
		b->n += (size_t)n;
	}
}

/* The number at which the input stands. */
static unsigned
number(struct bare *b)
{
	char digits[16] = "";

	for (size_t i = 0; i < sizeof digits - 1 && b->at + i < b->n; i++)
		digits[i] = b->held[b->at + i];
	drain(b, "\r\n");
	return (unsigned)strtoul(digits, NULL, 10);
}

static void
imap(struct bare *b, const char *user, const char *password)
{
	struct buf out = { 0 };

	drain(b, "\r\n");
	buf_printf(&out, "a LOGIN %s %s\r\n", user, password);
	say(b, buf_span(&out));
	drain(b, "a OK");
	say(b, SPAN_LIT("b SELECT INBOX\r\n"));
	drain(b, "\r\nb OK");
	say(b, SPAN_LIT("c UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE "
	    "MODSEQ BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER REPLY-TO TO CC BCC "
	    "SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID LIST-UNSUBSCRIBE "
	    "LIST-UNSUBSCRIBE-POST AUTHENTICATION-RESULTS CONTENT-TYPE "
	    "DISPOSITION-NOTIFICATION-TO AUTOCRYPT IMPORTANCE X-PRIORITY)])\r\n"));
	drain(b, "\r\nc OK");
	buf_fini(&out);
}

static void
pop3(struct bare *b, const char *user, const char *password)
{
	struct buf out = { 0 };
	unsigned count = 0;

	drain(b, "\r\n");
	buf_printf(&out, "USER %s\r\n", user);
	say(b, buf_span(&out));
	drain(b, "\r\n");
	buf_reset(&out);
	buf_printf(&out, "PASS %s\r\n", password);
	say(b, buf_span(&out));
	drain(b, "\r\n");
	say(b, SPAN_LIT("STAT\r\n"));
	drain(b, "+OK ");
	count = number(b);
	/* The listings that any client needs as well. */
	say(b, SPAN_LIT("UIDL\r\n"));
	drain(b, "\r\n.\r\n");
	say(b, SPAN_LIT("LIST\r\n"));
	drain(b, "\r\n.\r\n");
	for (unsigned next = 1, done = 0; done < count; done++) {
		buf_reset(&out);
		for (; next <= count && next <= done + 32; next++)
			buf_printf(&out, "RETR %u\r\n", next);
		say(b, buf_span(&out));
		drain(b, "\r\n.\r\n");
	}
	buf_fini(&out);
}

int
main(int argc, char **argv)
{
	static struct bare b;
	double start = now();

	if (argc != 5)
		die("usage: bare imap|pop3 PORT USER PASSWORD");
	secure(&b, dial((unsigned)strtoul(argv[2], NULL, 10)));
	if (strcmp(argv[1], "imap") == 0)
		imap(&b, argv[3], argv[4]);
	else
		pop3(&b, argv[3], argv[4]);
	printf("%.4f\n", now() - start);
	fprintf(stderr, "%llu octets\n", b.octets);
	return 0;
}
