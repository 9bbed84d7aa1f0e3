/* SPDX-License-Identifier: MIT */
/*
 * A store that is in use: a reader of this process keeps the pages of its
 * state, and of every later one, from being used again, so that they can be
 * read beside LMDB.
 */
#include "store/pages.h"
#include "store/txn.h"

enum err
store_check_pages(struct store *store, const struct pages_progress *progress,
    struct error *e)
{
	enum err err = ERR_OK;

	for (int i = 0; i < ENV_COUNT && err == ERR_OK; i++) {
		struct store_txn t;

		err = txn_begin(store, (enum env_kind)i, false, &t);
		if (err != ERR_OK && e)
			*e = t.error;
		if (err == ERR_OK)
			err = pages_check(store->envs[i]->path, progress, e);
		store_end(&t);
	}
	return err;
}
