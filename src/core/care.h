/* SPDX-License-Identifier: MIT */
/*
 * Care of the store while surat runs: live accounts give back the bodies
 * that are over their disk-budget, and bodies that nobody names are dropped.
 * A thread of its own, since it waits for the disk; each step is a short
 * write, so nobody waits for it.
 */
#pragma once

#include "src/core/config.h"
#include "store/store.h"

struct care;	/* opaque */

/*
 * Begins some time after the start and comes back every hour.  ids: the
 * accounts of the configuration, in order; like the others they must outlive
 * care_free.
 */
struct care *care_new(const struct config *config, struct store *store,
    const uint32_t *ids);
/* Ends it after the step at hand.  NULL is fine. */
void care_free(struct care *care);
/* The same work once, now, in this thread: no transaction may be open. */
void care_once(const struct config *config, struct store *store,
    const uint32_t *ids);
