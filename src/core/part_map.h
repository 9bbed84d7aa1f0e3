/* SPDX-License-Identifier: MIT */
/*
 * Which parts are not in a letter that was fetched in part, and where they
 * belong.  Kept beside the letter as its part "MAP" (store/part.h), as lines
 * of text:
 *
 *   surat-map 1
 *   SECTION AT LENGTH OCTETS
 *
 * one for each missing part, in the order of the letter: its placeholder is
 * LENGTH octets at AT of the letter, and the server has OCTETS of it.  A map
 * without such lines is that of a letter in which nothing is missing.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum {
	PART_MAP_GAPS_MAX = 1000,
	PART_MAP_OCTETS_MAX = 256 * 1024,	/* as text */
	PART_SECTION_MAX = 64,
};

struct part_gap {
	struct span section;
	uint64_t at, length;	/* of the placeholder in the letter */
	uint64_t octets;	/* of the part, as transferred */
};

struct part_map {
	struct part_gap *gaps;	/* in the arena of who made it */
	size_t n;
};

void part_map_write(const struct part_map *map, struct buf *out);
/*
 * The other way; sections are copied into the arena.  False for what
 * part_map_write would not have written: placeholders that overlap or run
 * beyond size, the octets of the letter, included.
 */
bool part_map_read(struct span text, uint64_t size, struct arena *arena,
    struct part_map *out);
/* The gap of a section, or NULL. */
const struct part_gap *part_map_find(const struct part_map *map,
    struct span section);
/*
 * The gap was filled with that many octets in the place of its placeholder:
 * it goes, and what is behind it moves.
 */
void part_map_fill(struct part_map *map, const struct part_gap *gap,
    uint64_t octets);
