/* SPDX-License-Identifier: MIT */
/*
 * Schema 1, of surat before its first release.  Numbers in keys had fixed
 * widths, high end first; a row ended with its body, so it does not say what
 * it refers to.  Threads are taken over as they were: messages of one number
 * stay together, and an id that was heard of keeps its thread.  Contacts
 * are gathered from the rows as if they came now; everything else of today
 * follows from the records.
 */
#include "store/contact_note.h"
#include "store/thread.h"
#include "store/migrate.h"

enum { RECIPIENTS_MAX = 32 };

/* The parts of the keys: 4, 8 a number of so many octets, h a hash, - rest. */
static const char *const keys[TABLE_COUNT] = {
	[TABLE_ACCOUNTS] = "4",
	[TABLE_ACCOUNT_STATES] = "4",
	[TABLE_FOLDERS] = "4",
	[TABLE_ROWS] = "8",
	[TABLE_MESSAGE_IDS] = "h48",
	[TABLE_UIDLS] = "4-",
	[TABLE_ACTS] = "8",
	[TABLE_WANTS] = "48",
	[TABLE_CHANGES] = "8",
};

static bool
take_key(enum table table, struct span stored, struct key *now)
{
	if (stored.n >= KEY_MAX || !keys[table])
		return false;
	for (const char *part = keys[table]; *part; part++) {
		size_t octets = *part == '4' ? 4 : 8;

		if (*part != '-' && stored.n < octets)
			return false;
		if (*part == '-')
			key_bytes(now, span_take(&stored, stored.n));
		else if (*part == 'h')
			key_hash(now, key_take_fixed64(&stored));
		else if (*part == '4')
			key_u32(now, key_take_fixed32(&stored));
		else
			key_u64(now, key_take_fixed64(&stored));
	}
	return stored.n == 0;
}

static uint64_t
take_message(struct span *value)
{
	return key_take_fixed64(value);
}

static bool
take_row(struct record *r, struct row *row)
{
	struct message *m = &row->m;

	*row = (struct row){ .m = { 0 } };
	m->keywords = row->keywords;
	m->account = record_u32(r);
	m->folder = m->server_folder = record_u32(r);
	m->uid.v = record_u32(r);
	m->uidl = record_span(r);
	m->flags = record_u32(r);
	m->server_flags = record_u32(r);
	m->nkeywords = record_upto(r, KEYWORDS_MAX);
	for (size_t i = 0; i < m->nkeywords; i++)
		row->keywords[i] = record_span(r);
	/* Keys had room for every date then. */
	m->date = key_date_cut(record_i64(r));
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

static uint64_t
take_thread(struct store_txn *from, const struct row *row)
{
	(void)from;
	return row->m.thread;
}

/* "<ani@x>" of "Ani <ani@x>", or "b@y" as it is. */
static struct span
address_in(struct span piece)
{
	struct span name, rest = piece;

	if (piece.n == 0 || piece.p[piece.n - 1] != '>')
		return piece;
	while (span_split(&rest, '<', &name))
		;
	piece = name;
	piece.n--;
	return piece;
}

/*
 * Who a letter was to, as far as the text says: a name may have a comma, so
 * names are left out, and what is no address the contacts refuse.
 */
static size_t
find_recipients(struct span text, struct address *out, size_t max)
{
	struct span piece;
	size_t n = 0;

	while (n < max && text.n > 0 && span_split(&text, ',', &piece))
		out[n++].addr = address_in(span_trim(piece));
	return n;
}

static void
note_contacts(struct store_txn *to, const struct row *row)
{
	const struct message *m = &row->m;
	struct address from = { m->from_name, m->from_addr };
	struct address list[RECIPIENTS_MAX] = { 0 };
	struct envelope e = {
		.message_id = m->message_id,
		.from = { &from, 1 },
		.to = { list, find_recipients(m->to, list, RECIPIENTS_MAX) },
	};

	contact_note(to, m, thread_id_hash(m->message_id), &e);
}

const struct rebuild_format migrate_1 = {
	.key = take_key,
	.message = take_message,
	.row = take_row,
	.thread = take_thread,
	.note = note_contacts,
};
