/* SPDX-License-Identifier: MIT */
/*
 * Bytes from a descriptor into a new file, counted and hashed on the way,
 * and durable at the end.  Private to store/.
 */
#pragma once

#include <nettle/sha2.h>

#include "store/store.h"

struct copied {
	uint64_t octets;
	uint8_t sha256[SHA256_DIGEST_SIZE];
};

/* How much of the whole work is done, over several files. */
struct copy_progress {
	const struct store_progress *told;	/* borrowed; may be NULL */
	uint64_t done, total;			/* octets */
};

/*
 * Until the end of `from`.  A file `to` that is there is emptied first.  out
 * NULL: the hash is not wanted, nor made.
 */
enum err copy_stream(int from, const char *to, struct copy_progress *progress,
    struct copied *out, struct error *e);
