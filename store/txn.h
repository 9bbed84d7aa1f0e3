/* SPDX-License-Identifier: MIT */
/*
 * What the rest of store/ sees of LMDB: get, put, delete and walk by span
 * keys, with a sticky error in the transaction.  After a failure every call
 * does nothing and answers "nothing there".  Private to store/.
 *
 * Values that are read point into the map: they are valid until the next
 * write in the same transaction (a look at a table for which entries are
 * held back is one), or its end.  Each table has one cursor a
 * transaction; txn_next and txn_prev go on from where the last call on that
 * table left it, so nothing else may touch the table in between.
 */
#pragma once

#include "store/env.h"
#include "store/key.h"
#include "store/record.h"
#include "store/store.h"

/* Begins on either environment; store_read and store_write are the index's. */
enum err txn_begin(struct store *store, enum env_kind kind, bool is_write,
    struct store_txn *t);

static inline bool
txn_failed(const struct store_txn *t)
{
	return t->error.kind != ERR_OK;
}

/* The first failure stays. */
void txn_fail(struct store_txn *t, enum err kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A stored value or index that does not fit the rest. */
void txn_corrupt(struct store_txn *t, enum table table);

bool txn_get(struct store_txn *t, enum table table, const struct key *key,
    struct span *value);
bool txn_has(struct store_txn *t, enum table table, const struct key *key);
void txn_put(struct store_txn *t, enum table table, const struct key *key,
    struct span value);
/* The same for a key behind all others: cheaper, fills pages whole. */
void txn_append(struct store_txn *t, enum table table, const struct key *key,
    struct span value);
/*
 * The same, held back until the table is looked at or the commit, and then
 * put in the order of keys: for indexes whose keys fall all over the table.
 */
void txn_put_late(struct store_txn *t, enum table table,
    const struct key *key, struct span value);
/* Puts now what is held back for the table. */
void txn_put_held(struct store_txn *t, enum table table);
/* True when it was there. */
bool txn_del(struct store_txn *t, enum table table, const struct key *key);
/* How many entries the table has; costs nothing. */
uint64_t txn_count(struct store_txn *t, enum table table);

/* The first entry at or after `at`; the last one before it; the last of all. */
bool txn_seek(struct store_txn *t, enum table table, const struct key *at,
    struct span *key, struct span *value);
bool txn_seek_before(struct store_txn *t, enum table table,
    const struct key *at, struct span *key, struct span *value);
/* txn_seek_before in what is put: passes over what is held back. */
bool txn_peek_before(struct store_txn *t, enum table table,
    const struct key *at, struct span *key, struct span *value);
bool txn_next(struct store_txn *t, enum table table, struct span *key,
    struct span *value);
bool txn_prev(struct store_txn *t, enum table table, struct span *key,
    struct span *value);

/*
 * Records.  txn_record gives the buffer to put the content into, which is
 * the transaction's own: one record at a time.  Larger than RECORD_MAX is
 * ERR_LIMIT.
 */
struct buf *txn_record(struct store_txn *t);
void txn_put_record(struct store_txn *t, enum table table,
    const struct key *key);
void txn_append_record(struct store_txn *t, enum table table,
    const struct key *key);
/* False when it is not there, or fails the transaction as corrupt. */
bool txn_get_record(struct store_txn *t, enum table table,
    const struct key *key, struct record *r);
/* A value that a walk came upon. */
bool txn_open_record(struct store_txn *t, enum table table, struct span key,
    struct span value, struct record *r);
/* After the last read: false, and corrupt, when any was out of bounds. */
bool txn_close_record(struct store_txn *t, enum table table,
    const struct record *r);

/* The next number of a sequence; 0 after a failure. */
uint64_t txn_next_number(struct store_txn *t, enum counter counter);
uint64_t txn_last_number(struct store_txn *t, enum counter counter);
/* Numbers up to `last` are not given again.  For drafts (store/rebuild.h). */
void txn_raise_number(struct store_txn *t, enum counter counter,
    uint64_t last);
/* Its key in the table of schema_meta_of. */
struct key txn_counter_key(enum counter counter);
/* Makes a draft an environment: see env_seal. */
void txn_seal(struct store_txn *t);
