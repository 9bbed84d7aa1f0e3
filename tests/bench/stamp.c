/* SPDX-License-Identifier: MIT */
/*
 * When a program says something: watches its standard output for lines that
 * hold a text.
 *
 *   stamp TEXT N COMMAND...   prints the seconds from the start of COMMAND to
 *                             its N-th such line, and ends it
 *   stamp TEXT                prints the monotonic time of each such line of
 *                             standard input, a line each
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* False at the end of the input. */
static bool
await_line(FILE *in, const char *text)
{
	static char *line;
	static size_t size;

	while (getline(&line, &size, in) > 0)
		if (strstr(line, text))
			return true;
	return false;
}

static int
follow(const char *text)
{
	while (await_line(stdin, text)) {
		printf("%.6f\n", now());
		fflush(stdout);
	}
	return 0;
}

static FILE *
start(char **argv, pid_t *pid)
{
	int out[2];

	if (pipe(out) != 0)
		exit(1);
	*pid = fork();
	if (*pid == 0) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(out[1]);
	return fdopen(out[0], "r");
}

int
main(int argc, char **argv)
{
	unsigned long n;
	double begun;
	pid_t pid;
	FILE *in;

	if (argc == 2)
		return follow(argv[1]);
	if (argc < 4) {
		fputs("usage: stamp TEXT [N COMMAND...]\n", stderr);
		return 64;
	}
	n = strtoul(argv[2], NULL, 10);
	begun = now();
	in = start(argv + 3, &pid);
	while (n > 0 && await_line(in, argv[1]))
		n--;
	if (n == 0)
		printf("%.4f\n", now() - begun);
	else
		fprintf(stderr, "stamp: %s: said nothing of the kind\n",
		    argv[3]);
	/* Read on to its end: a closed pipe would be a failure to it. */
	kill(pid, SIGTERM);
	while (getc(in) != EOF)
		continue;
	fclose(in);
	waitpid(pid, NULL, 0);
	return n != 0;
}
