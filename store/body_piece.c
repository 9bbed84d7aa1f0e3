/* SPDX-License-Identifier: MIT */
#include "store/body_piece.h"

#include <time.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "store/txn.h"

static struct key
piece_key(uint64_t id, uint32_t number)
{
	struct key key = body_key(id);

	key_fixed32(&key, number);
	return key;
}

static struct key
hash_key(const char sha256[SHA256_OCTETS])
{
	struct key key = { 0 };

	key_bytes(&key, (struct span){ sha256, SHA256_OCTETS });
	return key;
}

bool
body_meta_get(struct store_txn *t, uint64_t id, struct body_meta *out)
{
	struct key key = body_key(id);
	struct record r;
	struct span sha256;
	uint64_t pieces;

	*out = (struct body_meta){ 0 };
	if (!txn_get_record(t, TABLE_BODIES, &key, &r))
		return false;
	sha256 = record_span(&r);
	out->size = record_u64(&r);
	out->npieces = record_u32(&r);
	pieces = out->size / BODY_PIECE_OCTETS +
	    (out->size % BODY_PIECE_OCTETS != 0);
	r.is_bad |= sha256.n != SHA256_OCTETS || out->npieces != pieces;
	if (!txn_close_record(t, TABLE_BODIES, &r))
		return false;
	memcpy(out->sha256, sha256.p, SHA256_OCTETS);
	return true;
}

void
body_meta_put(struct store_txn *t, uint64_t id, const struct body_meta *meta)
{
	struct key key = body_key(id), hash = hash_key(meta->sha256);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_span(b, key_span(&hash));
	record_put_u64(b, meta->size);
	record_put_u64(b, meta->npieces);
	txn_put_record(t, TABLE_BODIES, &key);
	txn_put(t, TABLE_BODY_HASHES, &hash, key_span(&key));
}

uint64_t
body_octets(struct store_txn *t, uint64_t id)
{
	struct key at = piece_key(id, 0);
	struct span key, value;
	bool found = txn_seek(t, TABLE_BODY_PIECES, &at, &key, &value);
	uint64_t octets = 0;

	for (; found && key_take_fixed64(&key) == id;
	    found = txn_next(t, TABLE_BODY_PIECES, &key, &value))
		octets += value.n;
	return octets;
}

uint64_t
body_by_hash(struct store_txn *t, const char sha256[SHA256_OCTETS])
{
	struct key hash = hash_key(sha256);
	struct span value;

	return txn_get(t, TABLE_BODY_HASHES, &hash, &value)
	    ? key_take_fixed64(&value) : 0;
}

void
body_stamp(struct store_txn *t, uint64_t id)
{
	struct key key = body_key(id), now = { 0 };

	key_fixed64(&now, (uint64_t)time(NULL));
	txn_put(t, TABLE_BODY_FRESH, &key, key_span(&now));
}

int64_t
body_stamp_of(struct store_txn *t, uint64_t id)
{
	struct key key = body_key(id);
	struct span stamp;

	return txn_get(t, TABLE_BODY_FRESH, &key, &stamp)
	    ? (int64_t)key_take_fixed64(&stamp) : 0;
}

/* The entry alone: it leads to the pieces, also after a crash. */
static void
mark_as_going(struct store_txn *t, uint64_t id)
{
	struct key key = body_key(id), never = { 0 };

	key_fixed64(&never, 0);
	txn_put(t, TABLE_BODY_FRESH, &key, key_span(&never));
}

void
body_hide(struct store_txn *t, uint64_t id, const struct body_meta *meta)
{
	struct key hash = hash_key(meta->sha256);

	if (body_by_hash(t, meta->sha256) == id)
		txn_del(t, TABLE_BODY_HASHES, &hash);
}

void
body_condemn(struct store_txn *t, uint64_t id)
{
	struct key key = body_key(id);
	struct body_meta meta;

	if (body_meta_get(t, id, &meta)) {
		body_hide(t, id, &meta);
		txn_del(t, TABLE_BODIES, &key);
	}
	mark_as_going(t, id);
}

bool
body_sweep(struct store_txn *t, uint64_t id, size_t *max)
{
	struct key key = body_key(id), at = piece_key(id, 0);
	struct span found, value;

	mark_as_going(t, id);
	while (txn_seek(t, TABLE_BODY_PIECES, &at, &found, &value)) {
		struct span k = found;
		struct key piece;

		if (key_take_fixed64(&k) != id)
			break;
		if (*max == 0)
			return false;
		--*max;
		piece = piece_key(id, key_take_fixed32(&k));
		if (!txn_del(t, TABLE_BODY_PIECES, &piece))
			break;
	}
	txn_del(t, TABLE_BODY_FRESH, &key);
	return !txn_failed(t);
}

void
body_pack(ZSTD_CCtx *zstd, struct span raw, struct body_piece *out)
{
	size_t room = ZSTD_compressBound(BODY_PIECE_OCTETS);

	bug_on(raw.n > BODY_PIECE_OCTETS);
	if (!out->packed)
		out->packed = xreallocarray(NULL, room, 1);
	out->raw = raw.n;
	out->n = ZSTD_compressCCtx(zstd, out->packed, room, raw.p, raw.n,
	    BODY_ZSTD_LEVEL);
	bug_on(ZSTD_isError(out->n));
}

void
body_piece_put(struct store_txn *t, uint64_t id, uint32_t number,
    const struct body_piece *piece)
{
	struct key key = piece_key(id, number);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, piece->raw);
	record_put_span(b, (struct span){ piece->packed, piece->n });
	txn_put_record(t, TABLE_BODY_PIECES, &key);
}

bool
body_piece_get(struct store_txn *t, ZSTD_DCtx *zstd, uint64_t id,
    uint32_t number, char *to, size_t raw)
{
	struct key key = piece_key(id, number);
	struct span packed;
	struct record r;

	if (!txn_get_record(t, TABLE_BODY_PIECES, &key, &r)) {
		txn_corrupt(t, TABLE_BODY_PIECES);
		return false;
	}
	r.is_bad |= record_u64(&r) != raw;
	packed = record_span(&r);
	if (!txn_close_record(t, TABLE_BODY_PIECES, &r))
		return false;
	if (ZSTD_decompressDCtx(zstd, to, BODY_PIECE_OCTETS, packed.p,
	    packed.n) == raw)
		return true;
	txn_corrupt(t, TABLE_BODY_PIECES);
	return false;
}
