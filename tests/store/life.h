/* SPDX-License-Identifier: MIT */
/*
 * The life of a small store, for tests that cut it off at any moment: steps,
 * each one commit that also writes its number, so that it can be told which
 * of them there were.
 */
#pragma once

#include "store/store.h"

struct life_step {
	void (*run)(struct store_txn *t);
	bool has_letter;	/* body 1 is written before */
};

struct life {
	const char *name;
	const struct life_step *steps;
	size_t n;
};

extern const struct life life_of_mail;

/* How many of the steps there were; UINT64_MAX: it cannot be read. */
uint64_t life_steps_done(struct store *store);
enum err life_take_step(const struct life *life, struct store *store,
    uint64_t number);
/* Goes on from where the store stands; tells each commit through fd. */
enum err life_go_on(const struct life *life, struct store *store, int fd);
