/* SPDX-License-Identifier: MIT */
/*
 * The journal as people read it: what is still to be done, how it stands
 * and why.  A row is made of an act once, when the store is read.
 */
#pragma once

#include "store/journal.h"
#include "ui/surface.h"

struct queue_row {
	uint64_t id;			/* of the act */
	uint64_t message;		/* to open; 0: none */
	enum act_state state;
	struct span act, target, account, how, since;	/* in words */
};

struct queue_state {
	struct queue_row *rows;
	size_t nrows;
	size_t cursor, top;
	int page;			/* rows, as drawn last */
};

/* Draws; fits top to the cursor and notes page, else pure. */
void queue_draw(struct queue_state *state, struct surface *s, struct rect r);

/*
 * Reads the journal into rows: what is pending or failed, and what was done
 * last.  put_date writes a time as lists show it.
 */
size_t queue_read(struct store_txn *t, struct arena *arena,
    void (*put_date)(void *ctx, int64_t when, struct buf *out), void *ctx,
    struct queue_row **out);
