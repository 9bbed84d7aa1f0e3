/* SPDX-License-Identifier: MIT */
/*
 * The letter inside the answer to RETR or TOP: finds its end and takes the
 * stuffed dots out, without copying.  RFC 1939 3.
 *
 * Where an answer ends: at a line of one dot.  Servers that send Unix lines
 * end them, and the answer, with LF alone; they are known by the first line
 * of the letter (or the status line) being such a line.  From all others
 * "\n.\n" is not an end: a letter that holds it could otherwise forge the
 * answers that follow.
 */
#pragma once

#include "base/span.h"

enum pop3_data_state {
	POP3_DATA_LINE_START,
	POP3_DATA_IN_LINE,
	POP3_DATA_DOT,		/* "." at the start of a line */
	POP3_DATA_DOT_CR,	/* ".\r" there */
};

struct pop3_data {
	enum pop3_data_state state;
	bool knows_style;	/* the first line end was seen */
	bool is_unix;		/* lines end in LF alone */
	bool was_cr;		/* the piece before ended in CR */
	uint64_t size;		/* octets given out */
};

enum pop3_piece {
	POP3_PIECE_MORE,	/* *in is used up */
	POP3_PIECE_DATA,	/* *piece is set, borrowed from *in or static */
	POP3_PIECE_END,
};

/* is_unix: the status line ended in LF alone. */
void pop3_data_begin(struct pop3_data *data, bool is_unix);
enum pop3_piece pop3_data_take(struct pop3_data *data, struct span *in,
    struct span *piece);
