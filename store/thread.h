/* SPDX-License-Identifier: MIT */
/*
 * Threads, RFC 5256 REFERENCES, kept while mail arrives in any order.
 *
 * Two messages are of one thread when a chain of ids joins them: each
 * message joins its own Message-ID and the ids that it refers to (References,
 * else the first of In-Reply-To).  So a thread is a connected component,
 * which does not depend on the order of arrival, and adding a message only
 * ever joins threads.  A message that refers to nothing and whose subject
 * says that it answers joins what has the same base subject and the same two
 * participants and is up to 30 days older.  Where the server names the
 * conversation, that name takes the place of references and subject.
 *
 * A thread has a number.  When two are joined, the members of the smaller
 * one move to the larger, and a link is left behind: numbers in rows and in
 * message_ids are not rewritten but followed (thread_find).
 *
 * What was joined stays joined when the message that did it goes.  Private
 * to store/.
 */
#pragma once

#include "base/envelope.h"
#include "store/row.h"

/* The ids of a new message, as its row will hold them. */
struct thread_refs {
	char references[8 * ROW_REFERENCES_MAX];
	char subject_id[8];
	char server_thread[8];
};

/*
 * Fills row->references, ->subject_id and ->server_thread (spans into *refs)
 * from the envelope.  row->m has its account, texts and date.
 */
void thread_refs_make(struct thread_refs *refs, const struct envelope *e,
    uint64_t server_thread, struct row *row);
/*
 * Puts a new row (m.id, folder, date and the above are there; m.thread is
 * not) into its thread and gives the number.
 */
uint64_t thread_join(struct store_txn *t, const struct row *row);
/* Takes the row out; its ids stay known. */
void thread_leave(struct store_txn *t, const struct row *row);
/* The thread that a number leads to now; a number without a link is it. */
uint64_t thread_find(struct store_txn *t, uint64_t thread);
