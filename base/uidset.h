/* SPDX-License-Identifier: MIT */
/*
 * A set of UIDs as sorted, disjoint, never adjacent ranges: what a server
 * says in VANISHED, ESEARCH and COPYUID, and what we say in UID FETCH.
 * Ranges are never expanded.  A zeroed struct uidset is empty.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"
#include "base/uid.h"

struct uid_range {
	uint32_t first, last;	/* inclusive */
};

struct uidset {
	struct uid_range *ranges;	/* owned */
	size_t n, size;
};

void uidset_fini(struct uidset *set);	/* also for CLEANUP(uidset_fini) */
void uidset_clear(struct uidset *set);
/* Adds first..last (swapped when descending; 0 is taken as 1). */
void uidset_add(struct uidset *set, uint32_t first, uint32_t last);
bool uidset_has(const struct uidset *set, uint32_t uid);
/* How many UIDs the set holds. */
uint64_t uidset_count(const struct uidset *set);
/*
 * Reads a sequence-set of numbers and ranges ("1:4,7"), adding to *set.
 * False on any other byte, on "*", and when it would hold more than
 * max_ranges ranges.  RFC 9051 9, sequence-set; PROTOCOLS.md 8 rows 35, 52.
 */
bool uidset_parse(struct uidset *set, struct span s, size_t max_ranges);
/* Writes "1:4,7", ascending; nothing for the empty set. */
void uidset_put(struct buf *out, const struct uidset *set);
