/* SPDX-License-Identifier: MIT */
/*
 * The same as test_fields.c for what is known of a message, and for what a
 * server says of it later.
 */
#include "tests/store/expected.h"
#include "tests/store/scratch.h"

static void
init_folders(struct scratch *s)
{
	scratch_init(s);
	scratch_account(s, "lain");
	scratch_account(s, "kerja");
	scratch_folder(s, 2, "Arsip", FOLDER_ARCHIVE, false);
	scratch_folder(s, 2, "INBOX", FOLDER_INBOX, false);
	cr_assert_eq(scratch_body(s, SPAN_LIT("one")), 1);
	cr_assert_eq(scratch_body(s, SPAN_LIT("two")), 2);
}

/* Every field has something in it. */
static uint64_t
add_full(struct scratch *s)
{
	static struct address from[] = { { SPAN("Ani"), SPAN("ani@x") } },
	    sender[] = { { SPAN("Kantor"), SPAN("kantor@x") } },
	    to[] = { { SPAN("Budi"), SPAN("budi@y") },
		{ SPAN(""), SPAN("c@z") } };
	static struct span references[] = { SPAN("root@x"), SPAN("mid@x") };
	static const struct span keywords[] = { SPAN("penting"), SPAN("$A"),
		SPAN("proyek") };
	static const struct envelope envelope = {
		.date = 1001,
		.subject = SPAN("Re: Rapat hari Senin"),
		.from = { from, 1 },
		.sender = { sender, 1 },
		.to = { to, 2 },
		.message_id = SPAN("leaf@x"),
		.references = references,
		.nreferences = 2,
		.has_attachment = true,
	};
	const struct message_new n = {
		.folder = 2,
		.uid = { 1003 },
		.uidl = SPAN("a-uidl"),
		.flags = FLAG_SEEN | FLAG_FORWARDED,
		.keywords = keywords,
		.nkeywords = 3,
		.arrived = 1004,
		.size = UINT64_C(1005) << 32,
		.envelope = &envelope,
		.server_thread = 1006,
		.snippet = SPAN("Yth. Budi"),
		.body = 2,
		.body_state = BODY_PART,
	};
	struct store_txn t = scratch_write(s);
	uint64_t id;

	scratch_message(&t, 1, 7, 7, 0);
	id = store_message_add(&t, &n);
	scratch_commit(&t);
	return id;
}

static void
expect_full(const struct message *m)
{
	static const char *const keywords[] = { "penting", "$A", "proyek" };

	cr_expect_eq(m->account, 2);
	cr_expect_eq(m->folder, 2);
	cr_expect_eq(m->uid.v, 1003);
	expected_text(m->uidl, "a-uidl", "uidl");
	cr_expect_eq(m->flags, FLAG_SEEN | FLAG_FORWARDED | FLAG_FLAGGED);
	cr_expect_eq(m->server_flags, FLAG_SEEN | FLAG_FORWARDED);
	cr_assert_eq(m->nkeywords, ARRAY_LEN(keywords));
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		expected_text(m->keywords[i], keywords[i], "keyword");
	cr_expect_eq(m->date, 1001);
	cr_expect_eq(m->arrived, 1004);
	cr_expect_eq(m->size, UINT64_C(1005) << 32);
	expected_text(m->from_name, "Ani", "from_name");
	expected_text(m->from_addr, "ani@x", "from_addr");
	expected_text(m->to, "Budi <budi@y>, c@z", "to");
	expected_text(m->subject, "Re: Rapat hari Senin", "subject");
	expected_text(m->snippet, "Yth. Budi", "snippet");
	expected_text(m->message_id, "leaf@x", "message_id");
	cr_expect(m->has_attachment);
	cr_expect_eq(m->body, 2);
	cr_expect_eq(m->body_state, BODY_PART);
}

Test(fields, of_a_message_are_kept)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct message m;
	uint64_t id;

	init_folders(&s);
	id = add_full(&s);
	t = scratch_write(&s);
	store_act_flags(&t, id, FLAG_FLAGGED, 0, 1);
	scratch_commit(&t);
	scratch_reopen(&s);
	m = scratch_get(&s, id, &arena);
	cr_expect_eq(m.id, id);
	expect_full(&m);
	m = scratch_get(&s, 1, &arena);
	cr_expect_not(m.has_attachment);
	cr_expect_eq(m.nkeywords, 0);
	cr_expect_eq(m.body, 0);
	cr_expect_eq(m.body_state, BODY_NONE);
}

/* What it referred to, or else what the server called its conversation. */
Test(fields, of_a_message_that_make_threads_are_kept)
{
	static const struct {
		const char *message_id;
		uint64_t server_thread;
		bool is_of_first, is_of_second;
	} later[] = {
		{ "a@x", 1006, true, false }, { "b@x", 1007, false, false },
		{ "top@x", 0, false, true }, { "next@x", 0, false, true },
		{ "other@x", 0, false, false },
	};
	static struct span references[] = { SPAN("top@x"), SPAN("next@x") };
	static const struct envelope answer = { .date = 1,
		.message_id = SPAN("end@x"), .references = references,
		.nreferences = 2 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	uint64_t first, second;
	struct store_txn t;

	init_folders(&s);
	first = add_full(&s);
	t = scratch_write(&s);
	second = store_message_add(&t, &(struct message_new){ .folder = 2,
	    .uid = { 2 }, .arrived = 1, .envelope = &answer });
	scratch_commit(&t);
	for (size_t i = 0; i < ARRAY_LEN(later); i++) {
		struct envelope e = { .date = 1,
			.message_id = span_of(later[i].message_id) };
		uint64_t id, thread;

		scratch_reopen(&s);
		t = scratch_write(&s);
		id = store_message_add(&t, &(struct message_new){
		    .folder = 2, .uid = { (uint32_t)i + 9 }, .arrived = 1,
		    .envelope = &e,
		    .server_thread = later[i].server_thread });
		scratch_commit(&t);
		scratch_reopen(&s);
		thread = scratch_get(&s, id, &arena).thread;
		cr_expect_eq(thread == scratch_get(&s, first, &arena).thread,
		    later[i].is_of_first, "%s", later[i].message_id);
		cr_expect_eq(thread == scratch_get(&s, second, &arena).thread,
		    later[i].is_of_second, "%s", later[i].message_id);
	}
}

/* One after the other, each another list than the one before. */
static const struct {
	const char *words[3];
	size_t n;
} said[] = {
	{ { "penting", "$A", "selesai" }, 3 },
	{ { "penting", "$A" }, 2 },
	{ { "$A", "penting" }, 2 },
	{ { "baru", "penting" }, 2 },
	{ { NULL }, 0 },
	{ { "lagi" }, 1 },
};

static void
expect_said(struct scratch *s, uint64_t id, size_t number)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	scratch_reopen(s);
	m = scratch_get(s, id, &arena);
	cr_assert_eq(m.nkeywords, said[number].n, "%zu", number);
	for (size_t i = 0; i < m.nkeywords; i++)
		expected_text(m.keywords[i], said[number].words[i], "keyword");
	cr_expect_eq(m.server_flags, FLAG_SEEN | FLAG_FORWARDED);
}

static size_t
words_of(size_t number, struct span keywords[3])
{
	for (size_t i = 0; i < said[number].n; i++)
		keywords[i] = span_of(said[number].words[i]);
	return said[number].n;
}

/* The flags stay what they were: only the keywords are others. */
Test(fields, that_are_keywords_follow_the_server)
{
	CLEANUP(scratch_fini) struct scratch s;
	uint64_t id;

	init_folders(&s);
	id = add_full(&s);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct store_txn t = scratch_write(&s);
		struct span keywords[3];
		size_t n = words_of(i, keywords);

		cr_expect(store_message_server_flags(&t, id,
		    FLAG_SEEN | FLAG_FORWARDED, keywords, n), "%zu", i);
		cr_expect_not(store_message_server_flags(&t, id,
		    FLAG_SEEN | FLAG_FORWARDED, keywords, n), "%zu", i);
		scratch_commit(&t);
		expect_said(&s, id, i);
	}
}

Test(fields, that_are_keywords_follow_a_message_that_is_listed_again)
{
	CLEANUP(scratch_fini) struct scratch s;
	uint64_t id;

	init_folders(&s);
	id = add_full(&s);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct store_txn t = scratch_write(&s);
		struct envelope e = { .date = 1 };
		struct span keywords[3];

		cr_expect_eq(store_message_add(&t, &(struct message_new){
		    .folder = 2, .uid = { 1003 }, .arrived = 1,
		    .flags = FLAG_SEEN | FLAG_FORWARDED, .envelope = &e,
		    .nkeywords = words_of(i, keywords),
		    .keywords = keywords }), id);
		scratch_commit(&t);
		expect_said(&s, id, i);
	}
}

Test(fields, that_are_flags_follow_the_server_under_what_the_user_wants)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	static const struct span keyword = SPAN("lagi");
	struct store_txn t;
	struct message m;
	uint64_t id;

	init_folders(&s);
	id = add_full(&s);
	t = scratch_write(&s);
	store_act_flags(&t, id, FLAG_FLAGGED, FLAG_SEEN, 1);
	cr_expect(store_message_server_flags(&t, id, FLAG_SEEN | FLAG_JUNK,
	    &keyword, 1));
	scratch_commit(&t);
	scratch_reopen(&s);
	m = scratch_get(&s, id, &arena);
	cr_expect_eq(m.server_flags, FLAG_SEEN | FLAG_JUNK);
	cr_expect_eq(m.flags, FLAG_FLAGGED | FLAG_JUNK);
	cr_assert_eq(m.nkeywords, 1);
	expected_text(m.keywords[0], "lagi", "keyword");
}
