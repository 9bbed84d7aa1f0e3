/* SPDX-License-Identifier: MIT */
/*
 * Completing an address in a line of addresses, from the contacts that the
 * store has gathered.  What is completed is what stands behind the last comma
 * that is not part of a name; each of its words must begin a word of the name
 * or of the address (store/contact.h says in which order they come).
 */
#pragma once

#include "store/store.h"
#include "ui/prompt.h"

enum { COMPOSE_CONTACTS_MAX = 20 };

/*
 * One short transaction, however many contacts there are.  A candidate is
 * "Name <addr>", quoted where it must be.
 */
void compose_contact_complete(struct store *store, struct span before,
    struct completion *out);
