/* SPDX-License-Identifier: MIT */
/* Letters for tests of contacts, and the folders that they lie in. */
#pragma once

#include "tests/store/scratch.h"

/* One letter; what is not said is empty. */
struct mail {
	uint32_t folder, uid;
	int64_t date, arrived;
	const char *id;
	const char *from_name, *from;
	const char *to_name, *to;
	struct addresses cc;
};

/* Adds it to its folder. */
void mail_put(struct store_txn *t, const struct mail *l);

struct contact_store {
	struct scratch s;
	uint32_t inbox, archive, sent, junk, drafts;
	uint32_t uid;
};

/* An empty store with the folders. */
void contact_store_init(struct contact_store *f);
/* Checks it, too. */
void contact_store_fini(struct contact_store *f);
/* The two tables that follow from the contacts are theirs, no more or less. */
void contact_store_check(struct scratch *s);
