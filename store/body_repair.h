/* SPDX-License-Identifier: MIT */
/*
 * The part of store_repair that changes the bodies.  Nobody else has the
 * store open.  Private to store/.
 */
#pragma once

#include "store/store.h"

/*
 * Makes what can be made again: the record of a letter from its pieces, and
 * the hashes from the records.  A letter without a record, of which some
 * piece cannot be read, goes: nothing says what it was.
 */
enum err body_repair(struct store *store, struct error *e);
/*
 * The damaged letters are not found by their hashes any more: who has the
 * same bytes whole keeps those.  Before anybody can fetch them again.
 */
enum err body_repair_hide(struct store *store, const uint64_t *ids, size_t n,
    struct error *e);
/* Those of the damaged letters that nobody names any more go. */
enum err body_repair_drop(struct store *store, const uint64_t *ids, size_t n,
    struct error *e);
