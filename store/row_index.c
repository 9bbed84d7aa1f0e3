/* SPDX-License-Identifier: MIT */
/*
 * The indexes of a folder that follow from a row alone, and the counts.
 * Those whose keys fall all over the table are put late (store/late.h).
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/subject.h"
#include "base/text.h"
#include "store/counts.h"
#include "store/row.h"
#include "store/txn.h"

struct key
row_date_key(uint32_t folder, int64_t date, uint64_t id)
{
	struct key key = key_of_u32(folder);

	key_date(&key, date);
	key_u64(&key, id);
	return key;
}

struct message_spot
row_spot_of(struct span key)
{
	struct message_spot at;

	key_take_u32(&key);
	at.date = key_take_date(&key);
	at.id = key_take_u64(&key);
	return at;
}

struct key
row_uid_key(uint32_t folder, struct uid uid)
{
	struct key key = key_of_u32(folder);

	key_u32(&key, uid.v);
	return key;
}

struct key
row_message_id_key(uint64_t hash, uint32_t folder, uint64_t id)
{
	struct key key = { 0 };

	key_hash(&key, hash);
	key_u32(&key, folder);
	key_u64(&key, id);
	return key;
}

/* Text of a key: no zeros, as one ends it. */
static void
key_text(struct key *key, const struct buf *text, size_t max)
{
	struct span cut = text_cut(buf_span(text), max);

	for (size_t i = 0; i < cut.n; i++)
		if (cut.p[i])
			key_u8(key, (uint8_t)cut.p[i]);
	key_u8(key, 0);
}

void
row_key_sender(struct key *key, const struct message *m)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	text_fold(&text, m->from_name.n ? m->from_name : m->from_addr);
	key_text(key, &text, SORT_SENDER_OCTETS);
}

void
row_key_subject(struct key *key, const struct message *m)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	subject_base(&text, m->subject);
	key_text(key, &text, SORT_SUBJECT_OCTETS);
}

void
row_key_size(struct key *key, const struct message *m)
{
	key_u64(key, m->size);
}

struct key
row_sort_key(enum table table, const struct message *m)
{
	struct key key = key_of_u32(m->folder);

	if (table == TABLE_BY_SIZE) {
		row_key_size(&key, m);
		key_u64(&key, m->id);
		return key;
	}
	if (table == TABLE_BY_SENDER)
		row_key_sender(&key, m);
	else
		row_key_subject(&key, m);
	key_date_down(&key, m->date);
	key_u64(&key, m->id);
	return key;
}

struct span
row_sort_value(enum table table, const struct row *row)
{
	struct span id = row->subject_id;

	return table == TABLE_BY_SUBJECT && id.n > 0
	    ? span_skip(id, id.n - 1) : (struct span){ "", 0 };
}

static struct key
date_key_of(const struct message *m)
{
	return row_date_key(m->folder, m->date, m->id);
}

void
row_put_date(struct store_txn *t, const struct message *m)
{
	struct key key = date_key_of(m);
	char state = (char)m->body_state;

	if (m->folder == 0)
		return;
	txn_put_late(t, TABLE_BY_DATE, &key, (struct span){ &state, 1 });
}

/* Puts or takes off an entry without a value. */
static void
set_entry(struct store_txn *t, enum table table, const struct key *key,
    int delta)
{
	if (delta > 0)
		txn_put_late(t, table, key, (struct span){ "", 0 });
	else if (delta < 0 && !txn_del(t, table, key))
		txn_corrupt(t, table);
}

static void
set_flags(struct store_txn *t, const struct message *m,
    struct counts_delta delta)
{
	struct key key = date_key_of(m);

	set_entry(t, TABLE_UNREAD, &key, delta.unread);
	set_entry(t, TABLE_FLAGGED, &key, delta.flagged);
	counts_add(t, m->folder, delta);
}

static const enum table sorts[] = { TABLE_BY_SENDER, TABLE_BY_SUBJECT,
	TABLE_BY_SIZE };

void
row_index_add(struct store_txn *t, const struct row *row)
{
	const struct message *m = &row->m;

	row_put_date(t, m);
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++) {
		struct key key = row_sort_key(sorts[i], m);

		txn_put_late(t, sorts[i], &key,
		    row_sort_value(sorts[i], row));
	}
	set_flags(t, m, (struct counts_delta){
		.total = 1,
		.unread = message_is_unread(m->flags),
		.flagged = (m->flags & FLAG_FLAGGED) != 0,
	});
}

void
row_index_remove(struct store_txn *t, const struct row *row)
{
	const struct message *m = &row->m;
	struct key by_date = date_key_of(m), by_sort[ARRAY_LEN(sorts)];
	struct counts_delta delta = {
		.total = -1,
		.unread = -message_is_unread(m->flags),
		.flagged = -((m->flags & FLAG_FLAGGED) != 0),
	};

	/* The text of the row ends with the first write. */
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++)
		by_sort[i] = row_sort_key(sorts[i], m);
	set_entry(t, TABLE_BY_DATE, &by_date, -1);
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++)
		set_entry(t, sorts[i], &by_sort[i], -1);
	set_flags(t, m, delta);
}

void
row_index_flags(struct store_txn *t, const struct message *before,
    const struct message *after)
{
	set_flags(t, after, (struct counts_delta){
		.unread = message_is_unread(after->flags) -
		    message_is_unread(before->flags),
		.flagged = ((after->flags & FLAG_FLAGGED) != 0) -
		    ((before->flags & FLAG_FLAGGED) != 0),
	});
}
