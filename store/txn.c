/* SPDX-License-Identifier: MIT */
#include "store/txn.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/bug.h"
#include "store/change_log.h"
#include "store/contact_note.h"
#include "store/uid_ranges.h"
#include "store/usage.h"

static struct txn_handle *
handle_of(struct store_txn *t)
{
	return t->handle;
}

enum err
txn_begin(struct store *store, enum env_kind kind, bool is_write,
    struct store_txn *t)
{
	struct txn_handle *h;

	*t = (struct store_txn){ .store = store, .is_write = is_write };
	if (env_begin(store->envs[kind], is_write, &h, &t->error) == ERR_OK)
		t->handle = h;
	return t->error.kind;
}

enum err
store_read(struct store *store, struct store_txn *t)
{
	return txn_begin(store, ENV_INDEX, false, t);
}

enum err
store_write(struct store *store, struct store_txn *t)
{
	return txn_begin(store, ENV_INDEX, true, t);
}

static void put_counters(struct store_txn *t);
static void put_all_late(struct store_txn *t);

enum err
store_commit(struct store_txn *t, struct error *e)
{
	if (t->handle && t->is_write && !txn_failed(t)) {
		counts_flush(t);
		uid_ranges_flush(t);
		usage_flush(t);
		contact_flush(t);
		change_log_flush(t);
		put_counters(t);
		put_all_late(t);
	}
	if (t->handle && t->is_write && !txn_failed(t)) {
		env_commit(t->handle, &t->error);
		t->handle = NULL;
	}
	store_end(t);
	if (e)
		*e = t->error;
	return t->error.kind;
}

void
store_end(struct store_txn *t)
{
	if (t->handle)
		env_end(t->handle);
	t->handle = NULL;
}

void
txn_fail(struct store_txn *t, enum err kind, const char *fmt, ...)
{
	char text[sizeof t->error.text];
	va_list ap;

	if (txn_failed(t))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	error_set(&t->error, kind, "%s", text);
}

void
txn_corrupt(struct store_txn *t, enum table table)
{
	txn_fail(t, ERR_CORRUPT, "the mail store is damaged: %s (table %s); "
	    "run `surat store check`",
	    handle_of(t) ? handle_of(t)->env->path : "it", tables[table].name);
}

/* The transaction can be used, for this table. */
static bool
is_usable(struct store_txn *t, enum table table)
{
	if (txn_failed(t))
		return false;
	bug_on(!t->handle);
	bug_on(handle_of(t)->env->kind != tables[table].env);
	return true;
}

/* True for success, false for "not there" and, sticky, for failures. */
static bool
took(struct store_txn *t, int rc)
{
	if (rc == 0)
		return true;
	if (rc != MDB_NOTFOUND)
		env_error(handle_of(t)->env, &t->error, rc,
		    t->is_write ? "write" : "read");
	return false;
}

static MDB_val
val_of(struct span s)
{
	return (MDB_val){ s.n, (void *)(uintptr_t)s.p };
}

static struct span
span_of_val(MDB_val v)
{
	return (struct span){ v.mv_data, v.mv_size };
}

/* As it is, with what is held back still to be put. */
static MDB_cursor *
raw_cursor_of(struct store_txn *t, enum table table)
{
	struct txn_handle *h = handle_of(t);
	MDB_dbi dbi;

	if (!is_usable(t, table))
		return NULL;
	dbi = h->file->tables[table];
	if (!dbi) {
		/* An older schema does not have it: nothing is in it. */
		bug_on(t->is_write);
		return NULL;
	}
	if (!h->cursors[table]) {
		if (!took(t, mdb_cursor_open(h->lmdb, dbi, &h->cursors[table])))
			return NULL;
	} else if (!t->is_write && !h->is_placed[table]) {
		if (!took(t, mdb_cursor_renew(h->lmdb, h->cursors[table])))
			return NULL;
	}
	h->is_placed[table] = true;
	return h->cursors[table];
}

static bool
move(struct store_txn *t, MDB_cursor *cursor, MDB_cursor_op op, MDB_val *k,
    struct span *key, struct span *value)
{
	MDB_val v;

	if (!took(t, mdb_cursor_get(cursor, k, &v, op)))
		return false;
	*key = span_of_val(*k);
	*value = span_of_val(v);
	return true;
}

/*
 * Where the entries of a sorted run begin that lie behind the whole table:
 * appended, they fill its pages to the end.
 */
static size_t
behind_last(struct store_txn *t, MDB_cursor *cursor, const struct late *late)
{
	struct span key, value;
	size_t n = late->n;
	MDB_val k = { 0 };

	if (!move(t, cursor, MDB_LAST, &k, &key, &value))
		return 0;
	while (n > 0 && span_cmp(late_key(&late->entries[n - 1]), key) > 0)
		n--;
	return n;
}

/* Puts what is held back for the table; of equal keys the last one. */
static void
put_late(struct store_txn *t, enum table table)
{
	struct late *late = &handle_of(t)->late[table];
	MDB_cursor *cursor;
	size_t behind;

	if (late->n == 0)
		return;
	cursor = raw_cursor_of(t, table);
	late_sort(late);
	behind = cursor ? behind_last(t, cursor, late) : 0;
	for (size_t i = 0; i < late->n && !txn_failed(t); i++) {
		MDB_val k = val_of(late_key(&late->entries[i]));
		MDB_val v = val_of(late_value(&late->entries[i]));

		if (late_is_last(late, i))
			took(t, mdb_cursor_put(cursor, &k, &v,
			    i >= behind ? MDB_APPEND : 0));
	}
	late_reset(late);
}

static void
put_all_late(struct store_txn *t)
{
	for (int i = 0; i < TABLE_COUNT && !txn_failed(t); i++)
		put_late(t, (enum table)i);
}

/* The transaction's cursor on the table; NULL after a failure. */
static MDB_cursor *
cursor_of(struct store_txn *t, enum table table)
{
	if (!is_usable(t, table))
		return NULL;
	if (t->is_write)
		put_late(t, table);
	return raw_cursor_of(t, table);
}

bool
txn_get(struct store_txn *t, enum table table, const struct key *key,
    struct span *value)
{
	MDB_cursor *cursor = cursor_of(t, table);
	MDB_val k = val_of(key_span(key));
	struct span found;

	return cursor && move(t, cursor, MDB_SET_KEY, &k, &found, value);
}

bool
txn_has(struct store_txn *t, enum table table, const struct key *key)
{
	struct span value;

	return txn_get(t, table, key, &value);
}

static void
put(struct store_txn *t, enum table table, const struct key *key,
    struct span value, unsigned flags)
{
	MDB_cursor *cursor = cursor_of(t, table);
	MDB_val k = val_of(key_span(key)), v = val_of(value);

	bug_on(!txn_failed(t) && !t->is_write);
	if (cursor && took(t, mdb_cursor_put(cursor, &k, &v, flags)))
		handle_of(t)->nwrites++;
}

void
txn_put(struct store_txn *t, enum table table, const struct key *key,
    struct span value)
{
	put(t, table, key, value, 0);
}

void
txn_put_late(struct store_txn *t, enum table table, const struct key *key,
    struct span value)
{
	struct txn_handle *h = handle_of(t);

	bug_on(!txn_failed(t) && !t->is_write);
	if (!is_usable(t, table))
		return;
	if (h->late[table].n == LATE_MAX)
		put_late(t, table);
	late_add(&h->late[table], key_span(key), value);
	h->nwrites++;
}

void
txn_put_held(struct store_txn *t, enum table table)
{
	if (is_usable(t, table))
		put_late(t, table);
}

void
txn_append(struct store_txn *t, enum table table, const struct key *key,
    struct span value)
{
	put(t, table, key, value, MDB_APPEND);
}

bool
txn_del(struct store_txn *t, enum table table, const struct key *key)
{
	MDB_cursor *cursor = cursor_of(t, table);
	MDB_val k = val_of(key_span(key)), v;

	bug_on(!txn_failed(t) && !t->is_write);
	if (!cursor || !took(t, mdb_cursor_get(cursor, &k, &v, MDB_SET)) ||
	    !took(t, mdb_cursor_del(cursor, 0)))
		return false;
	handle_of(t)->nwrites++;
	return true;
}

uint64_t
txn_count(struct store_txn *t, enum table table)
{
	struct txn_handle *h = handle_of(t);
	MDB_stat stat;

	if (!cursor_of(t, table) ||
	    !took(t, mdb_stat(h->lmdb, h->file->tables[table], &stat)))
		return 0;
	return stat.ms_entries;
}

bool
txn_seek(struct store_txn *t, enum table table, const struct key *at,
    struct span *key, struct span *value)
{
	MDB_cursor *cursor = cursor_of(t, table);
	MDB_val k = val_of(key_span(at));

	if (at->n == 0)
		return cursor && move(t, cursor, MDB_FIRST, &k, key, value);
	if (!cursor || !move(t, cursor, MDB_SET_RANGE, &k, key, value))
		return false;
	/* A walk by seeking on must come to an end in a damaged file, too. */
	if (span_cmp(*key, key_span(at)) >= 0)
		return true;
	txn_corrupt(t, table);
	return false;
}

static bool
seek_before(struct store_txn *t, MDB_cursor *cursor, const struct key *at,
    struct span *key, struct span *value)
{
	MDB_val k = val_of(key_span(at));

	if (!cursor)
		return false;
	if (at->n > 0 && move(t, cursor, MDB_SET_RANGE, &k, key, value))
		return move(t, cursor, MDB_PREV, &k, key, value);
	return !txn_failed(t) && move(t, cursor, MDB_LAST, &k, key, value);
}

bool
txn_seek_before(struct store_txn *t, enum table table, const struct key *at,
    struct span *key, struct span *value)
{
	return seek_before(t, cursor_of(t, table), at, key, value);
}

bool
txn_peek_before(struct store_txn *t, enum table table, const struct key *at,
    struct span *key, struct span *value)
{
	return seek_before(t, raw_cursor_of(t, table), at, key, value);
}

bool
txn_next(struct store_txn *t, enum table table, struct span *key,
    struct span *value)
{
	MDB_cursor *cursor = cursor_of(t, table);
	MDB_val k;

	return cursor && move(t, cursor, MDB_NEXT, &k, key, value);
}

bool
txn_prev(struct store_txn *t, enum table table, struct span *key,
    struct span *value)
{
	MDB_cursor *cursor = cursor_of(t, table);
	MDB_val k;

	return cursor && move(t, cursor, MDB_PREV, &k, key, value);
}

struct buf *
txn_record(struct store_txn *t)
{
	struct buf *b;

	bug_on(!t->handle);
	b = &handle_of(t)->scratch;
	record_begin(b, RECORD_V1);
	return b;
}

static void
put_record(struct store_txn *t, enum table table, const struct key *key,
    unsigned flags)
{
	struct buf *b = &handle_of(t)->scratch;

	if (b->overflow) {
		txn_fail(t, ERR_LIMIT, "too long to be kept in the mail store");
		return;
	}
	put(t, table, key, record_end(b, table, key_span(key)), flags);
}

void
txn_put_record(struct store_txn *t, enum table table, const struct key *key)
{
	put_record(t, table, key, 0);
}

void
txn_append_record(struct store_txn *t, enum table table, const struct key *key)
{
	put_record(t, table, key, MDB_APPEND);
}

bool
txn_open_record(struct store_txn *t, enum table table, struct span key,
    struct span value, struct record *r)
{
	if (record_open(r, table, key, value) && r->version == RECORD_V1)
		return true;
	txn_corrupt(t, table);
	return false;
}

bool
txn_get_record(struct store_txn *t, enum table table, const struct key *key,
    struct record *r)
{
	struct span value;

	return txn_get(t, table, key, &value) &&
	    txn_open_record(t, table, key_span(key), value, r);
}

bool
txn_close_record(struct store_txn *t, enum table table, const struct record *r)
{
	if (record_is_done(r))
		return true;
	txn_corrupt(t, table);
	return false;
}

struct key
txn_counter_key(enum counter counter)
{
	struct key k = { 0 };

	key_bytes(&k, SPAN_LIT("id"));
	key_u8(&k, (uint8_t)counter);
	return k;
}

uint64_t
txn_last_number(struct store_txn *t, enum counter counter)
{
	struct txn_handle *h = handle_of(t);
	struct key key = txn_counter_key(counter);
	struct record r;
	uint64_t last = 0;
	enum table meta;

	if (txn_failed(t))
		return 0;
	if (h->is_counter_known[counter])
		return h->counters[counter];
	meta = schema_meta_of(h->env->kind);
	if (txn_get_record(t, meta, &key, &r)) {
		last = record_u64(&r);
		if (!txn_close_record(t, meta, &r))
			return 0;
	}
	if (t->is_write) {
		h->counters[counter] = last;
		h->is_counter_known[counter] = !txn_failed(t);
	}
	return last;
}

uint64_t
txn_next_number(struct store_txn *t, enum counter counter)
{
	struct txn_handle *h = handle_of(t);
	uint64_t last = txn_last_number(t, counter);

	if (txn_failed(t))
		return 0;
	bug_on(!t->is_write);
	h->counters[counter] = last + 1;
	h->is_counter_new[counter] = true;
	return last + 1;
}

void
txn_raise_number(struct store_txn *t, enum counter counter, uint64_t last)
{
	struct txn_handle *h = handle_of(t);

	if (txn_last_number(t, counter) >= last || txn_failed(t))
		return;
	h->counters[counter] = last;
	h->is_counter_new[counter] = true;
}

void
txn_seal(struct store_txn *t)
{
	if (!txn_failed(t))
		took(t, env_seal(t->handle));
}

static void
put_counters(struct store_txn *t)
{
	struct txn_handle *h = handle_of(t);

	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		struct key key = txn_counter_key(i);

		if (!h->is_counter_new[i] || txn_failed(t))
			continue;
		record_put_u64(txn_record(t), h->counters[i]);
		txn_put_record(t, schema_meta_of(h->env->kind), &key);
	}
}
