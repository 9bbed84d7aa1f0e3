/* SPDX-License-Identifier: MIT */
/*
 * A disk that is full at one moment of a work and has room again after it,
 * for as many moments as the work has.
 */
#pragma once

#include "tests/store/scratch.h"

/* How it is full, from number n on. */
enum full_way {
	FULL_CALLS,	/* the n-th call that takes room finds none */
	FULL_LIMIT,	/* no file may have more than n pages */
	FULL_PAGES,	/* n pages are left of a small disk */
	FULL_NAMES,	/* n names are left of a small disk */
	FULL_WAYS,
};

/* A work on what is in a directory, of which dir/store is the store. */
struct full_work {
	const char *name;
	/* Makes what is there at first; there is room. */
	void (*make)(const char *dir);
	/* The store was open before and goes on being so; else it is NULL. */
	bool is_open;
	enum err (*run)(const char *dir, struct store *store, struct error *e);
	/* Sees that all of it is whole, and says what there is. */
	void (*look)(const char *dir, struct store *store, struct buf *out);
	/* At first there is nothing that can be looked at. */
	bool is_made_by_run;
	/* It is many commits: what there is after a failure is in between. */
	bool is_in_steps;
	/* From one moment to the next in each way, and how many there are. */
	int step[FULL_WAYS], min[FULL_WAYS];
};

/* Where works are done. */
struct full_disk {
	struct scratch s;
	char begun[300], dir[300];	/* as it was made; where it is done */
	bool is_small;
};

/* small: a disk of its own; false where none can be had. */
bool full_disk_init(struct full_disk *d, bool small);
void full_disk_fini(struct full_disk *d);

/*
 * Does the work at each moment.  A failure must be ERR_FULL with a sentence
 * that says where, and leave what was there, or what was to come; with room
 * the same call, in the same process, must succeed.  Ends the test unless
 * so, and when there were fewer moments than there should be; returns how
 * many there were.
 */
int full_disk_sweep(struct full_disk *d, const struct full_work *w,
    enum full_way way);

/* Where every disk can be full; and small ones: false where there are none. */
void full_disk_try(const struct full_work *w);
bool full_disk_try_small(const struct full_work *const *works, size_t n);
