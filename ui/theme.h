/* SPDX-License-Identifier: MIT */
/*
 * Themes: what each role looks like.  A theme file has lines
 *
 *     role = [foreground [background]] [bold dim italic underline reverse strike]
 *
 * where a colour is one of the sixteen names (red, bright-red, ...), 0-255,
 * #rrggbb, or default; ";" and "#" at a line's start begin a comment.  A
 * colour may be followed by "/" and the one that takes its place where there
 * are only sixteen ("#2d3340/bright-black"); else the nearest is taken.
 * Unknown roles and colours are errors with file and line.  Roles that a
 * file leaves out fall back along the table in theme.c to `normal`.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum role {
	ROLE_NORMAL, ROLE_DIM, ROLE_TITLE, ROLE_RULE, ROLE_SELECTION,
	ROLE_UNREAD, ROLE_STAR, ROLE_DELETED, ROLE_MARKED, ROLE_THREAD,
	ROLE_DATE, ROLE_FROM, ROLE_SUBJECT, ROLE_SNIPPET, ROLE_ATTACHMENT,
	ROLE_LINK, ROLE_QUOTE1, ROLE_QUOTE2, ROLE_QUOTE3, ROLE_QUOTE4,
	ROLE_SIGNATURE, ROLE_HEADER_NAME, ROLE_HEADER_VALUE, ROLE_GOOD,
	ROLE_WARNING, ROLE_ERROR, ROLE_PROGRESS, ROLE_KEY, ROLE_MATCH,
	ROLE_ACCOUNT1, ROLE_ACCOUNT2, ROLE_ACCOUNT3, ROLE_ACCOUNT4,
	ROLE_ACCOUNT5, ROLE_ACCOUNT6, ROLE_ACCOUNT7, ROLE_ACCOUNT8,
	ROLE_DIFF_ADD, ROLE_DIFF_REMOVE, ROLE_DIFF_HUNK,
	ROLE_COUNT,
};

enum attr {
	ATTR_BOLD = 1 << 0,
	ATTR_DIM = 1 << 1,
	ATTR_ITALIC = 1 << 2,
	ATTR_UNDERLINE = 1 << 3,
	ATTR_REVERSE = 1 << 4,
	ATTR_STRIKE = 1 << 5,
};

/* -1: the terminal's own; 0-255: palette; COLOUR_RGB | rrggbb. */
typedef int32_t colour;
#define COLOUR_DEFAULT (-1)
#define COLOUR_RGB 0x1000000

#define COLOUR_NEAREST (-2)	/* basic_fg, basic_bg: none was given */

struct style {
	colour fg, bg;
	colour basic_fg, basic_bg;	/* where there are 16 colours or less */
	unsigned attrs;			/* enum attr */
};

struct theme {
	struct style styles[ROLE_COUNT];
};

/* As in files: "unread", "quote.1", "account.3". */
const char *theme_role_name(enum role role);
/* Reads a theme's text; path is for messages.  Later lines win. */
enum err theme_parse(struct span text, const char *path, struct theme *out,
    struct error *e);
enum err theme_load(const char *path, struct theme *out, struct error *e);
/* Attributes only, no colour: NO_COLOR, and terminals without. */
void theme_mono(struct theme *out);

/*
 * Brings every colour to what a terminal of so many colours has (1 << 24,
 * 256, 16, 8), by the nearest; 0 is theme_mono.  theme_colour.c
 */
void theme_reduce(struct theme *theme, int colours);
/* The red, green and blue (0xrrggbb) of an entry of the usual palette. */
uint32_t theme_palette(int entry);
