/* SPDX-License-Identifier: MIT */
#include "store/body_use.h"

#include "store/body_piece.h"
#include "store/txn.h"

static struct key
use_key(uint64_t body, enum body_user user, uint64_t id)
{
	struct key key = key_of_u64(body);

	key_u8(&key, (uint8_t)user);
	key_u64(&key, id);
	return key;
}

/*
 * Asked with the index's write lock held, under which alone bodies are
 * collected: what is there now stays until the commit.
 */
static bool
body_exists(struct store_txn *t, uint64_t body)
{
	struct key key = body_key(body);
	struct store_txn bodies;
	bool is_there;

	txn_begin(t->store, ENV_BODIES, false, &bodies);
	is_there = txn_has(&bodies, TABLE_BODIES, &key);
	store_end(&bodies);
	if (txn_failed(&bodies))
		txn_fail(t, bodies.error.kind, "%s", bodies.error.text);
	return is_there;
}

void
body_use(struct store_txn *t, uint64_t body, enum body_user user, uint64_t id)
{
	struct key key = use_key(body, user, id);

	if (body == 0 || txn_failed(t))
		return;
	if (!body_exists(t, body)) {
		txn_fail(t, ERR_NOTFOUND, "the letter %llu is no longer in the "
		    "store", (unsigned long long)body);
		return;
	}
	txn_put(t, TABLE_BODY_USES, &key, (struct span){ "", 0 });
}

void
body_unuse(struct store_txn *t, uint64_t body, enum body_user user,
    uint64_t id)
{
	struct key key = use_key(body, user, id), unused = key_of_u64(body);

	if (body == 0)
		return;
	if (!txn_del(t, TABLE_BODY_USES, &key))
		txn_corrupt(t, TABLE_BODY_USES);
	if (!body_is_used(t, body))
		txn_put(t, TABLE_BODY_UNUSED, &unused, (struct span){ "", 0 });
}

bool
body_is_used(struct store_txn *t, uint64_t body)
{
	struct key at = key_of_u64(body);
	struct span key, value;

	return txn_seek(t, TABLE_BODY_USES, &at, &key, &value) &&
	    key_take_u64(&key) == body;
}
