/* SPDX-License-Identifier: MIT */
/*
 * Writing bodies.  A writer holds a few packed pieces; a longer letter is
 * committed in steps under an id that nothing names until the last one, so
 * that its memory and its time under the write lock do not depend on its
 * size.  The hash is known only at the end: a letter that is here already
 * is found then, and its second copy taken back.
 */
#include <nettle/sha2.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "store/body_piece.h"
#include "store/txn.h"

struct body_writer {
	struct store *store;		/* borrowed: the caller's */
	struct sha256_ctx sha256;
	ZSTD_CCtx *zstd;		/* owned */
	char *raw;			/* owned: the piece that is filling */
	size_t nraw;
	struct body_piece held[BODY_STEP_PIECES];	/* owned */
	size_t nheld;
	uint64_t id;			/* 0: nothing is committed yet */
	uint32_t ncommitted;		/* pieces */
	uint64_t size;
	struct error error;		/* the first failure */
};

static ZSTD_CCtx *
make_zstd(void)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();

	bug_on(!zstd);
	return zstd;
}

enum err
store_body_begin(struct store *store, struct body_writer **out,
    struct error *e)
{
	struct body_writer *w = xcalloc(1, sizeof *w);

	(void)e;
	w->store = store;
	w->zstd = make_zstd();
	w->raw = xreallocarray(NULL, BODY_PIECE_OCTETS, 1);
	sha256_init(&w->sha256);
	*out = w;
	return ERR_OK;
}

static void
free_writer(struct body_writer *w)
{
	for (size_t i = 0; i < BODY_STEP_PIECES; i++)
		free(w->held[i].packed);
	ZSTD_freeCCtx(w->zstd);
	free(w->raw);
	free(w);
}

/*
 * A writer that was stopped for so long that its pieces were taken for those
 * of a killed one cannot go on.
 */
static void
put_held(struct store_txn *t, struct body_writer *w)
{
	if (!w->id)
		w->id = txn_next_number(t, COUNTER_BODY);
	else if (body_stamp_of(t, w->id) == 0)
		txn_fail(t, ERR_AGAIN, "the letter took too long to arrive");
	for (size_t i = 0; i < w->nheld; i++)
		body_piece_put(t, w->id, w->ncommitted++, &w->held[i]);
	w->nheld = 0;
}

/* A step of a long letter. */
static void
commit_held(struct body_writer *w)
{
	struct store_txn t;

	txn_begin(w->store, ENV_BODIES, true, &t);
	put_held(&t, w);
	body_stamp(&t, w->id);
	store_commit(&t, &w->error);
}

static void
pack_raw(struct body_writer *w)
{
	if (w->nraw == 0 || w->error.kind)
		return;
	if (w->nheld == BODY_STEP_PIECES)
		commit_held(w);
	body_pack(w->zstd, (struct span){ w->raw, w->nraw },
	    &w->held[w->nheld]);
	w->nheld += !w->error.kind;
	w->nraw = 0;
}

void
store_body_write(struct body_writer *w, struct span piece)
{
	sha256_update(&w->sha256, piece.n, (const uint8_t *)piece.p);
	w->size += piece.n;
	while (piece.n > 0 && !w->error.kind) {
		struct span part = span_take(&piece,
		    BODY_PIECE_OCTETS - w->nraw);

		memcpy(w->raw + w->nraw, part.p, part.n);
		w->nraw += part.n;
		if (w->nraw == BODY_PIECE_OCTETS)
			pack_raw(w);
	}
}

/* The equal body that is there, or this one. */
static uint64_t
put_last(struct store_txn *t, struct body_writer *w,
    const struct body_meta *meta)
{
	uint64_t id = body_by_hash(t, meta->sha256);

	if (!id) {
		put_held(t, w);
		body_meta_put(t, w->id, meta);
		id = w->id;
	}
	body_stamp(t, id);
	return id;
}

/*
 * The pieces of a letter that was here already.  What fails is left to
 * store_body_collect, as after a crash.
 */
static void
take_back(struct body_writer *w)
{
	enum err err = ERR_OK;
	bool is_gone = false;

	while (err == ERR_OK && !is_gone) {
		size_t max = BODY_SWEEP_PIECES;
		struct store_txn t;

		txn_begin(w->store, ENV_BODIES, true, &t);
		is_gone = body_sweep(&t, w->id, &max);
		err = store_commit(&t, NULL);
	}
}

enum err
store_body_finish(struct body_writer *w, uint64_t *id, struct error *e)
{
	struct body_meta meta = { .size = w->size };
	struct store_txn t;
	enum err err;

	*id = 0;
	pack_raw(w);
	meta.npieces = w->ncommitted + (uint32_t)w->nheld;
	sha256_digest(&w->sha256, sizeof meta.sha256, (uint8_t *)meta.sha256);
	if (!w->error.kind) {
		uint64_t put;

		txn_begin(w->store, ENV_BODIES, true, &t);
		put = put_last(&t, w, &meta);
		if (store_commit(&t, &w->error) == ERR_OK)
			*id = put;
		if (*id && w->id && *id != w->id)
			take_back(w);
	}
	err = w->error.kind;
	if (err && e)
		*e = w->error;
	store_body_abort(w);
	return err;
}

void
store_body_abort(struct body_writer *w)
{
	/* Pieces of steps are left to store_body_collect, as after a crash. */
	if (w)
		free_writer(w);
}

struct body_batch {
	struct store_txn t;
	ZSTD_CCtx *zstd;		/* owned */
	struct body_piece piece;	/* owned */
};

enum err
store_bodies_begin(struct store *store, struct body_batch **out,
    struct error *e)
{
	struct body_batch *b = xcalloc(1, sizeof *b);

	if (txn_begin(store, ENV_BODIES, true, &b->t) != ERR_OK) {
		enum err err = b->t.error.kind;

		if (e)
			*e = b->t.error;
		free(b);
		return err;
	}
	b->zstd = make_zstd();
	*out = b;
	return ERR_OK;
}

static uint64_t
add_whole(struct body_batch *b, struct span bytes,
    const struct body_meta *meta)
{
	uint64_t id = txn_next_number(&b->t, COUNTER_BODY);

	for (uint32_t i = 0; i < meta->npieces; i++) {
		body_pack(b->zstd, span_take(&bytes, BODY_PIECE_OCTETS),
		    &b->piece);
		body_piece_put(&b->t, id, i, &b->piece);
	}
	body_meta_put(&b->t, id, meta);
	return id;
}

enum err
store_bodies_add(struct body_batch *b, struct span bytes, uint64_t *id,
    struct error *e)
{
	struct body_meta meta = {
		.size = bytes.n,
		.npieces = (uint32_t)(bytes.n / BODY_PIECE_OCTETS +
		    (bytes.n % BODY_PIECE_OCTETS != 0)),
	};

	key_sha256(bytes, meta.sha256);
	*id = body_by_hash(&b->t, meta.sha256);
	if (!*id)
		*id = add_whole(b, bytes, &meta);
	body_stamp(&b->t, *id);
	if (!txn_failed(&b->t))
		return ERR_OK;
	*id = 0;
	if (e)
		*e = b->t.error;
	return b->t.error.kind;
}

enum err
store_bodies_commit(struct body_batch *b, struct error *e)
{
	struct error failure;
	enum err err = store_commit(&b->t, &failure);

	if (err && e)
		*e = failure;
	store_bodies_abort(b);
	return err;
}

void
store_bodies_abort(struct body_batch *b)
{
	if (!b)
		return;
	store_end(&b->t);
	ZSTD_freeCCtx(b->zstd);
	free(b->piece.packed);
	free(b);
}
