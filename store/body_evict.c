/* SPDX-License-Identifier: MIT */
/*
 * Eviction, a step at a time: a read finds the next bodies that may go,
 * however many are skipped on the way, and a short write looks at each of
 * them again and takes it off its row.  So the write lock is held for as
 * long as a few rows take, and not at all when there is nothing to do.
 *
 * What open acts name is gathered once and then added to: an act never opens
 * again, so the list holds at least those that are open now.
 */
#include "store/budget.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/account.h"
#include "store/act_record.h"
#include "store/body_read.h"
#include "store/folder_record.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/usage.h"
#include "store/want_row.h"

enum {
	EVICT_STEP = 64,	/* messages in one write */
	TRIES_MAX = 3,		/* of it, while the map grows */
};

struct candidate {
	uint64_t message;
	int64_t when;
};

struct evict {
	struct store *store;
	uint32_t account;
	uint64_t budget;
	size_t max;
	struct key at;		/* in by_read: the walk goes on here */
	struct candidate found[EVICT_STEP];
	size_t nfound;
	uint64_t *named;	/* owned: messages that acts name, in order */
	size_t nnamed, room;
	uint64_t last_act;	/* of those that were gathered */
	struct evicted done;
};

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
add_named(struct evict *v, uint64_t message)
{
	if (message == 0)
		return;
	if (v->nnamed == v->room) {
		v->room = v->room ? 2 * v->room : 64;
		v->named = xreallocarray(v->named, v->room, sizeof *v->named);
	}
	v->named[v->nnamed++] = message;
}

/* The open acts that are newer than those gathered before. */
static void
gather_named(struct evict *v, struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key from = key_of_u64(v->last_act + 1);
	size_t before = v->nnamed;
	struct span key, value;
	struct act a;

	while (txn_seek(t, TABLE_ACTS_OPEN, &from, &key, &value)) {
		v->last_act = key_take_u64(&key);
		arena_reset(&arena);
		if (!act_load(t, v->last_act, &arena, &a)) {
			txn_corrupt(t, TABLE_ACTS_OPEN);
			return;
		}
		add_named(v, a.message);
		add_named(v, a.answered);
		add_named(v, a.copy);
		from = key_of_u64(v->last_act + 1);
	}
	if (v->nnamed > before)
		qsort(v->named, v->nnamed, sizeof *v->named, by_number);
}

static bool
is_too_much(struct evict *v, struct store_txn *t)
{
	return usage_get(t, v->account) > v->budget;
}

/* The server has everything of the account, and goes on having it. */
static bool
is_live(struct evict *v, struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account a;

	return store_account_get(t, v->account, &arena, &a) &&
	    a.kind == ACCOUNT_IMAP && a.keep == KEEP_LIVE && !a.is_gone;
}

/* What is in a folder that the server no longer lists is the last copy. */
static bool
is_on_server(struct store_txn *t, uint32_t folder)
{
	struct folder f;

	return folder_load(t, folder, &f) && !f.is_local && !f.is_gone;
}

static bool
may_go(struct evict *v, struct store_txn *t, uint64_t message)
{
	struct key key = key_of_u64(message);
	struct row row;

	if (v->nnamed && bsearch(&message, v->named, v->nnamed,
	    sizeof *v->named, by_number))
		return false;
	return !txn_has(t, TABLE_KEPT, &key) &&
	    !want_is_any(t, message) && row_get(t, message, &row) &&
	    !row.m.is_unbound && is_on_server(t, row.m.server_folder);
}

static void
find_some(struct evict *v, struct store_txn *t)
{
	struct span key, value;

	v->nfound = 0;
	gather_named(v, t);
	if (!is_live(v, t) || !is_too_much(v, t))
		return;
	while (v->nfound < EVICT_STEP &&
	    v->done.messages + v->nfound < v->max &&
	    txn_seek(t, TABLE_BY_READ, &v->at, &key, &value)) {
		struct body_read read = { key_take_u32(&key), 0 };
		uint64_t message;

		read.when = key_take_date(&key);
		message = key_take_u64(&key);
		if (read.account != v->account)
			return;
		if (may_go(v, t, message))
			v->found[v->nfound++] = (struct candidate){
				message, read.when };
		v->at = body_read_key(read, message + 1);
	}
}

/*
 * From number *at of what was found on: some may have been read, kept or
 * removed in between.
 */
static struct evicted
drop_found(struct evict *v, struct store_txn *t, size_t *at)
{
	uint64_t before = usage_get(t, v->account);
	struct evicted done = { 0 };

	gather_named(v, t);
	do {
		const struct candidate *c = &v->found[(*at)++];
		struct body_read read;

		if (!is_live(v, t) || !is_too_much(v, t) ||
		    !body_read_get(t, c->message, &read) ||
		    read.when != c->when || !may_go(v, t, c->message))
			continue;
		store_message_set_body(t, c->message, 0, BODY_NONE,
		    (struct span){ 0 });
		done.messages++;
	} while (*at < v->nfound && !store_write_is_long(t));
	done.octets = before - usage_get(t, v->account);
	return done;
}

/*
 * One write.  AGAIN: another process has taken the room of the map, or
 * somebody reads for so long that it cannot grow.
 */
static enum err
drop_some(struct evict *v, size_t *at, struct error *e)
{
	struct evicted done = { 0 };
	size_t to = *at;
	enum err err = ERR_AGAIN;

	for (int i = 0; i < TRIES_MAX && err == ERR_AGAIN; i++) {
		struct store_txn t;

		to = *at;
		if (store_write(v->store, &t) == ERR_OK)
			done = drop_found(v, &t, &to);
		err = store_commit(&t, e);
	}
	if (err == ERR_OK) {
		*at = to;
		v->done.messages += done.messages;
		v->done.octets += done.octets;
	}
	return err;
}

static enum err
take_step(struct evict *v, struct error *e)
{
	struct store_txn t;
	enum err err;

	if (store_read(v->store, &t) == ERR_OK)
		find_some(v, &t);
	err = store_commit(&t, e);
	for (size_t at = 0; err == ERR_OK && at < v->nfound; )
		err = drop_some(v, &at, e);
	return err;
}

enum err
store_evict(struct store *store, uint32_t account, uint64_t budget,
    size_t max, struct evicted *out, struct error *e)
{
	struct evict v = {
		.store = store,
		.account = account,
		.budget = budget,
		.max = max,
		.at = key_of_u32(account),
	};
	enum err err;

	do
		err = take_step(&v, e);
	while (err == ERR_OK && v.nfound > 0);
	free(v.named);
	*out = v.done;
	return err;
}
