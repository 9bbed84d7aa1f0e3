/* SPDX-License-Identifier: MIT */
/*
 * Is a data file of LMDB all there?  LMDB opens a file that was cut short
 * without a word, and then reading through the map ends in SIGBUS; so this
 * is asked before it is opened.  The roots of all trees are looked at, too:
 * at a cost that does not follow the size (pages_check looks at the rest).
 * Reads with pread, trusts no byte.  Private to store/.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"

enum whole {
	WHOLE_NEW,		/* no file, or an empty one */
	WHOLE_UNFINISHED,	/* killed while it was made: nothing is in it */
	WHOLE_STORE,
};

/*
 * *map_octets is the size of the map that a store asks for, 0 for the
 * others.  ERR_CORRUPT when the file was cut short, is damaged or something
 * else.  Nobody may be making the file meanwhile.
 */
enum err whole_check(const char *path, enum whole *what, size_t *map_octets,
    struct error *e);
