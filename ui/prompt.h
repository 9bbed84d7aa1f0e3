/* SPDX-License-Identifier: MIT */
/*
 * A line of input with the keys of readline.  Pure: keys in, text out, and
 * a place on a surface; ui.c says when it is shown.  Private to the frame.
 */
#pragma once

#include "base/arena.h"
#include "ui/surface.h"

enum { PROMPT_MAX = 8192 };	/* octets; more is not taken */

/* What may stand in a line for the end of what was typed before the cursor. */
struct completion {
	struct arena arena;	/* owns the candidates */
	size_t from;		/* octets of the line that stay before it */
	struct span *candidates;	/* UTF-8, one line; best first */
	size_t n;
	bool has_more;		/* than are among the candidates */
};

/* Fills *out, which is empty; leaves n 0 when nothing fits. */
typedef void prompt_complete(void *ctx, struct span before,
    struct completion *out);

/*
 * Tab goes from what was typed through the candidates and back to it,
 * Shift-Tab the other way around.  Any other key takes what is shown.
 */
struct prompt {
	struct buf text;	/* UTF-8, one line */
	size_t cursor;		/* octets before it; between two clusters */
	prompt_complete *complete;	/* NULL: Tab does nothing */
	void *complete_ctx;
	bool is_completing;	/* Tab or Shift-Tab was the last key */
	struct completion found;
	char *typed;		/* owned; what the candidates stand for */
	size_t shown;		/* candidate, from 1; 0: what was typed */
};

enum prompt_result { PROMPT_GOING, PROMPT_DONE, PROMPT_GIVEN_UP };

/* Nothing completes it, until that is set. */
void prompt_begin(struct prompt *p, struct span initial);
void prompt_fini(struct prompt *p);
/* A key of ui/term.h; unknown ones do nothing. */
enum prompt_result prompt_key(struct prompt *p, uint32_t key);
/* Text from elsewhere; line ends become blanks. */
void prompt_insert(struct prompt *p, struct span text);
/* "2 of 7", and such: what Tab would do or has done.  Empty: nothing. */
void prompt_put_note(const struct prompt *p, struct buf *out);
/* Draws what fits around the cursor and places the surface's cursor. */
void prompt_draw(const struct prompt *p, struct surface *s, int y, int x,
    int cols);
