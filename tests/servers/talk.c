/* SPDX-License-Identifier: MIT */
/*
 * talk PORT USER PASSWORD < ACTS
 *
 * The IMAP engine alone, in clear, against a server on this machine: every
 * line is an act of tests/protocol/acts.h, which is done when nothing is in
 * flight any more.  "append SIZE NAME" must be followed by its "data"; its
 * line ends are written as "|".  Events go to standard output, a line each.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acts.h"
#include "base/cleanup.h"
#include "events.h"

struct talk {
	int fd;
	struct imap *imap;
};

static _Noreturn void
die(const char *why)
{
	fprintf(stderr, "talk: %s\n", why);
	exit(1);
}

static int
dial(const char *port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("cannot connect");
	return fd;
}

static void
say(const struct imap_event *event)
{
	CLEANUP(buf_fini) struct buf line = { 0 };

	if (event->kind == IMAP_BODY) {
		printf("body %.*s\n", SPAN_ARG(event->body.piece));
		return;
	}
	put_imap_event(&line, event);
	puts(buf_str(&line));
}

/* Sends what there is to send, and takes what came. */
static void
turn(struct talk *t, struct span in)
{
	struct imap_event event;
	enum step step;

	while ((step = imap_step(t->imap, &in, &event)) == STEP_EVENT)
		say(&event);
	if (step == STEP_ERROR)
		die(imap_error(t->imap)->text);
	while (imap_output(t->imap).n) {
		struct span out = imap_output(t->imap);
		ssize_t n = write(t->fd, out.p, out.n);

		if (n <= 0)
			die("cannot send");
		imap_sent(t->imap, (size_t)n);
	}
}

static void
hear(struct talk *t)
{
	char bytes[4096];
	ssize_t n = read(t->fd, bytes, sizeof bytes);

	if (n <= 0)
		die("the server closed the connection");
	turn(t, (struct span){ bytes, (size_t)n });
}

static void
act(struct talk *t, struct span line)
{
	CLEANUP(buf_fini) struct buf said = { 0 }, words = { 0 };

	buf_put(&words, line);
	for (size_t i = 0; i < words.n; i++)
		if (words.p[i] == '|')
			words.p[i] = '\n';
	printf("> %.*s\n", SPAN_ARG(line));
	if (!imap_act(t->imap, buf_span(&words), &said))
		die("no such act");
	if (said.n)
		puts(buf_str(&said));
	turn(t, (struct span){ NULL, 0 });
	while (imap_in_flight(t->imap) && imap_append_wants(t->imap) == 0)
		hear(t);
}

int
main(int argc, char **argv)
{
	struct session_settings settings = { .channel = CHANNEL_INSECURE };
	struct talk t;
	char line[4096];

	if (argc != 4)
		die("usage: talk PORT USER PASSWORD < ACTS");
	settings.credentials.user = span_of(argv[2]);
	settings.credentials.password = span_of(argv[3]);
	t.fd = dial(argv[1]);
	t.imap = imap_new(&settings);
	while (!imap_is_ready(t.imap))
		hear(&t);
	while (fgets(line, sizeof line, stdin))
		if (span_trim(span_of(line)).n)
			act(&t, span_trim(span_of(line)));
	imap_free(t.imap);
	close(t.fd);
	return 0;
}
