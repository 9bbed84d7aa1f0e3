/* SPDX-License-Identifier: MIT */
#include "store/readable.h"

#include "base/cleanup.h"
#include "store/account.h"
#include "store/act_record.h"
#include "store/contact_record.h"
#include "store/folder_record.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/uidl.h"

static bool
read_folder(struct store_txn *t, uint32_t id)
{
	struct folder f;

	return folder_load(t, id, &f);
}

static bool
read_account_state(struct store_txn *t, uint32_t id, struct arena *arena)
{
	struct account_state state;

	store_account_state_get(t, id, arena, &state);
	return !txn_failed(t);
}

static bool
read_uidl(struct store_txn *t, struct span key)
{
	uint32_t account = key_take_u32(&key);
	struct uidl u;

	return store_uidl_get(t, account, key, &u);
}

/* Any record that opens. */
static bool
read_any(struct store_txn *t, enum table table, const struct key *key)
{
	struct record r;

	return txn_get_record(t, table, key, &r);
}

static bool
read_by(struct store_txn *t, enum table table, const struct key *key,
    struct arena *arena)
{
	struct span k = key_span(key);
	struct contact_record contact;
	struct account account;
	struct act act;
	struct row row;

	if (table == TABLE_ACCOUNTS)
		return store_account_get(t, key_take_u32(&k), arena, &account);
	if (table == TABLE_ACCOUNT_STATES)
		return read_account_state(t, key_take_u32(&k), arena);
	if (table == TABLE_FOLDERS)
		return read_folder(t, key_take_u32(&k));
	if (table == TABLE_ROWS)
		return row_get(t, key_take_u64(&k), &row);
	if (table == TABLE_ACTS)
		return act_load(t, key_take_u64(&k), arena, &act);
	if (table == TABLE_CONTACTS)
		return contact_load(t, key_take_u64(&k), &contact);
	if (table == TABLE_UIDLS)
		return read_uidl(t, k);
	return read_any(t, table, key);
}

bool
readable(struct store_txn *t, enum table table, const struct key *key)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	bool is_good;

	if (txn_failed(t))
		return true;
	is_good = read_by(t, table, key, &arena);
	if (t->error.kind == ERR_CORRUPT)
		t->error = (struct error){ 0 };
	return is_good || txn_failed(t);
}
