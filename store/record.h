/* SPDX-License-Identifier: MIT */
/*
 * Stored values, packed: one octet of version, 4 of length, 4 of CRC32C
 * (over the table, the key, the version, the length and the content), then
 * the content: numbers of 7 bits an octet, low end first, and spans behind
 * their length.  What is read back is input like any other: every read is
 * bounds-checked, and a value that was changed, cut or moved to another key
 * does not open.  Private to store/.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"
#include "store/schema.h"

/* No record is longer; a piece of a body is the longest. */
enum { RECORD_MAX = 1 << 20, RECORD_HEAD = 9 };

void record_begin(struct buf *b, uint8_t version);
void record_put_u64(struct buf *b, uint64_t v);
/* Small for small numbers of either sign. */
void record_put_i64(struct buf *b, int64_t v);
void record_put_bool(struct buf *b, bool v);
void record_put_span(struct buf *b, struct span s);
/* Fills the head in; the value is what *b holds. */
struct span record_end(struct buf *b, enum table table, struct span key);

/*
 * A reader over a value.  The first read out of bounds or out of range sets
 * is_bad, which sticks; later reads give 0 and the empty span.
 */
struct record {
	struct span left;
	uint8_t version;
	bool is_bad;
};

/* Checks head and checksum; false: not to be believed. */
bool record_open(struct record *r, enum table table, struct span key,
    struct span value);
uint64_t record_u64(struct record *r);
uint32_t record_u32(struct record *r);
/* A number up to and including max, for enums and counts. */
uint32_t record_upto(struct record *r, uint32_t max);
int64_t record_i64(struct record *r);
bool record_bool(struct record *r);
/* Borrowed from the value. */
struct span record_span(struct record *r);
/* True when every read was good and nothing is left over. */
bool record_is_done(const struct record *r);
