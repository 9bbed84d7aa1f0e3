/* SPDX-License-Identifier: MIT */
/* The store dir/store that works on a full disk are done with. */
#pragma once

#include "base/buf.h"
#include "tests/store/scratch.h"

void full_store_open(struct scratch *s, const char *dir);
/* Messages with bodies: some of a server, in folder 1, and one of nobody. */
void full_store_fill(struct scratch *s, uint32_t n);
/* Messages without, of those uids, in folder 1. */
void full_store_add_rows(struct scratch *s, uint32_t first, uint32_t n);
/* One with many bodies, in whose files no page is free. */
void full_store_make(const char *dir);

/* store_check is content. */
void full_store_check(struct store *store);
/* And what is in it; full_store_put: at dir, where it is nowhere open. */
void full_store_look(const char *dir, struct store *store, struct buf *out);
void full_store_put(const char *store_dir, struct buf *out);
