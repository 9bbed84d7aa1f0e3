/* SPDX-License-Identifier: MIT */
/*
 * A grid of cells that views draw into; term.c brings the difference to the
 * terminal.  This is the one door: every text is cleaned (base/text.h) as
 * it is put, so no byte of a letter or a server can reach the terminal raw.
 *
 * Coordinates are 0-based; what lies outside is cut off, never an error.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "ui/theme.h"

enum { CELL_OCTETS = 32 };	/* a grapheme; longer ones lose their tail */

struct cell {
	char text[CELL_OCTETS];	/* UTF-8, NUL-terminated; "" right of a wide one */
	uint8_t width;		/* 1, 2; 0 for the right half of a wide cell */
	uint8_t role;		/* enum role */
	uint8_t attrs;		/* enum attr, added to the role's */
	bool is_selected;	/* drawn with the selection's background */
};

struct surface {
	int rows, cols;
	struct cell *cells;	/* owned; rows * cols */
	int cursor_y, cursor_x;	/* -1: hidden */
	bool is_ascii;		/* cut text ends in "~", not in an ellipsis */
};

struct rect {
	int y, x, rows, cols;
};

void surface_init(struct surface *s, int rows, int cols);
void surface_resize(struct surface *s, int rows, int cols);	/* clears */
void surface_fini(struct surface *s);
struct rect surface_all(const struct surface *s);

/* Blanks the rectangle in ROLE_NORMAL. */
void surface_clear(struct surface *s, struct rect r);
/*
 * Puts text at y, x in at most cols columns; returns the column after it.
 * Text that does not fit ends in an ellipsis.
 */
int surface_put(struct surface *s, int y, int x, int cols, enum role role,
    unsigned attrs, struct span text);
int surface_puts(struct surface *s, int y, int x, int cols, enum role role,
    const char *text);
/* The same, but right-aligned in the columns; returns where it starts. */
int surface_put_right(struct surface *s, int y, int x, int cols,
    enum role role, struct span text);
/* Fills columns with one sign of width 1. */
void surface_fill(struct surface *s, int y, int x, int cols, enum role role,
    const char *sign);
/* Marks a stretch as selected (a row of a list). */
void surface_select(struct surface *s, int y, int x, int cols);
/* The grid as text, a line a row, trailing blanks dropped: for tests. */
void surface_dump(const struct surface *s, struct buf *out);
