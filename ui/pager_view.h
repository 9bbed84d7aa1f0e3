/* SPDX-License-Identifier: MIT */
/*
 * The letter, whole.  Drawing is apart from doing: pager_draw takes a state
 * and a surface and can be tested as text.
 *
 * What surat itself says of a letter (who wrote it, a link that lies) is
 * drawn above the text in rows that no letter can reach, whatever it holds.
 */
#pragma once

#include "store/message.h"
#include "ui/flow.h"
#include "ui/loader_letter.h"
#include "ui/surface.h"

struct ui;

struct pager_state {
	struct message message;		/* the row in the store */
	const struct reading *reading;	/* borrowed; NULL: not here yet */
	const char *notice;		/* why not, in words; borrowed */
	bool folds_quotes;
	struct flow_position top;
	struct span needle;		/* what is searched; empty: nothing */
	struct flow_position match;	/* where it was found last */
	/* Of the last drawing: the text's share of the screen. */
	int page, cols;
};

/* Draws; fits top to the rows and notes page and cols, else pure. */
void pager_draw(struct pager_state *state, struct surface *s, struct rect r);
/* The flow of the text as it was drawn last; doc is empty without one. */
struct flow pager_flow(const struct pager_state *state);
/* "57 %" of the text is above the lower edge of the screen. */
int pager_percent(const struct pager_state *state);

/* Rows of a document from top on; matches of needle stand out. */
void pager_put_text(struct surface *s, struct rect r, const struct flow *f,
    struct flow_position top, struct span needle);
/* "84 KB", "1.2 MB" */
void pager_put_size(struct buf *out, uint64_t octets);

/* Asks the sync half for the body of a message. */
void pager_want_body(struct ui *ui, uint64_t message);

/*
 * The next place of the needle strictly after (step 1) or before (-1) a
 * place in the document, around its ends; false when there is none.
 */
bool pager_search(const struct doc *doc, struct span needle, int step,
    struct flow_position *at);

/* Opens, or copies, link number n (from 1; 0: the only one). */
void pager_link_open(struct ui *ui, const struct doc *doc, unsigned n,
    uint32_t account);
void pager_link_copy(struct ui *ui, const struct doc *doc, unsigned n);
