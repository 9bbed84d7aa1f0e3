/* SPDX-License-Identifier: MIT */
/*
 * Adding messages with every index and thread, beside the bare floor: the
 * same keys and values, put with mdb_put into as many tables, in the same
 * order and as many a transaction, with nothing read, built or checked.
 *
 *   store_insert DIR N     prints: seconds of the store, seconds of the bare
 *                          puts, octets of the index, octets a message
 */
#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/key.h"
#include "store/schema.h"
#include "tests/bench/mailbox.h"

enum { BATCH = 8000 };	/* as a sync writes while nobody waits */

static double
now_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
expect(int rc, const char *what)
{
	if (rc == 0)
		return;
	fprintf(stderr, "store_insert: %s: %s\n", what, mdb_strerror(rc));
	exit(1);
}

static double
fill(struct store *store, struct mailbox *box, uint32_t n)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message_new *all = xcalloc(BATCH, sizeof *all);
	struct error e = { 0 };
	double spent = 0;

	for (uint32_t i = 1; i <= n; ) {
		struct store_txn t;
		uint32_t k = 0;
		double start;

		arena_reset(&arena);
		for (; k < BATCH && i <= n; k++, i++)
			mailbox_message(box, i, &arena, &all[k]);
		start = now_seconds();
		store_write(store, &t);
		for (uint32_t m = 0; m < k; m++)
			store_message_add(&t, &all[m]);
		if (store_commit(&t, &e) != ERR_OK) {
			fprintf(stderr, "store_insert: %s\n", e.text);
			exit(1);
		}
		spent += now_seconds() - start;
	}
	free(all);
	return spent;
}

/* One entry of a table, and the message that it came with. */
struct entry {
	enum table table;
	uint32_t message, number;
	size_t key, nkey, value, nvalue;	/* in the bytes */
};

struct entries {
	struct buf bytes;
	struct entry *list;	/* owned */
	size_t n, size;
};

/* The number at the end of the key or value says whose the entry is. */
static uint32_t
message_of(enum table table, struct span key, struct span value)
{
	switch ((int)table) {
	case TABLE_ROWS:
		return (uint32_t)key_take_u64(&key);
	case TABLE_BY_UID:
		return (uint32_t)key_take_u64(&value);
	case TABLE_BY_DATE:
	case TABLE_UNREAD:
	case TABLE_FLAGGED:
	case TABLE_THREADS:
		key_take_u32(&key);
		key_take_date(&key);
		return (uint32_t)key_take_u64(&key);
	case TABLE_BY_SENDER:
	case TABLE_BY_SUBJECT:
		key_take_u32(&key);
		span_take(&key, span_chr(key, '\0') + 1);
		key_take_date_down(&key);
		return (uint32_t)key_take_u64(&key);
	case TABLE_BY_SIZE:
		key_take_u32(&key);
		key_take_u64(&key);
		return (uint32_t)key_take_u64(&key);
	case TABLE_MESSAGE_IDS:
		key_take_hash(&key);
		key_take_u32(&key);
		return (uint32_t)key_take_u64(&key);
	case TABLE_THREAD_MEMBERS:
		key_take_u64(&key);
		key_take_u32(&key);
		key_take_date(&key);
		return (uint32_t)key_take_u64(&key);
	case TABLE_SUBJECTS:
		key_take_hash(&key);
		key_take_date(&key);
		return (uint32_t)key_take_u64(&key);
	}
	return 0;
}

static void
note(struct entries *all, enum table table, struct span key,
    struct span value)
{
	if (all->n == all->size) {
		all->size = all->size ? 2 * all->size : 65536;
		all->list = xreallocarray(all->list, all->size,
		    sizeof *all->list);
	}
	all->list[all->n] = (struct entry){
		.table = table,
		.message = message_of(table, key, value),
		.number = (uint32_t)all->n,
		.key = all->bytes.n,
		.nkey = key.n,
		.value = all->bytes.n + key.n,
		.nvalue = value.n,
	};
	all->n++;
	buf_put(&all->bytes, key);
	buf_put(&all->bytes, value);
}

static void
read_table(MDB_txn *txn, enum table table, struct entries *all)
{
	MDB_cursor *cursor;
	MDB_val k, v;
	MDB_dbi dbi;

	expect(mdb_dbi_open(txn, tables[table].name, 0, &dbi), "open a table");
	expect(mdb_cursor_open(txn, dbi, &cursor), "open a cursor");
	while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0)
		note(all, table, (struct span){ k.mv_data, k.mv_size },
		    (struct span){ v.mv_data, v.mv_size });
	mdb_cursor_close(cursor);
}

static MDB_env *
open_env(const char *path, unsigned flags)
{
	MDB_env *env;

	expect(mdb_env_create(&env), "create");
	expect(mdb_env_set_maxdbs(env, TABLE_COUNT + 1), "set up");
	expect(mdb_env_set_mapsize(env, (size_t)1 << 36), "set up");
	expect(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOTLS | flags, 0600),
	    "open");
	return env;
}

static int
by_arrival(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->message != y->message)
		return x->message < y->message ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static void
read_all(const char *path, struct entries *all)
{
	MDB_env *env = open_env(path, MDB_RDONLY);
	MDB_txn *txn;

	expect(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), "read");
	for (int i = 0; i < TABLE_COUNT; i++)
		if (tables[i].env == ENV_INDEX)
			read_table(txn, (enum table)i, all);
	mdb_txn_abort(txn);
	mdb_env_close(env);
	qsort(all->list, all->n, sizeof *all->list, by_arrival);
}

static double
put_bare(const char *path, const struct entries *all)
{
	MDB_env *env = open_env(path, 0);
	MDB_dbi dbis[TABLE_COUNT] = { 0 };
	MDB_txn *txn;
	double start;

	expect(mdb_txn_begin(env, NULL, 0, &txn), "write");
	for (int i = 0; i < TABLE_COUNT; i++)
		expect(mdb_dbi_open(txn, tables[i].name, MDB_CREATE, &dbis[i]),
		    "make a table");
	expect(mdb_txn_commit(txn), "write");
	start = now_seconds();
	for (size_t i = 0; i < all->n; ) {
		uint32_t end = (all->list[i].message / BATCH + 1) * BATCH;

		expect(mdb_txn_begin(env, NULL, 0, &txn), "write");
		for (; i < all->n && all->list[i].message < end; i++) {
			const struct entry *e = &all->list[i];
			MDB_val k = { e->nkey, all->bytes.p + e->key };
			MDB_val v = { e->nvalue, all->bytes.p + e->value };

			expect(mdb_put(txn, dbis[e->table], &k, &v, 0), "put");
		}
		expect(mdb_txn_commit(txn), "write");
	}
	start = now_seconds() - start;
	mdb_env_close(env);
	return start;
}

int
main(int argc, char **argv)
{
	CLEANUP(buf_fini) struct buf path = { 0 };
	struct entries all = { 0 };
	struct mailbox box;
	struct store *store;
	struct error e = { 0 };
	struct stat st;
	double ours, bare;
	uint64_t n;

	if (argc != 3 || !span_u64(span_of(argv[2]), &n) || n > UINT32_MAX)
		return 64;
	if (store_open(argv[1], &store, &e) != ERR_OK) {
		fprintf(stderr, "store_insert: %s\n", e.text);
		return 1;
	}
	mailbox_make(&box, store);
	ours = fill(store, &box, (uint32_t)n);
	store_close(store);
	buf_printf(&path, "%s/index.mdb", argv[1]);
	if (stat(buf_str(&path), &st) != 0)
		return 1;
	read_all(buf_str(&path), &all);
	buf_puts(&path, ".bare");
	bare = put_bare(buf_str(&path), &all);
	printf("%.4f %.4f %jd %.1f\n", ours, bare, (intmax_t)st.st_size,
	    (double)st.st_size / (double)n);
	unlink(buf_str(&path));
	buf_fini(&all.bytes);
	free(all.list);
	return 0;
}
