/* SPDX-License-Identifier: MIT */
/*
 * Lines out of bytes that come as the network cuts them, with a limit.
 * A line that lies whole in the input is borrowed from it, not copied.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

enum line {
	LINE_MORE,	/* *in is used up, no line yet */
	LINE_WHOLE,
	LINE_LONG,	/* over the limit; the peer is not to be followed */
};

struct line_reader {
	struct buf held;	/* the beginning of a line */
	size_t max;		/* octets before the line feed */
	bool is_given;		/* held was given out: drop it */
	bool is_bare;		/* the last line ended in LF without CR */
};

void line_init(struct line_reader *r, size_t max);
void line_fini(struct line_reader *r);

/*
 * Takes the next line from *in.  *line is without its CRLF or LF, valid
 * until the next call and as long as the input's bytes.
 */
enum line line_take(struct line_reader *r, struct span *in,
    struct span *line);
