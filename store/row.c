/* SPDX-License-Identifier: MIT */
#include "store/row.h"

#include "base/bug.h"
#include "store/change_log.h"
#include "store/counts.h"
#include "store/pending.h"
#include "store/txn.h"

struct span
row_cut(struct span s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct span){ s.p, max };
}

static void
put_keywords(struct buf *b, const struct message *m)
{
	bug_on(m->nkeywords > KEYWORDS_MAX);
	record_put_u64(b, m->nkeywords);
	for (size_t i = 0; i < m->nkeywords; i++)
		record_put_span(b, m->keywords[i]);
}

void
row_put(struct store_txn *t, const struct row *row, bool is_new)
{
	const struct message *m = &row->m;
	struct key key = key_of_u64(m->id);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, m->account);
	record_put_u64(b, m->folder);
	record_put_u64(b, m->uid.v);
	record_put_span(b, m->uidl);
	record_put_u64(b, m->flags);
	record_put_u64(b, m->server_flags);
	put_keywords(b, m);
	record_put_i64(b, m->date);
	record_put_i64(b, m->arrived);
	record_put_u64(b, m->size);
	record_put_u64(b, m->thread);
	record_put_span(b, m->from_name);
	record_put_span(b, m->from_addr);
	record_put_span(b, m->to);
	record_put_span(b, m->subject);
	record_put_span(b, m->snippet);
	record_put_span(b, m->message_id);
	record_put_bool(b, m->has_attachment);
	record_put_u64(b, m->body);
	record_put_u64(b, m->body_state);
	if (is_new)
		txn_append_record(t, TABLE_ROWS, &key);
	else
		txn_put_record(t, TABLE_ROWS, &key);
}

bool
row_read(struct record *r, struct row *row)
{
	struct message *m = &row->m;

	*m = (struct message){ .keywords = row->keywords };
	m->account = record_u32(r);
	m->folder = record_u32(r);
	m->uid.v = record_u32(r);
	m->uidl = record_span(r);
	m->flags = record_u32(r);
	m->server_flags = record_u32(r);
	m->nkeywords = record_upto(r, KEYWORDS_MAX);
	for (size_t i = 0; i < m->nkeywords; i++)
		row->keywords[i] = record_span(r);
	m->date = record_i64(r);
	m->arrived = record_i64(r);
	m->size = record_u64(r);
	m->thread = record_u64(r);
	m->from_name = record_span(r);
	m->from_addr = record_span(r);
	m->to = record_span(r);
	m->subject = record_span(r);
	m->snippet = record_span(r);
	m->message_id = record_span(r);
	m->has_attachment = record_bool(r);
	m->body = record_u64(r);
	m->body_state = record_upto(r, BODY_WHOLE);
	return record_is_done(r);
}

bool
row_get(struct store_txn *t, uint64_t id, struct row *row)
{
	struct key key = key_of_u64(id);
	struct record r;

	row->m = (struct message){ 0 };
	if (!txn_get_record(t, TABLE_ROWS, &key, &r))
		return false;
	row_read(&r, row);
	row->m.id = id;
	return txn_close_record(t, TABLE_ROWS, &r);
}

void
row_copy(const struct row *row, struct arena *arena, struct message *out)
{
	const struct message *m = &row->m;

	*out = *m;
	out->uidl = arena_copy(arena, m->uidl);
	out->keywords = arena_array(arena, m->nkeywords, sizeof *m->keywords);
	for (size_t i = 0; i < m->nkeywords; i++)
		out->keywords[i] = arena_copy(arena, m->keywords[i]);
	out->from_name = arena_copy(arena, m->from_name);
	out->from_addr = arena_copy(arena, m->from_addr);
	out->to = arena_copy(arena, m->to);
	out->subject = arena_copy(arena, m->subject);
	out->snippet = arena_copy(arena, m->snippet);
	out->message_id = arena_copy(arena, m->message_id);
}

struct key
row_date_key(uint32_t folder, struct view_position at)
{
	struct key key = key_of_u32(folder);

	key_date(&key, at.date);
	key_u64(&key, at.id);
	return key;
}

struct view_position
row_position_of(struct span key)
{
	struct view_position at;

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
row_message_id_key(struct span message_id, uint32_t folder, uint64_t id)
{
	struct key key = key_of_u64(key_hash64(message_id));

	key_u32(&key, folder);
	key_u64(&key, id);
	return key;
}

void
row_put_date(struct store_txn *t, const struct message *m)
{
	struct key key = row_date_key(m->folder, view_position_of(m));
	char state = (char)m->body_state;

	txn_put(t, TABLE_BY_DATE, &key, (struct span){ &state, 1 });
}

/* Puts or takes off an entry without a value. */
static void
set_entry(struct store_txn *t, enum table table, const struct message *m,
    int delta)
{
	struct key key;

	if (delta == 0)
		return;
	key = row_date_key(m->folder, view_position_of(m));
	if (delta > 0)
		txn_put(t, table, &key, (struct span){ "", 0 });
	else if (!txn_del(t, table, &key))
		txn_corrupt(t, table);
}

void
row_index(struct store_txn *t, const struct message *before,
    const struct message *after)
{
	const struct message *m = after ? after : before;
	bool was_unread = before && row_is_unread(before->flags);
	bool is_unread = after && row_is_unread(after->flags);
	bool was_flagged = before && (before->flags & FLAG_FLAGGED);
	bool is_flagged = after && (after->flags & FLAG_FLAGGED);
	struct counts_delta delta = {
		.total = (after != NULL) - (before != NULL),
		.unread = is_unread - was_unread,
		.flagged = is_flagged - was_flagged,
	};

	set_entry(t, TABLE_UNREAD, m, delta.unread);
	set_entry(t, TABLE_FLAGGED, m, delta.flagged);
	counts_add(t, m->folder, delta);
}

bool
row_set_server_flags(struct store_txn *t, struct row *row,
    uint32_t server_flags)
{
	struct message before = row->m;

	row->m.server_flags = server_flags;
	row->m.flags = pending_flags(t, before.id, server_flags);
	row_put(t, row, false);
	row_index(t, &before, &row->m);
	if (row->m.flags == before.flags)
		return false;
	change_log_add(t, CHANGE_FLAGS, before.account, before.folder,
	    before.id);
	return !txn_failed(t);
}
