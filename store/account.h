/* SPDX-License-Identifier: MIT */
/*
 * Accounts as the store knows them: written from the configuration at every
 * start, read by the screen, which never sees the configuration.
 */
#pragma once

#include "store/store.h"

enum account_kind { ACCOUNT_IMAP = 1, ACCOUNT_POP3 = 2, ACCOUNT_LOCAL = 3 };
enum account_keep { KEEP_LIVE = 1, KEEP_OFFLINE = 2 };

struct account {
	uint32_t id;		/* 0: not yet stored */
	struct span name;	/* "kerja": the group of the configuration */
	struct span full_name;	/* "Budi Santoso" */
	struct span address;	/* "budi@kantor.example" */
	enum account_kind kind;
	enum account_keep keep;
	bool sends;		/* has a way to send */
	bool is_insecure;	/* talks in clear, by the user's own wish */
	bool is_gone;		/* no longer configured; its mail stays */
	bool moves_deleted;	/* deleting moves to the trash, else it marks */
	uint32_t order;		/* place in the configuration, from 0 */
};

/* Finds by name or makes; updates the rest.  Returns the id, 0 on failure. */
uint32_t store_account_put(struct store_txn *t, const struct account *account);
/* Marks every account that is not in ids[] as gone. */
void store_account_keep_only(struct store_txn *t, const uint32_t *ids,
    size_t n);
bool store_account_get(struct store_txn *t, uint32_t id, struct arena *arena,
    struct account *out);
bool store_account_find(struct store_txn *t, struct span name,
    struct arena *arena, struct account *out);
/* All that are not gone, in the order of the configuration. */
size_t store_accounts(struct store_txn *t, struct arena *arena,
    struct account **out);

enum link_state {
	LINK_OFFLINE = 0,	/* not trying */
	LINK_CONNECTING = 1,
	LINK_SYNCING = 2,	/* connected and working */
	LINK_LISTENING = 3,	/* in step, pushed to */
	LINK_IDLE = 4,		/* in step, hung up until the next check */
	LINK_WAITING = 5,	/* failed; tries again at retry_at */
	LINK_REFUSED = 6,	/* credentials refused; waits for the user */
};

/* How an account is doing, for the status line.  Times as base/date.h. */
struct account_state {
	enum link_state link;
	int64_t last_heard;	/* DATE_NONE: never */
	int64_t retry_at;	/* LINK_WAITING, LINK_IDLE; else DATE_NONE */
	uint64_t done, total;	/* letters of the work at hand; 0: none */
	struct span error;	/* why WAITING or REFUSED; a sentence */
};

void store_account_state_put(struct store_txn *t, uint32_t account,
    const struct account_state *state);
/* The offline state when nothing was written yet. */
void store_account_state_get(struct store_txn *t, uint32_t account,
    struct arena *arena, struct account_state *out);
