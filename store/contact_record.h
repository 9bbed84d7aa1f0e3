/* SPDX-License-Identifier: MIT */
/*
 * Contacts as they are stored, and the two tables that follow from them:
 * contact_of (hash of the address in small letters) and contact_words (what
 * contact_words_of makes of name and address).  Private to store/.
 */
#pragma once

#include "store/contact.h"
#include "store/key.h"
#include "store/schema.h"

enum {
	CONTACT_ADDR_MAX = 320,		/* RFC 5321 4.5.3.1: 64 + "@" + 255 */
	CONTACT_NAME_MAX = 256,		/* octets; longer ones are cut */
	CONTACT_WORDS_MAX = 24,		/* of one contact */
};

/* Casefolded, 1 to CONTACT_WORD_OCTETS octets each, sorted, no two alike. */
struct contact_words {
	size_t n;
	struct contact_word {
		uint8_t n;
		char p[CONTACT_WORD_OCTETS];
	} words[CONTACT_WORDS_MAX];
};

static inline struct span
contact_word(const struct contact_words *w, size_t i)
{
	return (struct span){ w->words[i].p, w->words[i].n };
}

/* Under which a contact of this name and address is found. */
void contact_words_of(struct contact_words *w, struct span name,
    struct span addr);
/* The words of what somebody typed. */
void contact_words_typed(struct contact_words *w, struct span typed);

/* A contact with what its record holds besides. */
struct contact_record {
	struct contact c;
	int64_t named;		/* date of the letter that the name is from */
};

/* Spans are borrowed from the map.  False when there is none. */
bool contact_load(struct store_txn *t, uint64_t id, struct contact_record *r);
/* Writes the record alone; is_new for one with the highest id of all. */
void contact_store(struct store_txn *t, const struct contact_record *r,
    bool is_new);

/* What contact_of has it by. */
uint64_t contact_hash(struct span addr);
/* The id that has this hash: whose address it is must still be looked at. */
uint64_t contact_by_hash(struct store_txn *t, uint64_t hash);
struct key contact_hash_key(uint64_t hash);
struct key contact_word_key(struct span word, uint64_t id);
/* The words that it is found by were `old` and are `new`; NULL: none. */
void contact_put_words(struct store_txn *t, uint64_t id,
    const struct contact_words *old, const struct contact_words *new);
