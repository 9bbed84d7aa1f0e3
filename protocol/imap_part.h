/* SPDX-License-Identifier: MIT */
/*
 * How a letter is built, as the server tells it in BODYSTRUCTURE: a tree of
 * MIME parts.  RFC 9051 7.5.2; PROTOCOLS.md 1.1 and 8.
 *
 * Strings are as the server sent them: any case, RFC 2047 and 2231 not
 * decoded, bytes that are no text.  Clean them before they are shown.  What
 * the server left out or said senselessly is empty or unknown; a part is
 * never dropped for it.  All of a tree lives as long as the event that
 * brought it.
 */
#pragma once

#include "base/span.h"

/* Limits of a tree; one that goes beyond is not understood. */
enum {
	IMAP_PART_DEPTH_MAX = 64,	/* levels */
	IMAP_PARTS_MAX = 1000,
	IMAP_PARAMS_MAX = 64,		/* of one list; more are dropped */
};

#define IMAP_PART_UNKNOWN UINT64_MAX

struct imap_param {
	const struct imap_param *next;
	struct span name;	/* "charset", "filename*0*" */
	struct span value;
};

struct imap_part {
	/*
	 * What BODY.PEEK[...] of the part's content is asked by: "1.2".
	 * Empty for a multipart that is the body of a letter, which has no
	 * number of its own.  The letter in a message/rfc822 "2" is its one
	 * child: "2.1" where that is a single part, else its parts are.
	 */
	struct span section;
	/*
	 * A multipart without children is one that the server could not
	 * take apart: only the letter as a whole tells what is in it.
	 */
	struct span type, subtype;	/* "text", "PLAIN" */
	const struct imap_param *params;	/* of Content-Type, in order */
	struct span id;			/* Content-ID, with its brackets */
	struct span description;
	struct span encoding;		/* empty: 7bit */
	uint64_t octets, lines;		/* as transferred, or
					   IMAP_PART_UNKNOWN; 0 is no proof
					   that there is nothing */
	struct span disposition;	/* "inline", "attachment", empty */
	const struct imap_param *disposition_params;
	const struct imap_part *parent;		/* NULL: the root */
	const struct imap_part *children, *next;	/* first, sibling */
};

/* The parameter of that name in any case, or empty. */
struct span imap_param_get(const struct imap_param *params,
    struct span name);
/* True for "text"/"plain" in any case; an empty subtype matches all. */
bool imap_part_is(const struct imap_part *part, struct span type,
    struct span subtype);
