/* SPDX-License-Identifier: MIT */
/* Damage to one table of a store whose trees are whole. */
#pragma once

#include "base/buf.h"
#include "store/schema.h"
#include "tests/store/scratch.h"

enum damage { DAMAGE_REMOVE, DAMAGE_ADD, DAMAGE_VALUE, DAMAGE_COUNT };

/* "without an entry", ... */
const char *damage_name(enum damage damage);
/* False when the table has nothing to change in that way. */
bool damage_table(struct scratch *s, enum table table, enum damage damage);
/* The store answers as `before` says; table and how name what was done. */
void damage_expect_like(struct scratch *s, const struct buf *before,
    const char *table, const char *how);
/*
 * Damages the table in every way: each must be found, with the name of the
 * table, and repairing must give the answers of `before` back.
 */
void damage_and_repair(struct scratch *s, enum table table,
    const struct buf *before);
