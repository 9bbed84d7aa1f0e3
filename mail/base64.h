/* SPDX-License-Identifier: MIT */
/*
 * Base64 as it comes in letters: read in pieces, never refused.  What is no
 * base64 is passed over, and padding ends a group, not the data: lists and
 * gateways glue encoded pieces together (RFC 2045 6.8 leaves it open).
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* Zeroed: at the start. */
struct base64 {
	uint32_t bits;
	unsigned n;	/* digits in bits, 0 to 3 */
};

/* Appends what `in` decodes to; digits of an unfinished group stay in st. */
void base64_decode(struct base64 *st, struct buf *out, struct span in);
/* The end of the data: what an unpadded last group holds. */
void base64_finish(struct base64 *st, struct buf *out);
/*
 * Appends `in` encoded; lines of 76 characters and CRLF when is_wrapped
 * (also at the end), else one line without an end.
 */
void base64_encode(struct buf *out, struct span in, bool is_wrapped);
