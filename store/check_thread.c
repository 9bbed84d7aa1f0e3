/* SPDX-License-Identifier: MIT */
#include "store/check.h"
#include "store/thread.h"

/* 0 for a ring of links. */
static uint64_t
find_thread(struct check *c, uint64_t number)
{
	uint64_t thread = thread_find(&c->t, number);

	if (c->t.error.kind != ERR_CORRUPT)
		return thread;
	c->t.error = (struct error){ 0 };
	check_bad(c, TABLE_THREAD_LINKS, number, "it leads to no thread");
	return 0;
}

/* The first entry of an id leads to its thread. */
static void
check_reference(struct check *c, uint64_t hash, uint64_t thread, uint64_t id)
{
	struct key at = { 0 };
	struct span key, value;
	bool is_there;

	key_hash(&at, hash);
	is_there = txn_seek(&c->t, TABLE_MESSAGE_IDS, &at, &key, &value) &&
	    key_take_hash(&key) == hash;
	if (is_there)
		key_take_u32(&key);
	if (!is_there || find_thread(c, thread_of_value(value,
	    key_take_u64(&key))) != thread)
		check_bad(c, TABLE_MESSAGE_IDS, id, "an id that it refers to "
		    "is missing, or of another thread");
}

static void
check_own_id(struct check *c, const struct message *m, uint64_t thread)
{
	struct key key = row_message_id_key(thread_id_hash(m->message_id),
	    m->folder, m->id);
	struct span value;

	if (m->message_id.n == 0)
		return;
	c->called_for[TABLE_MESSAGE_IDS]++;
	if (!txn_get(&c->t, TABLE_MESSAGE_IDS, &key, &value) ||
	    find_thread(c, thread_of_value(value, m->id)) != thread)
		check_bad(c, TABLE_MESSAGE_IDS, m->id, "missing, or of "
		    "another thread");
}

void
check_row_thread(struct check *c, const struct row *row)
{
	uint64_t refs[ROW_REFERENCES_MAX];
	size_t n = thread_ref_hashes(row, refs);
	struct key subject = thread_subject_key(row), member;
	const struct message *m = &row->m;
	uint64_t thread = find_thread(c, m->thread);

	check_own_id(c, m, thread);
	for (size_t i = 0; i < n; i++)
		check_reference(c, refs[i], thread, m->id);
	if (subject.n)
		check_call_for(c, TABLE_SUBJECTS, &subject, NULL, m->id);
	member = thread_member_key(&(struct thread_member){
	    .thread = thread,
	    .folder = m->folder,
	    .at = { .date = m->date, .id = m->id },
	});
	check_call_for(c, TABLE_THREAD_MEMBERS, &member, NULL, m->id);
}

/* Ids that no message has; they are not called for by a row. */
static void
check_heard(struct check *c, struct span key, struct span value)
{
	uint64_t number = key_take_u64(&value);

	key_take_hash(&key);
	if (key_take_u32(&key) != 0)
		return;
	c->called_for[TABLE_MESSAGE_IDS]++;
	if (number == 0 || number > txn_last_number(&c->t, COUNTER_MESSAGE))
		check_bad(c, TABLE_MESSAGE_IDS, number, "an id that was heard "
		    "of is of no thread");
}

static void
check_link(struct check *c, struct span key, struct span value)
{
	uint64_t number = key_take_u64(&key), last;

	last = txn_last_number(&c->t, COUNTER_MESSAGE);
	if (number == 0 || number > last || key_take_u64(&value) > last ||
	    find_thread(c, number) == 0)
		check_bad(c, TABLE_THREAD_LINKS, number, "it leads to no "
		    "thread");
}

static void
call_for_head(struct check *c, const struct thread_member *m)
{
	struct key key = row_date_key(m->folder, m->at.date, m->at.id);
	struct key thread = thread_value(m->thread, m->at.id);
	struct span value = key_span(&thread);

	check_call_for(c, TABLE_THREADS, &key, &value, m->at.id);
}

/* The last member of each thread in each folder is its head there. */
static void
check_heads(struct check *c)
{
	struct thread_member newest = { 0 }, m;
	struct key at = { 0 };
	struct span key, value;
	bool found = txn_seek(&c->t, TABLE_THREAD_MEMBERS, &at, &key, &value);

	while (!check_is_over(c) && found) {
		m.thread = key_take_u64(&key);
		m.folder = key_take_u32(&key);
		m.at.date = key_take_date(&key);
		m.at.id = key_take_u64(&key);
		if (newest.at.id && (m.thread != newest.thread ||
		    m.folder != newest.folder))
			call_for_head(c, &newest);
		newest = m;
		found = txn_next(&c->t, TABLE_THREAD_MEMBERS, &key, &value);
	}
	if (!check_is_over(c) && newest.at.id)
		call_for_head(c, &newest);
}

void
check_threads(struct check *c)
{
	check_each(c, TABLE_MESSAGE_IDS, check_heard);
	check_each(c, TABLE_THREAD_LINKS, check_link);
	check_heads(c);
	check_settle(c, TABLE_THREAD_MEMBERS, 0);
}
