/* SPDX-License-Identifier: MIT */
#include "src/cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 500 };

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
tell(void *ctx, uint64_t done, uint64_t total)
{
	struct cli_progress *p = ctx;
	int percent = total > 0 && done <= total
	    ? (int)(100.0 * (double)done / (double)total) : 0;
	int64_t now = now_ms();

	if (p->began_ms == 0)
		p->began_ms = now;
	if (now - p->began_ms < PATIENCE_MS || percent == p->percent)
		return;
	p->percent = percent;
	fprintf(stderr, "\r\033[K%s: %d %%", p->what, percent);
}

static void
tell_nobody(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	(void)done;
	(void)total;
}

void
cli_progress_init(struct cli_progress *p, const char *what)
{
	*p = (struct cli_progress){
		.what = what,
		.percent = -1,
		.to = { isatty(STDERR_FILENO) ? tell : tell_nobody, p },
	};
}

void
cli_progress_end(struct cli_progress *p)
{
	if (p->percent >= 0)
		fputs("\r\033[K", stderr);
	p->percent = -1;
}
