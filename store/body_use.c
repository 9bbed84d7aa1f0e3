/* SPDX-License-Identifier: MIT */
#include "store/body_use.h"

#include "store/body_piece.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/usage.h"

struct key
body_use_key(uint64_t body, uint32_t account, enum body_user user, uint64_t id)
{
	struct key key = key_of_u64(body);

	key_u32(&key, account);
	key_u8(&key, (uint8_t)user);
	key_u64(&key, id);
	return key;
}

/*
 * Asked with the index's write lock held, under which alone bodies are
 * condemned: what is there now stays until the commit.
 */
static void
look_at(struct store_txn *t, uint64_t body, uint64_t *size, uint64_t *octets)
{
	struct body_meta meta;
	struct store_txn bodies;

	txn_begin(t->store, ENV_BODIES, false, &bodies);
	if (!body_meta_get(&bodies, body, &meta))
		txn_fail(&bodies, ERR_NOTFOUND, "the letter %llu is no longer "
		    "in the store", (unsigned long long)body);
	*size = meta.size;
	*octets = body_octets(&bodies, body);
	store_end(&bodies);
	if (txn_failed(&bodies))
		txn_fail(t, bodies.error.kind, "%s", bodies.error.text);
}

uint64_t
body_size(struct store_txn *t, uint64_t body)
{
	uint64_t size = 0, octets;

	if (!txn_failed(t))
		look_at(t, body, &size, &octets);
	return size;
}

/* The first kind of user from `from` on, in the account; -1: none. */
static int
user_from(struct store_txn *t, uint64_t body, uint32_t account,
    enum body_user from)
{
	struct key at = body_use_key(body, account, from, 0);
	struct span key, value;

	if (!txn_seek(t, TABLE_BODY_USES, &at, &key, &value) ||
	    key_take_u64(&key) != body || key_take_u32(&key) != account)
		return -1;
	return key_take_u8(&key);
}

/* A row or a part of the account names it: it is in the account's usage. */
static bool
is_counted(struct store_txn *t, uint64_t body, uint32_t account)
{
	int user = user_from(t, body, account, BODY_USER_ROW);

	if (user == BODY_USER_ACT)
		user = user_from(t, body, account, BODY_USER_PART);
	return user >= 0;
}

void
body_use(struct store_txn *t, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id)
{
	struct key key = body_use_key(body, account, user, id), value;
	uint64_t size, octets;

	if (body == 0 || txn_failed(t) || txn_has(t, TABLE_BODY_USES, &key))
		return;
	look_at(t, body, &size, &octets);
	if (user != BODY_USER_ACT && !is_counted(t, body, account))
		usage_add(t, account, octets);
	value = key_of_u64(octets);
	txn_put(t, TABLE_BODY_USES, &key, key_span(&value));
}

void
body_unuse(struct store_txn *t, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id)
{
	struct key key = body_use_key(body, account, user, id);
	struct key unused = key_of_u64(body);
	struct span value;
	uint64_t octets = 0;

	if (body == 0)
		return;
	if (txn_get(t, TABLE_BODY_USES, &key, &value))
		octets = key_take_u64(&value);
	if (!txn_del(t, TABLE_BODY_USES, &key))
		txn_corrupt(t, TABLE_BODY_USES);
	if (user != BODY_USER_ACT && !is_counted(t, body, account))
		usage_remove(t, account, octets);
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

static bool
can_be_fetched(struct store_txn *t, enum body_user user, uint64_t id)
{
	struct row row;

	return user == BODY_USER_PART || (user == BODY_USER_ROW &&
	    (!row_get(t, id, &row) || row.m.uid.v != 0 || row.m.is_unbound));
}

bool
body_is_last_copy(struct store_txn *t, uint64_t body)
{
	struct key at = key_of_u64(body);
	struct span key, value;
	bool is_used = false;

	while (txn_seek(t, TABLE_BODY_USES, &at, &key, &value)) {
		struct key use = { 0 };
		enum body_user user;

		key_bytes(&use, span_take(&key, KEY_MAX - 1));
		key = key_span(&use);
		if (key_take_u64(&key) != body)
			break;
		key_take_u32(&key);
		user = (enum body_user)key_take_u8(&key);
		if (can_be_fetched(t, user, key_take_u64(&key)))
			return false;
		is_used = true;
		at = use;
		key_u8(&at, 0);
	}
	return is_used && !txn_failed(t);
}
