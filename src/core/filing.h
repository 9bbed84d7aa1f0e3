/* SPDX-License-Identifier: MIT */
/*
 * A copy of each sent letter belongs into the account's Sent folder.  With
 * IMAP that is an act of its own (ACT_FILE), queued in the commit that
 * records the sending, and done by the next IMAP session (imap_file.c).
 */
#pragma once

#include "store/journal.h"

/* Queues the copy of a letter that was sent just now. */
void filing_queue(struct store_txn *t, const struct act *sent, int64_t now);
/*
 * Appends the search key for the letter ("HEADER MESSAGE-ID ..."); false
 * when its Message-ID cannot be written as a quoted string.
 */
bool filing_put_search(struct buf *out, struct span message_id);
