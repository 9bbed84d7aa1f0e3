/* SPDX-License-Identifier: MIT */
/*
 * Bytes that can be read at any offset without being held whole: a stored
 * body, a file.  Lets mail/ read what store/ keeps without knowing it.
 */
#pragma once

#include "base/err.h"
#include "base/span.h"

struct source {
	/*
	 * Copies up to n octets from offset `at` to `to`; *got is less than n
	 * only at the end.
	 */
	enum err (*read)(void *ctx, uint64_t at, char *to, size_t n,
	    size_t *got, struct error *e);
	void *ctx;	/* borrowed: outlives every use of the source */
	uint64_t size;	/* octets */
};

/* A source over bytes in memory; s must outlive it (the struct, too). */
struct source source_of_span(const struct span *s);
