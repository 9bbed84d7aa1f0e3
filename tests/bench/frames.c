/* SPDX-License-Identifier: MIT */
/*
 * How long the reader takes from a key to the screen: runs it on a terminal
 * emulator, types, and waits until the screen shows a text.  The first step
 * is its start.
 *
 *   frames PROGRAM ARG... -- TEXT [KEYS TEXT]...
 *
 * prints the milliseconds of each step and, last, the KiB of memory that
 * only this process has (RssAnon).  "" as a text: KEYS are typed and not
 * waited for.  KEYS that begin with "!" are a command of the shell instead:
 * what another process does, from its start to the screen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "tests/screens/screen.h"

enum { ROWS = 40, COLUMNS = 120 };

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static long
private_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "RssAnon: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static void
step(struct screen *s, double start, const char *text)
{
	CLEANUP(buf_fini) struct buf screen = { 0 };

	if (screen_wait(s, text)) {
		printf("%.2f ", now_ms() - start);
		return;
	}
	screen_text(s, &screen);
	fprintf(stderr, "frames: never showed \"%s\":\n%s\n", text,
	    buf_str(&screen));
	screen_free(s);
	exit(1);
}

static void
act(struct screen *s, const char *keys)
{
	if (*keys != '!')
		screen_type(s, keys);
	else if (system(keys + 1) != 0)
		fprintf(stderr, "frames: failed: %s\n", keys + 1);
}

int
main(int argc, char **argv)
{
	struct screen *s;
	double start;
	int steps = 1;

	while (steps < argc && strcmp(argv[steps], "--") != 0)
		steps++;
	if (steps < 2 || argc - steps < 2 || (argc - steps) % 2 != 0)
		return 64;
	argv[steps] = NULL;
	start = now_ms();
	s = screen_start(argv + 1, NULL, ROWS, COLUMNS);
	step(s, start, argv[steps + 1]);
	for (int i = steps + 2; i + 1 < argc; i += 2) {
		/* What is left of the last frame is not the next one. */
		screen_settle(s);
		start = now_ms();
		act(s, argv[i]);
		if (*argv[i + 1])
			step(s, start, argv[i + 1]);
	}
	printf("%ld\n", private_kib(screen_pid(s)));
	screen_free(s);
	return 0;
}
