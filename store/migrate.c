/* SPDX-License-Identifier: MIT */
#include "store/migrate.h"

#include <sys/stat.h>

#include "base/log.h"
#include "store/env.h"

const struct rebuild_format *
migrate_format(uint32_t schema)
{
	if (schema == 1)
		return &migrate_1;
	/*
	 * Records have been read since 2 as they are today: what 4 added to
	 * them is at their end, and not there where it says nothing.  The
	 * tables that follow from them are made anew.
	 */
	return schema >= 2 && schema <= STORE_SCHEMA ? &rebuild_today : NULL;
}

static enum err
say_full(const char *path, struct error *e)
{
	struct stat st;
	unsigned long long octets = stat(path, &st) == 0
	    ? (unsigned long long)st.st_size : 0;

	return error_set(e, ERR_FULL, "there is no room on the disk to bring "
	    "the mail store up to date; that takes about as much again as %s "
	    "has (%llu MB)", path, (octets >> 20) + 1);
}

enum err
migrate(struct store *store, const struct env_limits *limits,
    const struct store_progress *progress, struct error *e)
{
	struct env **index = &store->envs[ENV_INDEX];
	const struct rebuild r = {
		.store = store,
		.format = migrate_format((*index)->file->schema),
		.limits = limits,
		.progress = progress,
	};
	struct rebuild_result result;
	enum err err;

	log_info("store", "%s is of schema %u: bringing it up to date",
	    (*index)->path, (*index)->file->schema);
	if (r.format)
		err = rebuild_index(&r, &result, e);
	else
		err = error_set(e, ERR_VERSION, "%s is of schema %u, which "
		    "this surat does not know", (*index)->path,
		    (*index)->file->schema);
	if (err == ERR_FULL)
		say_full((*index)->path, e);
	env_close(*index);
	*index = NULL;
	return err == ERR_OK ? rebuild_publish(store->dir, e) : err;
}
