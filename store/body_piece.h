/* SPDX-License-Identifier: MIT */
/*
 * Bodies as they are stored: a record (what it is), its pieces, the entry of
 * its hash, and a stamp of when it was last written or found again.
 * Transactions here are on the bodies environment.  Private to store/.
 */
#pragma once

#include <zstd.h>

#include "store/body.h"
#include "store/key.h"

enum {
	BODY_PIECE_OCTETS = 128 * 1024,	/* of the letter, a piece */
	BODY_STEP_PIECES = 32,		/* a writer holds, then commits */
	BODY_SWEEP_PIECES = 256,	/* dropped in one transaction */
	BODY_ZSTD_LEVEL = 3,
	/* A writer has this long from the body to the row that names it. */
	BODY_FRESH_SECONDS = 3600,
};

/* The key of a body in the tables of its environment. */
static inline struct key
body_key(uint64_t id)
{
	struct key key = { 0 };

	key_fixed64(&key, id);
	return key;
}

struct body_meta {
	char sha256[SHA256_OCTETS];
	uint64_t size;
	uint32_t npieces;
};

struct body_piece {
	char *packed;		/* owned; one zstd frame */
	size_t n;
	size_t raw;		/* octets of the letter */
};

bool body_meta_get(struct store_txn *t, uint64_t id, struct body_meta *out);
void body_meta_put(struct store_txn *t, uint64_t id,
    const struct body_meta *meta);
/*
 * What it takes on disk: its pieces as they are stored.  Reads none of them,
 * only where they are.
 */
uint64_t body_octets(struct store_txn *t, uint64_t id);
/* The body with that hash, 0 when there is none. */
uint64_t body_by_hash(struct store_txn *t, const char sha256[SHA256_OCTETS]);
/* It is not found by its hash any more. */
void body_hide(struct store_txn *t, uint64_t id, const struct body_meta *meta);
/* Written, or found again, now. */
void body_stamp(struct store_txn *t, uint64_t id);
/* When it was stamped last; 0 for never, and for one that is going. */
int64_t body_stamp_of(struct store_txn *t, uint64_t id);
/*
 * A body goes in two steps.  Condemned, it cannot be found or named any more;
 * its pieces follow in transactions of their own, since a long letter has
 * many: body_sweep takes *max of them at most, off *max as well, and says
 * when none is left.
 */
void body_condemn(struct store_txn *t, uint64_t id);
bool body_sweep(struct store_txn *t, uint64_t id, size_t *max);

void body_pack(ZSTD_CCtx *zstd, struct span raw, struct body_piece *out);
void body_piece_put(struct store_txn *t, uint64_t id, uint32_t number,
    const struct body_piece *piece);
/*
 * Unpacks into `to`, which has room for BODY_PIECE_OCTETS; fails as corrupt
 * when it is not exactly `raw` octets.
 */
bool body_piece_get(struct store_txn *t, ZSTD_DCtx *zstd, uint64_t id,
    uint32_t number, char *to, size_t raw);

/* How many octets piece `number` of a body has. */
static inline size_t
body_piece_octets(const struct body_meta *meta, uint32_t number)
{
	uint64_t left = meta->size - (uint64_t)number * BODY_PIECE_OCTETS;

	return left < BODY_PIECE_OCTETS ? (size_t)left : BODY_PIECE_OCTETS;
}

/* store_body_collect with the latest stamp that is old enough. */
enum err body_collect(struct store *store, int64_t written_until, size_t max,
    size_t *dropped, struct error *e);
