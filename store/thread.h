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
 * A thread has a number: the id of the message that it began with.  When two
 * are joined, the members of the smaller one move to the larger, and a link
 * is left behind: numbers in rows and in message_ids are not rewritten but
 * followed (thread_find).
 *
 * What was joined stays joined when the message that did it goes: ids stay
 * known, and links stay although their threads may be empty.  Both cost a
 * few octets; store_check's repair and a rebuild make them anew from the
 * rows, and only they clear them.  Private to store/.
 */
#pragma once

#include "base/envelope.h"
#include "store/row.h"

/* How long after a message an answer joins it by its subject alone. */
enum { THREAD_SUBJECT_SECONDS = 30 * 86400 };

/* In the hash of a subject: it says that it answers. */
enum { SUBJECT_IS_REPLY = 1 };

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
/* The hash that stands for a Message-ID; 0 for none. */
uint64_t thread_id_hash(struct span message_id);
/*
 * What joins the row with others besides its own Message-ID: hashes as in
 * message_ids, a hash of the server's name for the thread or else the
 * references.  Returns how many; zeros are left out.
 */
size_t thread_ref_hashes(const struct row *row,
    uint64_t out[ROW_REFERENCES_MAX]);
/* It has a subject_id, and its subject says that it answers. */
bool thread_answers(const struct row *row);
/*
 * The row's key in `subjects`, where those stand that answer; empty when the
 * row has no place there.
 */
struct key thread_subject_key(const struct row *row);

/*
 * Puts a new row (m.id, folder, date and the above are there) into its
 * thread and gives the number.  m.thread is 0, or a thread that the row is
 * in whatever its ids say.
 */
uint64_t thread_join(struct store_txn *t, const struct row *row);
/*
 * The thread of both: `thread`, which has no link, and whatever `with` leads
 * to.  0 stands for none.
 */
uint64_t thread_unite(struct store_txn *t, uint64_t thread, uint64_t with);
/*
 * The thread of `thread` and what the row's subject joins; puts the subject.
 * What began something is found by by_subject: a row is put into that index
 * after its thread_join, never before.
 */
uint64_t thread_unite_subject(struct store_txn *t, uint64_t thread,
    const struct row *row);
/* Takes the row out; its ids stay known.  Its spans are not of the map. */
void thread_leave(struct store_txn *t, const struct row *row);
/*
 * The number of a thread in the value of an entry that has a message in its
 * key: nothing where it is the message's own number, as it is for most.
 * Message 0 stands for none.
 */
struct key thread_value(uint64_t thread, uint64_t message);
uint64_t thread_of_value(struct span value, uint64_t message);
/* The thread that a number leads to now; a number without a link is it. */
uint64_t thread_find(struct store_txn *t, uint64_t thread);

/*
 * Members, for walks; `thread` is what thread_find gave.  A folder of 0
 * stands for all.
 */
struct thread_member {
	uint64_t thread;
	uint32_t folder;
	struct message_spot at;	/* date, message */
};

/* Its key in thread_members. */
struct key thread_member_key(const struct thread_member *m);
/*
 * Forward: by folder, then date, then message.  The rule of txn_next holds:
 * nothing else looks at thread_members between two steps.
 */
bool thread_first(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct thread_member *out);
/* From *m on; is_same_folder: to the end of m->folder. */
bool thread_next(struct store_txn *t, bool is_same_folder,
    struct thread_member *m);
/* The first one of the next folder; the rule does not matter. */
bool thread_next_folder(struct store_txn *t, struct thread_member *m);
/* Backward, in one folder, the newest first. */
bool thread_last(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct thread_member *out);
bool thread_prev(struct store_txn *t, struct thread_member *m);
/* *m, or in its place the next older one in its folder. */
bool thread_last_at(struct store_txn *t, struct thread_member *m);
/* The newest member in the folder: the one that stands in `threads`. */
bool thread_newest(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct message_spot *out);
/* The same, with members that are held back passed over: thread_top.h. */
bool thread_newest_put(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct message_spot *out);
/* At most max are counted. */
size_t thread_members_count(struct store_txn *t, uint64_t thread,
    uint32_t folder, size_t max);
