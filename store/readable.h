/* SPDX-License-Identifier: MIT */
/*
 * Whether a record is what those who read it every day expect: besides its
 * checksum, every field.  Private to store/.
 */
#pragma once

#include "store/key.h"
#include "store/schema.h"
#include "store/store.h"

/*
 * True for a record of a table without a star (schema.h).  Never fails t
 * because of the record.
 */
bool readable(struct store_txn *t, enum table table, const struct key *key);
