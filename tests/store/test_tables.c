/* SPDX-License-Identifier: MIT */
/* Accounts, folders, UIDLs, wants, changes, threads. */
#include "store/change.h"
#include "store/uidl.h"
#include "store/want.h"
#include "tests/store/scratch.h"

Test(account, is_known_by_name_and_stays_when_it_is_no_longer_configured)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct account *list, a;
	uint32_t kerja, rumah;
	uint64_t before;

	scratch_init(&s);
	kerja = scratch_account(&s, "kerja");
	rumah = scratch_account(&s, "rumah");
	before = store_generation(s.store);
	cr_expect_eq(scratch_account(&s, "kerja"), kerja);
	cr_expect_eq(store_generation(s.store), before,
	    "the same again writes nothing");
	t = scratch_write(&s);
	store_account_keep_only(&t, &rumah, 1);
	cr_expect_eq(store_accounts(&t, &arena, &list), 1);
	cr_expect_eq(list[0].id, rumah);
	cr_assert(store_account_get(&t, kerja, &arena, &a));
	cr_expect(a.is_gone);
	scratch_commit(&t);
	cr_expect_eq(scratch_account(&s, "kerja"), kerja);
	t = scratch_read(&s);
	cr_expect_eq(store_accounts(&t, &arena, &list), 2);
	cr_assert(store_account_find(&t, SPAN_LIT("kerja"), &arena, &a));
	cr_expect_not(a.is_gone);
	cr_expect_eq(a.kind, ACCOUNT_IMAP);
	cr_expect(span_eq(a.address, SPAN_LIT("budi@kantor.example")));
	cr_expect_not(store_account_find(&t, SPAN_LIT("lain"), &arena, &a));
	store_end(&t);
}

Test(account, is_offline_until_something_else_was_written)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct account_state put = {
		.link = LINK_WAITING,
		.last_heard = -5,
		.retry_at = 1700000000,
		.error = SPAN("no route"),
	}, got;
	struct store_txn t;

	scratch_init(&s);
	t = scratch_write(&s);
	store_account_state_get(&t, 1, &arena, &got);
	cr_expect_eq(got.link, LINK_OFFLINE);
	cr_expect_eq(got.last_heard, DATE_NONE);
	store_account_state_put(&t, 1, &put);
	store_account_state_get(&t, 1, &arena, &got);
	cr_expect_eq(got.link, LINK_WAITING);
	cr_expect_eq(got.last_heard, -5);
	cr_expect_eq(got.retry_at, 1700000000);
	cr_expect(span_eq(got.error, put.error));
	store_end(&t);
}

Test(folder, keeps_what_the_server_said_when_its_name_is_put_again)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct folder f;
	uint32_t account, id;

	scratch_init(&s);
	account = scratch_account(&s, "kerja");
	id = scratch_folder(&s, account, "INBOX", FOLDER_INBOX, false);
	t = scratch_write(&s);
	cr_assert(store_folder_get(&t, id, &arena, &f));
	cr_expect_eq(f.complete_from, UID_MAX, "nothing is here yet");
	f.uidvalidity = 7;
	f.highestmodseq = UINT64_C(1) << 62;
	f.complete_from = 12;
	store_folder_put_state(&t, &f);
	f.title = SPAN_LIT("Masuk");
	f.uidvalidity = 0;
	cr_expect_eq(store_folder_put(&t, &f), id);
	scratch_commit(&t);
	t = scratch_read(&s);
	cr_assert(store_folder_find(&t, account, SPAN_LIT("INBOX"), &arena,
	    &f));
	cr_expect_eq(f.id, id);
	cr_expect_eq(f.uidvalidity, 7);
	cr_expect_eq(f.highestmodseq, UINT64_C(1) << 62);
	cr_expect_eq(f.complete_from, 12);
	cr_expect(span_eq(f.title, SPAN_LIT("Masuk")));
	store_end(&t);
}

Test(folder, list_begins_with_the_inbox_and_the_roles)
{
	static const struct {
		const char *name;
		enum folder_role role;
	} made[] = {
		{ "Zebra", FOLDER_NONE }, { "Sent", FOLDER_SENT },
		{ "Anggrek", FOLDER_NONE }, { "INBOX", FOLDER_INBOX },
	};
	static const char *const want[] = { "INBOX", "Sent", "Anggrek",
		"Zebra" };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct folder *list, f;
	struct store_txn t;
	struct view view;
	uint32_t kerja, rumah;

	scratch_init(&s);
	kerja = scratch_account(&s, "kerja");
	rumah = scratch_account(&s, "rumah");
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		scratch_folder(&s, kerja, made[i].name, made[i].role, false);
	scratch_folder(&s, rumah, "INBOX", FOLDER_INBOX, true);
	t = scratch_write(&s);
	cr_assert_eq(store_folders(&t, kerja, &arena, &list),
	    ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		cr_expect(span_eq(list[i].name, span_of(want[i])));
	cr_expect_eq(store_folders(&t, 0, &arena, &list), 5);
	cr_expect(store_folder_find_role(&t, kerja, FOLDER_SENT, &arena, &f));
	cr_expect(span_eq(f.name, SPAN_LIT("Sent")));
	cr_expect_not(store_folder_find_role(&t, rumah, FOLDER_SENT, &arena,
	    &f));
	store_view_role(&t, FOLDER_INBOX, &view);
	cr_expect_eq(view.nfolders, 2);
	store_account_keep_only(&t, &rumah, 1);
	store_view_role(&t, FOLDER_INBOX, &view);
	cr_expect_eq(view.nfolders, 1);
	store_end(&t);
}

Test(folder, with_an_endless_name_is_refused)
{
	static char name[NAME_MAX_OCTETS + 1];
	CLEANUP(scratch_fini) struct scratch s;
	struct folder f = { .account = 1, .name = { name, sizeof name } };
	struct store_txn t;

	memset(name, 'a', sizeof name);
	scratch_init(&s);
	t = scratch_write(&s);
	cr_expect_eq(store_folder_put(&t, &f), 0);
	cr_expect_eq(store_commit(&t, NULL), ERR_LIMIT);
}

Test(uidl, is_found_in_byte_order_by_account)
{
	static const char *const names[] = { "b", "a", "zz", "a\x7e" };
	static const char *const want[] = { "a", "a\x7e", "b", "zz" };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct uidl u, *list;
	struct store_txn t;
	struct span after = { 0 };

	scratch_init(&s);
	t = scratch_write(&s);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		u = (struct uidl){
			.uidl = span_of(names[i]),
			.state = UIDL_NEW,
			.first_seen = 5,
			.fetched_at = DATE_NONE,
		};
		store_uidl_put(&t, 3, &u);
		store_uidl_put(&t, 2, &u);
	}
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		cr_assert_eq(store_uidls(&t, 2, after, 1, &arena, &list), 1);
		cr_expect(span_eq(list[0].uidl, span_of(want[i])));
		after = list[0].uidl;
	}
	cr_expect_eq(store_uidls(&t, 2, after, 1, &arena, &list), 0);
	cr_expect_eq(store_uidls(&t, 3, SPAN_LIT("ab"), 9, &arena, &list), 3);
	store_uidl_remove(&t, 2, SPAN_LIT("b"));
	cr_expect_not(store_uidl_get(&t, 2, SPAN_LIT("b"), &u));
	cr_expect(store_uidl_get(&t, 3, SPAN_LIT("b"), &u));
	cr_expect_eq(u.fetched_at, DATE_NONE);
	cr_expect_not(store_uidl_get(&t, 3, SPAN_LIT(""), &u));
	store_end(&t);
	cr_expect_eq(t.error.kind, ERR_OK);
}

Test(uidl, forgets_a_message_that_was_removed_here)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct envelope envelope = { .date = 5 };
	struct message_new m = {
		.uidl = SPAN("x1"),
		.arrived = DATE_NONE,
		.envelope = &envelope,
	};
	struct uidl u = { .uidl = SPAN("x1"), .state = UIDL_FETCHED };
	struct store_txn t;
	uint32_t account;

	scratch_init(&s);
	account = scratch_account(&s, "rumah");
	m.folder = scratch_folder(&s, account, "INBOX", FOLDER_INBOX, true);
	t = scratch_write(&s);
	u.message = store_message_add(&t, &m);
	store_uidl_put(&t, account, &u);
	store_message_remove(&t, u.message);
	cr_assert(store_uidl_get(&t, account, SPAN_LIT("x1"), &u));
	cr_expect_eq(u.message, 0);
	cr_expect_eq(u.state, UIDL_FETCHED);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(want, gives_the_last_wish_first_and_each_once)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct want wants[8];
	uint64_t m[3];
	struct store_txn t;
	uint32_t account, folder;

	scratch_init(&s);
	account = scratch_account(&s, "kerja");
	folder = scratch_folder(&s, account, "INBOX", FOLDER_INBOX, false);
	t = scratch_write(&s);
	for (uint32_t i = 0; i < 3; i++) {
		m[i] = scratch_message(&t, folder, i + 1, i, 0);
		store_want_body(&t, m[i]);
	}
	store_want_body(&t, m[0]);
	store_want_body(&t, 99);	/* there is no such message */
	cr_assert_eq(store_wants(&t, account, wants, 8), 3);
	cr_expect_eq(wants[0].message, m[0]);
	cr_expect_eq(wants[1].message, m[2]);
	cr_expect_eq(store_wants(&t, account + 1, wants, 8), 0);
	store_want_done(&t, m[0]);
	store_message_remove(&t, m[2]);
	cr_assert_eq(store_wants(&t, account, wants, 8), 1);
	cr_expect_eq(wants[0].message, m[1]);
	store_want_body(&t, m[0]);
	store_wants_clear(&t, account);
	cr_expect_eq(store_wants(&t, account, wants, 8), 0);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(want, is_told_part_by_part)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct want wants[8];
	struct store_txn t;
	uint32_t account, folder;
	uint64_t m, body;

	scratch_init(&s);
	account = scratch_account(&s, "kerja");
	folder = scratch_folder(&s, account, "INBOX", FOLDER_INBOX, false);
	body = scratch_body(&s, SPAN_LIT("Subject: x\r\n\r\nhalo\r\n"));
	t = scratch_write(&s);
	m = scratch_message(&t, folder, 1, 1, 0);
	store_want_part(&t, m, SPAN_LIT("2.1"));
	store_want_part(&t, m, SPAN_LIT("*"));
	store_want_body(&t, m);
	store_want_part(&t, m, SPAN_LIT("2.1"));
	cr_assert_eq(store_wants(&t, account, wants, 8), 3);
	cr_expect_str_eq(wants[0].section, "2.1");
	cr_expect_str_eq(wants[1].section, "");
	cr_expect_str_eq(wants[2].section, "*");
	store_want_cancel(&t, m, SPAN_LIT("2.1"));
	cr_expect_not(store_is_wanted(&t, m, SPAN_LIT("2.1")));
	cr_expect(store_is_wanted(&t, m, SPAN_LIT("*")));
	store_message_set_body(&t, m, body, BODY_PART, SPAN_LIT(""));
	store_want_done(&t, m);
	cr_expect_eq(store_wants(&t, account, wants, 8), 0);
	store_want_body(&t, m);	/* what reading takes is here */
	cr_expect_eq(store_wants(&t, account, wants, 8), 0);
	store_want_part(&t, m, SPAN_LIT("2"));
	cr_expect_eq(store_wants(&t, account, wants, 8), 1);
	store_message_set_body(&t, m, body, BODY_WHOLE, SPAN_LIT(""));
	cr_expect_eq(store_wants(&t, account, wants, 8), 0);
	store_want_part(&t, m, SPAN_LIT("*"));
	cr_expect_eq(store_wants(&t, account, wants, 8), 0);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(change, log_tells_what_happened_in_order)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct change c[8];
	struct store_txn t;
	uint32_t folder;
	uint64_t id, last;
	bool lost;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	t = scratch_write(&s);
	last = store_change_last(&t);
	id = scratch_message(&t, folder, 1, 0, 0);
	store_message_server_flags(&t, id, FLAG_SEEN, NULL, 0);
	store_message_remove(&t, id);
	scratch_commit(&t);
	t = scratch_read(&s);
	cr_assert_eq(store_changes(&t, last, 8, c, &lost), 3);
	cr_expect_not(lost);
	cr_expect_eq(c[0].kind, CHANGE_NEW);
	cr_expect_eq(c[1].kind, CHANGE_FLAGS);
	cr_expect_eq(c[2].kind, CHANGE_GONE);
	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(c[i].seq, last + 1 + i);
		cr_expect_eq(c[i].id, id);
		cr_expect_eq(c[i].folder, folder);
	}
	cr_assert_eq(store_changes(&t, last + 1, 1, c, &lost), 1);
	cr_expect_eq(c[0].kind, CHANGE_FLAGS);
	cr_expect_eq(store_changes(&t, last + 3, 8, c, &lost), 0);
	cr_expect_not(lost);
	store_end(&t);
}

Test(change, log_is_a_ring_and_says_when_some_are_lost)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct account_state state = { .link = LINK_IDLE };
	struct change c[2];
	struct store_txn t;
	uint64_t last;
	bool lost;

	scratch_init(&s);
	t = scratch_write(&s);
	for (int i = 0; i < CHANGE_RING + 1000; i++)
		store_account_state_put(&t, 1, &state);
	last = store_change_last(&t);
	cr_expect_eq(last, CHANGE_RING + 1000);
	cr_expect_eq(store_changes(&t, 1, 2, c, &lost), 2);
	cr_expect(lost);
	cr_expect_gt(c[0].seq, 900);
	cr_expect_eq(store_changes(&t, last - CHANGE_RING, 2, c, &lost), 2);
	cr_expect_not(lost);
	cr_expect_eq(c[0].seq, last - CHANGE_RING + 1);
	store_end(&t);
}

static uint64_t
add_answer(struct store_txn *t, uint32_t folder, const char *id,
    const char *answered)
{
	struct span reference = span_of(answered);
	struct envelope envelope = {
		.date = 1,
		.message_id = span_of(id),
		.references = &reference,
		.nreferences = answered != NULL,
	};
	struct message_new m = {
		.folder = folder,
		.arrived = DATE_NONE,
		.envelope = &envelope,
	};

	return store_message_add(t, &m);
}

Test(thread, joins_answers_in_any_order_and_outlives_its_letters)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	uint32_t folder, other;
	uint64_t id[5], thread = 0;
	struct store_txn t;
	struct message m;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	other = scratch_folder(&s, 1, "Arsip", FOLDER_ARCHIVE, false);
	t = scratch_write(&s);
	id[0] = add_answer(&t, folder, "b@x", "a@x");	/* before its root */
	id[1] = add_answer(&t, folder, "a@x", NULL);
	id[2] = add_answer(&t, other, "a@x", NULL);	/* a copy */
	cr_expect_eq(store_message_by_message_id(&t, 0, SPAN_LIT("a@x")),
	    id[1]);
	cr_expect_eq(store_message_by_message_id(&t, other, SPAN_LIT("a@x")),
	    id[2]);
	cr_expect_eq(store_message_by_message_id(&t, other, SPAN_LIT("b@x")),
	    0);
	store_message_remove(&t, id[0]);
	id[3] = add_answer(&t, folder, "c@x", "b@x");	/* b is gone */
	id[4] = add_answer(&t, folder, "z@x", NULL);
	for (size_t i = 1; i < 5; i++) {
		cr_assert(store_message_get(&t, id[i], &arena, &m));
		thread = thread ? thread : m.thread;
		cr_expect_eq(m.thread == thread, i < 4);
	}
	cr_expect_eq(store_message_by_message_id(&t, 0, SPAN_LIT("b@x")), 0);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(message, cuts_text_without_end_between_characters)
{
	static char text[5000];
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct address from = { { text, sizeof text }, { text, sizeof text } };
	struct envelope envelope = {
		.date = DATE_NONE,
		.subject = { text, sizeof text },
		.message_id = { text, sizeof text },
		.from = { &from, 1 },
		.to = { &from, 1 },
	};
	struct span keywords[200];
	struct message_new n = {
		.arrived = 77,
		.envelope = &envelope,
		.snippet = { text, sizeof text },
		.keywords = keywords,
		.nkeywords = ARRAY_LEN(keywords),
	};
	struct store_txn t;
	struct message m;
	uint64_t id;

	for (size_t i = 0; i + 1 < sizeof text; i += 2)
		memcpy(text + i, "\303\251", 2);
	text[0] = 'x';	/* so that limits fall inside a character */
	text[1] = 'y';
	memmove(text + 1, text + 2, sizeof text - 2);
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		keywords[i] = SPAN_LIT("work");
	scratch_init(&s);
	n.folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	t = scratch_write(&s);
	id = store_message_add(&t, &n);
	scratch_commit(&t);
	m = scratch_get(&s, id, &arena);
	cr_expect_eq(m.date, 77, "no Date: the day of arrival");
	cr_expect_eq(m.subject.n, ROW_TEXT_MAX - 1);
	cr_expect_eq(m.snippet.n, ROW_TEXT_MAX - 1);
	cr_expect_eq(m.to.n, 0, "an address is whole or not there");
	cr_expect_eq(m.nkeywords, KEYWORDS_MAX);
	t = scratch_write(&s);
	cr_expect_eq(store_message_by_message_id(&t, 0, envelope.message_id),
	    id);
	store_message_remove(&t, id);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(message, keeps_when_it_arrived_however_far_from_its_date)
{
	static const int64_t times[] = { INT64_MIN + 1, KEY_DATE_MIN, -1, 0, 1,
		KEY_DATE_MAX, INT64_MAX };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct envelope envelope = { .date = 0 };
	struct message_new n = { .envelope = &envelope };

	scratch_init(&s);
	n.folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	for (size_t i = 0; i < ARRAY_LEN(times) * ARRAY_LEN(times); i++) {
		struct store_txn t = scratch_write(&s);
		struct message m;
		uint64_t id;

		n.arrived = times[i % ARRAY_LEN(times)];
		envelope.date = times[i / ARRAY_LEN(times)];
		id = store_message_add(&t, &n);
		scratch_commit(&t);
		m = scratch_get(&s, id, &arena);
		cr_expect_eq(m.arrived, n.arrived);
	}
}

Test(message, without_a_body_is_listed_as_missing_one)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct message_missing which = { .since = INT64_MIN };
	struct message *list;
	struct store_txn t;
	uint32_t folder;
	uint64_t body, id[4];

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	body = scratch_body(&s, SPAN_LIT("Subject: x\r\n\r\nhalo\r\n"));
	t = scratch_write(&s);
	for (uint32_t i = 0; i < 4; i++)
		id[i] = scratch_message(&t, folder, i + 1, i, 0);
	store_want_body(&t, id[2]);
	store_message_set_body(&t, id[2], body, BODY_WHOLE, SPAN_LIT("halo"));
	store_message_set_body(&t, id[1], body, BODY_PART, SPAN_LIT(""));
	cr_expect_eq(store_wants(&t, 1, &(struct want){ 0 }, 1), 0);
	cr_assert_eq(store_message_missing_bodies(&t, folder, &which, 9,
	    &arena, &list), 3);
	cr_expect_eq(list[0].id, id[3]);
	cr_expect_eq(list[1].id, id[1]);
	which.before = message_spot(&list[0]);
	cr_expect_eq(store_message_missing_bodies(&t, folder, &which, 1,
	    &arena, &list), 1);
	cr_expect_eq(list[0].id, id[1]);
	scratch_commit(&t);
	scratch_check(&s);
}

Test(message, is_missed_only_within_the_limits_that_are_asked_for)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct message_missing all = { .since = INT64_MIN }, which = all;
	struct message *list;
	struct store_txn t;
	uint32_t folder;
	uint64_t id[4];

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "kerja"), "INBOX",
	    FOLDER_INBOX, false);
	t = scratch_write(&s);
	for (uint32_t i = 0; i < 4; i++)
		id[i] = scratch_message(&t, folder, i + 1, i,
		    i == 3 ? FLAG_SEEN : 0);
	cr_assert_eq(store_message_missing_bodies(&t, folder, &all, 9, &arena,
	    &list), 4);
	which.unread_only = true;
	cr_assert_eq(store_message_missing_bodies(&t, folder, &which, 9,
	    &arena, &list), 3);
	cr_expect_eq(list[0].id, id[2]);
	which = all;
	which.since = list[0].date;
	cr_expect_eq(store_message_missing_bodies(&t, folder, &which, 9,
	    &arena, &list), 2, "that date and later");
	which = all;
	which.octets = list[0].size;
	cr_expect_eq(store_message_missing_bodies(&t, folder, &which, 9,
	    &arena, &list), 4, "all are of one size");
	which.octets--;
	cr_expect_eq(store_message_missing_bodies(&t, folder, &which, 9,
	    &arena, &list), 0);
	scratch_commit(&t);
	scratch_check(&s);
}
