/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 for the screen: validity, graphemes, width, and the cleaning that
 * every byte of a letter or a server goes through before a terminal sees
 * it.  Tables come from libunistring.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

bool text_is_utf8(struct span s);

/*
 * Cuts the next grapheme cluster off *s; invalid bytes come one by one.
 * width (may be NULL) is set to its columns: 0, 1 or 2; an invalid byte
 * and a control character have width 1, as text_clean would show them.
 * Returns the empty span at the end.
 */
struct span text_grapheme(struct span *s, int *width);

/*
 * Appends s as it is compared: without case, composed (NFC).  What is not
 * UTF-8 stays as it is.
 */
void text_fold(struct buf *out, struct span s);

/* At most max octets of it, whole characters. */
struct span text_cut(struct span s, size_t max);

/* Columns that s takes on a terminal. */
int text_width(struct span s);

/* The longest prefix of whole graphemes that fits into cols columns. */
struct span text_fit(struct span s, int cols);

/*
 * Appends s made harmless: invalid UTF-8 becomes U+FFFD; C0 and C1 controls
 * and DEL become visible signs (U+2400 block; tab, CR and LF become a
 * space); bidirectional controls, invisible format characters and line
 * separators become U+FFFD, except joiners inside a cluster where scripts
 * and emoji need them.  What comes out can be written to a terminal.
 */
void text_clean(struct buf *out, struct span s);

/* True when text_clean would give back the same bytes. */
bool text_is_clean(struct span s);
