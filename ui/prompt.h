/* SPDX-License-Identifier: MIT */
/*
 * A line of input with the keys of readline.  Pure: keys in, text out, and
 * a place on a surface; ui.c says when it is shown.  Private to the frame.
 */
#pragma once

#include "ui/surface.h"

enum { PROMPT_MAX = 8192 };	/* octets; more is not taken */

struct prompt {
	struct buf text;	/* UTF-8, one line */
	size_t cursor;		/* octets before it; between two clusters */
};

enum prompt_result { PROMPT_GOING, PROMPT_DONE, PROMPT_GIVEN_UP };

void prompt_begin(struct prompt *p, struct span initial);
void prompt_fini(struct prompt *p);
/* A key of ui/term.h; unknown ones do nothing. */
enum prompt_result prompt_key(struct prompt *p, uint32_t key);
/* Text from elsewhere; line ends become blanks. */
void prompt_insert(struct prompt *p, struct span text);
/* Draws what fits around the cursor and places the surface's cursor. */
void prompt_draw(const struct prompt *p, struct surface *s, int y, int x,
    int cols);
