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
 *
 * Answers that refer to nothing are few: they have a table.  What begins
 * something is most of all mail; it is found by the order of subjects that
 * each folder has, and known by the hash in its row.  One octet of that is
 * in the entry: rows of the same few words from others are not read.
 */
#include "store/thread.h"
#include "store/txn.h"

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

/* The first answer of a subject at or behind a place. */
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

/* Rows of one sort in one folder, the latest first. */
struct walk {
	struct key sort;	/* folder and text of the subject */
	uint64_t subject;	/* of those that are wanted */
	int64_t first;		/* the oldest */
};

/* What row_sort_value tells of the subject. */
static bool
may_be_of(struct span value, uint64_t subject)
{
	return value.n == 1 && (uint8_t)value.p[0] == (uint8_t)subject;
}

/* The thread of an entry; 0: of another subject.  False at the end. */
static bool
take_begun(struct store_txn *t, const struct walk *w, struct span key,
    struct span value, uint64_t *thread)
{
	struct span id;
	struct row row;

	*thread = 0;
	if (!span_starts(key, key_span(&w->sort)))
		return false;
	span_take(&key, w->sort.n);
	if (key_take_date_down(&key) < w->first)
		return false;
	if (!may_be_of(value, w->subject))
		return true;
	if (!row_get(t, key_take_u64(&key), &row)) {
		txn_corrupt(t, TABLE_BY_SUBJECT);
		return false;
	}
	id = row.subject_id;
	if (id.n && key_take_hash(&id) == w->subject)
		*thread = row.m.thread;
	return true;
}

/* The beginnings in a folder that are dated w->first to last. */
static uint64_t
unite_folder(struct store_txn *t, uint64_t thread, const struct walk *w,
    int64_t last)
{
	struct key at = w->sort;
	struct span key, value;
	uint64_t with;
	bool found;

	key_date_down(&at, key_date_cut(last));
	found = txn_seek(t, TABLE_BY_SUBJECT, &at, &key, &value);
	while (found && take_begun(t, w, key, value, &with)) {
		thread = thread_unite(t, thread, with);
		found = txn_next(t, TABLE_BY_SUBJECT, &key, &value);
	}
	return thread;
}

/* The beginnings of what the row answers, in any folder. */
static uint64_t
unite_begun(struct store_txn *t, uint64_t thread, const struct row *row,
    int64_t first, int64_t last)
{
	struct span id = row->subject_id, key, value;
	struct key text = { 0 }, at;
	struct walk w = { .first = first };
	uint32_t folder = 0, last_folder;

	row_key_subject(&text, &row->m);
	w.subject = key_take_hash(&id) & ~(uint64_t)SUBJECT_IS_REPLY;
	while (first <= last && folder < UINT32_MAX) {
		at = key_of_u32(folder + 1);
		if (!txn_seek(t, TABLE_BY_SUBJECT, &at, &key, &value))
			break;
		last_folder = folder;
		folder = key_take_u32(&key);
		/* A number that cannot be would lead back to the first. */
		if (folder <= last_folder) {
			txn_corrupt(t, TABLE_BY_SUBJECT);
			break;
		}
		w.sort = key_of_u32(folder);
		key_bytes(&w.sort, key_span(&text));
		thread = unite_folder(t, thread, &w, last);
	}
	return thread;
}

static uint64_t
unite_answer(struct store_txn *t, uint64_t thread, const struct row *row)
{
	int64_t date = row->m.date, last = date;
	int64_t first = date - THREAD_SUBJECT_SECONDS;
	struct span id = row->subject_id;
	uint64_t subject = key_take_hash(&id);
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
	return unite_begun(t, thread, row, first, last);
}

uint64_t
thread_unite_subject(struct store_txn *t, uint64_t thread,
    const struct row *row)
{
	struct span id = row->subject_id;
	uint64_t answer = key_take_hash(&id) | SUBJECT_IS_REPLY;
	struct key key = thread_subject_key(row);
	int64_t date = row->m.date;
	struct message_spot at;

	if (row->subject_id.n == 0)
		return thread;
	if (key.n) {
		thread = unite_answer(t, thread, row);
		txn_put(t, TABLE_SUBJECTS, &key, (struct span){ "", 0 });
	} else if (first_from(t, answer, date, 0, &at) &&
	    at.date <= date + THREAD_SUBJECT_SECONDS) {
		thread = unite_message(t, thread, at);
	}
	return thread;
}
