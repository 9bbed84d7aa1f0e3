/* SPDX-License-Identifier: MIT */
/*
 * The parts of a letter as a tree, and saving them.  The pager saves by the
 * same functions.
 */
#pragma once

#include "mail/letter.h"
#include "ui/loader.h"
#include "ui/surface.h"
#include "ui/ui.h"

/* Asks where to, then submits the job.  loader must outlive the prompt. */
void parts_ask_save(struct ui *ui, struct loader *loader, uint64_t body,
    size_t part, struct span name);
/* Saves all attachments; says so when there are none. */
void parts_save_all(struct ui *ui, struct loader *loader, uint64_t body,
    const struct letter_part *parts, size_t n);
/* The n-th attachment (from 1; 0: the only one); SIZE_MAX: not clear. */
size_t parts_attachment(const struct letter_part *parts, size_t nparts,
    unsigned n);
/* Says how saving went; false when the job was none of saving. */
bool parts_saved(struct ui *ui, const struct job *job);

struct parts_state {
	const struct letter_part *parts;	/* borrowed */
	size_t nparts;
	size_t cursor, top;
	const char *notice;			/* instead of parts; or NULL */
	int page;				/* rows, as drawn last */
};

/* Draws; fits top to the cursor and notes page, else pure. */
void parts_draw(struct parts_state *state, struct surface *s, struct rect r);
