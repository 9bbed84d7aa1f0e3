/* SPDX-License-Identifier: MIT */
/*
 * Contacts: the addresses that letters came from or went to, for completing
 * what a user types.  They gather by themselves as messages are added
 * (store/contact_note.h says what counts); nothing else makes one.
 */
#pragma once

#include "store/store.h"

struct contact {
	uint64_t id;
	struct span addr;	/* as first seen; its case does not matter */
	struct span name;	/* the newest; UTF-8, cleaned; may be empty */
	uint32_t received;	/* letters from it */
	uint32_t sent;		/* letters to it */
	int64_t last;		/* date of the newest of them */
};

/*
 * Those that fit what was typed so far, best first, up to max, in the arena.
 *
 * Each of the typed words must be the beginning of a word of the name or of
 * the address; case does not matter.  A word begins at a letter or digit
 * behind anything else, so "wat", "ani.w" and "rumah.ex" all find
 * ani.wati@rumah.example; typing nothing finds nothing.
 *
 * The order is by log2(1 + 8 * sent + received) + last / 1 year: twice as
 * many letters weigh as much as a year, one to somebody as much as eight
 * from them.  It grows with each of the three and needs no clock.  Addresses
 * that nobody reads (noreply@) come last; equals are in the order of their
 * addresses.
 *
 * At most 2,000 entries are looked at, those of the longest typed word:
 * where more begin so, the others are found by typing on.
 */
size_t store_contacts_complete(struct store_txn *t, struct span typed,
    size_t max, struct arena *arena, struct contact **out);

bool store_contact_get(struct store_txn *t, struct span addr,
    struct arena *arena, struct contact *out);

/* It is gone until the next letter from it or to it. */
void store_contact_forget(struct store_txn *t, uint64_t id);
