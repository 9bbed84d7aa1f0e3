/* SPDX-License-Identifier: MIT */
#include "base/bug.h"
#include "base/cleanup.h"
#include "store/body_read.h"
#include "store/body_use.h"
#include "store/check.h"
#include "store/counts.h"
#include "store/part_row.h"
#include "store/pending.h"
#include "store/thread.h"
#include "store/usage.h"

enum { TELL_ROWS = 1024 };	/* between words of progress */

/* While a body or a part is here there is a stamp of when it was read. */
static void
call_for_read(struct check *c, const struct message *m)
{
	struct body_read read;
	struct key key;

	if (m->body_state == BODY_NONE)
		return;
	c->called_for[TABLE_READS]++;
	if (!body_read_get(&c->t, m->id, &read) ||
	    read.account != m->account) {
		check_bad(c, TABLE_READS, m->id, "missing, or of another "
		    "account");
		return;
	}
	key = body_read_key(read, m->id);
	check_call_for(c, TABLE_BY_READ, &key, NULL, m->id);
}

static void
call_for_flags(struct check *c, const struct message *m)
{
	struct key key = row_date_key(m->folder, m->date, m->id);

	if (message_is_unread(m->flags))
		check_call_for(c, TABLE_UNREAD, &key, NULL, m->id);
	if (m->flags & FLAG_FLAGGED)
		check_call_for(c, TABLE_FLAGGED, &key, NULL, m->id);
}

/* What the user sees is what the server has with the pending acts on top. */
static void
check_shown(struct check *c, const struct row *row)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const struct message *m = &row->m;
	struct row again = *row;
	struct shown server;
	bool is_same;

	row_server(row, &server);
	row_fold(&c->t, &again, &server, &arena);
	is_same = m->flags == again.m.flags && m->folder == again.m.folder &&
	    m->nkeywords == again.m.nkeywords &&
	    row->has_server_keywords == again.has_server_keywords;
	for (size_t i = 0; is_same && i < m->nkeywords; i++)
		is_same = span_eq(m->keywords[i], again.keywords[i]);
	if (!is_same)
		check_bad(c, TABLE_ROWS, m->id, "what is seen of it is not "
		    "what the server and the pending acts say");
}

static void
call_for_order(struct check *c, const struct row *row)
{
	static const enum table sorts[] = { TABLE_BY_SENDER,
		TABLE_BY_SUBJECT, TABLE_BY_SIZE };
	const struct message *m = &row->m;
	char octet = (char)m->body_state;
	struct span state = { &octet, 1 };
	struct key by_date = row_date_key(m->folder, m->date, m->id);

	check_call_for(c, TABLE_BY_DATE, &by_date, &state, m->id);
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++) {
		struct key key = row_sort_key(sorts[i], m);
		struct span value = row_sort_value(sorts[i], row);

		check_call_for(c, sorts[i], &key, &value, m->id);
	}
}

static void
call_for_uid(struct check *c, const struct message *m)
{
	struct key by_uid = row_uid_key(m->server_folder, m->uid);
	struct key unbound = row_unbound_key(m->server_folder,
	    thread_id_hash(m->message_id), m->id);
	struct key id = key_of_u64(m->id);
	struct span value = key_span(&id);

	if (m->uid.v)
		check_call_for(c, TABLE_BY_UID, &by_uid, &value, m->id);
	else if (m->is_unbound)
		check_call_for(c, TABLE_UNBOUND, &unbound, NULL, m->id);
}

static void
check_folder_of(struct check *c, const struct message *m, uint32_t folder)
{
	struct counts counts;

	if (!counts_get(&c->t, folder, &counts) ||
	    counts.account != m->account)
		check_bad(c, TABLE_ROWS, m->id, "in no folder of its account");
}

/* What follows from the folder in which it is seen. */
static void
check_in_folder(struct check *c, const struct row *row)
{
	check_folder_of(c, &row->m, row->m.folder);
	call_for_order(c, row);
	call_for_flags(c, &row->m);
	check_row_thread(c, row);
}

static void
check_row(struct check *c, struct span key, struct span value)
{
	struct row row;
	const struct message *m = &row.m;

	(void)value;
	if (!row_get(&c->t, key_take_u64(&key), &row))
		return;
	c->rows++;
	if (c->progress && c->rows % TELL_ROWS == 0)
		c->progress->each(c->progress->ctx, c->rows,
		    txn_count(&c->t, TABLE_ROWS));
	check_folder_of(c, m, m->server_folder);
	check_shown(c, &row);
	if (m->folder)
		check_in_folder(c, &row);
	call_for_uid(c, m);
	check_call_for_body(c, m->body, m->account, BODY_USER_ROW, m->id);
	call_for_read(c, m);
}

struct joined_uids {
	uint32_t folder, first, last;
};

static void
call_for_range(struct check *c, struct joined_uids r)
{
	struct key key = key_of_u32(r.folder), last = key_of_u32(r.last);
	struct span value = key_span(&last);

	key_u32(&key, r.first);
	if (r.folder)
		check_call_for(c, TABLE_UID_RANGES, &key, &value, r.folder);
}

/* The UIDs of by_uid one after the other, joined. */
static void
check_uid_ranges(struct check *c)
{
	struct joined_uids r = { 0 };
	struct key at = { 0 };
	struct span key, value;
	bool found = txn_seek(&c->t, TABLE_BY_UID, &at, &key, &value);

	for (; found && !check_is_over(c);
	    found = txn_next(&c->t, TABLE_BY_UID, &key, &value)) {
		uint32_t folder = key_take_u32(&key);
		uint32_t uid = key_take_u32(&key);

		if (folder != r.folder || uid != r.last + 1) {
			call_for_range(c, r);
			r = (struct joined_uids){ folder, uid, uid };
		}
		r.last = uid;
	}
	call_for_range(c, r);
	check_settle(c, TABLE_BY_UID, r.folder);
}

static void
check_part(struct check *c, struct span key, struct span value)
{
	uint64_t message = key_take_u64(&key);
	struct part part;
	struct row row;

	(void)value;
	if (!row_get(&c->t, message, &row) || row.m.body_state != BODY_PART ||
	    !store_part_get(&c->t, message, key, &part))
		check_bad(c, TABLE_PARTS, message, "not of a message in parts");
	else if (part_is_first(&c->t, message, &part))
		check_call_for_body(c, part.body, row.m.account,
		    BODY_USER_PART, message);
}

static void
check_kept(struct check *c, struct span key, struct span value)
{
	uint64_t id = key_take_u64(&key);
	struct key message = key_of_u64(id);

	(void)value;
	if (!txn_has(&c->t, TABLE_ROWS, &message))
		check_bad(c, TABLE_KEPT, id, "of a message that is not there");
}

static void
check_usage(struct check *c, struct span key, struct span value)
{
	uint32_t account = key_take_u32(&key);

	(void)value;
	if (usage_get(&c->t, account) != usage_count(&c->t, account))
		check_bad(c, TABLE_USAGE, account, "not what its bodies take");
}

void
check_rows(struct check *c)
{
	check_each(c, TABLE_ROWS, check_row);
	if (!check_is_over(c))
		check_uid_ranges(c);
	check_each(c, TABLE_PARTS, check_part);
	check_each(c, TABLE_KEPT, check_kept);
	check_each(c, TABLE_USAGE, check_usage);
	/* An account without usage has no bodies. */
	check_each(c, TABLE_ACCOUNTS, check_usage);
}
