/* SPDX-License-Identifier: MIT */
/*
 * One direction of a connection through the proxy: what comes from one
 * socket waits in a queue until its time and goes to the other.  The octets
 * are never changed.  Nothing here waits.  Times are microseconds of one
 * monotonic clock, which is the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	FLOW_READ_MAX = 1 << 16,	/* octets taken at once */
	FLOW_HELD_MAX = 1 << 26,	/* octets that wait in one direction */
	FLOW_AHEAD_US = 2000,	/* of a slow line that is taken in advance */
};

#define FLOW_NEVER INT64_MAX	/* a time that does not come */
#define FLOW_UNCUT UINT64_MAX

/* What all connections share in one direction: one line after the other. */
struct flow_line {
	uint64_t rate;		/* octets a second; 0: no limit */
	int64_t delay_us;	/* from one end to the other */
	int64_t free_us;	/* when it has sent all that it took */
};

struct flow_chunk;

struct flow {
	struct flow_line *line;	/* borrowed: from the caller */
	int from, to;		/* borrowed: from the caller */
	struct flow_chunk *first, *last;	/* owned */
	uint64_t held;		/* octets in the queue */
	uint64_t passed;	/* octets written */
	uint64_t cut;		/* as many pass, no more; or FLOW_UNCUT */
	bool has_ended;		/* the end came in */
	bool is_over;		/* ... and went out */
};

void flow_init(struct flow *flow, int from, int to, struct flow_line *line,
    uint64_t cut);
void flow_fini(struct flow *flow);
/* Whether flow_take should be called once there is something to be read. */
bool flow_wants(const struct flow *flow, int64_t now);
/*
 * Reads once, without waiting.  Returns how many octets came, 0 when none
 * or the end did, -1 when the connection is broken.
 */
int flow_take(struct flow *flow, int64_t now);
/* Whether something is due, so that flow_give can write. */
bool flow_is_due(const struct flow *flow, int64_t now);
/*
 * Writes what is due, as much as goes without waiting; passes the end on
 * behind the last octet.  Returns how many octets went, -1 when the
 * connection is broken.
 */
int flow_give(struct flow *flow, int64_t now);
/*
 * When something changes though no socket does: a chunk is due, or the line
 * can take more.  Later than now, or FLOW_NEVER.
 */
int64_t flow_next(const struct flow *flow, int64_t now);
/* Whether as many octets as the cut says have reached the other side. */
bool flow_is_cut(const struct flow *flow);
