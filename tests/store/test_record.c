/* SPDX-License-Identifier: MIT */
/* Stored bytes are input: what was changed is found, never believed. */
#include "store/record.h"

#include "store/row.h"
#include "store/txn.h"
#include "store/want.h"
#include "tests/store/scratch.h"

Test(record, gives_back_what_was_put)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 16383, 16384,
		UINT32_MAX, UINT64_MAX - 1, UINT64_MAX };
	static const int64_t dates[] = { 0, 1, -1, 63, -64, INT64_MAX,
		INT64_MIN };
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct record r;

	record_begin(&b, RECORD_V1);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		record_put_u64(&b, numbers[i]);
	for (size_t i = 0; i < ARRAY_LEN(dates); i++)
		record_put_i64(&b, dates[i]);
	record_put_bool(&b, true);
	record_put_span(&b, SPAN_LIT("a\0b"));
	record_put_span(&b, (struct span){ 0 });
	cr_assert(record_open(&r, TABLE_ROWS, SPAN_LIT("key"),
	    record_end(&b, TABLE_ROWS, SPAN_LIT("key"))));
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		cr_expect_eq(record_u64(&r), numbers[i]);
	for (size_t i = 0; i < ARRAY_LEN(dates); i++)
		cr_expect_eq(record_i64(&r), dates[i]);
	cr_expect(record_bool(&r));
	cr_expect(span_eq(record_span(&r), SPAN_LIT("a\0b")));
	cr_expect_eq(record_span(&r).n, 0);
	cr_expect(record_is_done(&r));
	cr_expect_eq(record_u64(&r), 0);
	cr_expect(r.is_bad, "behind the end");
}

Test(record, opens_only_as_what_it_was_written)
{
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct span key = SPAN("key"), value;
	struct record r;

	record_begin(&b, RECORD_V1);
	record_put_span(&b, SPAN_LIT("some content of a row"));
	value = record_end(&b, TABLE_ROWS, key);
	cr_expect(record_open(&r, TABLE_ROWS, key, value));
	cr_expect_not(record_open(&r, TABLE_ACTS, key, value));
	cr_expect_not(record_open(&r, TABLE_ROWS, SPAN_LIT("kez"), value));
	for (size_t n = 0; n < value.n; n++)
		cr_expect_not(record_open(&r, TABLE_ROWS, key,
		    (struct span){ value.p, n }), "cut at %zu", n);
	for (size_t i = 0; i < value.n * 8; i++) {
		b.p[i / 8] ^= (char)(1 << i % 8);
		cr_expect_not(record_open(&r, TABLE_ROWS, key, value),
		    "bit %zu", i);
		b.p[i / 8] ^= (char)(1 << i % 8);
	}
}

Test(record, numbers_out_of_range_are_bad)
{
	static const struct {
		struct span content;
		bool is_good;
	} cases[] = {
		{ SPAN("\x00"), true },
		{ SPAN("\x80"), false },
		{ SPAN("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), true },
		{ SPAN("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"), false },
		{ SPAN("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
		    false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		CLEANUP(buf_fini) struct buf b = { 0 };
		struct record r;

		record_begin(&b, RECORD_V1);
		buf_put(&b, cases[i].content);
		cr_assert(record_open(&r, TABLE_ROWS, SPAN_LIT("k"),
		    record_end(&b, TABLE_ROWS, SPAN_LIT("k"))));
		record_u64(&r);
		cr_expect_eq(record_is_done(&r), cases[i].is_good, "%zu", i);
	}
}

/* Stores the value of a row with one bit turned. */
static void
put_flipped(struct scratch *s, uint64_t id, const char *value, size_t n,
    size_t bit)
{
	struct key key = key_of_u64(id);
	CLEANUP(cleanup_free) char *copy = span_dup((struct span){ value, n });
	struct store_txn t = scratch_write(s);

	copy[bit / 8] ^= (char)(1 << bit % 8);
	txn_put(&t, TABLE_ROWS, &key, (struct span){ copy, n });
	scratch_commit(&t);
}

Test(record, of_a_row_with_a_turned_bit_is_an_error_everywhere)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(cleanup_free) char *good = NULL;
	struct message m, *page;
	struct store_txn t;
	struct key key;
	struct view view;
	struct span value;
	struct error e;
	uint64_t id, checked;
	size_t n;

	scratch_init(&s);
	store_view_folder(scratch_folder(&s, scratch_account(&s, "kerja"),
	    "INBOX", FOLDER_INBOX, false), &view);
	t = scratch_write(&s);
	id = scratch_message(&t, view.folders[0], 1, 1, 0);
	key = key_of_u64(id);
	cr_assert(txn_get(&t, TABLE_ROWS, &key, &value));
	good = span_dup(value);
	n = value.n;
	scratch_commit(&t);
	for (size_t bit = 0; bit < n * 8; bit += 13) {
		put_flipped(&s, id, good, n, bit);
		t = scratch_read(&s);
		cr_expect_not(store_message_get(&t, id, &arena, &m));
		store_end(&t);
		cr_expect_eq(t.error.kind, ERR_CORRUPT);
		t = scratch_read(&s);
		cr_expect_eq(store_view_page(&t, &view, VIEW_TOP,
		    (struct view_position){ 0 }, 9, &arena, &page), 0);
		store_end(&t);
		cr_expect_eq(t.error.kind, ERR_CORRUPT);
		t = scratch_write(&s);
		cr_expect_eq(store_act_flags(&t, id, FLAG_SEEN, 0, 1), 0);
		cr_expect_eq(store_commit(&t, &e), ERR_CORRUPT);
		cr_expect_eq(store_check(s.store, &checked, &e), ERR_CORRUPT);
	}
	put_flipped(&s, id, good, n, 0);
	cr_expect_not_null(strstr(e.text, "surat store check"), "%s", e.text);
}

/* Each way in which an index can disagree with the rows. */
Test(record, and_index_that_disagree_are_found)
{
	static const enum table indexes[] = { TABLE_BY_DATE, TABLE_UNREAD,
		TABLE_FLAGGED, TABLE_BY_UID, TABLE_MESSAGE_IDS, TABLE_COUNTS,
		TABLE_FOLDER_NAMES, TABLE_ACTS_OPEN, TABLE_ACTS_OF,
		TABLE_BODY_USES, TABLE_WANT_OF, TABLE_ROWS };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	uint32_t folder;
	uint64_t id, body, checked;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	body = scratch_body(&s, SPAN_LIT("x"));
	t = scratch_write(&s);
	id = scratch_message(&t, folder, 1, 1, FLAG_FLAGGED);
	store_message_set_body(&t, id, body, BODY_PART, SPAN_LIT(""));
	store_act_flags(&t, id, FLAG_ANSWERED, 0, 1);
	store_want_part(&t, id, SPAN_LIT("2"));
	scratch_commit(&t);
	scratch_check(&s);
	for (size_t i = 0; i < ARRAY_LEN(indexes); i++) {
		struct key from = { 0 }, key = { 0 };
		struct span k, v;
		CLEANUP(cleanup_free) char *copy = NULL;
		struct error e;
		size_t n;

		t = scratch_write(&s);
		cr_assert(txn_seek(&t, indexes[i], &from, &k, &v), "%zu", i);
		key_bytes(&key, k);
		copy = span_dup(v);
		n = v.n;
		cr_assert(txn_del(&t, indexes[i], &key));
		scratch_commit(&t);
		cr_expect_eq(store_check(s.store, &checked, &e), ERR_CORRUPT,
		    "without an entry of %s", tables[indexes[i]].name);
		t = scratch_write(&s);
		txn_put(&t, indexes[i], &key, (struct span){ copy, n });
		scratch_commit(&t);
		scratch_check(&s);
	}
}
