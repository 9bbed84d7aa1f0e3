/* SPDX-License-Identifier: MIT */
#include "store/body_check.h"

#include <nettle/sha2.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/body_piece.h"
#include "store/txn.h"

static bool
has_its_hash(struct store_txn *t, ZSTD_DCtx *zstd, char *piece, uint64_t id,
    const struct body_meta *meta)
{
	struct sha256_ctx ctx;
	char digest[SHA256_OCTETS];

	sha256_init(&ctx);
	for (uint32_t i = 0; i < meta->npieces; i++) {
		size_t n = body_piece_octets(meta, i);

		if (!body_piece_get(t, zstd, id, i, piece, n))
			return false;
		sha256_update(&ctx, n, (const uint8_t *)piece);
	}
	sha256_digest(&ctx, sizeof digest, (uint8_t *)digest);
	return memcmp(digest, meta->sha256, sizeof digest) == 0;
}

/* What is wrong with a letter. */
struct fault {
	const char *what;	/* NULL: nothing */
	/*
	 * It is found by its hash, as far as can be told; a damaged letter
	 * need not be (body_repair.h).
	 */
	bool has_hash;
	bool may_mend;
};

static struct fault
fault_of(struct store_txn *t, ZSTD_DCtx *zstd, char *piece, uint64_t id)
{
	struct fault fault = { .may_mend = true };
	struct body_meta meta;
	bool is_known = body_meta_get(t, id, &meta);

	/* Whichever leads to what cannot be read. */
	fault.has_hash = !is_known || body_by_hash(t, meta.sha256) == id;
	if (!is_known || !has_its_hash(t, zstd, piece, id, &meta)) {
		fault.what = "the letter is damaged";
		fault.may_mend = !is_known;
	} else if (!fault.has_hash) {
		fault.what = "it is not found by its hash";
	}
	if (t->error.kind == ERR_CORRUPT)
		t->error = (struct error){ 0 };
	return fault;
}

void
body_check(struct store_txn *t, const struct store_progress *progress,
    body_bad *bad, void *ctx)
{
	CLEANUP(cleanup_free) char *piece = xcalloc(1, BODY_PIECE_OCTETS);
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	struct key at = { 0 };
	struct span key, value;
	uint64_t n = 0, done = 0, total = txn_count(t, TABLE_BODIES);

	bug_on(!zstd);
	while (txn_seek(t, TABLE_BODIES, &at, &key, &value)) {
		uint64_t id = key_take_fixed64(&key);
		struct fault fault = fault_of(t, zstd, piece, id);

		if (fault.what && !txn_failed(t))
			bad(ctx, id, fault.what, fault.may_mend);
		at = body_key(id + 1);
		n += fault.has_hash;
		if (progress)
			progress->each(progress->ctx, ++done, total);
	}
	if (!txn_failed(t) && n < txn_count(t, TABLE_BODY_HASHES))
		bad(ctx, 0, "there are more hashes than letters", true);
	ZSTD_freeDCtx(zstd);
}
