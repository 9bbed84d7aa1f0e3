/* SPDX-License-Identifier: MIT */
/*
 * Lives of small stores, for tests that cut them off at any moment: steps,
 * each one commit that also writes its number, so that it can be told which
 * of them there were; and what the store answers after each of them when
 * nobody cuts it off.
 */
#pragma once

#include "base/buf.h"
#include "store/store.h"

enum { LIVES = 4, LIFE_STEPS_MAX = 24 };

struct life_step {
	void (*run)(struct store_txn *t);
	bool has_letter;	/* body 1 is written before */
};

struct life {
	const char *name;
	const struct life_step *steps;
	size_t n;
};

extern const struct life life_of_mail, life_of_acts, life_of_folders,
    life_of_moves;
extern const struct life *const lives[LIVES];

/* For steps: fails the transaction when it is not so. */
void life_must(struct store_txn *t, bool is_so);

/* How many of the steps there were; UINT64_MAX: it cannot be read. */
uint64_t life_steps_done(struct store *store);
enum err life_take_step(const struct life *life, struct store *store,
    uint64_t number);
/* Goes on from where the store stands; tells each commit through fd. */
enum err life_go_on(const struct life *life, struct store *store, int fd);

/*
 * As text: every act with all that is known of it, every message, folder,
 * UIDL, want, group and so on, after each number of steps.
 */
struct life_record {
	const struct life *life;
	struct buf after[LIFE_STEPS_MAX + 1];	/* owned */
};

/* Lives it in a store of its own. */
void life_record_make(struct life_record *r, const struct life *life);
void life_record_fini(struct life_record *r);
/*
 * Ends the test, with the first difference, unless the store is as it was
 * after so many steps.
 */
void life_record_compare(const struct life_record *r, struct store *store,
    uint64_t steps);
