/* SPDX-License-Identifier: MIT */
/*
 * What the user's acts that no server has confirmed make of a message.
 * Private to store/.
 */
#pragma once

#include "store/journal.h"

/* What the user sees of a message. */
struct shown {
	uint32_t flags;
	uint32_t folder;	/* 0: in none, it is to be purged */
	struct span keywords[KEYWORDS_MAX];
	size_t nkeywords;
};

/* The newest of the pending acts, and what there would be without it. */
struct pending_last {
	struct act act;		/* id 0: there is none */
	struct shown below;
};

/*
 * *s has what the server knows; the pending acts of the message come on top,
 * oldest first.  last may be NULL.  Spans are of the map, or the arena's.
 */
void pending_show(struct store_txn *t, uint64_t message, struct arena *arena,
    struct shown *s, struct pending_last *last);

/* The same for one act, which is of a message. */
void pending_apply(const struct act *act, struct shown *s);
/* Where a keyword is among those of *s; s->nkeywords: it is not. */
size_t pending_find_keyword(const struct shown *s, struct span keyword);

/* The first pending act of a message above `after`; false: there is none. */
bool pending_next(struct store_txn *t, uint64_t message, uint64_t after,
    struct arena *arena, struct act *out);
