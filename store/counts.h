/* SPDX-License-Identifier: MIT */
/*
 * The small record a folder that every change of a row reads and writes:
 * whose it is, and how many rows it has.  Private to store/.
 */
#pragma once

#include "store/store.h"

struct counts {
	uint32_t account;
	bool is_local;
	uint32_t total, unread, flagged;
};

/* Differences to the counts of a folder. */
struct counts_delta {
	int total, unread, flagged;
};

bool counts_get(struct store_txn *t, uint32_t folder, struct counts *out);
void counts_put(struct store_txn *t, uint32_t folder,
    const struct counts *counts);
void counts_add(struct store_txn *t, uint32_t folder,
    struct counts_delta delta);
/*
 * A writer holds the counts that it works on, and puts them at commit:
 * called by store_commit.
 */
void counts_flush(struct store_txn *t);
