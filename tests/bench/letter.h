/* SPDX-License-Identifier: MIT */
/*
 * Letters as servers hold them, with CRLF, of any number and without chance:
 * letter i is the same whenever it is asked for.  Who writes to whom, when,
 * and in which thread is what tests/bench/mailbox.h says of message i.
 */
#pragma once

#include "base/buf.h"

enum letter_kind {
	LETTER_SMALL,	/* a line or two of text: 1.5 KB with its header */
	/*
	 * As people get them: text, more than half with HTML beside it, one
	 * in eight with an attachment; median 8 KB, the largest 200 KB.
	 */
	LETTER_REAL,
};

struct letter {
	struct buf text;	/* owned */
	int64_t date;		/* of arrival */
	bool is_seen;
};

/* Letter i, from 1; `letter` is zeroed or an earlier one. */
void letter_make(struct letter *letter, enum letter_kind kind, uint32_t i);
void letter_fini(struct letter *letter);
