/* SPDX-License-Identifier: MIT */
#include "store/message_bind.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "store/counts.h"
#include "store/part_row.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/thread.h"
#include "store/txn.h"

/* The entry of `unbound` at or behind a key, in the same folder. */
static bool
next_unbound(struct store_txn *t, const struct key *at, uint32_t folder,
    uint64_t *hash, uint64_t *message)
{
	struct span key, value;

	if (!txn_seek(t, TABLE_UNBOUND, at, &key, &value) ||
	    key_take_u32(&key) != folder)
		return false;
	*hash = key_take_hash(&key);
	*message = key_take_u64(&key);
	return true;
}

/* A copy that is still to be made: what the server has is another one. */
static bool
is_to_be_copied(struct store_txn *t, uint64_t message)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };

	while (pending_next(t, message, a.id, &arena, &a))
		if (a.kind == ACT_COPY && a.copy == message)
			return a.state == ACT_QUEUED;
	return false;
}

static bool
is_of(struct store_txn *t, uint64_t message, const struct message_new *m,
    struct span message_id, struct row *row)
{
	if (!row_get(t, message, row)) {
		txn_corrupt(t, TABLE_UNBOUND);
		return false;
	}
	/* Another id can have the same hash. */
	return span_eq(row->m.message_id, message_id) &&
	    (row->m.size == 0 || m->size == 0 || row->m.size == m->size) &&
	    !is_to_be_copied(t, message);
}

uint64_t
message_claim(struct store_txn *t, const struct message_new *m)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span id = text_cut(m->envelope->message_id, ROW_ID_MAX);
	uint64_t wanted, hash, message = 0;
	struct row row;

	if (m->uid.v == 0 || id.n == 0 || txn_failed(t) ||
	    txn_count(t, TABLE_UNBOUND) == 0)
		return 0;
	wanted = thread_id_hash(id);
	for (;;) {
		struct key at = row_unbound_key(m->folder, wanted,
		    message + 1);

		if (!next_unbound(t, &at, m->folder, &hash, &message) ||
		    hash != wanted)
			return 0;
		if (is_of(t, message, m, id, &row))
			break;
	}
	row_keep(&row, &arena);
	row_place_change(t, &row, m->folder, m->uid);
	row_show(t, &row, NULL);
	return txn_failed(t) ? 0 : message;
}

size_t
store_message_unbound(struct store_txn *t, uint32_t folder, uint64_t *ids,
    size_t max)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key at = key_of_u32(folder);
	uint64_t hash, message;
	size_t n = 0;

	while (n < max && next_unbound(t, &at, folder, &hash, &message)) {
		struct act a;

		if (!pending_next(t, message, 0, &arena, &a))
			ids[n++] = message;
		at = row_unbound_key(folder, hash, message + 1);
	}
	return txn_failed(t) ? 0 : n;
}

/* What is here of another row of the same letter, where ours has less. */
static void
take_body(struct store_txn *t, const struct message *m,
    const struct message *other)
{
	if (m->body_state == BODY_WHOLE || other->body_state == BODY_NONE ||
	    (m->body_state == BODY_PART && other->body_state == BODY_PART))
		return;
	if (other->body)
		store_message_set_body(t, m->id, other->body,
		    other->body_state, other->snippet);
	if (other->body_state == BODY_PART)
		parts_copy(t, other->id, m->id);
}

/* What the server says of the UID is what it said of the other row. */
static void
take_place(struct store_txn *t, uint64_t message, uint64_t other)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct row ours, theirs;
	struct shown server;

	if (!row_get(t, message, &ours) || !row_get(t, other, &theirs))
		return;
	row_keep(&ours, &arena);
	row_keep(&theirs, &arena);
	row_server(&theirs, &server);
	take_body(t, &ours.m, &theirs.m);
	store_message_remove(t, other);
	store_message_server_flags(t, message, server.flags, server.keywords,
	    server.nkeywords);
}

void
store_message_bind(struct store_txn *t, uint64_t message, uint32_t folder,
    struct uid uid)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t other = store_message_by_uid(t, folder, uid);
	struct counts counts;
	struct row row;

	if (uid.v == 0 || other == message || !row_get(t, message, &row) ||
	    !counts_get(t, folder, &counts) ||
	    counts.account != row.m.account)
		return;
	if (other)
		take_place(t, message, other);
	if (!row_get(t, message, &row))
		return;
	row_keep(&row, &arena);
	row_place_change(t, &row, folder, uid);
	row_show(t, &row, NULL);
}
