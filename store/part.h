/* SPDX-License-Identifier: MIT */
/*
 * Parts of messages that were fetched on their own, from live accounts: a
 * text without the pictures beside it.  Their bytes are bodies like any
 * other (store/body.h).  A message has parts only while its body state is
 * BODY_PART; the whole body takes their place.
 */
#pragma once

#include "store/message.h"

/*
 * A section is what IMAP calls it, "1.2", "HEADER" or "2.MIME": 1 to 64
 * octets of digits, dots and upper-case letters (RFC 9051 6.4.5).
 */
struct part {
	struct span section;
	uint64_t body;
	uint64_t size;		/* octets of it, as they are read */
};

/*
 * The message has this part now, in place of an earlier one of the section.
 * Fails with ERR_LIMIT for another section than the above, ERR_NOTFOUND
 * without the message or body.  Nothing when the whole body is here.
 */
void store_part_put(struct store_txn *t, uint64_t message,
    struct span section, uint64_t body);
/* The section of *out is the caller's. */
bool store_part_get(struct store_txn *t, uint64_t message,
    struct span section, struct part *out);
/* All parts of the message, by section in the order of octets. */
size_t store_parts(struct store_txn *t, uint64_t message,
    struct arena *arena, struct part **out);
/* They go, and where there is nothing else of it the body state is NONE. */
void store_parts_remove(struct store_txn *t, uint64_t message);
