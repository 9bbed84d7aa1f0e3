/* SPDX-License-Identifier: MIT */
#include "store/thread.h"

#include "base/bug.h"
#include "store/txn.h"

static uint64_t
hash_of(struct span message_id)
{
	return message_id.n ? key_hash64(message_id) : 0;
}

static struct span
put_hash(char to[8], uint64_t hash)
{
	struct key key = { 0 };

	key_hash(&key, hash);
	memcpy(to, key.p, 8);
	return (struct span){ to, 8 };
}

/* Of too many, the first third and the last ones tell the most. */
static size_t
skip_middle(size_t i, size_t n)
{
	enum { HEAD = ROW_REFERENCES_MAX / 3 };

	if (n <= ROW_REFERENCES_MAX || i < HEAD)
		return i;
	return i + n - ROW_REFERENCES_MAX;
}

void
thread_refs_make(struct thread_refs *refs, const struct envelope *e,
    uint64_t server_thread, struct row *row)
{
	size_t n = e->nreferences;

	bug_on(n > ENVELOPE_REFERENCES_MAX);
	if (n > ROW_REFERENCES_MAX)
		n = ROW_REFERENCES_MAX;
	for (size_t i = 0; i < n; i++)
		put_hash(&refs->references[8 * i], hash_of(
		    e->references[skip_middle(i, e->nreferences)]));
	if (n == 0 && e->in_reply_to.n)
		put_hash(&refs->references[8 * n++], hash_of(e->in_reply_to));
	row->references = (struct span){ refs->references, 8 * n };
	if (server_thread)
		row->server_thread = put_hash(refs->server_thread,
		    server_thread);
}

/* The thread of an id, whoever has it; 0 when it was never heard of. */
static uint64_t
thread_of(struct store_txn *t, uint64_t hash)
{
	struct key at = { 0 };
	struct span key, value;

	key_hash(&at, hash);
	if (hash == 0 || !txn_seek(t, TABLE_MESSAGE_IDS, &at, &key, &value) ||
	    key_take_hash(&key) != hash)
		return 0;
	return key_take_u64(&value);
}

static void
put_id(struct store_txn *t, uint64_t hash, uint32_t folder, uint64_t id,
    uint64_t thread)
{
	struct key key = row_message_id_key(hash, folder, id);
	struct key value = key_of_u64(thread);

	txn_put(t, TABLE_MESSAGE_IDS, &key, key_span(&value));
}

/* Keeps in mind an id that no message is known to have. */
static void
put_unseen(struct store_txn *t, uint64_t hash, uint64_t thread)
{
	if (hash && !thread_of(t, hash))
		put_id(t, hash, 0, 0, thread);
}

uint64_t
thread_join(struct store_txn *t, const struct row *row)
{
	uint64_t own = hash_of(row->m.message_id), thread = thread_of(t, own);
	struct span refs = row->references;

	while (!thread && refs.n)
		thread = thread_of(t, key_take_hash(&refs));
	if (!thread)
		thread = row->m.id;
	if (own)
		put_id(t, own, row->m.folder, row->m.id, thread);
	for (refs = row->references; refs.n; )
		put_unseen(t, key_take_hash(&refs), thread);
	return thread;
}

void
thread_leave(struct store_txn *t, const struct row *row)
{
	uint64_t own = hash_of(row->m.message_id);
	struct key key = row_message_id_key(own, row->m.folder, row->m.id);

	if (!own)
		return;
	if (!txn_del(t, TABLE_MESSAGE_IDS, &key))
		txn_corrupt(t, TABLE_MESSAGE_IDS);
	put_unseen(t, own, row->m.thread);
}

uint64_t
thread_find(struct store_txn *t, uint64_t thread)
{
	struct key at = key_of_u64(thread);
	struct span value;

	while (txn_get(t, TABLE_THREAD_LINKS, &at, &value))
		at = key_of_u64(key_take_u64(&value));
	value = key_span(&at);
	return key_take_u64(&value);
}
