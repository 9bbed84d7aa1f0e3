/* SPDX-License-Identifier: MIT */
/* What term.c and term_keys.c share.  Private to them. */
#pragma once

#include <signal.h>

#include "base/buf.h"
#include "ui/term.h"

enum { PAIRS_MAX = 250 };

struct term {
	void *screen;			/* SCREEN of curses */
	struct theme theme;		/* reduced to the colours there are */
	int colours;
	bool is_utf8;			/* else only ASCII is written */
	bool has_default_colours;
	struct surface shown;		/* what the screen holds */
	struct {
		int fg, bg;
	} pairs[PAIRS_MAX];		/* pair n + 1 of curses */
	int npairs;
	const char *strike_on, *strike_off;	/* NULL: there is none */

	/*
	 * The wait lets these signals in and nothing else does, so that none
	 * comes between looking and sleeping.
	 */
	sigset_t wait_mask, old_mask;
	struct sigaction old_winch, old_cont, old_tstp;
	bool was_interrupted;
	struct buf paste;
};

/* The size of the window changed, or the screen was disturbed. */
void term_refit(struct term *term);
/* term_keys.c */
void term_keys_open(void);
