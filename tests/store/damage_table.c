/* SPDX-License-Identifier: MIT */
#include "tests/store/damage_table.h"

#include "base/xalloc.h"
#include "store/txn.h"
#include "tests/store/expected.h"
#include "tests/store/findings.h"

const char *
damage_name(enum damage damage)
{
	static const char *const names[DAMAGE_COUNT] = { "without an entry",
		"with one more", "with another value" };

	return names[damage];
}

bool
damage_table(struct scratch *s, enum table table, enum damage damage)
{
	struct store_txn t = scratch_write(s);
	struct key from = { 0 }, key = { 0 };
	struct span k, v;
	CLEANUP(cleanup_free) char *value = NULL;
	size_t n;

	cr_assert(txn_seek(&t, table, &from, &k, &v), "%s is empty",
	    tables[table].name);
	while (damage == DAMAGE_VALUE && v.n == 0 &&
	    txn_next(&t, table, &k, &v))
		;
	key_bytes(&key, k);
	value = span_dup(v);
	n = v.n;
	if (damage == DAMAGE_VALUE && n == 0) {
		store_end(&t);
		return false;
	}
	if (damage == DAMAGE_REMOVE)
		txn_del(&t, table, &key);
	else if (damage == DAMAGE_ADD)
		key.p[key.n - 1] ^= 0x55;
	else
		value[n - 1] ^= 1;
	if (damage != DAMAGE_REMOVE) {
		cr_assert(damage == DAMAGE_VALUE || !txn_has(&t, table, &key));
		txn_put(&t, table, &key, (struct span){ value, n });
	}
	scratch_commit(&t);
	return true;
}

void
damage_expect_like(struct scratch *s, const struct buf *before,
    const char *table, const char *how)
{
	CLEANUP(buf_fini) struct buf now = { 0 };

	expected_write(s->store, &now);
	cr_assert(span_eq(buf_span(&now), buf_span(before)),
	    "%s %s: the store is not what it was", table, how);
}

void
damage_and_repair(struct scratch *s, enum table table,
    const struct buf *before)
{
	const char *name = tables[table].name;

	for (int c = 0; c < DAMAGE_COUNT; c++) {
		const char *how = damage_name((enum damage)c);
		struct repair_result result;
		struct findings f;

		if (!damage_table(s, table, (enum damage)c))
			continue;
		cr_assert_eq(findings_check(s, &f), ERR_CORRUPT,
		    "%s %s is not found", name, how);
		cr_assert_not_null(strstr(f.text, name), "%s %s: found %s",
		    name, how, f.text);
		findings_repair(s, &result, &f);
		damage_expect_like(s, before, name, how);
	}
}
