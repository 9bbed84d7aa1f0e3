/* SPDX-License-Identifier: MIT */
/*
 * A store that is in use: a reader of this process keeps the pages of its
 * state, and of every later one, from being used again, so that they can be
 * read beside LMDB.
 */
#include "store/pages.h"
#include "store/txn.h"

static enum err
check_env(struct store *store, enum env_kind kind,
    const struct store_progress *progress, struct error *e)
{
	struct env *env = store->envs[kind];
	struct store_txn t;
	enum err err = txn_begin(store, kind, false, &t);
	const struct txn_handle *h = t.handle;
	int fd, rc;

	if (err != ERR_OK && e)
		*e = t.error;
	if (err != ERR_OK)
		return err;
	/* Its own descriptor: the name may be another file's by now. */
	rc = mdb_env_get_fd(h->file->lmdb, &fd);
	err = rc == 0 ? pages_check_open(fd, env->path, progress, e)
	    : env_error(env, e, rc, "read");
	store_end(&t);
	return err;
}

enum err
store_check_pages(struct store *store, const struct store_progress *progress,
    struct error *e)
{
	enum err err = ERR_OK;

	for (int i = 0; i < ENV_COUNT && err == ERR_OK; i++)
		err = check_env(store, (enum env_kind)i, progress, e);
	return err;
}
