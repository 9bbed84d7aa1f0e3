/* SPDX-License-Identifier: MIT */
/*
 * The change log: what happened to rows, for those who follow the store
 * (`surat watch`).  A ring: the oldest entries are overwritten, and a
 * follower that is too far behind starts again from the rows.
 */
#pragma once

#include "store/store.h"

enum change_kind {
	CHANGE_NEW = 1,
	CHANGE_FLAGS = 2,
	CHANGE_GONE = 3,
	CHANGE_BODY = 4,
	CHANGE_FOLDER = 5,	/* made, renamed, gone, role changed */
	CHANGE_STATE = 6,	/* account state */
	CHANGE_ACT = 7,		/* journal entry */
};

struct change {
	uint64_t seq;
	enum change_kind kind;
	uint32_t account, folder;
	uint64_t id;	/* of the message or act; 0 else */
};

enum { CHANGE_RING = 1 << 16 };

/* The number of the last change. */
uint64_t store_change_last(struct store_txn *t);
/*
 * Up to max changes after seq, oldest first.  *lost is set when some after
 * seq are already overwritten.
 */
size_t store_changes(struct store_txn *t, uint64_t seq, size_t max,
    struct change *out, bool *lost);
