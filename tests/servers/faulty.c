/* SPDX-License-Identifier: MIT */
/*
 * A server that misbehaves: listens on a free loopback port, writes the
 * number to a file, and treats every connection in the way it was told:
 * hang-up, nonsense, early-bye, hang; or, speaking SMTP, dot-421.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;		/* the client has gone: so be it */
}

/* Takes one letter, and answers its dot with good-bye. */
static void
serve_one_letter(int fd)
{
	FILE *in = fdopen(dup(fd), "r");
	bool is_letter = false;
	char line[1200];

	say(fd, "220 localhost\r\n");
	while (in && fgets(line, sizeof line, in)) {
		if (is_letter && strcmp(line, ".\r\n") == 0)
			break;
		if (is_letter)
			continue;
		is_letter = strcmp(line, "DATA\r\n") == 0;
		say(fd, is_letter ? "354 go on\r\n" : "250 fine\r\n");
	}
	say(fd, "421 4.3.2 going down\r\n");
	if (in)
		fclose(in);
}

static void
serve(int fd, const char *mode)
{
	char c;

	if (strcmp(mode, "nonsense") == 0)
		say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n<html>\r\n");
	else if (strcmp(mode, "early-bye") == 0)
		say(fd, "* BYE too many connections\r\n");
	else if (strcmp(mode, "hang") == 0)
		while (read(fd, &c, 1) > 0)
			continue;
	else if (strcmp(mode, "dot-421") == 0)
		serve_one_letter(fd);
	close(fd);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	if (argc != 3 || fd < 0 || bind(fd, (struct sockaddr *)&at, n) != 0 ||
	    listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		return 1;
	f = fopen(argv[2], "w");
	if (!f)
		return 1;
	fprintf(f, "%d\n", ntohs(at.sin_port));
	fclose(f);
	for (;;) {
		int peer = accept(fd, NULL, NULL);

		if (peer >= 0)
			serve(peer, argv[1]);
	}
}
