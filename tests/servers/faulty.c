/* SPDX-License-Identifier: MIT */
/*
 * A server that misbehaves: listens on a free loopback port, writes the
 * number to a file, and treats every connection in the way it was told:
 * hang-up, nonsense, early-bye, hang.
 */
#include <netinet/in.h>
#include <signal.h>
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
