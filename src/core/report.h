/* SPDX-License-Identifier: MIT */
/*
 * How an account is doing, written into the store for whoever looks.  Every
 * write is a commit, so progress is written at most four times a second, and
 * a short leave from listening (a push, an act) is not written at all: the
 * letter must not wait for the news that it is coming.
 */
#pragma once

#include "base/buf.h"
#include "src/core/timer.h"
#include "store/account.h"

struct report {
	struct store *store;	/* borrowed */
	uint32_t account;
	bool is_mute;		/* another process tells */
	enum link_state link;
	int64_t last_heard, retry_at;
	uint64_t done, total;
	struct buf error;	/* why it waits */
	struct buf send_error;	/* why letters stay in the outbox */
	int64_t written_ms;
	enum link_state written;	/* what the store says of link */
	struct timer later;
};

void report_init(struct report *r, struct store *store, uint32_t account);
void report_fini(struct report *r);
/* A new state; error may be NULL; retry_at as in struct account_state. */
void report_link(struct report *r, enum link_state link, int64_t retry_at,
    const struct error *error);
/* NULL: sending works. */
void report_sending(struct report *r, const struct error *error);
/* total 0: no work under way. */
void report_progress(struct report *r, uint64_t done, uint64_t total);
/*
 * The same as report_progress, for somebody who will write the state into the
 * store with other things: fills *out, which has no spans; false when there
 * is no need yet.
 */
bool report_take_progress(struct report *r, uint64_t done, uint64_t total,
    struct account_state *out);
/* The server said something just now; not: we said something to it. */
void report_heard(struct report *r);
