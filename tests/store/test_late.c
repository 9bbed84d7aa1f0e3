/* SPDX-License-Identifier: MIT */
/* Entries that are held back, against an array of what was put. */
#include "store/late.h"

#include "store/txn.h"
#include "tests/store/letters.h"

enum { KEYS = 3000 };

/* 0: not there; else its value. */
static uint8_t expected[KEYS];

/* Keys of several lengths, some of which begin others. */
static struct key
key_of(uint32_t i)
{
	struct key key = { 0 };

	key_u8(&key, (uint8_t)(i / 100));
	for (uint32_t k = i % 100; k > 0; k /= 3)
		key_u8(&key, (uint8_t)(k % 3));
	key_bytes(&key, SPAN_LIT("\0\0"));
	key_u8(&key, (uint8_t)(i % 100));
	return key;
}

static void
put_some(struct store_txn *t, uint32_t below)
{
	for (uint32_t n = any_below(200); n > 0; n--) {
		uint32_t i = any_below(below);
		struct key key = key_of(i);
		char value = (char)(1 + any_below(100));

		expected[i] = (uint8_t)value;
		txn_put_late(t, TABLE_SUBJECTS, &key,
		    (struct span){ &value, 1 });
	}
}

static void
expect_all(struct store_txn *t)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < KEYS; i++) {
		struct key key = key_of(i);
		struct span value;

		if (!expected[i]) {
			cr_assert_not(txn_has(t, TABLE_SUBJECTS, &key));
			continue;
		}
		n++;
		cr_assert(txn_get(t, TABLE_SUBJECTS, &key, &value), "%u", i);
		cr_assert_eq(value.n, 1);
		cr_assert_eq(value.p[0], (char)expected[i], "key %u", i);
	}
	cr_assert_eq(txn_count(t, TABLE_SUBJECTS), n);
}

Test(late, entries_are_as_if_they_had_been_put_at_once)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;

	srandom(4);
	scratch_init(&s);
	/* At first most keys are behind the last one of the table. */
	for (uint32_t below = 50; below <= KEYS; below += 50) {
		t = scratch_write(&s);
		put_some(&t, below);
		if (any_below(2))
			expect_all(&t);
		put_some(&t, below);
		scratch_commit(&t);
	}
	t = scratch_read(&s);
	expect_all(&t);
	scratch_commit(&t);
}

Test(late, entries_are_passed_over_by_a_peek_and_found_by_a_look)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct key a = key_of(1), b = key_of(200), end = key_of(300);
	struct span key, value;
	struct store_txn t;

	scratch_init(&s);
	t = scratch_write(&s);
	txn_put(&t, TABLE_SUBJECTS, &a, SPAN_LIT(""));
	txn_put_late(&t, TABLE_SUBJECTS, &b, SPAN_LIT(""));
	cr_assert(txn_peek_before(&t, TABLE_SUBJECTS, &end, &key, &value));
	cr_expect(span_eq(key, key_span(&a)));
	txn_put_held(&t, TABLE_SUBJECTS);
	cr_assert(txn_peek_before(&t, TABLE_SUBJECTS, &end, &key, &value));
	cr_expect(span_eq(key, key_span(&b)));
	store_end(&t);
}
