/* SPDX-License-Identifier: MIT */
#include "store/pair.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/bug.h"
#include "store/txn.h"

bool
pair_is_nothing(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 ? errno == ENOENT : st.st_size == 0;
}

enum err
pair_check_link(const char *path, struct error *e)
{
	struct stat st;

	if (stat(path, &st) == 0 || errno != ENOENT ||
	    lstat(path, &st) != 0)
		return ERR_OK;
	return error_set(e, ERR_CORRUPT, "%s is a link to what is not there; "
	    "is a disk missing?", path);
}

/* The index has named letters, and may go on to. */
static enum err
has_letters(struct store *store, bool *out, struct error *e)
{
	static const enum table tables_of_letters[] = { TABLE_BODY_USES,
		TABLE_BODY_UNUSED };
	struct key first = { 0 };
	struct store_txn t;

	*out = false;
	txn_begin(store, ENV_INDEX, false, &t);
	for (size_t i = 0; i < ARRAY_LEN(tables_of_letters) && !*out; i++) {
		struct span key, value;

		*out = txn_seek(&t, tables_of_letters[i], &first, &key,
		    &value);
	}
	return store_commit(&t, e);
}

enum err
pair_may_open(struct store *store, enum env_kind kind, const char *path,
    const char *bodies, struct error *e)
{
	bool was_there = false;
	enum err err = pair_check_link(path, e);

	if (err != ERR_OK || !pair_is_nothing(path))
		return err;
	if (kind == ENV_INDEX && !pair_is_nothing(bodies))
		return error_set(e, ERR_CORRUPT, "%s is gone or empty: "
		    "`surat restore` a copy, or move bodies.mdb away and "
		    "fetch what the servers have", path);
	if (kind == ENV_BODIES)
		err = has_letters(store, &was_there, e);
	if (err == ERR_OK && was_there)
		return error_set(e, ERR_CORRUPT, "%s is gone or empty: "
		    "`surat restore` a copy, or `surat store check --repair` "
		    "to go on without", path);
	return err;
}

static uint64_t
highest_named(struct store *store, struct error *e)
{
	struct key end = { 0 };
	struct span key, value;
	struct store_txn t;
	uint64_t body = 0;

	txn_begin(store, ENV_INDEX, false, &t);
	if (txn_seek_before(&t, TABLE_BODY_USES, &end, &key, &value))
		body = key_take_u64(&key);
	store_commit(&t, e);
	return body;
}

enum err
pair_check(struct store *store, struct error *e)
{
	struct error why = { 0 };
	uint64_t named = highest_named(store, &why), given;
	struct store_txn t;

	if (why.kind == ERR_OK) {
		txn_begin(store, ENV_BODIES, false, &t);
		given = txn_last_number(&t, COUNTER_BODY);
		store_commit(&t, &why);
		if (why.kind == ERR_OK && named > given)
			error_set(&why, ERR_CORRUPT, "%s is not of this index, "
			    "or an old one: `surat restore` a copy, or `surat "
			    "store check --repair` to go on with it",
			    store->envs[ENV_BODIES]->path);
	}
	if (e)
		*e = why;
	return why.kind;
}
