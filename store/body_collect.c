/* SPDX-License-Identifier: MIT */
/*
 * Bodies that nobody names any more, or never did.  Candidates are those
 * that lost their last user (index, body_unused) and those that were
 * written some time ago (bodies, body_fresh).  Both environments are locked
 * meanwhile, the index first: no row can come to name a body that goes.  The
 * bodies are committed first; after a crash in between a candidate is met
 * again and nothing is left to drop.
 */
#include <time.h>

#include "base/cleanup.h"
#include "store/backup.h"
#include "store/body_piece.h"
#include "store/body_use.h"
#include "store/txn.h"

enum { LOOKED_AT_MAX = 4096 };	/* candidates in one call, of each kind */

struct collect {
	struct store_txn index, bodies;
	int64_t written_until;	/* younger ones wait */
	size_t max, dropped;
};

static bool
is_young(struct collect *c, uint64_t id)
{
	struct key key = body_key(id);
	struct span stamp;

	return txn_get(&c->bodies, TABLE_BODY_FRESH, &key, &stamp) &&
	    (int64_t)key_take_fixed64(&stamp) > c->written_until;
}

/* Walk the candidates; 0 at the end. */
static uint64_t
next_unused(struct collect *c, uint64_t after)
{
	struct key from = key_of_u64(after + 1);
	struct span key, value;

	return txn_seek(&c->index, TABLE_BODY_UNUSED, &from, &key, &value)
	    ? key_take_u64(&key) : 0;
}

static uint64_t
next_fresh(struct collect *c, uint64_t after)
{
	struct key from = body_key(after + 1);
	struct span key, value;

	return txn_seek(&c->bodies, TABLE_BODY_FRESH, &from, &key, &value)
	    ? key_take_fixed64(&key) : 0;
}

static void
drop(struct collect *c, uint64_t id)
{
	struct body_meta meta;

	/* What a killed writer left has no record, and counts as well. */
	c->dropped += body_meta_get(&c->bodies, id, &meta) ||
	    next_fresh(c, id - 1) == id;
	body_drop(&c->bodies, id);
}

static void
collect_unused(struct collect *c)
{
	uint64_t id = 0;

	for (int i = 0; i < LOOKED_AT_MAX && c->dropped < c->max; i++) {
		struct key key;

		id = next_unused(c, id);
		if (!id)
			return;
		if (!body_is_used(&c->index, id)) {
			if (is_young(c, id))
				continue;
			drop(c, id);
		}
		key = key_of_u64(id);
		txn_del(&c->index, TABLE_BODY_UNUSED, &key);
	}
}

static void
collect_fresh(struct collect *c)
{
	uint64_t id = 0;

	for (int i = 0; i < LOOKED_AT_MAX && c->dropped < c->max; i++) {
		struct key key;

		id = next_fresh(c, id);
		if (!id)
			return;
		if (is_young(c, id))
			continue;
		key = body_key(id);
		if (body_is_used(&c->index, id))
			txn_del(&c->bodies, TABLE_BODY_FRESH, &key);
		else
			drop(c, id);
	}
}

enum err
body_collect(struct store *store, int64_t written_until, size_t max,
    size_t *dropped, struct error *e)
{
	struct collect c = { .written_until = written_until, .max = max };
	CLEANUP(cleanup_close) int lock = -1;
	enum err err;

	*dropped = 0;
	err = store_lock_bodies(store, false, &lock, e);
	/* A backup is being made; the bodies wait for the next time. */
	if (err == ERR_BUSY)
		return ERR_OK;
	if (err != ERR_OK)
		return err;
	err = txn_begin(store, ENV_INDEX, true, &c.index);
	if (err == ERR_OK)
		err = txn_begin(store, ENV_BODIES, true, &c.bodies);
	if (err == ERR_OK) {
		collect_unused(&c);
		collect_fresh(&c);
		/* A table that cannot be read has not said "unused". */
		err = c.index.error.kind;
	}
	if (err == ERR_OK)
		err = store_commit(&c.bodies, NULL);
	if (err == ERR_OK)
		err = store_commit(&c.index, NULL);
	store_end(&c.bodies);
	store_end(&c.index);
	if (err == ERR_OK)
		*dropped = c.dropped;
	else if (e)
		*e = txn_failed(&c.bodies) ? c.bodies.error : c.index.error;
	return err;
}

enum err
store_body_collect(struct store *store, size_t max, size_t *dropped,
    struct error *e)
{
	return body_collect(store, (int64_t)time(NULL) - BODY_FRESH_SECONDS,
	    max, dropped, e);
}
