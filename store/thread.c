/* SPDX-License-Identifier: MIT */
#include "store/thread.h"

#include "base/bug.h"
#include "store/txn.h"

/* The ids of a letter by their hashes, 0 for none: the order to ask in. */
struct ids {
	uint64_t own, answered;
	uint64_t references[ENVELOPE_REFERENCES_MAX];
	size_t nreferences;
};

static uint64_t
hash_of(struct span message_id)
{
	return message_id.n ? key_hash64(message_id) : 0;
}

static void
hash_all(const struct envelope *e, struct ids *ids)
{
	bug_on(e->nreferences > ENVELOPE_REFERENCES_MAX);
	ids->own = hash_of(e->message_id);
	ids->answered = hash_of(e->in_reply_to);
	ids->nreferences = e->nreferences;
	for (size_t i = 0; i < e->nreferences; i++)
		ids->references[i] = hash_of(e->references[i]);
}

/* The thread of an id, whoever has it; 0 when it was never heard of. */
static uint64_t
thread_of(struct store_txn *t, uint64_t hash)
{
	struct key at = key_of_u64(hash);
	struct span key, value;

	if (hash == 0 || !txn_seek(t, TABLE_MESSAGE_IDS, &at, &key, &value) ||
	    key_take_u64(&key) != hash)
		return 0;
	return key_take_u64(&value);
}

static void
put_id(struct store_txn *t, uint64_t hash, uint32_t folder, uint64_t id,
    uint64_t thread)
{
	struct key key = key_of_u64(hash), value = key_of_u64(thread);

	key_u32(&key, folder);
	key_u64(&key, id);
	txn_put(t, TABLE_MESSAGE_IDS, &key, key_span(&value));
}

/* Keeps in mind an id that no message is known to have. */
static void
put_unseen(struct store_txn *t, uint64_t hash, uint64_t thread)
{
	if (hash && !thread_of(t, hash))
		put_id(t, hash, 0, 0, thread);
}

static uint64_t
find_thread(struct store_txn *t, const struct ids *ids)
{
	uint64_t thread = thread_of(t, ids->own);

	if (!thread)
		thread = thread_of(t, ids->answered);
	for (size_t i = ids->nreferences; !thread && i-- > 0; )
		thread = thread_of(t, ids->references[i]);
	return thread;
}

uint64_t
thread_join(struct store_txn *t, const struct envelope *e, uint32_t folder,
    uint64_t id)
{
	struct ids ids;
	uint64_t thread;

	hash_all(e, &ids);
	thread = find_thread(t, &ids);
	if (!thread)
		thread = id;
	if (ids.own)
		put_id(t, ids.own, folder, id, thread);
	put_unseen(t, ids.answered, thread);
	for (size_t i = 0; i < ids.nreferences; i++)
		put_unseen(t, ids.references[i], thread);
	return thread;
}

void
thread_leave(struct store_txn *t, const struct key *own, uint64_t thread)
{
	struct span key = key_span(own);

	if (!txn_del(t, TABLE_MESSAGE_IDS, own))
		txn_corrupt(t, TABLE_MESSAGE_IDS);
	put_unseen(t, key_take_u64(&key), thread);
}
