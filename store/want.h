/* SPDX-License-Identifier: MIT */
/*
 * Wants: what of a letter somebody is waiting for.  The screen writes one,
 * the sync thread sees it, fetches, and takes it off.  Newest wish first.
 */
#pragma once

#include "store/store.h"

/* A section of digits and dots; RFC 9051 6.4.5. */
enum { STORE_WANT_SECTION_MAX = 64 };

struct want {
	uint64_t message;
	/* "": what reading takes, "1.2": that part, "*": the whole letter. */
	char section[STORE_WANT_SECTION_MAX + 1];
};

/* A wish for what reading takes: store_want_part with the section "". */
void store_want_body(struct store_txn *t, uint64_t message);
/*
 * A wish as in struct want; said again it is the newest.  Nothing happens
 * when it is here already: the whole letter, or for "" a letter that was put
 * together from parts.  Fails with ERR_LIMIT for another section.
 */
void store_want_part(struct store_txn *t, uint64_t message,
    struct span section);
/* This wish is over: it was met, cannot be, or is taken back. */
void store_want_cancel(struct store_txn *t, uint64_t message,
    struct span section);
/* All wishes for the message are over. */
void store_want_done(struct store_txn *t, uint64_t message);
/* Somebody waits for this of the letter. */
bool store_is_wanted(struct store_txn *t, uint64_t message,
    struct span section);
/* Up to max wants of the account, the last wish first. */
size_t store_wants(struct store_txn *t, uint32_t account, struct want *out,
    size_t max);
/* Drops all wishes of the account: at start, they are of an earlier life. */
void store_wants_clear(struct store_txn *t, uint32_t account);
