/* SPDX-License-Identifier: MIT */
#include "tests/store/dump.h"

#include <criterion/criterion.h>
#include <lmdb.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/xalloc.h"

enum { TABLES_MAX = 64, MAP_OCTETS = 1 << 26 };

static void
must(int rc)
{
	cr_assert_eq(rc, 0, "%s", mdb_strerror(rc));
}

static unsigned
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	cr_assert(at, "'%c' is no hexadecimal digit", c);
	return (unsigned)(at - digits);
}

static MDB_val
from_hex(struct span hex, struct buf *octets)
{
	cr_assert_eq(hex.n % 2, 0);
	for (size_t i = 0; i < hex.n; i += 2)
		buf_putc(octets, (char)(hex_digit(hex.p[i]) << 4 |
		    hex_digit(hex.p[i + 1])));
	return (MDB_val){ octets->n, octets->p };
}

static void
load_line(MDB_txn *txn, struct span line)
{
	CLEANUP(buf_fini) struct buf k = { 0 }, v = { 0 };
	struct span field;
	char name[64];
	MDB_val key, value;
	MDB_dbi dbi;

	cr_assert(span_split(&line, ' ', &field));
	snprintf(name, sizeof name, "%.*s", SPAN_ARG(field));
	must(mdb_dbi_open(txn, name, MDB_CREATE, &dbi));
	if (!span_split(&line, ' ', &field))
		return;
	key = from_hex(field, &k);
	value = from_hex(line, &v);
	must(mdb_put(txn, dbi, &key, &value, MDB_APPEND));
}

static void
load_lines(MDB_env *env, FILE *dump)
{
	CLEANUP(cleanup_free) char *line = NULL;
	size_t size = 0;
	MDB_txn *txn;

	must(mdb_txn_begin(env, NULL, 0, &txn));
	while (getline(&line, &size, dump) > 0)
		load_line(txn, span_trim(span_of(line)));
	cr_assert(feof(dump));
	must(mdb_txn_commit(txn));
}

static void
load_environment(const char *data, const char *dir, const char *name)
{
	const char *srcdir = getenv("srcdir");
	CLEANUP(cleanup_free) char *from = xasprintf("%s/%s/%s.dump",
	    srcdir ? srcdir : ".", data, name);
	CLEANUP(cleanup_free) char *to = xasprintf("%s/%s.mdb", dir, name);
	CLEANUP(cleanup_fclose) FILE *dump = fopen(from, "r");
	MDB_env *env;

	cr_assert(dump, "cannot read %s", from);
	must(mdb_env_create(&env));
	must(mdb_env_set_maxdbs(env, TABLES_MAX));
	must(mdb_env_set_mapsize(env, MAP_OCTETS));
	must(mdb_env_open(env, to, MDB_NOSUBDIR | MDB_NOSYNC, 0600));
	load_lines(env, dump);
	mdb_env_close(env);
}

void
dump_load(const char *data, const char *dir)
{
	load_environment(data, dir, "index");
	load_environment(data, dir, "bodies");
}
