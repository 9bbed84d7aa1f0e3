/* SPDX-License-Identifier: MIT */
/*
 * The letter before it is sent: what it says, to whom, what may be missing.
 * The pane owns the letter; it goes away when the letter is in the journal,
 * put off, or thrown away.
 */
#pragma once

#include "ui/compose_letter.h"
#include "ui/flow.h"
#include "ui/ui.h"

/* Each takes c over.  The editor comes first, but for a resumed letter. */
void review_open_new(struct ui *ui, struct compose_letter *c,
    const struct draft *draft);
void review_open_resumed(struct ui *ui, struct compose_letter *c);
/* Waits for the quoted text before it opens the editor. */
void review_open_quoting(struct ui *ui, struct compose_letter *c,
    enum compose_kind kind, uint64_t body);

enum review_phase {
	REVIEW_QUOTING,		/* the answered letter is being quoted */
	REVIEW_READY,
	REVIEW_SENDING,		/* the letter is being built */
};

/* All that is drawn. */
struct review_state {
	const struct compose_letter *letter;	/* borrowed */
	enum review_phase phase;
	struct doc text;		/* the draft's, prepared for flow */
	struct flow_position top;
	int page, text_cols;		/* of the text, as drawn last */
};

/* The text of a draft as a document: quotes by depth. */
struct doc review_doc(struct span text, struct arena *arena);
/* Draws; pure but for top, page and text_cols, which it fits. */
void review_draw(struct review_state *state, struct surface *s,
    struct rect r);
