/* SPDX-License-Identifier: MIT */
/*
 * Letters made readable by the loader, and the few that are kept at hand:
 * the one on the screen, its neighbours, its other faces.
 *
 * The ui thread's; only the work itself is done elsewhere.
 */
#pragma once

#include "mail/letter.h"
#include "store/store.h"
#include "ui/loader.h"

enum reading_kind {
	READING_PLAIN,		/* the text, plain where there is a choice */
	READING_HTML,		/* the text, HTML where there is a choice */
	READING_HEADERS,	/* every header field, then the text */
	READING_SOURCE,		/* the letter as it came */
};

struct reading {
	uint64_t body;		/* store/body.h */
	enum reading_kind kind;
	struct error error;	/* kind ERR_OK: it could be read */
	struct doc doc;		/* prepared: ui/flow.h */
	struct envelope envelope;
	struct letter_part *parts;
	size_t nparts;
	struct arena arena;	/* owns all of it */
};

enum { SHELF_MAX = 8 };

struct shelf {
	struct loader *loader;		/* borrowed */
	struct store *store;		/* borrowed */
	struct reading *readings[SHELF_MAX];	/* owned; last used first */
	size_t n;
	/* What the loader is at: not asked for twice. */
	struct shelf_wish {
		uint64_t body;
		enum reading_kind kind;
	} wishes[SHELF_MAX];
	size_t nwishes;
};

void shelf_init(struct shelf *shelf, struct loader *loader,
    struct store *store);
void shelf_fini(struct shelf *shelf);
/*
 * Asks for a reading, unless it is here or asked for already.  An urgent
 * wish makes the loader drop what nobody is looking at any more.
 */
void shelf_want(struct shelf *shelf, uint64_t body, enum reading_kind kind,
    bool is_urgent);
/* Borrowed until the next shelf_take; NULL when it is not here (yet). */
const struct reading *shelf_find(struct shelf *shelf, uint64_t body,
    enum reading_kind kind);
/* Takes in a finished job; true when it was one of the shelf's. */
bool shelf_take(struct shelf *shelf, struct job *job);
