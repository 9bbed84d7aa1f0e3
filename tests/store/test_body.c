/* SPDX-License-Identifier: MIT */
#include <nettle/sha2.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "store/backup.h"
#include "store/body.h"
#include "store/body_piece.h"
#include "store/budget.h"
#include "store/care.h"
#include "store/txn.h"
#include "tests/store/scratch.h"

enum { MEBI = 1 << 20, LARGE = 50 * MEBI };

/* Bytes that are their own check: any part of them can be made again. */
static void
make_bytes(uint64_t at, char *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t x = (at + i) / 5;

		to[i] = (char)(x * 2654435761u >> 13);
	}
}

static uint64_t
write_large(struct scratch *s, uint64_t size, size_t part)
{
	CLEANUP(cleanup_free) char *bytes = xcalloc(part, 1);
	struct body_writer *w;
	struct error e = { 0 };
	uint64_t id;

	cr_assert_eq(store_body_begin(s->store, &w, &e), ERR_OK);
	for (uint64_t at = 0; at < size; at += part) {
		size_t n = size - at < part ? (size_t)(size - at) : part;

		make_bytes(at, bytes, n);
		store_body_write(w, (struct span){ bytes, n });
	}
	cr_assert_eq(store_body_finish(w, &id, &e), ERR_OK, "%s", e.text);
	return id;
}

static void
expect_range(struct source *source, uint64_t at, size_t n)
{
	CLEANUP(cleanup_free) char *got = xcalloc(n, 1);
	CLEANUP(cleanup_free) char *want = xcalloc(n, 1);
	size_t left = at < source->size ? (size_t)(source->size - at) : 0;
	struct error e = { 0 };
	size_t len;

	cr_assert_eq(source->read(source->ctx, at, got, n, &len, &e), ERR_OK,
	    "%s", e.text);
	cr_assert_eq(len, n < left ? n : left);
	make_bytes(at, want, len);
	cr_assert_eq(memcmp(got, want, len), 0, "at %llu",
	    (unsigned long long)at);
}

Test(body, of_any_length_is_read_back_from_anywhere)
{
	static const uint64_t sizes[] = { 0, 1, BODY_PIECE_OCTETS - 1,
		BODY_PIECE_OCTETS, BODY_PIECE_OCTETS + 1,
		5 * BODY_PIECE_OCTETS, 5 * BODY_PIECE_OCTETS + 17 };
	CLEANUP(scratch_fini) struct scratch s;

	scratch_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint64_t id = write_large(&s, sizes[i], 7777);
		struct body_reader *r;
		struct source source;

		cr_assert_eq(store_body_open(s.store, id, &r, NULL), ERR_OK);
		source = store_body_source(r);
		cr_expect_eq(source.size, sizes[i]);
		expect_range(&source, 0, (size_t)sizes[i] + 10);
		for (uint64_t at = sizes[i] + 3; at > 0; at = at * 3 / 4)
			expect_range(&source, at, 1000);
		store_body_close(r);
	}
	scratch_check(&s);
}

Test(body, of_fifty_mebibytes_is_streamed_and_shared)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct body_reader *r;
	struct source source;
	size_t dropped;
	uint64_t id;

	scratch_init(&s);
	id = write_large(&s, LARGE, 100000);
	cr_expect_eq(write_large(&s, LARGE, 65536), id,
	    "the same letter, in other pieces");
	cr_assert_eq(store_body_open(s.store, id, &r, NULL), ERR_OK);
	source = store_body_source(r);
	cr_expect_eq(source.size, LARGE);
	for (uint64_t at = 0; at < LARGE; at += 3 * MEBI + 1)
		expect_range(&source, at, 200000);
	store_body_close(r);
	scratch_check(&s);
	cr_assert_eq(body_collect(s.store, INT64_MAX, 99, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1, "one body, and no pieces of a second");
}

enum { LINE = 64, HUGE = 200 * MEBI };

/* A line is made of its number, which is enough to tell it from others. */
static void
make_line(uint64_t number, char *to)
{
	memset(to, 'a' + (int)(number % 26), LINE);
	for (int i = 11; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	memcpy(to + LINE - 2, "\r\n", 2);
}

static uint64_t
write_huge(struct scratch *s)
{
	static char bytes[1000 * LINE];
	struct error e = { 0 };
	struct body_writer *w;
	uint64_t id;

	cr_assert_eq(store_body_begin(s->store, &w, &e), ERR_OK);
	for (uint64_t at = 0; at < HUGE; at += sizeof bytes) {
		size_t n = HUGE - at < sizeof bytes ? (size_t)(HUGE - at)
		    : sizeof bytes;

		for (size_t i = 0; i < n; i += LINE)
			make_line((at + i) / LINE, bytes + i);
		store_body_write(w, (struct span){ bytes, n });
	}
	cr_assert_eq(store_body_finish(w, &id, &e), ERR_OK, "%s", e.text);
	return id;
}

/* A sanitizer has data of its own, more than any limit. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SHADOW 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define HAS_SHADOW 1
#endif
#ifndef HAS_SHADOW
#define HAS_SHADOW 0
#endif

Test(body, of_two_hundred_mebibytes_needs_a_few_of_memory)
{
	static const struct rlimit limit = { 64 * MEBI, 64 * MEBI };
	CLEANUP(scratch_fini) struct scratch s;
	struct body_reader *r;
	struct source source;
	struct error e = { 0 };
	uint64_t id;

	scratch_init(&s);
	if (!HAS_SHADOW)
		cr_assert_eq(setrlimit(RLIMIT_DATA, &limit), 0);
	id = write_huge(&s);
	cr_assert_eq(store_body_open(s.store, id, &r, &e), ERR_OK, "%s",
	    e.text);
	source = store_body_source(r);
	cr_expect_eq(source.size, HUGE);
	srandom(3);
	for (int i = 0; i < 300; i++) {
		uint64_t number = (uint64_t)random() % (HUGE / LINE);
		char want[LINE], got[LINE];
		size_t n;

		make_line(number, want);
		cr_assert_eq(source.read(source.ctx, number * LINE, got, LINE,
		    &n, &e), ERR_OK, "%s", e.text);
		cr_assert(n == LINE && memcmp(got, want, LINE) == 0);
	}
	store_body_close(r);
}

Test(body, of_a_writer_that_stood_still_is_not_finished_with_a_hole)
{
	static char bytes[8 * MEBI];
	CLEANUP(scratch_fini) struct scratch s;
	struct body_writer *w;
	size_t dropped;
	uint64_t id;

	scratch_init(&s);
	cr_assert_eq(store_body_begin(s.store, &w, NULL), ERR_OK);
	make_bytes(0, bytes, sizeof bytes);
	store_body_write(w, (struct span){ bytes, sizeof bytes });
	/* As if it had been written long ago. */
	cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
	store_body_write(w, (struct span){ bytes, sizeof bytes });
	cr_expect_eq(store_body_finish(w, &id, NULL), ERR_AGAIN);
	cr_expect_eq(id, 0);
	scratch_check(&s);
}

Test(body, of_thousands_is_collected_in_as_many_steps_as_it_takes)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct body_batch *b;
	struct error e = { 0 };
	size_t dropped;

	scratch_init(&s);
	cr_assert_eq(store_bodies_begin(s.store, &b, &e), ERR_OK);
	for (uint32_t i = 0; i < 1500; i++) {
		char bytes[LINE];
		uint64_t id;

		make_line(i, bytes);
		cr_assert_eq(store_bodies_add(b, (struct span){ bytes, LINE },
		    &id, &e), ERR_OK);
	}
	cr_assert_eq(store_bodies_commit(b, &e), ERR_OK);
	cr_assert_eq(body_collect(s.store, INT64_MAX, 300, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 300);
	scratch_check(&s);
	cr_assert_eq(body_collect(s.store, INT64_MAX, SIZE_MAX, &dropped,
	    NULL), ERR_OK);
	cr_expect_eq(dropped, 1200);
	scratch_check(&s);
}

Test(body, of_a_batch_is_shared_with_one_that_was_streamed)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct body_batch *b;
	struct error e = { 0 };
	struct span got;
	uint64_t streamed, id[3];

	scratch_init(&s);
	streamed = scratch_body(&s, SPAN_LIT("one"));
	cr_assert_eq(store_bodies_begin(s.store, &b, &e), ERR_OK);
	cr_assert_eq(store_bodies_add(b, SPAN_LIT("one"), &id[0], &e), ERR_OK);
	cr_assert_eq(store_bodies_add(b, SPAN_LIT("two"), &id[1], &e), ERR_OK);
	cr_assert_eq(store_bodies_add(b, SPAN_LIT("two"), &id[2], &e), ERR_OK);
	cr_assert_eq(store_bodies_commit(b, &e), ERR_OK);
	cr_expect_eq(id[0], streamed);
	cr_expect_neq(id[1], streamed);
	cr_expect_eq(id[2], id[1]);
	cr_assert_eq(store_body_load(s.store, id[1], 3, &arena, &got, &e),
	    ERR_OK);
	cr_expect(span_eq(got, SPAN_LIT("two")));
	cr_expect_eq(store_body_load(s.store, id[1], 2, &arena, &got, &e),
	    ERR_LIMIT);
	cr_expect_eq(store_body_load(s.store, 99, 9, &arena, &got, &e),
	    ERR_NOTFOUND);
	cr_assert_eq(store_bodies_begin(s.store, &b, &e), ERR_OK);
	cr_assert_eq(store_bodies_add(b, SPAN_LIT("three"), &id[0], &e),
	    ERR_OK);
	store_bodies_abort(b);
	cr_expect_eq(store_body_load(s.store, id[0], 9, &arena, &got, &e),
	    ERR_NOTFOUND);
}

Test(body, lives_as_long_as_a_row_that_names_it)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	uint32_t folder;
	uint64_t body, id[2];
	struct span got;
	size_t dropped;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	body = scratch_body(&s, SPAN_LIT("letter"));
	t = scratch_write(&s);
	for (uint32_t i = 0; i < 2; i++) {
		id[i] = scratch_message(&t, folder, i + 1, i, 0);
		store_message_set_body(&t, id[i], body, BODY_WHOLE,
		    SPAN_LIT(""));
	}
	scratch_commit(&t);
	for (uint32_t i = 0; i < 2; i++) {
		cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped,
		    NULL), ERR_OK);
		cr_expect_eq(dropped, 0);
		t = scratch_write(&s);
		store_message_remove(&t, id[i]);
		scratch_commit(&t);
	}
	cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
	cr_expect_eq(store_body_load(s.store, body, 9, &arena, &got, NULL),
	    ERR_NOTFOUND);
	t = scratch_write(&s);
	id[0] = scratch_message(&t, folder, 3, 3, 0);
	store_message_set_body(&t, id[0], body, BODY_WHOLE, SPAN_LIT(""));
	cr_expect_eq(store_commit(&t, NULL), ERR_NOTFOUND,
	    "no row names a letter that is gone");
	scratch_check(&s);
}

Test(body, that_is_collected_while_it_is_read_is_gone_and_not_damaged)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct body_reader *r;
	struct source source;
	struct error e = { 0 };
	size_t dropped, got;
	uint64_t id;
	char to[16];

	scratch_init(&s);
	id = write_large(&s, 2 * BODY_PIECE_OCTETS, 10000);
	cr_assert_eq(store_body_open(s.store, id, &r, NULL), ERR_OK);
	source = store_body_source(r);
	expect_range(&source, 0, BODY_PIECE_OCTETS);
	cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
	cr_expect_eq(source.read(r, BODY_PIECE_OCTETS, to, sizeof to, &got,
	    &e), ERR_NOTFOUND);
	cr_expect_str_eq(e.text, "the letter was removed meanwhile");
	cr_expect_eq(got, 0);
	store_body_close(r);
}

Test(body, that_was_just_written_is_not_collected)
{
	CLEANUP(scratch_fini) struct scratch s;
	size_t dropped;

	scratch_init(&s);
	scratch_body(&s, SPAN_LIT("letter"));
	cr_assert_eq(store_body_collect(s.store, 9, &dropped, NULL), ERR_OK);
	cr_expect_eq(dropped, 0);
}

struct compacting {
	struct store *store;
	int done;		/* written to, at the end */
};

static void *
compact(void *arg)
{
	const struct compacting *c = arg;
	struct compact_result result;
	bool is_done = store_compact(c->store, NULL, &result, NULL) == ERR_OK;

	return write(c->done, is_done ? "k" : "x", 1) == 1 ? NULL : arg;
}

Test(body, is_not_copied_for_compaction_while_some_are_collected)
{
	enum { LOOK_MS = 300 };		/* to see it begin too early */
	CLEANUP(scratch_fini) struct scratch s;
	struct compacting c;
	struct pollfd p = { .events = POLLIN };
	pthread_t thread;
	char answer = '-';
	int fds[2], lock;

	scratch_init(&s);
	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(store_lock_bodies(s.store, false, &lock, NULL), ERR_OK);
	c = (struct compacting){ s.store, fds[1] };
	p.fd = fds[0];
	cr_assert_eq(pthread_create(&thread, NULL, compact, &c), 0);
	cr_expect_eq(poll(&p, 1, LOOK_MS), 0);
	close(lock);
	cr_expect_eq(read(fds[0], &answer, 1), 1);
	cr_expect_eq(answer, 'k');
	pthread_join(thread, NULL);
	close(fds[0]);
	close(fds[1]);
}

Test(body, of_a_writer_that_was_given_up_leaves_nothing)
{
	static char bytes[8 * MEBI];
	CLEANUP(scratch_fini) struct scratch s;
	struct body_writer *w;
	struct store_txn t;
	size_t dropped;

	scratch_init(&s);
	cr_assert_eq(store_body_begin(s.store, &w, NULL), ERR_OK);
	make_bytes(0, bytes, sizeof bytes);
	store_body_write(w, (struct span){ bytes, sizeof bytes });
	store_body_abort(w);
	txn_begin(s.store, ENV_BODIES, false, &t);
	cr_expect_gt(txn_count(&t, TABLE_BODY_PIECES), 0);
	store_end(&t);
	cr_assert_eq(body_collect(s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
	txn_begin(s.store, ENV_BODIES, false, &t);
	cr_expect_eq(txn_count(&t, TABLE_BODY_PIECES), 0);
	cr_expect_eq(txn_count(&t, TABLE_BODY_FRESH), 0);
	store_end(&t);
}

/* One bit in the middle of what is stored of a piece. */
/*
 * A word that is made of syllables; the first ones are far more often used
 * than the others, as it is with people.
 */
static void
put_word(struct buf *out, uint32_t *x)
{
	static const char *const syllables[] = { "ma", "kan", "se", "ra", "di",
		"ter", "ka", "li", "ber", "nya", "pu", "tang", "men", "ja",
		"ngi", "sur", "at", "o", "per", "lu", "ba", "gai", "wa", "ru" };
	uint32_t number, n;

	*x = *x * 1664525 + 1013904223;
	number = 4000 / (*x % 4000 + 1) * 7 + (*x >> 12) % 400;
	n = 1 + number % 3;
	for (uint32_t i = 0; i < n; i++) {
		buf_puts(out, syllables[number % ARRAY_LEN(syllables)]);
		number = number / 5 + 3;
	}
}

/* Lines of words as a letter has them, with a sentence now and then. */
static void
write_text(struct buf *out, size_t octets)
{
	size_t line = 0;
	uint32_t x = 7;

	buf_puts(out, "From: Ani <ani@rumah.example>\r\n"
	    "Subject: Kabar\r\n\r\n");
	while (out->n < octets) {
		size_t before = out->n;

		put_word(out, &x);
		buf_puts(out, x >> 28 ? " " : ". ");
		line += out->n - before;
		if (line < 66)
			continue;
		buf_puts(out, "\r\n");
		line = 0;
	}
}

Test(body, of_ordinary_text_takes_less_than_a_third_of_it_on_disk)
{
	CLEANUP(scratch_fini) struct scratch s;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct store_txn t;
	uint64_t id, body, usage;
	struct span letter, got;

	scratch_init(&s);
	scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX", FOLDER_INBOX,
	    false);
	write_text(&text, MEBI);
	letter = (struct span){ text.p, MEBI };
	body = scratch_body(&s, letter);
	t = scratch_write(&s);
	id = scratch_message(&t, 1, 1, 1, 0);
	store_message_set_body(&t, id, body, BODY_WHOLE, SPAN_LIT("text"));
	scratch_commit(&t);
	t = scratch_read(&s);
	usage = store_usage(&t, 1);
	store_end(&t);
	cr_expect_gt(usage, MEBI / 100, "this is no ordinary text");
	cr_expect_lt(usage, MEBI / 3, "%llu octets",
	    (unsigned long long)usage);
	cr_assert_eq(store_body_load(s.store, body, MEBI, &arena, &got, NULL),
	    ERR_OK);
	cr_expect(span_eq(got, letter));
}

static void
flip_piece(struct scratch *s, uint64_t id, uint32_t number)
{
	struct key key = body_key(id);
	CLEANUP(cleanup_free) char *copy = NULL;
	struct span value;
	struct store_txn t;

	key_fixed32(&key, number);
	txn_begin(s->store, ENV_BODIES, true, &t);
	cr_assert(txn_get(&t, TABLE_BODY_PIECES, &key, &value));
	copy = span_dup(value);
	copy[value.n / 2] ^= 4;
	txn_put(&t, TABLE_BODY_PIECES, &key, (struct span){ copy, value.n });
	scratch_commit(&t);
}

Test(body, with_a_changed_piece_is_corrupt_there_and_only_there)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct body_reader *r;
	struct source source;
	struct error e = { 0 };
	char to[16];
	uint64_t id, checked;
	size_t got;

	scratch_init(&s);
	id = write_large(&s, 3 * BODY_PIECE_OCTETS, 10000);
	flip_piece(&s, id, 1);
	cr_assert_eq(store_body_open(s.store, id, &r, NULL), ERR_OK);
	source = store_body_source(r);
	expect_range(&source, 0, BODY_PIECE_OCTETS);
	cr_expect_eq(source.read(r, BODY_PIECE_OCTETS, to, sizeof to, &got,
	    &e), ERR_CORRUPT);
	cr_expect_eq(got, 0);
	expect_range(&source, 2 * BODY_PIECE_OCTETS, BODY_PIECE_OCTETS);
	store_body_close(r);
	cr_expect_eq(store_check(s.store, &checked, &e), ERR_CORRUPT);
}
