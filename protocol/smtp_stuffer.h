/* SPDX-License-Identifier: MIT */
/*
 * The letter as SMTP wants it between DATA and the final dot: every line
 * end CRLF, every line that begins with a dot with one more.  RFC 5321
 * 4.5.2.  No bare CR or LF comes out, so no server can see an end of the
 * letter where there is none (CVE-2023-51764 and its kin).
 */
#pragma once

#include "base/span.h"
#include "protocol/output.h"

struct smtp_stuffer {
	bool is_in_line;	/* false: at the start of a line */
	bool was_cr;		/* a LF now belongs to the CR before it */
};

/* Zeroed: at the start of a letter.  The letter may be cut anywhere. */
void smtp_stuff(struct smtp_stuffer *s, struct span piece,
    struct output *out);
/* Ends the last line where the letter did not. */
void smtp_stuff_end(struct smtp_stuffer *s, struct output *out);
