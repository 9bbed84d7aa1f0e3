/* SPDX-License-Identifier: MIT */
/*
 * A program on a real terminal: a pty whose other end is libvterm.  What a
 * test sees is what a person would see.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct screen;	/* opaque */

/* Starts argv with env (NULL: this process's, TERM=xterm-256color). */
struct screen *screen_start(char *const argv[], char *const env[], int rows,
    int cols);
/* Kills what still runs. */
void screen_free(struct screen *s);
pid_t screen_pid(const struct screen *s);

/* Types: bytes as a terminal would send them ("\033[A" for the arrow). */
void screen_type(struct screen *s, const char *keys);
void screen_resize(struct screen *s, int rows, int cols);

/*
 * Reads output until the screen shows the text (screen_gone: no longer
 * shows it), at most 20 s.  False at the limit or when the program ended.
 */
bool screen_wait(struct screen *s, const char *text);
bool screen_wait_gone(struct screen *s, const char *text);
/* The same, until the whole screen is this text (of screen_text). */
bool screen_wait_all(struct screen *s, struct span text);
/* Takes in output until there was none for a third of a second. */
void screen_settle(struct screen *s);
/* Waits for the program's end, 20 s; its wait status, or -1. */
int screen_wait_exit(struct screen *s);

/* The screen as lines of UTF-8, trailing blanks dropped. */
void screen_text(struct screen *s, struct buf *out);
bool screen_shows(struct screen *s, const char *text);
/* Attributes of the cell: bold, reverse, strike as a set of letters "brs". */
void screen_attrs(struct screen *s, int y, int x, char out[8]);
/*
 * Every byte that the program has written so far, for what must never be
 * written.
 */
struct span screen_output(const struct screen *s);
