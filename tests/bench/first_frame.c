/* SPDX-License-Identifier: MIT */
/*
 * From exec to the first frame: runs the reader on a pty and prints the
 * milliseconds until the text (a stored subject) has reached the terminal.
 *
 *   first_frame TEXT PROGRAM ARGS...
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum { LIMIT_MS = 30000 };

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int
await_text(int fd, const char *text)
{
	struct buf seen = { 0 };
	int found = 0;

	while (!found) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char *to = buf_room(&seen, 65536);
		ssize_t n;

		if (poll(&p, 1, LIMIT_MS) <= 0)
			break;
		n = read(fd, to, 65536);
		if (n <= 0)
			break;
		buf_grew(&seen, (size_t)n);
		found = memmem(seen.p, seen.n, text, strlen(text)) != NULL;
	}
	buf_fini(&seen);
	return found;
}

int
main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	double start = now_ms();
	int fd, found;
	pid_t pid;

	if (argc < 3)
		return 64;
	pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execv(argv[2], argv + 2);
		_exit(127);
	}
	found = await_text(fd, argv[1]);
	printf("%.2f\n", now_ms() - start);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return !found;
}
