/* SPDX-License-Identifier: MIT */
/*
 * One line on a terminal for work that takes longer than half a second:
 * "Bringing the mail store up to date: 40 %".  It is wiped out at the end,
 * and nothing is written where standard error is no terminal.
 */
#pragma once

#include "store/store.h"

struct cli_progress {
	const char *what;
	int64_t began_ms;	/* 0: not told of anything yet */
	int percent;		/* that stands there; -1: nothing does */
	struct store_progress to;	/* to give to who does the work */
};

/* `what` begins the line.  Not to be moved afterwards. */
void cli_progress_init(struct cli_progress *p, const char *what);
/* Before anything else is printed. */
void cli_progress_end(struct cli_progress *p);
