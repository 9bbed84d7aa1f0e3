/* SPDX-License-Identifier: MIT */
/*
 * How contacts gather.  Private to store/.
 *
 * A letter in a folder of sent mail counts for everybody in To, Cc and Bcc,
 * any other one for the first address of From.  Not counted are
 *   - Reply-To and the other recipients of mail that was received: lists and
 *     letters to many would fill the table with strangers;
 *   - junk, and drafts, which nobody has sent;
 *   - a letter whose Message-ID is here already, in whatever folder: copies
 *     count once.  (One that went and comes again counts again, as when a
 *     server renumbers a folder.)
 *   - more than CONTACT_RECIPIENTS_MAX recipients of one letter;
 *   - what could not be written to: without "@", with blanks or controls,
 *     longer than RFC 5321 allows.
 * A name that has "@" in it is not taken: it would complete to another
 * address than the one that is read.
 */
#pragma once

#include "base/envelope.h"
#include "store/message.h"

enum { CONTACT_RECIPIENTS_MAX = 100, CONTACTS_HELD = 512 };

/* What a writer has yet to add to the contacts. */
struct contact_notes;

/*
 * A message is about to be added: called before its Message-ID is known to
 * the store.  m: folder, date, arrived; id_hash: thread_id_hash of the
 * Message-ID.
 */
void contact_note(struct store_txn *t, const struct message *m,
    uint64_t id_hash, const struct envelope *envelope);
/* Writes what was noted.  Called by store_commit, and before contacts are
 * read. */
void contact_flush(struct store_txn *t);
void contact_notes_free(struct contact_notes *notes);
