/* SPDX-License-Identifier: MIT */
/* What an opened letter is inside; for letter.c and letter_*.c alone. */
#pragma once

#include "mail/letter.h"
#include "mail/transfer.h"

/* What is known of a part beside what letter.h tells. */
struct part {
	struct span type;	/* Content-Type as written */
	struct span content;	/* as in the letter, still encoded */
	struct span message;	/* an embedded letter, decoded */
	struct span missing;	/* X-Surat-Missing, of this letter itself */
	enum transfer transfer;
	bool is_text;		/* can be shown, and is not to be saved only */
	size_t end;		/* one behind its last descendant */
};

struct letter {
	struct arena arena;
	struct span bytes;	/* owned: see is_mapped */
	bool is_mapped;
	bool is_cut;		/* over the limits: not all parts are here */
	struct span block;	/* the header */
	struct envelope envelope;
	struct letter_part *parts;	/* in the arena, n of each */
	struct part *inside;
	size_t n, size;
};

/* Finds the parts of l->bytes. */
void letter_find_parts(struct letter *l);
/* "text/plain", also "text/..." as a whole when type ends in a slash. */
bool letter_part_is(const struct letter *l, size_t i, const char *type);
/* Part i decoded, at most max octets. */
void letter_part_decode(const struct letter *l, size_t i, size_t max,
    struct buf *out);
/* Sets is_shown of every part as letter_render would. */
void letter_mark_shown(struct letter *l, enum letter_prefer prefer);
