/* SPDX-License-Identifier: MIT */
/*
 * Bodies that nobody names any more, or never did.  Candidates are those
 * that lost their last user (index, body_unused) and those that were
 * written some time ago (bodies, body_fresh).  They are found by a reader;
 * then a few at a time are looked at again and condemned with both
 * environments locked, the index first: no row can come to name a body that
 * goes.  The bodies are committed first; after a crash in between a
 * candidate is met again and nothing is left to do.  The pieces follow with
 * the bodies locked alone.
 *
 * So a lock is held for a bounded number of entries, however long the
 * letters are and however many there are, and by nobody when there is
 * nothing to collect.
 */
#include <time.h>

#include "base/cleanup.h"
#include "store/backup.h"
#include "store/body_piece.h"
#include "store/body_use.h"
#include "store/txn.h"

enum { COLLECT_STEP = 256 };	/* bodies in one transaction */

struct collect {
	struct store *store;
	int64_t written_until;	/* younger ones wait */
	size_t max;
	size_t condemned, dropped;
	uint64_t unused_at, fresh_at;	/* where the walks go on */
	uint64_t found[COLLECT_STEP];
	size_t nfound;
	struct error error;
};

static bool
is_young(struct collect *c, struct store_txn *bodies, uint64_t id)
{
	return body_stamp_of(bodies, id) > c->written_until;
}

static bool
has_record(struct store_txn *bodies, uint64_t id)
{
	struct key key = body_key(id);

	return txn_has(bodies, TABLE_BODIES, &key);
}

/* Walk the candidates; 0 at the end. */
static uint64_t
next_unused(struct collect *c, struct store_txn *index)
{
	struct key from = key_of_u64(c->unused_at);
	struct span key, value;
	uint64_t id;

	if (!txn_seek(index, TABLE_BODY_UNUSED, &from, &key, &value))
		return 0;
	id = key_take_u64(&key);
	c->unused_at = id + 1;
	return id;
}

static uint64_t
next_fresh(struct collect *c, struct store_txn *bodies)
{
	struct key from = body_key(c->fresh_at);
	struct span key, value;
	uint64_t id;

	if (!txn_seek(bodies, TABLE_BODY_FRESH, &from, &key, &value))
		return 0;
	id = key_take_fixed64(&key);
	c->fresh_at = id + 1;
	return id;
}

static bool
has_room(const struct collect *c)
{
	return c->nfound < COLLECT_STEP &&
	    c->condemned + c->nfound < c->max;
}

static void
find_candidates(struct collect *c, struct store_txn *index,
    struct store_txn *bodies)
{
	uint64_t id;

	while (has_room(c) && (id = next_unused(c, index)))
		if (!is_young(c, bodies, id))
			c->found[c->nfound++] = id;
	/* Without a record: still being written, or left by a killed writer. */
	while (has_room(c) && (id = next_fresh(c, bodies)))
		if (!is_young(c, bodies, id) && has_record(bodies, id))
			c->found[c->nfound++] = id;
}

static void
find_left_pieces(struct collect *c, struct store_txn *bodies)
{
	uint64_t id;

	while (c->nfound < COLLECT_STEP &&
	    c->dropped + c->nfound < c->max &&
	    (id = next_fresh(c, bodies)))
		if (!is_young(c, bodies, id) && !has_record(bodies, id))
			c->found[c->nfound++] = id;
}

/* With both locks; true when the body goes. */
static bool
settle(struct collect *c, struct store_txn *index, struct store_txn *bodies,
    uint64_t id)
{
	struct key unused = key_of_u64(id), fresh = body_key(id);
	bool goes = false;

	if (is_young(c, bodies, id))
		return false;
	if (body_is_used(index, id)) {
		txn_del(bodies, TABLE_BODY_FRESH, &fresh);
	} else if (has_record(bodies, id)) {
		body_condemn(bodies, id);
		goes = true;
	}
	txn_del(index, TABLE_BODY_UNUSED, &unused);
	return goes;
}

/* Ends both, the bodies first; the first failure undoes what it can. */
static enum err
end_both(struct collect *c, struct store_txn *index, struct store_txn *bodies)
{
	/* A table that cannot be read has not said "unused". */
	enum err err = index->error.kind;

	if (err == ERR_OK)
		err = store_commit(bodies, NULL);
	if (err == ERR_OK)
		err = store_commit(index, NULL);
	store_end(bodies);
	store_end(index);
	if (err != ERR_OK)
		c->error = txn_failed(bodies) ? bodies->error : index->error;
	return err;
}

static enum err
begin_both(struct collect *c, bool is_write, struct store_txn *index,
    struct store_txn *bodies)
{
	enum err err;

	*bodies = (struct store_txn){ 0 };
	err = txn_begin(c->store, ENV_INDEX, is_write, index);
	if (err == ERR_OK)
		err = txn_begin(c->store, ENV_BODIES, is_write, bodies);
	if (err != ERR_OK)
		end_both(c, index, bodies);
	return err;
}

/* What was found from number *at on, for a few milliseconds. */
static enum err
condemn(struct collect *c, size_t *at)
{
	struct store_txn index, bodies;
	enum err err = begin_both(c, true, &index, &bodies);
	size_t i = *at, condemned = 0;

	if (err != ERR_OK)
		return err;
	do
		condemned += settle(c, &index, &bodies, c->found[i++]);
	while (i < c->nfound && !store_write_is_long(&bodies));
	err = end_both(c, &index, &bodies);
	if (err == ERR_OK) {
		c->condemned += condemned;
		*at = i;
	}
	return err;
}

static enum err
condemn_some(struct collect *c)
{
	struct store_txn index, bodies;
	enum err err = begin_both(c, false, &index, &bodies);

	c->nfound = 0;
	if (err != ERR_OK)
		return err;
	find_candidates(c, &index, &bodies);
	err = end_both(c, &index, &bodies);
	for (size_t at = 0; err == ERR_OK && at < c->nfound; )
		err = condemn(c, &at);
	return err;
}

/* The same for the pieces; the last body may have some left then. */
static enum err
sweep(struct collect *c, size_t *at)
{
	size_t left = BODY_SWEEP_PIECES, i = *at;
	struct store_txn t;
	enum err err;

	txn_begin(c->store, ENV_BODIES, true, &t);
	do {
		uint64_t id = c->found[i];

		if (!is_young(c, &t, id) && !has_record(&t, id) &&
		    !body_sweep(&t, id, &left))
			break;
		i++;
	} while (i < c->nfound && !store_write_is_long(&t));
	err = store_commit(&t, &c->error);
	if (err == ERR_OK) {
		c->dropped += i - *at;
		*at = i;
	}
	return err;
}

static enum err
sweep_some(struct collect *c)
{
	struct store_txn t;
	enum err err;

	c->nfound = 0;
	txn_begin(c->store, ENV_BODIES, false, &t);
	find_left_pieces(c, &t);
	err = store_commit(&t, &c->error);
	for (size_t at = 0; at < c->nfound && err == ERR_OK; )
		err = sweep(c, &at);
	return err;
}

enum err
body_collect(struct store *store, int64_t written_until, size_t max,
    size_t *dropped, struct error *e)
{
	struct collect c = {
		.store = store,
		.written_until = written_until,
		.max = max,
	};
	CLEANUP(cleanup_close) int lock = -1;
	enum err err;

	*dropped = 0;
	err = store_lock_bodies(store, false, &lock, e);
	/* They are being copied; they wait for the next time. */
	if (err == ERR_BUSY)
		return ERR_OK;
	if (err != ERR_OK)
		return err;
	do
		err = condemn_some(&c);
	while (err == ERR_OK && c.nfound > 0);
	c.fresh_at = 0;
	if (err == ERR_OK)
		do
			err = sweep_some(&c);
		while (err == ERR_OK && c.nfound > 0);
	*dropped = c.dropped;
	if (err != ERR_OK && e)
		*e = c.error;
	return err;
}

enum err
store_body_collect(struct store *store, size_t max, size_t *dropped,
    struct error *e)
{
	return body_collect(store, (int64_t)time(NULL) - BODY_FRESH_SECONDS,
	    max, dropped, e);
}
