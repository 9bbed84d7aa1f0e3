/* SPDX-License-Identifier: MIT */
#include "store/message.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "store/body_read.h"
#include "store/body_use.h"
#include "store/change_log.h"
#include "store/contact_note.h"
#include "store/counts.h"
#include "store/message_bind.h"
#include "store/part_row.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/thread.h"
#include "store/txn.h"
#include "store/uid_ranges.h"
#include "store/uidl_row.h"
#include "store/want.h"

/* "Ani <ani@x>, b@y"; those that do not fit whole are left out. */
static void
put_recipients(struct buf *b, const struct addresses *to)
{
	for (size_t i = 0; i < to->n; i++) {
		const struct address *a = &to->list[i];
		struct span name = text_cut(a->name, ROW_TEXT_MAX / 4);
		bool is_named = name.n > 0;

		if (b->n + name.n + a->addr.n + 6 > ROW_TEXT_MAX)
			return;
		if (i > 0)
			buf_puts(b, ", ");
		buf_put(b, name);
		if (is_named)
			buf_puts(b, " <");
		buf_put(b, a->addr);
		if (is_named)
			buf_putc(b, '>');
	}
}

static int64_t
date_of(const struct message_new *n)
{
	if (n->envelope->date != DATE_NONE)
		return key_date_cut(n->envelope->date);
	return n->arrived != DATE_NONE ? key_date_cut(n->arrived) : 0;
}

/* Those that there is room for. */
static size_t
take_keywords(struct span out[KEYWORDS_MAX], const struct span *keywords,
    size_t n)
{
	size_t taken = 0;

	for (size_t i = 0; i < n && taken < KEYWORDS_MAX; i++)
		if (keywords[i].n <= KEYWORD_MAX_OCTETS)
			out[taken++] = keywords[i];
	return taken;
}

static void
fill_row(struct row *row, const struct message_new *n,
    const struct envelope *e, struct span to)
{
	const struct addresses *from = e->from.n ? &e->from : &e->sender;

	*row = (struct row){ .m = {
		.folder = n->folder,
		.server_folder = n->folder,
		.uid = n->uid,
		.uidl = n->uidl,
		.flags = n->flags,
		.server_flags = n->flags,
		.date = date_of(n),
		.arrived = n->arrived,
		.size = n->size,
		.to = to,
		.subject = text_cut(e->subject, ROW_TEXT_MAX),
		.snippet = text_cut(n->snippet, ROW_TEXT_MAX),
		.message_id = e->message_id,
		.has_attachment = e->has_attachment,
		.body = n->body,
		.body_state = n->body_state,
	} };
	if (from->n) {
		row->m.from_name = text_cut(from->list[0].name, ROW_TEXT_MAX);
		row->m.from_addr = text_cut(from->list[0].addr, ROW_TEXT_MAX);
	}
	if (row->m.arrived == DATE_NONE)
		row->m.arrived = row->m.date;
	row->m.keywords = row->keywords;
	row->m.nkeywords = take_keywords(row->keywords, n->keywords,
	    n->nkeywords);
}

void
row_add(struct store_txn *t, struct row *row)
{
	struct message *m = &row->m;

	if (m->folder)
		m->thread = thread_join(t, row);
	body_use(t, m->body, m->account, BODY_USER_ROW, m->id);
	if (m->body_state != BODY_NONE)
		body_read_begin(t, m->id, m->account);
	row_put(t, row, true);
	if (m->folder)
		row_index_add(t, row);
	row_place_add(t, row);
}

static uint64_t
add_row(struct store_txn *t, const struct message_new *n,
    const struct counts *counts)
{
	CLEANUP(buf_fini) struct buf to = { 0 };
	struct envelope e = *n->envelope;
	struct thread_refs refs;
	struct row row;

	e.message_id = text_cut(e.message_id, ROW_ID_MAX);
	put_recipients(&to, &e.to);
	fill_row(&row, n, &e, buf_span(&to));
	row.m.account = counts->account;
	row.m.id = txn_next_number(t, COUNTER_MESSAGE);
	row.id_hash = thread_id_hash(row.m.message_id);
	contact_note(t, &row.m, row.id_hash, &e);
	thread_refs_make(&refs, &e, n->server_thread, &row);
	row_add(t, &row);
	change_log_add(t, CHANGE_NEW, row.m.account, n->folder, row.m.id);
	return txn_failed(t) ? 0 : row.m.id;
}

/* The server told of a message that is here already. */
static uint64_t
update_row(struct store_txn *t, uint64_t id, const struct message_new *n)
{
	struct row row;

	store_message_server_flags(t, id, n->flags, n->keywords, n->nkeywords);
	if (n->body && row_get(t, id, &row) && row.m.body == 0)
		store_message_set_body(t, id, n->body, n->body_state,
		    n->snippet);
	return txn_failed(t) ? 0 : id;
}

uint64_t
store_message_add(struct store_txn *t, const struct message_new *m)
{
	struct counts counts;
	uint64_t id;

	if (!counts_get(t, m->folder, &counts)) {
		txn_fail(t, ERR_NOTFOUND, "there is no folder %u", m->folder);
		return 0;
	}
	if (m->uidl.n > UIDL_MAX_OCTETS) {
		txn_fail(t, ERR_LIMIT, "a UIDL has %d octets at most",
		    UIDL_MAX_OCTETS);
		return 0;
	}
	id = m->uid.v ? store_message_by_uid(t, m->folder, m->uid) : 0;
	if (id == 0)
		id = message_claim(t, m);
	return id ? update_row(t, id, m) : add_row(t, m, &counts);
}

bool
store_message_get(struct store_txn *t, uint64_t id, struct arena *arena,
    struct message *out)
{
	struct row row;

	*out = (struct message){ 0 };
	if (!row_get(t, id, &row))
		return false;
	row_copy(&row, arena, out);
	out->thread = thread_find(t, row.m.thread);
	return true;
}

uint64_t
store_message_by_uid(struct store_txn *t, uint32_t folder, struct uid uid)
{
	struct key key = row_uid_key(folder, uid);
	struct span value;

	return txn_get(t, TABLE_BY_UID, &key, &value)
	    ? key_take_u64(&value) : 0;
}

uint64_t
store_message_by_message_id(struct store_txn *t, uint32_t folder,
    struct span message_id)
{
	struct span wanted = text_cut(message_id, ROW_ID_MAX), key, value;
	uint64_t hash = wanted.n ? key_hash64(wanted) : 0;
	struct key at = row_message_id_key(hash, folder, 1);
	bool found = wanted.n && txn_seek(t, TABLE_MESSAGE_IDS, &at, &key,
	    &value);

	for (; found; found = txn_next(t, TABLE_MESSAGE_IDS, &key, &value)) {
		struct row row;
		uint32_t in;
		uint64_t id;

		if (key_take_hash(&key) != hash)
			break;
		in = key_take_u32(&key);
		id = key_take_u64(&key);
		if (folder && in != folder)
			break;
		/* Another id can have the same hash. */
		if (row_get(t, id, &row) &&
		    span_eq(row.m.message_id, wanted))
			return id;
	}
	return 0;
}

static bool
has_keywords(const struct shown *a, const struct shown *b)
{
	if (a->nkeywords != b->nkeywords)
		return false;
	for (size_t i = 0; i < a->nkeywords; i++)
		if (!span_eq(a->keywords[i], b->keywords[i]))
			return false;
	return true;
}

bool
store_message_server_flags(struct store_txn *t, uint64_t id, uint32_t flags,
    const struct span *keywords, size_t nkeywords)
{
	struct shown was, is = { .flags = flags };
	struct row row;

	if (!row_get(t, id, &row))
		return false;
	row_server(&row, &was);
	is.folder = was.folder;
	is.nkeywords = take_keywords(is.keywords, keywords, nkeywords);
	if (was.flags == flags && has_keywords(&was, &is))
		return false;
	return row_show(t, &row, &is);
}

void
store_message_set_body(struct store_txn *t, uint64_t id, uint64_t body,
    enum body_state state, struct span snippet)
{
	enum body_state was;
	struct row row;
	uint64_t old;

	if (!row_get(t, id, &row)) {
		txn_fail(t, ERR_NOTFOUND, "there is no message %llu",
		    (unsigned long long)id);
		return;
	}
	old = row.m.body;
	was = row.m.body_state;
	row.m.body = body;
	row.m.body_state = state;
	if (snippet.n)
		row.m.snippet = text_cut(snippet, ROW_TEXT_MAX);
	row_put(t, &row, false);
	row_put_date(t, &row.m);
	if (old != body) {
		body_use(t, body, row.m.account, BODY_USER_ROW, id);
		body_unuse(t, old, row.m.account, BODY_USER_ROW, id);
	}
	if (was == BODY_PART && state != BODY_PART)
		parts_drop(t, id, row.m.account);
	if (state == BODY_NONE)
		body_read_end(t, id);
	else
		body_read_begin(t, id, row.m.account);
	if (state == BODY_WHOLE)
		store_want_done(t, id);
	if (row.m.folder)
		change_log_add(t, CHANGE_BODY, row.m.account, row.m.folder,
		    id);
}

void
store_message_remove(struct store_txn *t, uint64_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key key = key_of_u64(id), uidl;
	struct row row;
	const struct message *m = &row.m;
	bool has_uidl;

	if (!row_get(t, id, &row))
		return;
	/* The spans of the map end with the first write. */
	row_keep(&row, &arena);
	has_uidl = m->uidl.n > 0;
	uidl = uidl_key(m->account, m->uidl);
	if (m->folder) {
		thread_leave(t, &row);
		row_index_remove(t, &row);
	}
	if (has_uidl)
		uidl_forget(t, &uidl, id);
	row_place_remove(t, &row);
	body_unuse(t, m->body, m->account, BODY_USER_ROW, id);
	if (m->body_state == BODY_PART)
		parts_drop(t, id, m->account);
	body_read_end(t, id);
	txn_del(t, TABLE_KEPT, &key);
	store_want_done(t, id);
	txn_del(t, TABLE_ROWS, &key);
	if (m->folder)
		change_log_add(t, CHANGE_GONE, m->account, m->folder, id);
}

void
store_message_uids(struct store_txn *t, uint32_t folder, struct uidset *out)
{
	uid_ranges_get(t, folder, out);
}

uint64_t
store_message_last_id(struct store_txn *t)
{
	return txn_last_number(t, COUNTER_MESSAGE);
}
