/* SPDX-License-Identifier: MIT */
/*
 * What one LIST told, while it is being told.  Between imap_folders.c, which
 * hears it, and imap_boxes.c, which compares it with the store.
 */
#pragma once

#include <glib.h>

#include "src/core/imap_private.h"

struct imap_listed {
	struct span name;	/* "INBOX" in upper case, else raw */
	char delimiter;
	unsigned attributes;
	struct imap_mailbox_facts facts;	/* .has == 0: no STATUS */
};

struct imap_listing {
	struct arena arena;
	struct imap_listed *list;	/* owned */
	size_t n, size;
	GHashTable *by_name;		/* owned: name -> index + 1 */
	size_t asked;			/* STATUS sent for those before */
	unsigned in_flight;
	bool has_inbox;
	bool is_of_others;	/* there are folders that are not the user's */
};

/* By key, INBOX in any case; NULL: it was not listed. */
struct imap_listed *listing_find(struct imap_listing *l, struct span key);
/* Has the server something else than the store? */
bool listed_is_stale(const struct imap_listed *l, const struct folder *f);
/* Would another client's mark show in the STATUS? */
bool listed_tells_flags(const struct imap_listed *l, const struct folder *f);
