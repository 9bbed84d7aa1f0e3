/* SPDX-License-Identifier: MIT */
/*
 * Which messages are of one thread: a union of sets, kept in tables.  The
 * set of a new message is that of every id and subject it is joined by;
 * where these are several, the smaller go into the larger one.
 */
#include "store/thread.h"

#include "base/bug.h"
#include "store/thread_top.h"
#include "store/txn.h"

enum { MOVED_AT_ONCE = 64 };

struct key
thread_value(uint64_t thread, uint64_t message)
{
	return thread == message ? (struct key){ 0 } : key_of_u64(thread);
}

uint64_t
thread_of_value(struct span value, uint64_t message)
{
	return value.n ? key_take_u64(&value) : message;
}

/* 0 when the thread is nobody else's part. */
static uint64_t
link_of(struct store_txn *t, uint64_t thread)
{
	struct key at = key_of_u64(thread);
	struct span value;

	return txn_get(t, TABLE_THREAD_LINKS, &at, &value)
	    ? key_take_u64(&value) : 0;
}

static void
put_link(struct store_txn *t, uint64_t from, uint64_t to)
{
	struct key key = key_of_u64(from), value = key_of_u64(to);

	txn_put(t, TABLE_THREAD_LINKS, &key, key_span(&value));
}

uint64_t
thread_find(struct store_txn *t, uint64_t thread)
{
	enum { FEW = 50 };
	uint64_t next;

	for (uint64_t n = 0; (next = link_of(t, thread)) != 0; n++) {
		if (n > FEW && n > txn_count(t, TABLE_THREAD_LINKS)) {
			txn_corrupt(t, TABLE_THREAD_LINKS);	/* a ring */
			break;
		}
		thread = next;
	}
	return thread;
}

/* The same, and every link on the way is made to lead there at once. */
static uint64_t
find_short(struct store_txn *t, uint64_t thread)
{
	uint64_t end = thread_find(t, thread), next;

	while (thread != end && (next = link_of(t, thread)) != 0) {
		if (next != end)
			put_link(t, thread, end);
		thread = next;
	}
	return end;
}

static bool
is_newer(struct message_spot a, struct message_spot b)
{
	return a.date != b.date ? a.date > b.date : a.id > b.id;
}

/* The entry of a thread in `threads`, for a folder. */
static void
put_head(struct store_txn *t, uint32_t folder, struct message_spot at,
    uint64_t thread)
{
	struct key key = row_date_key(folder, at.date, at.id);
	struct key value = thread_value(thread, at.id);

	txn_put_late(t, TABLE_THREADS, &key, key_span(&value));
}

static bool
del_head(struct store_txn *t, uint32_t folder, struct message_spot at)
{
	struct key key = row_date_key(folder, at.date, at.id);

	return txn_del(t, TABLE_THREADS, &key);
}

/* Both threads have one entry in the folder, if any; they get one together. */
static void
join_heads(struct store_txn *t, uint32_t folder, uint64_t from, uint64_t to)
{
	struct message_spot mine, other;

	if (!thread_newest(t, from, folder, &mine))
		return;
	if (thread_newest(t, to, folder, &other)) {
		if (!is_newer(mine, other)) {
			if (!del_head(t, folder, mine))
				txn_corrupt(t, TABLE_THREADS);
			return;
		}
		if (!del_head(t, folder, other))
			txn_corrupt(t, TABLE_THREADS);
	}
	put_head(t, folder, mine, to);
}

static void
move_members(struct store_txn *t, uint64_t from, uint64_t to)
{
	struct thread_member moved[MOVED_AT_ONCE], m;
	size_t n;

	do {
		bool found = thread_first(t, from, 0, &m);

		for (n = 0; found && n < MOVED_AT_ONCE; n++) {
			moved[n] = m;
			found = thread_next(t, false, &m);
		}
		for (size_t i = 0; i < n; i++) {
			struct key key = thread_member_key(&moved[i]);

			txn_del(t, TABLE_THREAD_MEMBERS, &key);
		}
		for (size_t i = 0; i < n; i++) {
			struct key key;

			moved[i].thread = to;
			key = thread_member_key(&moved[i]);
			txn_put(t, TABLE_THREAD_MEMBERS, &key,
			    (struct span){ "", 0 });
		}
	} while (n == MOVED_AT_ONCE && !txn_failed(t));
}

/* Looks at no more than about twice as many members as it has. */
static bool
is_smaller(struct store_txn *t, uint64_t a, uint64_t b)
{
	for (size_t max = 8; !txn_failed(t); max *= 2) {
		size_t na = thread_members_count(t, a, 0, max);
		size_t nb = thread_members_count(t, b, 0, max);

		if (na < max || nb < max)
			return na < nb || (na == nb && a > b);
	}
	return false;
}

/* Both are without a link; gives the one that is left. */
static uint64_t
join_threads(struct store_txn *t, uint64_t a, uint64_t b)
{
	bool is_a_smaller = is_smaller(t, a, b);
	uint64_t from = is_a_smaller ? a : b, to = is_a_smaller ? b : a;
	struct thread_member m;
	bool found = thread_first(t, from, 0, &m);

	while (found) {
		join_heads(t, m.folder, from, to);
		found = thread_next_folder(t, &m);
	}
	move_members(t, from, to);
	thread_tops_forget(t);
	put_link(t, from, to);
	return to;
}

uint64_t
thread_unite(struct store_txn *t, uint64_t thread, uint64_t with)
{
	if (with == 0 || with == thread)
		return thread;
	with = find_short(t, with);
	if (thread == 0 || with == thread)
		return with;
	return join_threads(t, thread, with);
}

/* The thread of an id, whoever has it; 0 when it was never heard of. */
static uint64_t
thread_of_id(struct store_txn *t, uint64_t hash)
{
	struct key at = { 0 };
	struct span key, value;

	key_hash(&at, hash);
	if (hash == 0 || !txn_seek(t, TABLE_MESSAGE_IDS, &at, &key, &value) ||
	    key_take_hash(&key) != hash)
		return 0;
	key_take_u32(&key);
	return thread_of_value(value, key_take_u64(&key));
}

static void
put_id(struct store_txn *t, uint64_t hash, uint32_t folder, uint64_t id,
    uint64_t thread)
{
	struct key key = row_message_id_key(hash, folder, id);
	struct key value = thread_value(thread, id);

	txn_put(t, TABLE_MESSAGE_IDS, &key, key_span(&value));
}

/* Keeps in mind an id that no message is known to have. */
static void
put_unseen(struct store_txn *t, uint64_t hash, uint64_t thread)
{
	if (hash && !thread_of_id(t, hash))
		put_id(t, hash, 0, 0, thread);
}

/* is_new: nobody else is of the thread. */
static void
add_member(struct store_txn *t, const struct message *m, uint64_t thread,
    bool is_new)
{
	struct message_spot at = message_spot(m), newest;
	struct thread_member member = { thread, m->folder, at };
	bool is_first = is_new ||
	    !thread_top(t, thread, m->folder, &newest);

	if (is_first || is_newer(at, newest)) {
		if (!is_first && !del_head(t, m->folder, newest))
			txn_corrupt(t, TABLE_THREADS);
		put_head(t, m->folder, at, thread);
		newest = at;
	}
	thread_top_add(t, &member, newest);
}

uint64_t
thread_join(struct store_txn *t, const struct row *row)
{
	uint64_t own = row->id_hash ? row->id_hash
	    : thread_id_hash(row->m.message_id);
	uint64_t refs[ROW_REFERENCES_MAX], unseen[ROW_REFERENCES_MAX];
	size_t nrefs = thread_ref_hashes(row, refs), nunseen = 0;
	uint64_t thread = thread_unite(t, 0, row->m.thread);
	bool is_new;

	thread = thread_unite(t, thread, thread_of_id(t, own));
	for (size_t i = 0; i < nrefs; i++) {
		uint64_t with = thread_of_id(t, refs[i]);

		if (with == 0 && refs[i] != own)
			unseen[nunseen++] = refs[i];
		thread = thread_unite(t, thread, with);
	}
	thread = thread_unite_subject(t, thread, row);
	is_new = thread == 0;
	if (is_new)
		thread = row->m.id;
	if (own)
		put_id(t, own, row->m.folder, row->m.id, thread);
	for (size_t i = 0; i < nunseen; i++)
		put_id(t, unseen[i], 0, 0, thread);
	add_member(t, &row->m, thread, is_new);
	return thread;
}

static void
remove_member(struct store_txn *t, const struct message *m, uint64_t thread)
{
	struct thread_member member = { thread, m->folder,
		message_spot(m) };
	struct key key = thread_member_key(&member);
	struct message_spot newest;

	if (!txn_del(t, TABLE_THREAD_MEMBERS, &key))
		txn_corrupt(t, TABLE_THREAD_MEMBERS);
	thread_tops_forget(t);
	if (del_head(t, m->folder, member.at) &&
	    thread_newest(t, thread, m->folder, &newest))
		put_head(t, m->folder, newest, thread);
}

void
thread_leave(struct store_txn *t, const struct row *row)
{
	uint64_t own = thread_id_hash(row->m.message_id);
	uint64_t thread = find_short(t, row->m.thread);
	struct key by_id = row_message_id_key(own, row->m.folder, row->m.id);
	struct key by_subject = thread_subject_key(row);

	remove_member(t, &row->m, thread);
	if (by_subject.n && !txn_del(t, TABLE_SUBJECTS, &by_subject))
		txn_corrupt(t, TABLE_SUBJECTS);
	if (own && !txn_del(t, TABLE_MESSAGE_IDS, &by_id))
		txn_corrupt(t, TABLE_MESSAGE_IDS);
	put_unseen(t, own, thread);
}
