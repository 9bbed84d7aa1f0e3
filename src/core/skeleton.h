/* SPDX-License-Identifier: MIT */
/*
 * A letter put together from some of its parts: the server's header, MIME
 * headers made from what BODYSTRUCTURE says, the parts that were fetched,
 * and for every other part a placeholder, the field "X-Surat-Missing:
 * SECTION OCTETS" over an empty content (mail/letter.h believes it in such
 * letters alone).
 *
 * Nothing of the server's gets into a MIME header but as a token, a quoted
 * string or a line of printable text: no value ends a line.  Boundaries are
 * random, so that no text can hold them.  Pure: no store, no network.
 */
#pragma once

#include "base/buf.h"
#include "protocol/imap_part.h"
#include "src/core/part_map.h"

enum {
	SKELETON_RANDOM_OCTETS = 16,
	SKELETON_DEPTH_MAX = 50,	/* LETTER_DEPTH_MAX reads no deeper */
	SKELETON_MULTIPARTS_MAX = 100,
	SKELETON_OCTETS_MAX = 2 << 20,	/* of all MIME headers */
	SKELETON_TEXTS_MAX = 12,	/* fetched for reading */
	SKELETON_TEXT_OCTETS_MAX = 256 * 1024,	/* of them together */
};

struct skeleton_leaf {
	struct span section;
	uint64_t octets;	/* as transferred, says the server */
	bool is_text;		/* is to be fetched for reading */
	bool is_here;
	struct span content;	/* as transferred; when is_here */
	size_t at;		/* in mime: behind the fields of the leaf */
};

struct skeleton {
	struct arena arena;	/* owns sections and contents */
	struct buf mime;	/* the letter without the server's header */
	struct skeleton_leaf *leaves;	/* as in the letter */
	size_t n;
	unsigned nmultiparts;
	char boundary[2 * SKELETON_RANDOM_OCTETS + 1];
};

/*
 * Plans the letter of that structure, which is not used afterwards.  False
 * when it is to be fetched whole: signed or encrypted, so that every octet
 * counts; not understood; over a limit.  skeleton_fini in both cases.
 */
bool skeleton_plan(struct skeleton *s, const struct imap_part *root,
    const unsigned char random[SKELETON_RANDOM_OCTETS]);
/* The content of a leaf came; it is copied. */
void skeleton_put(struct skeleton *s, size_t leaf, struct span content);
/*
 * Writes the letter, and the map of what is missing (in the skeleton's
 * arena).  header is the server's block; of it go the fields that are made
 * anew (Content-*, MIME-Version) and such as are ours alone (X-Surat-*).
 */
void skeleton_assemble(struct skeleton *s, struct span header,
    struct buf *letter, struct part_map *map);
void skeleton_fini(struct skeleton *s);
