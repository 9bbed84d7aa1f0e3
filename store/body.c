/* SPDX-License-Identifier: MIT */
#include "store/body.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "store/body_piece.h"
#include "store/txn.h"

struct body_reader {
	struct store *store;	/* borrowed: the caller's */
	uint64_t id;
	struct body_meta meta;
	ZSTD_DCtx *zstd;	/* owned */
	char *piece;		/* owned: the piece read last */
	uint32_t number;	/* of it; UINT32_MAX: none yet */
};

enum err
store_body_open(struct store *store, uint64_t id, struct body_reader **out,
    struct error *e)
{
	struct body_reader *r = xcalloc(1, sizeof *r);
	struct store_txn t;

	r->store = store;
	r->id = id;
	r->number = UINT32_MAX;
	txn_begin(store, ENV_BODIES, false, &t);
	if (!body_meta_get(&t, id, &r->meta))
		txn_fail(&t, ERR_NOTFOUND, "letter %llu is not in the store",
		    (unsigned long long)id);
	store_end(&t);
	if (txn_failed(&t)) {
		if (e)
			*e = t.error;
		free(r);
		return t.error.kind;
	}
	r->zstd = ZSTD_createDCtx();
	bug_on(!r->zstd);
	r->piece = xreallocarray(NULL, BODY_PIECE_OCTETS, 1);
	*out = r;
	return ERR_OK;
}

void
store_body_close(struct body_reader *r)
{
	if (!r)
		return;
	ZSTD_freeDCtx(r->zstd);
	free(r->piece);
	free(r);
}

/* Makes piece `number` the one at hand.  A letter may go between pieces. */
static enum err
fetch(struct body_reader *r, uint32_t number, struct error *e)
{
	struct body_meta meta;
	struct store_txn t;

	if (r->number == number)
		return ERR_OK;
	r->number = UINT32_MAX;
	txn_begin(r->store, ENV_BODIES, false, &t);
	if (!body_meta_get(&t, r->id, &meta))
		txn_fail(&t, ERR_NOTFOUND, "the letter was removed meanwhile");
	else if (body_piece_get(&t, r->zstd, r->id, number, r->piece,
	    body_piece_octets(&r->meta, number)))
		r->number = number;
	store_end(&t);
	if (txn_failed(&t) && e)
		*e = t.error;
	return t.error.kind;
}

static enum err
read_body(void *ctx, uint64_t at, char *to, size_t n, size_t *got,
    struct error *e)
{
	struct body_reader *r = ctx;
	enum err err = ERR_OK;

	*got = 0;
	while (*got < n && at < r->meta.size) {
		uint32_t number = (uint32_t)(at / BODY_PIECE_OCTETS);
		size_t from = (size_t)(at % BODY_PIECE_OCTETS), part;

		err = fetch(r, number, e);
		if (err != ERR_OK)
			break;
		part = body_piece_octets(&r->meta, number) - from;
		if (part > n - *got)
			part = n - *got;
		memcpy(to + *got, r->piece + from, part);
		*got += part;
		at += part;
	}
	return err;
}

struct source
store_body_source(struct body_reader *r)
{
	return (struct source){
		.read = read_body,
		.ctx = r,
		.size = r->meta.size,
	};
}

enum err
store_body_load(struct store *store, uint64_t id, uint64_t max,
    struct arena *arena, struct span *out, struct error *e)
{
	struct body_reader *r;
	enum err err = store_body_open(store, id, &r, e);
	size_t got;
	char *to;

	*out = (struct span){ 0 };
	if (err != ERR_OK)
		return err;
	if (r->meta.size > max) {
		store_body_close(r);
		return error_set(e, ERR_LIMIT, "letter %llu is larger than "
		    "%llu octets", (unsigned long long)id,
		    (unsigned long long)max);
	}
	to = arena_alloc(arena, (size_t)r->meta.size + 1);
	err = read_body(r, 0, to, (size_t)r->meta.size, &got, e);
	if (err == ERR_OK)
		*out = (struct span){ to, got };
	store_body_close(r);
	return err;
}
