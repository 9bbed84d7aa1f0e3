/* SPDX-License-Identifier: MIT */
/*
 * Journal entries as they are stored, and the tables that follow from their
 * state.  Private to store/.
 */
#pragma once

#include "store/journal.h"
#include "store/key.h"
#include "store/schema.h"

/* Spans are borrowed from the map, the array of recipients is the arena's. */
bool act_load(struct store_txn *t, uint64_t id, struct arena *arena,
    struct act *out);
/* Everything into the arena. */
void act_copy(struct arena *arena, struct act *act);
/*
 * Writes the entry and puts it into the tables of its state; was is the
 * state before, 0 for a new one.
 */
void act_store(struct store_txn *t, const struct act *act,
    enum act_state was);

/*
 * Writes an entry of another store: as it is, with all that follows from
 * it, unheard by those who follow changes.
 */
void act_restore(struct store_txn *t, const struct act *act);

/* The key in acts_closed, and whose it is. */
struct key act_closed_key(const struct act *act);
uint64_t act_closed_take(struct span key);

enum { ACT_PENDING_KEYS = 2 };

/*
 * Where an act stands while it is pending, in acts_of or folder_acts: returns
 * how many keys; 0 for kinds that stand in neither.
 */
size_t act_pending_keys(const struct act *act, enum table *table,
    struct key keys[ACT_PENDING_KEYS]);

/* Not yet at an end: DONE and CANCELED are. */
bool act_is_open(enum act_state state);
/* Its effect shows though no server has confirmed it. */
bool act_is_pending(enum act_state state);
