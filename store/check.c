/* SPDX-License-Identifier: MIT */
/*
 * store_check: every record is read, and every index is compared with the
 * records it follows from: each entry that a record calls for must be
 * there, and the table must hold no more entries than were called for.  One
 * reader over everything, so that the counts fit; memory does not grow with
 * the store.
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "store/act_record.h"
#include "store/body_check.h"
#include "store/body_piece.h"
#include "store/body_read.h"
#include "store/body_use.h"
#include "store/counts.h"
#include "store/folder.h"
#include "store/pages.h"
#include "store/part_row.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/usage.h"

struct check {
	struct store_txn t;		/* index */
	struct store_txn bodies;
	uint64_t rows;
	uint64_t called_for[TABLE_COUNT];	/* entries */
};

/* Each entry of a table, in order, until one is bad. */
static void
each(struct check *c, enum table table,
    void (*look)(struct check *c, struct span key, struct span value))
{
	struct key at = { 0 };
	struct span key, value;

	while (txn_seek(&c->t, table, &at, &key, &value)) {
		/* The next possible key: this one with an octet of zero. */
		at.n = 0;
		key_bytes(&at, span_take(&key, KEY_MAX - 1));
		look(c, key_span(&at), value);
		key_u8(&at, 0);
	}
}

static void
bad(struct check *c, enum table table, uint64_t id, const char *what)
{
	txn_fail(&c->t, ERR_CORRUPT, "the mail store is damaged: %s %llu: %s",
	    tables[table].name, (unsigned long long)id, what);
}

/* An entry that must be there, with that value when `value` is not NULL. */
static void
call_for(struct check *c, enum table table, const struct key *key,
    const struct span *value, uint64_t id)
{
	struct span found;

	c->called_for[table]++;
	if (!txn_get(&c->t, table, key, &found) ||
	    (value && !span_eq(found, *value)))
		bad(c, table, id, "missing, or not what the record says");
}

static void
call_for_body(struct check *c, uint64_t body, uint32_t account,
    enum body_user user, uint64_t id)
{
	struct key key = body_key(body);
	struct key use = body_use_key(body, account, user, id);

	if (body == 0)
		return;
	call_for(c, TABLE_BODY_USES, &use, NULL, id);
	if (!txn_has(&c->bodies, TABLE_BODIES, &key))
		bad(c, TABLE_BODIES, body, "a letter is named but not there");
}

/* While a body or a part is here there is a stamp of when it was read. */
static void
call_for_read(struct check *c, const struct message *m)
{
	struct body_read read;
	struct key key;

	if (m->body_state == BODY_NONE)
		return;
	c->called_for[TABLE_READS]++;
	if (!body_read_get(&c->t, m->id, &read) || read.account != m->account) {
		bad(c, TABLE_READS, m->id, "missing, or of another account");
		return;
	}
	key = body_read_key(read, m->id);
	call_for(c, TABLE_BY_READ, &key, NULL, m->id);
}

static void
call_for_flags(struct check *c, const struct message *m)
{
	struct key key = row_date_key(m->folder, m->date, m->id);

	if (row_is_unread(m->flags))
		call_for(c, TABLE_UNREAD, &key, NULL, m->id);
	if (m->flags & FLAG_FLAGGED)
		call_for(c, TABLE_FLAGGED, &key, NULL, m->id);
	if (m->flags != pending_flags(&c->t, m->id, m->server_flags))
		bad(c, TABLE_ROWS, m->id, "its flags are not those of the "
		    "server and the pending acts");
}

static const enum table sorts[] = { TABLE_BY_SENDER, TABLE_BY_SUBJECT,
	TABLE_BY_SIZE };

static void
check_row(struct check *c, struct span key, struct span value)
{
	struct span k = key, state, id;
	struct counts counts;
	struct record r;
	struct row row;
	const struct message *m = &row.m;
	char octet;
	struct key by_date, by_uid, by_message_id, number;

	if (!txn_open_record(&c->t, TABLE_ROWS, key, value, &r) ||
	    (row_read(&r, &row), !txn_close_record(&c->t, TABLE_ROWS, &r)))
		return;
	row.m.id = key_take_u64(&k);
	c->rows++;
	if (!counts_get(&c->t, m->folder, &counts) ||
	    counts.account != m->account)
		bad(c, TABLE_ROWS, m->id, "in no folder of its account");
	octet = (char)m->body_state;
	state = (struct span){ &octet, 1 };
	by_date = row_date_key(m->folder, m->date, m->id);
	call_for(c, TABLE_BY_DATE, &by_date, &state, m->id);
	number = key_of_u64(m->id);
	id = key_span(&number);
	by_uid = row_uid_key(m->folder, m->uid);
	if (m->uid.v)
		call_for(c, TABLE_BY_UID, &by_uid, &id, m->id);
	number = key_of_u64(m->thread);
	id = key_span(&number);
	by_message_id = row_message_id_key(key_hash64(m->message_id),
	    m->folder, m->id);
	if (m->message_id.n)
		call_for(c, TABLE_MESSAGE_IDS, &by_message_id, &id, m->id);
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++) {
		struct key key_of_sort = row_sort_key(sorts[i], m);

		call_for(c, sorts[i], &key_of_sort, NULL, m->id);
	}
	call_for_body(c, m->body, m->account, BODY_USER_ROW, m->id);
	call_for_read(c, m);
	call_for_flags(c, m);
}

/* Entries of the folder in a table whose keys begin with it. */
static uint32_t
count_of(struct check *c, enum table table, uint32_t folder)
{
	struct key from = key_of_u32(folder);
	struct span key, value;
	bool found = txn_seek(&c->t, table, &from, &key, &value);
	uint32_t n = 0;

	for (; found && key_take_u32(&key) == folder;
	    found = txn_next(&c->t, table, &key, &value))
		n++;
	return n;
}

static void
check_counts(struct check *c, struct span key, struct span value)
{
	struct counts counts;
	uint32_t folder = key_take_u32(&key);

	(void)value;
	if (!counts_get(&c->t, folder, &counts))
		return;
	if (counts.total != count_of(c, TABLE_BY_DATE, folder) ||
	    counts.unread != count_of(c, TABLE_UNREAD, folder) ||
	    counts.flagged != count_of(c, TABLE_FLAGGED, folder))
		bad(c, TABLE_COUNTS, folder, "not as many as there are");
}

static void
check_folder(struct check *c, struct span key, struct span value)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f, again;
	uint32_t id = key_take_u32(&key);

	(void)value;
	c->called_for[TABLE_COUNTS]++;
	c->called_for[TABLE_FOLDER_NAMES]++;
	if (!store_folder_get(&c->t, id, &arena, &f) ||
	    !store_folder_find(&c->t, f.account, f.name, &arena, &again) ||
	    again.id != id)
		bad(c, TABLE_FOLDERS, id, "not found by its name");
}

static void
check_message_id(struct check *c, struct span key, struct span value)
{
	(void)value;
	key_take_hash(&key);
	key_take_u32(&key);
	/* Those that no message has are not called for by a row. */
	c->called_for[TABLE_MESSAGE_IDS] += key_take_u64(&key) == 0;
}

static void
check_act(struct check *c, struct span key, struct span value)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct key id, of, state;
	struct span listed;
	struct act a;

	(void)value;
	if (!act_load(&c->t, key_take_u64(&key), &arena, &a))
		return;
	id = key_of_u64(a.id);
	state = key_of_u32(a.account);
	key_u8(&state, (uint8_t)a.state);
	listed = key_span(&state);
	if (act_is_open(a.state))
		call_for(c, TABLE_ACTS_OPEN, &id, &listed, a.id);
	else
		call_for(c, TABLE_ACTS_CLOSED, &id, NULL, a.id);
	of = key_of_u64(a.message);
	key_u64(&of, a.id);
	if (a.kind == ACT_FLAGS && act_is_pending(a.state))
		call_for(c, TABLE_ACTS_OF, &of, NULL, a.id);
	call_for_body(c, a.body, a.account, BODY_USER_ACT, a.id);
}

static void
check_want(struct check *c, struct span key, struct span value)
{
	struct key message = { 0 };
	struct row row;
	uint64_t id;

	key_bytes(&message, span_take(&value, KEY_MAX));
	call_for(c, TABLE_WANT_OF, &message, &key, 0);
	value = key_span(&message);
	id = key_take_u64(&value);
	if (!row_get(&c->t, id, &row))
		bad(c, TABLE_WANTS, id, "of a message that is not there");
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
		bad(c, TABLE_PARTS, message, "not of a message in parts");
	else if (part_is_first(&c->t, message, &part))
		call_for_body(c, part.body, row.m.account, BODY_USER_PART,
		    message);
}

static void
check_kept(struct check *c, struct span key, struct span value)
{
	struct key message = { 0 };

	(void)value;
	key_bytes(&message, span_take(&key, KEY_MAX));
	if (!txn_has(&c->t, TABLE_ROWS, &message))
		bad(c, TABLE_KEPT, 0, "a message that is not there");
}

static void
check_usage(struct check *c, struct span key, struct span value)
{
	uint32_t account = key_take_u32(&key);

	(void)value;
	if (usage_get(&c->t, account) != usage_count(&c->t, account))
		bad(c, TABLE_USAGE, account, "not what its bodies take");
}

/* An account without usage has no bodies. */
static void
check_account(struct check *c, struct span key, struct span value)
{
	struct record r;

	if (txn_open_record(&c->t, TABLE_ACCOUNTS, key, value, &r))
		check_usage(c, key, value);
}

static void
check_account_state(struct check *c, struct span key, struct span value)
{
	struct record r;

	txn_open_record(&c->t, TABLE_ACCOUNT_STATES, key, value, &r);
}

static void
check_uidl(struct check *c, struct span key, struct span value)
{
	struct record r;

	txn_open_record(&c->t, TABLE_UIDLS, key, value, &r);
}

static void
check_change(struct check *c, struct span key, struct span value)
{
	struct record r;

	txn_open_record(&c->t, TABLE_CHANGES, key, value, &r);
}

/* A number that was given out is not above the counter. */
static void
check_counter(struct check *c, enum table table, enum counter counter)
{
	struct key end = { 0 };
	struct span key, value;
	uint64_t last;

	if (!txn_seek_before(&c->t, table, &end, &key, &value))
		return;
	last = key_take_u64(&key);
	if (last > txn_last_number(&c->t, counter))
		bad(c, table, last, "a number that was never given");
}

static void
check_sizes(struct check *c)
{
	static const enum table followers[] = {
		TABLE_FOLDER_NAMES, TABLE_COUNTS, TABLE_BY_DATE, TABLE_UNREAD,
		TABLE_FLAGGED, TABLE_BY_SENDER, TABLE_BY_SUBJECT,
		TABLE_BY_SIZE, TABLE_BY_UID, TABLE_MESSAGE_IDS,
		TABLE_BODY_USES, TABLE_READS, TABLE_BY_READ, TABLE_ACTS_OPEN,
		TABLE_ACTS_CLOSED, TABLE_ACTS_OF, TABLE_WANT_OF,
	};

	for (size_t i = 0; i < ARRAY_LEN(followers); i++) {
		enum table table = followers[i];
		uint64_t n = txn_count(&c->t, table);

		if (n != c->called_for[table])
			bad(c, table, n, "entries that no record calls for");
	}
}

static void
check_index(struct check *c)
{
	each(c, TABLE_ACCOUNTS, check_account);
	each(c, TABLE_ACCOUNT_STATES, check_account_state);
	each(c, TABLE_FOLDERS, check_folder);
	each(c, TABLE_COUNTS, check_counts);
	each(c, TABLE_ROWS, check_row);
	each(c, TABLE_MESSAGE_IDS, check_message_id);
	each(c, TABLE_PARTS, check_part);
	each(c, TABLE_USAGE, check_usage);
	each(c, TABLE_KEPT, check_kept);
	each(c, TABLE_ACTS, check_act);
	each(c, TABLE_WANTS, check_want);
	each(c, TABLE_UIDLS, check_uidl);
	each(c, TABLE_CHANGES, check_change);
	check_sizes(c);
	check_counter(c, TABLE_ACCOUNTS, COUNTER_ACCOUNT);
	check_counter(c, TABLE_FOLDERS, COUNTER_FOLDER);
	check_counter(c, TABLE_ROWS, COUNTER_MESSAGE);
	check_counter(c, TABLE_ACTS, COUNTER_ACT);
	check_counter(c, TABLE_CHANGES, COUNTER_CHANGE);
}

enum err
store_check(struct store *store, uint64_t *checked, struct error *e)
{
	struct check c = { .rows = 0 };
	struct error *failure = &c.t.error;
	struct store_txn lock;
	/* Only trees that are whole can be walked to their end. */
	enum err err = store_check_pages(store, NULL, e);

	*checked = 0;
	if (err != ERR_OK)
		return err;
	/* Nobody collects bodies between the two looks. */
	if (store_write(store, &lock) == ERR_OK &&
	    store_read(store, &c.t) == ERR_OK)
		txn_begin(store, ENV_BODIES, false, &c.bodies);
	store_end(&lock);
	if (txn_failed(&lock))
		c.t.error = lock.error;
	if (!txn_failed(&c.t) && !txn_failed(&c.bodies))
		check_index(&c);
	if (!txn_failed(&c.t) && !txn_failed(&c.bodies))
		body_check(&c.bodies);
	store_end(&c.bodies);
	store_end(&c.t);
	*checked = c.rows;
	if (!txn_failed(&c.t))
		failure = &c.bodies.error;
	if (failure->kind && e)
		*e = *failure;
	return failure->kind;
}
