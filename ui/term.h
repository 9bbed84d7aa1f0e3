/* SPDX-License-Identifier: MIT */
/*
 * The terminal: the only part that knows curses.  Turns a surface into
 * output by difference, and keys and resizes into events.
 *
 * Signals: term_wait alone lets SIGWINCH, SIGCONT, SIGTERM and SIGHUP in; any
 * of them ends it with K_RESIZED.  The process's other threads must have
 * them blocked (ui_block_signals), or a wake-up may go to the wrong one.
 */
#pragma once

#include "ui/surface.h"

enum {			/* keys that are no character; above Unicode */
	K_NONE = 0,
	K_UP = 0x110000, K_DOWN, K_LEFT,
	K_RIGHT, K_PAGE_UP, K_PAGE_DOWN, K_HOME,
	K_END, K_DELETE, K_BACKSPACE, K_ENTER,
	K_BACKTAB, K_F1, K_F5 = K_F1 + 4, K_F12 = K_F1 + 11,
	K_RESIZED, K_PASTE,
	K_HANGUP,		/* the terminal is gone: end */
	K_ALT = 0x1000000,	/* or'ed to a character */
};

struct term;	/* opaque; one a process, the ui thread's */

/*
 * ERR_CONFIG for an unknown terminal, or one that cannot place its cursor,
 * or when standard input or output is none.
 */
enum err term_open(const struct theme *theme, struct term **out,
    struct error *e);
void term_close(struct term *term);
void term_size(const struct term *term, int *rows, int *cols);
/* Brings the surface to the screen; only what changed is written. */
void term_draw(struct term *term, const struct surface *s);
/*
 * Waits until a key, one of the descriptors (revents set), or timeout_ms
 * (-1: for ever).  At most 16 descriptors.  Returns the key, K_NONE,
 * K_RESIZED, K_PASTE or K_HANGUP.
 */

struct pollfd;
uint32_t term_wait(struct term *term, struct pollfd *fds, size_t nfds,
    int timeout_ms);
/* Text of the last K_PASTE (bracketed paste), valid until the next wait. */
struct span term_paste(const struct term *term);
/* Gives the terminal to a child (an editor) and takes it back. */
void term_suspend(struct term *term);
void term_resume(struct term *term);
/* Colours the terminal has: 0, 8, 16, 256, or 1 << 24. */
int term_colours(const struct term *term);
/* Whether the locale lets more than ASCII be written. */
bool term_has_unicode(const struct term *term);
/*
 * Hands text to the clipboard of the terminal's user (OSC 52).  False when
 * it is longer than terminals take.  term_copy.c
 */
enum { TERM_COPY_MAX = 64 * 1024 };	/* octets */
bool term_copy(struct span text);
