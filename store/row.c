/* SPDX-License-Identifier: MIT */
#include "store/row.h"

#include "base/bug.h"
#include "store/txn.h"

static void
put_keywords(struct buf *b, const struct message *m)
{
	bug_on(m->nkeywords > KEYWORDS_MAX);
	record_put_u64(b, m->nkeywords);
	for (size_t i = 0; i < m->nkeywords; i++)
		record_put_span(b, m->keywords[i]);
}

/*
 * Most letters arrive within minutes of their date: the difference is short.
 * It may wrap; the sum wraps back.
 */
static int64_t
seconds_after(int64_t at, int64_t date)
{
	return (int64_t)((uint64_t)at - (uint64_t)date);
}

static int64_t
after_seconds(int64_t date, int64_t seconds)
{
	return (int64_t)((uint64_t)date + (uint64_t)seconds);
}

/* What a row has at its end where the user and the server do not agree. */
enum { APART_UNBOUND = 1, APART_KEYWORDS = 2, APART_ALL = 3 };

static void
put_apart(struct buf *b, const struct row *row)
{
	const struct message *m = &row->m;
	unsigned what = (m->is_unbound ? APART_UNBOUND : 0) |
	    (row->has_server_keywords ? APART_KEYWORDS : 0);

	if (m->server_folder == m->folder && what == 0)
		return;
	record_put_u64(b, m->server_folder);
	record_put_u64(b, what);
	if (row->has_server_keywords)
		record_put_span(b, row->server_keywords);
}

static bool
is_keywords(struct span packed)
{
	size_t n = 0;

	for (; packed.n > 0; n++) {
		size_t octets = (uint8_t)*span_take(&packed, 1).p;

		if (octets > packed.n)
			return false;
		span_take(&packed, octets);
	}
	return n <= KEYWORDS_MAX;
}

static void
read_apart(struct record *r, struct row *row)
{
	struct message *m = &row->m;
	unsigned what;

	m->server_folder = m->folder;
	if (r->is_bad || r->left.n == 0)
		return;
	m->server_folder = record_u32(r);
	what = record_upto(r, APART_ALL);
	m->is_unbound = what & APART_UNBOUND;
	row->has_server_keywords = what & APART_KEYWORDS;
	if (row->has_server_keywords)
		row->server_keywords = record_span(r);
	r->is_bad |= m->server_folder == 0 ||
	    (m->is_unbound && m->uid.v != 0) ||
	    !is_keywords(row->server_keywords);
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
	record_put_i64(b, seconds_after(m->arrived, m->date));
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
	record_put_span(b, row->references);
	record_put_span(b, row->subject_id);
	record_put_span(b, row->server_thread);
	put_apart(b, row);
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
	row->has_server_keywords = false;
	row->server_keywords = (struct span){ 0 };
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
	m->arrived = after_seconds(m->date, record_i64(r));
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
	row->references = record_span(r);
	row->subject_id = record_span(r);
	row->server_thread = record_span(r);
	read_apart(r, row);
	r->is_bad |= m->server_folder == 0 || row->references.n % 8 != 0 ||
	    row->references.n > 8 * ROW_REFERENCES_MAX ||
	    row->subject_id.n % 8 != 0 || row->subject_id.n > 8 ||
	    row->server_thread.n % 8 != 0 || row->server_thread.n > 8 ||
	    m->date < KEY_DATE_MIN || m->date > KEY_DATE_MAX;
	return record_is_done(r);
}

bool
row_get(struct store_txn *t, uint64_t id, struct row *row)
{
	struct key key = key_of_u64(id);
	struct record r;

	*row = (struct row){ .m = { 0 } };
	if (!txn_get_record(t, TABLE_ROWS, &key, &r))
		return false;
	row_read(&r, row);
	row->m.id = id;
	return txn_close_record(t, TABLE_ROWS, &r);
}

static void
keep_text(struct message *m, struct arena *arena)
{
	m->uidl = arena_copy(arena, m->uidl);
	for (size_t i = 0; i < m->nkeywords; i++)
		m->keywords[i] = arena_copy(arena, m->keywords[i]);
	m->from_name = arena_copy(arena, m->from_name);
	m->from_addr = arena_copy(arena, m->from_addr);
	m->to = arena_copy(arena, m->to);
	m->subject = arena_copy(arena, m->subject);
	m->snippet = arena_copy(arena, m->snippet);
	m->message_id = arena_copy(arena, m->message_id);
}

void
row_keep(struct row *row, struct arena *arena)
{
	keep_text(&row->m, arena);
	row->references = arena_copy(arena, row->references);
	row->subject_id = arena_copy(arena, row->subject_id);
	row->server_thread = arena_copy(arena, row->server_thread);
	row->server_keywords = arena_copy(arena, row->server_keywords);
}

void
row_copy(const struct row *row, struct arena *arena, struct message *out)
{
	const struct message *m = &row->m;

	*out = *m;
	out->keywords = arena_array(arena, m->nkeywords, sizeof *m->keywords);
	for (size_t i = 0; i < m->nkeywords; i++)
		out->keywords[i] = m->keywords[i];
	keep_text(out, arena);
}
