/* SPDX-License-Identifier: MIT */
/*
 * What the header of a letter says, decoded once: UTF-8, unfolded, free of
 * NUL, but not yet cleaned for a terminal (base/text.h does that).
 */
#pragma once

#include "base/date.h"
#include "base/span.h"

/* Caps on hostile headers; what is over them is dropped. */
enum {
	ENVELOPE_HEADER_MAX = 1 << 20,	/* octets of the header block */
	ENVELOPE_ADDRESSES_MAX = 10000,	/* in one field */
	ENVELOPE_REFERENCES_MAX = 500,
	ENVELOPE_TEXT_MAX = 4096,	/* octets of a subject or a name */
};

struct address {
	struct span name;	/* display name, decoded; may be empty */
	struct span addr;	/* local@domain as written */
};

struct addresses {
	struct address *list;
	size_t n;
};

/* All memory belongs to the arena that it was made in. */
struct envelope {
	int64_t date;		/* DATE_NONE: none or unreadable */
	int date_offset_min;
	struct span subject;
	struct addresses from, sender, reply_to, to, cc, bcc;
	struct span message_id;		/* without < > */
	struct span in_reply_to;	/* first id, without < > */
	struct span *references;	/* oldest first, without < > */
	size_t nreferences;
	struct span list_id;
	bool has_attachment;	/* a guess from Content-Type: multipart/mixed */
};
