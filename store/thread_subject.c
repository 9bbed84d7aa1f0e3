/* SPDX-License-Identifier: MIT */
/*
 * Messages that refer to nothing, joined by their subject: an answer joins
 * every message of its subject (thread_refs.c: base and participants) that
 * is as old as itself or up to 30 days older.
 *
 * Not every pair is looked at.  Answers of one subject within 30 days of
 * their neighbours are of one thread already.  So a message that begins
 * something joins the first answer after it, and an answer its neighbours;
 * what began between the answer before and this one, and is too old for the
 * answer after, is all that no answer has joined yet.
 */
#include "store/thread.h"
#include "store/txn.h"

enum { IS_REPLY = 1 };	/* in the number of a subject */

static struct key
subject_key(uint64_t subject, int64_t date, uint64_t message)
{
	struct key key = { 0 };

	key_hash(&key, subject);
	key_date(&key, key_date_cut(date));
	key_u64(&key, message);
	return key;
}

static bool
take_place(struct span key, uint64_t subject, struct message_spot *out)
{
	if (key_take_hash(&key) != subject)
		return false;
	out->date = key_take_date(&key);
	out->id = key_take_u64(&key);
	return true;
}

/* The first message of a subject at or behind a place. */
static bool
first_from(struct store_txn *t, uint64_t subject, int64_t date,
    uint64_t message, struct message_spot *out)
{
	struct key at = subject_key(subject, date, message);
	struct span key, value;

	return txn_seek(t, TABLE_SUBJECTS, &at, &key, &value) &&
	    take_place(key, subject, out);
}

/* The last one at that date or earlier. */
static bool
last_until(struct store_txn *t, uint64_t subject, int64_t date,
    struct message_spot *out)
{
	struct key at = subject_key(subject, date, UINT64_MAX);
	struct span key, value;

	return txn_seek_before(t, TABLE_SUBJECTS, &at, &key, &value) &&
	    take_place(key, subject, out);
}

static uint64_t
unite_message(struct store_txn *t, uint64_t thread, struct message_spot at)
{
	struct row row;

	if (row_get(t, at.id, &row))
		return thread_unite(t, thread, row.m.thread);
	txn_corrupt(t, TABLE_SUBJECTS);
	return thread;
}

/* The beginnings dated first to last. */
static uint64_t
unite_begun(struct store_txn *t, uint64_t thread, uint64_t subject,
    int64_t first, int64_t last)
{
	struct message_spot at;
	bool found = first <= last &&
	    first_from(t, subject, first, 0, &at);
	struct span key, value;

	while (found && at.date <= last) {
		thread = unite_message(t, thread, at);
		found = txn_next(t, TABLE_SUBJECTS, &key, &value) &&
		    take_place(key, subject, &at);
	}
	return thread;
}

static uint64_t
unite_answer(struct store_txn *t, uint64_t thread, uint64_t subject,
    int64_t date)
{
	int64_t first = date - THREAD_SUBJECT_SECONDS, last = date;
	struct message_spot at;

	if (last_until(t, subject, date, &at) && at.date >= first) {
		thread = unite_message(t, thread, at);
		first = at.date + 1;
	}
	if (first_from(t, subject, date, UINT64_MAX, &at) &&
	    at.date <= date + THREAD_SUBJECT_SECONDS) {
		thread = unite_message(t, thread, at);
		last = at.date - THREAD_SUBJECT_SECONDS - 1;
	}
	return unite_begun(t, thread, subject & ~(uint64_t)IS_REPLY, first,
	    last);
}

uint64_t
thread_unite_subject(struct store_txn *t, uint64_t thread,
    const struct row *row)
{
	struct span id = row->subject_id;
	uint64_t subject = key_take_hash(&id);
	struct key key = thread_subject_key(row);
	int64_t date = row->m.date;
	struct message_spot at;

	if (key.n == 0)
		return thread;
	if (subject & IS_REPLY)
		thread = unite_answer(t, thread, subject, date);
	else if (first_from(t, subject | IS_REPLY, date, 0, &at) &&
	    at.date <= date + THREAD_SUBJECT_SECONDS)
		thread = unite_message(t, thread, at);
	txn_put(t, TABLE_SUBJECTS, &key, (struct span){ "", 0 });
	return thread;
}
