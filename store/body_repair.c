/* SPDX-License-Identifier: MIT */
#include "store/body_repair.h"

#include <nettle/sha2.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/body_piece.h"
#include "store/body_use.h"
#include "store/txn.h"

enum { STEP_ENTRIES = 256, SWEEP_PIECES = 256 };

static bool
is_readable(struct store_txn *t, uint64_t id, struct body_meta *meta)
{
	bool is_good = body_meta_get(t, id, meta);

	if (t->error.kind == ERR_CORRUPT)
		t->error = (struct error){ 0 };
	return is_good;
}

/* The octets of a piece; false at the end, or where one is damaged. */
static bool
piece_size(struct store_txn *t, uint64_t id, uint32_t number, size_t *raw)
{
	struct key key = body_key(id);
	struct span value;
	struct record r;

	key_fixed32(&key, number);
	if (!txn_get(t, TABLE_BODY_PIECES, &key, &value) ||
	    !record_open(&r, TABLE_BODY_PIECES, key_span(&key), value))
		return false;
	*raw = record_upto(&r, BODY_PIECE_OCTETS);
	return !r.is_bad;
}

/* What the pieces say; only the last one may be short. */
static bool
measure(struct store_txn *t, uint64_t id, struct body_meta *meta)
{
	CLEANUP(cleanup_free) char *piece = xcalloc(1, BODY_PIECE_OCTETS);
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	struct sha256_ctx ctx;
	size_t raw = BODY_PIECE_OCTETS;
	bool is_good = true;

	bug_on(!zstd);
	*meta = (struct body_meta){ .size = 0 };
	sha256_init(&ctx);
	while (is_good && raw == BODY_PIECE_OCTETS &&
	    piece_size(t, id, meta->npieces, &raw)) {
		is_good = body_piece_get(t, zstd, id, meta->npieces, piece,
		    raw);
		if (is_good)
			sha256_update(&ctx, raw, (const uint8_t *)piece);
		meta->size += raw;
		meta->npieces++;
	}
	ZSTD_freeDCtx(zstd);
	if (t->error.kind == ERR_CORRUPT)
		t->error = (struct error){ 0 };
	sha256_digest(&ctx, sizeof meta->sha256, (uint8_t *)meta->sha256);
	return is_good && meta->size > 0;
}

/* The hash that leads to the letter tells whether a piece is missing. */
static void
mend_record(struct store_txn *t, struct span key, struct span value)
{
	uint64_t id = key_take_fixed64(&key);
	struct key record = body_key(id);
	struct body_meta meta;
	size_t max = SIZE_MAX;

	(void)value;
	if (is_readable(t, id, &meta))
		return;
	if (measure(t, id, &meta) && body_by_hash(t, meta.sha256) == id) {
		body_meta_put(t, id, &meta);
		return;
	}
	txn_del(t, TABLE_BODIES, &record);
	body_sweep(t, id, &max);
}

/* One that leads to another letter, or to none. */
static void
mend_hash(struct store_txn *t, struct span key, struct span value)
{
	uint64_t id = key_take_fixed64(&value);
	struct key hash = { 0 };
	struct body_meta meta;

	key_bytes(&hash, span_take(&key, KEY_MAX));
	if (!is_readable(t, id, &meta) || !span_eq(key_span(&hash),
	    (struct span){ meta.sha256, SHA256_OCTETS }))
		txn_del(t, TABLE_BODY_HASHES, &hash);
}

/* A damaged letter is found by none: body_repair_hide. */
static void
put_hash(struct store_txn *t, struct span key, struct span value)
{
	uint64_t id = key_take_fixed64(&key);
	struct body_meta meta, found;

	(void)value;
	if (is_readable(t, id, &meta) && body_by_hash(t, meta.sha256) == 0 &&
	    measure(t, id, &found) &&
	    memcmp(meta.sha256, found.sha256, SHA256_OCTETS) == 0)
		body_meta_put(t, id, &meta);
}

/* Each entry of a table, some in a transaction. */
static enum err
each(struct store *store, enum table table,
    void (*mend)(struct store_txn *t, struct span key, struct span value),
    struct error *e)
{
	struct key at = { 0 };
	struct span key, value;
	bool found = true;
	enum err err = ERR_OK;

	while (found && err == ERR_OK) {
		struct store_txn t;

		txn_begin(store, ENV_BODIES, true, &t);
		for (int i = 0; i < STEP_ENTRIES; i++) {
			found = txn_seek(&t, table, &at, &key, &value);
			if (!found)
				break;
			at.n = 0;
			key_bytes(&at, span_take(&key, KEY_MAX - 1));
			mend(&t, key_span(&at), value);
			key_u8(&at, 0);
		}
		err = store_commit(&t, e);
	}
	return err;
}

enum err
body_repair(struct store *store, struct error *e)
{
	enum err err = each(store, TABLE_BODIES, mend_record, e);

	if (err == ERR_OK)
		err = each(store, TABLE_BODY_HASHES, mend_hash, e);
	return err == ERR_OK ? each(store, TABLE_BODIES, put_hash, e) : err;
}

enum err
body_repair_hide(struct store *store, const uint64_t *ids, size_t n,
    struct error *e)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < n && err == ERR_OK; ) {
		size_t end = n - i < STEP_ENTRIES ? n : i + STEP_ENTRIES;
		struct body_meta meta;
		struct store_txn t;

		txn_begin(store, ENV_BODIES, true, &t);
		for (; i < end; i++)
			if (is_readable(&t, ids[i], &meta))
				body_hide(&t, ids[i], &meta);
		err = store_commit(&t, e);
	}
	return err;
}

static bool
is_named(struct store *store, uint64_t id, bool *is_used, struct error *e)
{
	struct store_txn t;

	store_read(store, &t);
	*is_used = body_is_used(&t, id);
	return store_commit(&t, e) == ERR_OK;
}

static enum err
drop(struct store *store, uint64_t id, struct error *e)
{
	struct store_txn t;
	bool is_over = false;
	enum err err;

	txn_begin(store, ENV_BODIES, true, &t);
	body_condemn(&t, id);
	err = store_commit(&t, e);
	while (err == ERR_OK && !is_over) {
		size_t max = SWEEP_PIECES;

		txn_begin(store, ENV_BODIES, true, &t);
		is_over = body_sweep(&t, id, &max);
		err = store_commit(&t, e);
	}
	return err;
}

enum err
body_repair_drop(struct store *store, const uint64_t *ids, size_t n,
    struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		enum err err = ERR_OK;
		bool is_used;

		if (!is_named(store, ids[i], &is_used, e))
			return e->kind;
		if (!is_used)
			err = drop(store, ids[i], e);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}
