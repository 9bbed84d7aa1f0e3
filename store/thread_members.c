/* SPDX-License-Identifier: MIT */
/* Walks over the members of a thread. */
#include "store/thread.h"
#include "store/txn.h"

struct key
thread_member_key(const struct thread_member *m)
{
	struct key key = key_of_u64(m->thread);

	key_u32(&key, m->folder);
	key_date(&key, m->at.date);
	key_u64(&key, m->at.id);
	return key;
}

/* Behind every member in the folder. */
static struct key
folder_end_key(uint64_t thread, uint32_t folder)
{
	struct thread_member end = {
		.thread = thread,
		.folder = folder,
		.at = { KEY_DATE_MAX, UINT64_MAX },
	};

	return thread_member_key(&end);
}

static struct thread_member
take_member(struct span key)
{
	struct thread_member m;

	m.thread = key_take_u64(&key);
	m.folder = key_take_u32(&key);
	m.at.date = key_take_date(&key);
	m.at.id = key_take_u64(&key);
	return m;
}

bool
thread_first(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct thread_member *out)
{
	struct key at = key_of_u64(thread);
	struct span key, value;

	if (folder)
		key_u32(&at, folder);
	if (!txn_seek(t, TABLE_THREAD_MEMBERS, &at, &key, &value))
		return false;
	*out = take_member(key);
	return out->thread == thread && (!folder || out->folder == folder);
}

bool
thread_next(struct store_txn *t, bool is_same_folder, struct thread_member *m)
{
	struct thread_member last = *m;
	struct span key, value;

	if (!txn_next(t, TABLE_THREAD_MEMBERS, &key, &value))
		return false;
	*m = take_member(key);
	return m->thread == last.thread &&
	    (!is_same_folder || m->folder == last.folder);
}

bool
thread_next_folder(struct store_txn *t, struct thread_member *m)
{
	struct key at = folder_end_key(m->thread, m->folder);
	struct thread_member last = *m;
	struct span key, value;

	if (!txn_seek(t, TABLE_THREAD_MEMBERS, &at, &key, &value))
		return false;
	*m = take_member(key);
	if (m->thread != last.thread || m->folder > last.folder)
		return m->thread == last.thread;
	/* A number that cannot be would lead back to the first. */
	txn_corrupt(t, TABLE_THREAD_MEMBERS);
	return false;
}

bool
thread_last(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct thread_member *out)
{
	struct key end = folder_end_key(thread, folder);
	struct span key, value;

	if (!txn_seek_before(t, TABLE_THREAD_MEMBERS, &end, &key, &value))
		return false;
	*out = take_member(key);
	return out->thread == thread && out->folder == folder;
}

bool
thread_last_at(struct store_txn *t, struct thread_member *m)
{
	struct thread_member end = *m;
	struct key at = thread_member_key(m);
	struct span key, value;

	key_u8(&at, 0);
	if (!txn_seek_before(t, TABLE_THREAD_MEMBERS, &at, &key, &value))
		return false;
	*m = take_member(key);
	return m->thread == end.thread && m->folder == end.folder;
}

bool
thread_prev(struct store_txn *t, struct thread_member *m)
{
	struct thread_member last = *m;
	struct span key, value;

	if (!txn_prev(t, TABLE_THREAD_MEMBERS, &key, &value))
		return false;
	*m = take_member(key);
	return m->thread == last.thread && m->folder == last.folder;
}

bool
thread_newest(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct message_spot *out)
{
	struct thread_member m;

	if (!thread_last(t, thread, folder, &m))
		return false;
	*out = m.at;
	return true;
}

bool
thread_newest_put(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct message_spot *out)
{
	struct key end = folder_end_key(thread, folder);
	struct thread_member m;
	struct span key, value;

	if (!txn_peek_before(t, TABLE_THREAD_MEMBERS, &end, &key, &value))
		return false;
	m = take_member(key);
	*out = m.at;
	return m.thread == thread && m.folder == folder;
}

size_t
thread_members_count(struct store_txn *t, uint64_t thread, uint32_t folder,
    size_t max)
{
	struct thread_member m;
	bool found = max > 0 && thread_first(t, thread, folder, &m);
	size_t n = 0;

	while (found && ++n < max)
		found = thread_next(t, folder != 0, &m);
	return n;
}
