/* SPDX-License-Identifier: MIT */
/*
 * What is known of the letters in a POP3 maildrop, by UIDL.  Durable: what
 * was fetched once is never fetched again.  PROTOCOLS.md 3.
 */
#pragma once

#include "store/store.h"

enum uidl_state {
	UIDL_NEW = 1,		/* listed, not here yet */
	UIDL_FETCHED = 2,	/* its letter is on disk */
	UIDL_DELE_SENT = 3,	/* DELE sent; counts only after QUIT's +OK */
};

struct uidl {
	struct span uidl;	/* 1-70 octets 0x21-0x7e */
	enum uidl_state state;
	uint64_t message;	/* 0 when NEW, or when it was removed here */
	int64_t first_seen, fetched_at;	/* DATE_NONE: not yet */
};

bool store_uidl_get(struct store_txn *t, uint32_t account, struct span uidl,
    struct uidl *out);
void store_uidl_put(struct store_txn *t, uint32_t account,
    const struct uidl *uidl);
void store_uidl_remove(struct store_txn *t, uint32_t account,
    struct span uidl);
/* Those after `after` (empty: from the start), up to max, in byte order. */
size_t store_uidls(struct store_txn *t, uint32_t account, struct span after,
    size_t max, struct arena *arena, struct uidl **out);
