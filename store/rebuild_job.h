/* SPDX-License-Identifier: MIT */
/*
 * Between the parts of rebuilding: rebuild.c walks, commits and goes on;
 * rebuild_record.c and rebuild_row.c know what becomes of a record.  Private
 * to store/.
 */
#pragma once

#include "store/rebuild.h"
#include "store/txn.h"

struct rebuild_job {
	const struct rebuild *r;	/* borrowed */
	struct store target;		/* the draft, with the same bodies */
	struct store_txn from, bodies, to;
	uint64_t rows, lost;
};

/* A record of the source and what it becomes. */
struct rebuild_step {
	enum table table;
	void (*put)(struct rebuild_job *job, struct span key,
	    struct span value);
};

/* In the order in which they need each other. */
extern const struct rebuild_step rebuild_steps[];
extern const size_t rebuild_nsteps;

void rebuild_put(struct rebuild_job *job, size_t step, struct span key,
    struct span value);

/* Leaves a record out, or fails the job: struct rebuild, found. */
void rebuild_lose(struct rebuild_job *job, enum table table, uint64_t id,
    const char *what);
/* The key of today, and the record open; false: it is left out. */
bool rebuild_open(struct rebuild_job *job, enum table table,
    struct span stored, struct span value, struct key *key, struct record *r);
/* The first number of a key of today. */
uint64_t rebuild_id(const struct key *key);
bool rebuild_has_body(struct rebuild_job *job, uint64_t body);

/* Of rebuild_steps. */
void rebuild_row(struct rebuild_job *job, struct span stored,
    struct span value);
void rebuild_heard(struct rebuild_job *job, struct span stored,
    struct span value);
void rebuild_part(struct rebuild_job *job, struct span stored,
    struct span value);
void rebuild_read(struct rebuild_job *job, struct span stored,
    struct span value);
void rebuild_kept(struct rebuild_job *job, struct span stored,
    struct span value);
void rebuild_unused(struct rebuild_job *job, struct span stored,
    struct span value);

/* Numbers are not given again that the source has given. */
void rebuild_counters(struct rebuild_job *job);
