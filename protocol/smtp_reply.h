/* SPDX-License-Identifier: MIT */
/* Replies of SMTP, of one line or many.  RFC 5321 4.2.1, RFC 2034. */
#pragma once

#include "base/buf.h"
#include "protocol/smtp.h"

enum smtp_reading {
	SMTP_READING_MORE,	/* the reply goes on */
	SMTP_READING_WHOLE,
	SMTP_READING_BAD,	/* no reply, or lines of different codes */
	SMTP_READING_LONG,	/* over SMTP_REPLY_LINES_MAX */
};

/* Zeroed: nothing read. */
struct smtp_reader {
	int code;
	unsigned lines;
	bool is_whole;		/* the next line begins another reply */
	char enhanced[12];	/* "5.123.123"; of the first line */
	struct buf text;
};

void smtp_reader_fini(struct smtp_reader *r);
/* Takes a line; those of one reply are joined by the separator. */
enum smtp_reading smtp_reader_take(struct smtp_reader *r, struct span line,
    char separator);
/* What was read; borrowed from the reader. */
struct smtp_reply smtp_reader_reply(const struct smtp_reader *r);
/* Makes *r hold a copy of a reply. */
void smtp_reader_copy(struct smtp_reader *r, const struct smtp_reply *reply);
