/* SPDX-License-Identifier: MIT */
/*
 * Entries that a write transaction has yet to put.  Indexes by hash, sender,
 * subject or size are written all over their tables; put in the order of
 * their keys, a transaction at a time, neighbours share a descent and a
 * page.  txn.c puts them before anything else looks at the table, and at
 * commit.  Private to store/.
 */
#pragma once

#include "base/buf.h"
#include "store/key.h"
#include "store/schema.h"

enum { LATE_MAX = 32768 };	/* entries that a table holds back */

struct late_entry {
	const char *p;		/* key, then value; borrowed: from bytes */
	uint64_t head;		/* the key's first octets, to compare */
	uint32_t at;		/* of p in bytes */
	uint32_t number;	/* in order of arrival */
	uint8_t nkey, nvalue;
};

struct late {
	struct buf bytes;
	struct late_entry *entries;	/* owned */
	size_t n, size;
};

void late_fini(struct late *l);
/* Keys and values have up to 255 octets. */
void late_add(struct late *l, struct span key, struct span value);
/* By key, then in order of arrival; valid until the next late_add. */
void late_sort(struct late *l);
void late_reset(struct late *l);

static inline struct span
late_key(const struct late_entry *e)
{
	return (struct span){ e->p, e->nkey };
}

static inline struct span
late_value(const struct late_entry *e)
{
	return (struct span){ e->p + e->nkey, e->nvalue };
}

/* After late_sort: no later one has the same key. */
static inline bool
late_is_last(const struct late *l, size_t i)
{
	return i + 1 == l->n || !span_eq(late_key(&l->entries[i]),
	    late_key(&l->entries[i + 1]));
}
