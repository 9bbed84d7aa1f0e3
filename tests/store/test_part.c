/* SPDX-License-Identifier: MIT */
/* Parts of messages, and the body state that goes with them. */
#include "store/body.h"
#include "store/body_piece.h"
#include "store/budget.h"
#include "store/part.h"
#include "store/want.h"
#include "tests/store/scratch.h"

struct letter {
	struct scratch s;
	uint32_t account, folder;
	uint64_t id;
};

static void
letter_init(struct letter *l)
{
	struct store_txn t;

	scratch_init(&l->s);
	l->account = scratch_account(&l->s, "kerja");
	l->folder = scratch_folder(&l->s, l->account, "INBOX", FOLDER_INBOX,
	    false);
	t = scratch_write(&l->s);
	l->id = scratch_message(&t, l->folder, 1, 1, 0);
	scratch_commit(&t);
}

static void
letter_fini(struct letter *l)
{
	scratch_check(&l->s);
	scratch_fini(&l->s);
}

static void
put(struct letter *l, const char *section, uint64_t body)
{
	struct store_txn t = scratch_write(&l->s);

	store_part_put(&t, l->id, span_of(section), body);
	scratch_commit(&t);
}

/* "1.2=7 2=9": sections and the bodies that they have. */
static void
expect_parts(struct letter *l, enum body_state state, const char *want)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf got = { 0 };
	struct message m = scratch_get(&l->s, l->id, &arena);
	struct store_txn t = scratch_read(&l->s);
	struct part *parts, one;
	size_t n = store_parts(&t, l->id, &arena, &parts);

	for (size_t i = 0; i < n; i++) {
		buf_printf(&got, "%s%.*s=%llu", i ? " " : "",
		    SPAN_ARG(parts[i].section),
		    (unsigned long long)parts[i].body);
		cr_expect(store_part_get(&t, l->id, parts[i].section, &one));
		cr_expect_eq(one.body, parts[i].body);
		cr_expect_eq(one.size, parts[i].size);
	}
	scratch_commit(&t);
	cr_expect_eq(m.body_state, state, "state %d", m.body_state);
	cr_expect(span_eq(buf_span(&got), span_of(want)), "%.*s",
	    SPAN_ARG(buf_span(&got)));
	scratch_check(&l->s);
}

static size_t
collect(struct letter *l)
{
	size_t dropped;

	cr_assert_eq(body_collect(l->s.store, INT64_MAX, 99, &dropped, NULL),
	    ERR_OK);
	return dropped;
}

Test(part, is_listed_found_and_replaced)
{
	CLEANUP(letter_fini) struct letter l;
	uint64_t one, two;

	letter_init(&l);
	one = scratch_body(&l.s, SPAN_LIT("text"));
	two = scratch_body(&l.s, SPAN_LIT("picture"));
	expect_parts(&l, BODY_NONE, "");
	put(&l, "2", two);
	put(&l, "1.2", one);
	put(&l, "HEADER", one);
	expect_parts(&l, BODY_PART, "1.2=1 2=2 HEADER=1");
	put(&l, "2", one);
	expect_parts(&l, BODY_PART, "1.2=1 2=1 HEADER=1");
	cr_expect_eq(collect(&l), 1, "the picture");
	put(&l, "2", one);
	expect_parts(&l, BODY_PART, "1.2=1 2=1 HEADER=1");
}

Test(part, of_another_message_is_another_part)
{
	CLEANUP(letter_fini) struct letter l;
	struct store_txn t;
	struct part part;
	uint64_t body, other;

	letter_init(&l);
	body = scratch_body(&l.s, SPAN_LIT("text"));
	t = scratch_write(&l.s);
	other = scratch_message(&t, l.folder, 2, 2, 0);
	store_part_put(&t, other, SPAN_LIT("1"), body);
	store_part_put(&t, l.id, SPAN_LIT("2"), body);
	cr_expect_not(store_part_get(&t, l.id, SPAN_LIT("1"), &part));
	cr_expect(store_part_get(&t, other, SPAN_LIT("1"), &part));
	cr_expect_eq(part.size, 4);
	store_message_remove(&t, other);
	cr_expect_not(store_part_get(&t, other, SPAN_LIT("1"), &part));
	scratch_commit(&t);
	cr_expect_eq(collect(&l), 0);
	expect_parts(&l, BODY_PART, "2=1");
}

Test(part, gives_its_place_to_the_whole_body)
{
	CLEANUP(letter_fini) struct letter l;
	struct store_txn t;
	uint64_t part, whole;

	letter_init(&l);
	part = scratch_body(&l.s, SPAN_LIT("text"));
	whole = scratch_body(&l.s, SPAN_LIT("Subject: x\r\n\r\ntext"));
	put(&l, "1", part);
	put(&l, "2", part);
	t = scratch_write(&l.s);
	store_message_set_body(&t, l.id, whole, BODY_WHOLE, SPAN_LIT("text"));
	scratch_commit(&t);
	expect_parts(&l, BODY_WHOLE, "");
	put(&l, "1", part);
	expect_parts(&l, BODY_WHOLE, "");
	cr_expect_eq(collect(&l), 1);
}

Test(part, goes_with_the_others_and_leaves_no_body)
{
	CLEANUP(letter_fini) struct letter l;
	struct store_txn t;

	letter_init(&l);
	put(&l, "1", scratch_body(&l.s, SPAN_LIT("text")));
	put(&l, "2.MIME", scratch_body(&l.s, SPAN_LIT("head")));
	t = scratch_write(&l.s);
	cr_expect_gt(store_usage(&t, l.account), 0);
	store_parts_remove(&t, l.id);
	cr_expect_eq(store_usage(&t, l.account), 0);
	scratch_commit(&t);
	expect_parts(&l, BODY_NONE, "");
	cr_expect_eq(collect(&l), 2);
}

Test(part, leaves_the_wish_for_the_whole_standing)
{
	CLEANUP(letter_fini) struct letter l;
	struct store_txn t;
	struct want wish;

	letter_init(&l);
	t = scratch_write(&l.s);
	store_want_body(&t, l.id);
	scratch_commit(&t);
	put(&l, "1", scratch_body(&l.s, SPAN_LIT("text")));
	t = scratch_read(&l.s);
	cr_expect_eq(store_wants(&t, l.account, &wish, 1), 1);
	scratch_commit(&t);
}

/* 64 octets. */
#define LONGEST "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1." \
	"HEADER"

Test(part, has_a_section_as_imap_writes_it)
{
	static const char *const good[] = { "1", "1.2.3", "HEADER", "2.MIME",
		LONGEST };
	static const char *const bad[] = { "", "1.text", "1 2", "A\n",
		"\303\244", LONGEST "1" };
	CLEANUP(letter_fini) struct letter l;
	struct store_txn t;
	struct part part;
	uint64_t body;

	letter_init(&l);
	cr_assert_eq(strlen(LONGEST), 64);
	body = scratch_body(&l.s, SPAN_LIT("text"));
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		put(&l, good[i], body);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		t = scratch_write(&l.s);
		cr_expect_not(store_part_get(&t, l.id, span_of(bad[i]),
		    &part));
		store_part_put(&t, l.id, span_of(bad[i]), body);
		cr_expect_eq(store_commit(&t, NULL), ERR_LIMIT, "%s", bad[i]);
	}
}

Test(part, needs_its_message_and_its_body)
{
	CLEANUP(letter_fini) struct letter l;
	struct store_txn t;
	uint64_t body;

	letter_init(&l);
	body = scratch_body(&l.s, SPAN_LIT("text"));
	t = scratch_write(&l.s);
	store_part_put(&t, l.id, SPAN_LIT("1"), body + 1);
	cr_expect_eq(store_commit(&t, NULL), ERR_NOTFOUND);
	t = scratch_write(&l.s);
	store_part_put(&t, l.id + 1, SPAN_LIT("1"), body);
	cr_expect_eq(store_commit(&t, NULL), ERR_NOTFOUND);
	t = scratch_write(&l.s);
	store_part_put(&t, l.id, SPAN_LIT("1"), 0);
	cr_expect_eq(store_commit(&t, NULL), ERR_NOTFOUND);
}
