/* SPDX-License-Identifier: MIT */
/*
 * Older schemas, one file each (migrate_N.c).  Private to store/.
 *
 * An older index is made anew in the schema of today (store/rebuild.h) and
 * then takes the place of the old one.
 */
#pragma once

#include "store/rebuild.h"

/* How an index of that schema is written; NULL: nobody ever wrote it. */
const struct rebuild_format *migrate_format(uint32_t schema);

/*
 * The store, of which nobody else has any file open, is of an older schema.
 * Its index is closed afterwards, also on failure; the new one is in its
 * place.
 */
enum err migrate(struct store *store, const struct env_limits *limits,
    const struct store_progress *progress, struct error *e);

extern const struct rebuild_format migrate_1;
