/* SPDX-License-Identifier: MIT */
/*
 * The parts of store_check.  Each record is read, and says what it calls for
 * in the tables that follow from it; an entry that is missing or different
 * is a finding there, and so are entries beyond those that were called for.
 * Nothing is written, and memory does not grow with the store.  Private to
 * store/.
 */
#pragma once

#include "store/repair.h"
#include "store/row.h"
#include "store/txn.h"

struct check {
	struct store_txn t;		/* index */
	struct store_txn bodies;
	const struct store_findings *to;	/* borrowed; may be NULL */
	size_t nfindings;
	struct error first;		/* of them */
	const struct store_progress *progress;	/* borrowed; may be NULL */
	uint64_t rows;
	uint64_t called_for[TABLE_COUNT];	/* entries */
};

/*
 * store_check of whole trees, but for the bytes of the letters: ERR_CORRUPT
 * for what making the index anew makes right.
 */
enum err check_index(struct store *store,
    const struct store_progress *progress, uint64_t *rows, struct error *e);

/* No use in going on: a failure that is no damage, or enough was found. */
bool check_is_over(const struct check *c);
void check_bad(struct check *c, enum table table, uint64_t id,
    const char *what);
/* Damage that a transaction stumbled over becomes a finding. */
void check_settle(struct check *c, enum table table, uint64_t id);

/* Each entry of a table, in order. */
typedef void check_look(struct check *c, struct span key, struct span value);
void check_each(struct check *c, enum table table, check_look *look);

/* An entry that must be there, with that value when `value` is not NULL. */
void check_call_for(struct check *c, enum table table, const struct key *key,
    const struct span *value, uint64_t id);
void check_call_for_body(struct check *c, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id);

/* Rows, and what belongs to a message: check_row.c. */
void check_rows(struct check *c);
/* Ids, members, heads and subjects: check_thread.c. */
void check_row_thread(struct check *c, const struct row *row);
void check_threads(struct check *c);
/* Everything that is not of a message: check_rest.c. */
void check_rest(struct check *c);
