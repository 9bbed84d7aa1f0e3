/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic on sets of UIDs: what is missing here, what went there, which
 * letter has number n.  Sets stay ranges; nothing is expanded.
 */
#pragma once

#include "base/uidset.h"

/* *out, which is emptied first, becomes a without b, or a and b. */
void uids_minus(struct uidset *out, const struct uidset *a,
    const struct uidset *b);
void uids_and(struct uidset *out, const struct uidset *a,
    const struct uidset *b);
void uids_copy(struct uidset *out, const struct uidset *set);
void uids_add_all(struct uidset *set, const struct uidset *more);
void uids_remove(struct uidset *set, uint32_t uid);

/* The n-th smallest, from 1: the UID of a sequence number; or 0. */
uint32_t uids_nth(const struct uidset *set, uint32_t n);
/* 0 for the empty set. */
uint32_t uids_lowest(const struct uidset *set);
uint32_t uids_highest(const struct uidset *set);

/*
 * Moves the n highest (at most max_ranges ranges: a command line has an end)
 * from *set to the emptied *out.
 */
void uids_take_highest(struct uidset *set, uint64_t n, size_t max_ranges,
    struct uidset *out);
