/* SPDX-License-Identifier: MIT */
/*
 * What is written is what is read, field by field: each has a value that no
 * other has, and the store is closed and opened in between.
 */
#include "store/body.h"
#include "store/uidl.h"
#include "tests/store/expected.h"
#include "tests/store/scratch.h"

Test(fields, of_an_account_are_kept)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct account put = { .name = SPAN("kerja"),
		.full_name = SPAN("Budi Santoso"), .address = SPAN("budi@x"),
		.kind = ACCOUNT_LOCAL, .keep = KEEP_OFFLINE, .order = 7 }, got;
	const char *const names[] = { "kerja", "rumah", "lama", "baru" };
	struct store_txn t;

	scratch_init(&s);
	t = scratch_write(&s);
	/* Of what can be so or not, one each. */
	for (uint32_t i = 0; i < ARRAY_LEN(names); i++) {
		put.name = span_of(names[i]);
		put.sends = i == 0;
		put.is_insecure = i == 1;
		put.is_gone = i == 2;
		put.moves_deleted = i == 3;
		cr_assert_eq(store_account_put(&t, &put), i + 1);
	}
	scratch_commit(&t);
	scratch_reopen(&s);
	t = scratch_read(&s);
	for (uint32_t i = 0; i < ARRAY_LEN(names); i++) {
		cr_assert(store_account_get(&t, i + 1, &arena, &got));
		cr_expect_eq(got.id, i + 1);
		expected_text(got.name, names[i], "name");
		expected_text(got.full_name, "Budi Santoso", "full_name");
		expected_text(got.address, "budi@x", "address");
		cr_expect_eq(got.kind, ACCOUNT_LOCAL);
		cr_expect_eq(got.keep, KEEP_OFFLINE);
		cr_expect_eq(got.sends, i == 0);
		cr_expect_eq(got.is_insecure, i == 1);
		cr_expect_eq(got.is_gone, i == 2);
		cr_expect_eq(got.moves_deleted, i == 3);
		cr_expect_eq(got.order, 7);
	}
	store_end(&t);
}

Test(fields, of_the_state_of_an_account_are_kept)
{
	static const struct account_state put = {
		.link = LINK_REFUSED,
		.last_heard = 21,
		.retry_at = 22,
		.done = UINT64_C(23) << 33,
		.total = UINT64_C(24) << 34,
		.error = SPAN("the password was refused"),
	};
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct account_state got;
	struct store_txn t;

	scratch_init(&s);
	t = scratch_write(&s);
	store_account_state_put(&t, 1, &put);
	scratch_commit(&t);
	scratch_reopen(&s);
	t = scratch_read(&s);
	store_account_state_get(&t, 1, &arena, &got);
	store_end(&t);
	cr_expect_eq(got.link, LINK_REFUSED);
	cr_expect_eq(got.last_heard, 21);
	cr_expect_eq(got.retry_at, 22);
	cr_expect_eq(got.done, put.done);
	cr_expect_eq(got.total, put.total);
	expected_text(got.error, "the password was refused", "error");
}

/* All but what can be so or not, and the counts. */
static const struct folder full_folder = {
	.name = SPAN("Pesan.Terkirim"),
	.title = SPAN("Terkirim"),
	.delimiter = '.',
	.role = FOLDER_JUNK,
	.uidvalidity = 41,
	.uidnext = 42,
	.highestmodseq = UINT64_C(43) << 40,
	.server_total = 44,
	.server_unseen = 45,
	.complete_from = 46,
};

/* With 6 messages, 3 unread and 2 flagged, of which one is both. */
static uint32_t
put_folder(struct scratch *s, uint32_t account, uint32_t which)
{
	static const uint32_t flags[] = { FLAG_SEEN, FLAG_SEEN,
		FLAG_SEEN | FLAG_FLAGGED, FLAG_FLAGGED, 0, 0 };
	struct store_txn t = scratch_write(s);
	struct folder f = full_folder;

	f.account = account;
	f.is_selectable = which == 0;
	f.is_subscribed = which == 1;
	f.is_local = which == 2;
	f.is_gone = which == 3;
	f.id = store_folder_put(&t, &f);
	store_folder_put_state(&t, &f);
	for (uint32_t i = 0; i < ARRAY_LEN(flags); i++)
		scratch_message(&t, f.id, i + 1, i, flags[i]);
	scratch_commit(&t);
	return f.id;
}

static void
expect_folder(const struct folder *got, uint32_t which)
{
	const struct folder *want = &full_folder;

	expected_text(got->name, "Pesan.Terkirim", "name");
	expected_text(got->title, "Terkirim", "title");
	cr_expect_eq(got->delimiter, '.');
	cr_expect_eq(got->role, FOLDER_JUNK);
	cr_expect_eq(got->is_selectable, which == 0);
	cr_expect_eq(got->is_subscribed, which == 1);
	cr_expect_eq(got->is_local, which == 2);
	cr_expect_eq(got->is_gone, which == 3);
	cr_expect_eq(got->uidvalidity, want->uidvalidity);
	cr_expect_eq(got->uidnext, want->uidnext);
	cr_expect_eq(got->highestmodseq, want->highestmodseq);
	cr_expect_eq(got->server_total, want->server_total);
	cr_expect_eq(got->server_unseen, want->server_unseen);
	cr_expect_eq(got->complete_from, want->complete_from);
	cr_expect_eq(got->total, 6);
	cr_expect_eq(got->unread, 3);
	cr_expect_eq(got->flagged, 2);
}

Test(fields, of_a_folder_are_kept)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;

	scratch_init(&s);
	for (uint32_t which = 0; which < 4; which++) {
		uint32_t id = put_folder(&s, which + 5, which);
		struct store_txn t;
		struct folder got;

		scratch_reopen(&s);
		t = scratch_read(&s);
		cr_assert(store_folder_get(&t, id, &arena, &got));
		store_end(&t);
		cr_expect_eq(got.id, id);
		cr_expect_eq(got.account, which + 5);
		expect_folder(&got, which);
	}
}

Test(fields, of_a_uidl_are_kept)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct uidl put = { .uidl = SPAN("whqtswO00WBw418f9t5JxYwZ"),
		.state = UIDL_DELE_SENT, .first_seen = 51, .fetched_at = 52 };
	struct uidl got, *list;
	struct store_txn t;
	uint32_t folder;

	scratch_init(&s);
	folder = scratch_folder(&s, scratch_account(&s, "rumah"), "INBOX",
	    FOLDER_INBOX, true);
	t = scratch_write(&s);
	scratch_message(&t, folder, 0, 1, 0);
	put.message = scratch_message(&t, folder, 0, 1, 0);
	store_uidl_put(&t, 1, &put);
	scratch_commit(&t);
	scratch_reopen(&s);
	t = scratch_read(&s);
	cr_assert(store_uidl_get(&t, 1, put.uidl, &got));
	cr_assert_eq(store_uidls(&t, 1, (struct span){ 0 }, 9, &arena, &list),
	    1);
	store_end(&t);
	for (int i = 0; i < 2; i++) {
		const struct uidl *u = i ? &list[0] : &got;

		expected_text(u->uidl, put.uidl.p, "uidl");
		cr_expect_eq(u->state, UIDL_DELE_SENT);
		cr_expect_eq(u->message, put.message);
		cr_expect_eq(u->first_seen, 51);
		cr_expect_eq(u->fetched_at, 52);
	}
}

/* A folder of a server with two messages, and two bodies. */
static void
init_mail(struct scratch *s)
{
	struct store_txn t;

	scratch_init(s);
	scratch_account(s, "lain");
	scratch_account(s, "kerja");
	scratch_folder(s, 1, "INBOX", FOLDER_INBOX, false);
	scratch_folder(s, 2, "INBOX", FOLDER_INBOX, false);
	cr_assert_eq(scratch_body(s, SPAN_LIT("one")), 1);
	cr_assert_eq(scratch_body(s, SPAN_LIT("two")), 2);
	t = scratch_write(s);
	cr_assert_eq(scratch_message(&t, 2, 61, 1, 0), 1);
	cr_assert_eq(scratch_message(&t, 2, 62, 2, FLAG_SEEN | FLAG_DRAFT),
	    2);
	scratch_commit(&t);
}

Test(fields, of_an_act_that_sends_are_kept)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	static struct span to[] = { SPAN("ani@x"), SPAN("b@y"), SPAN("c@z") };
	struct act put = { .account = 2, .body = 2, .from = SPAN("budi@x"),
		.recipients = to, .nrecipients = 3, .subject = SPAN("Rapat"),
		.message_id = SPAN("1@x"), .not_before = 71, .answered = 1 };
	struct store_txn t;
	struct act got;
	uint64_t id;

	init_mail(&s);
	t = scratch_write(&s);
	store_act_send(&t, &put, 70);
	id = store_act_send(&t, &put, 72);
	scratch_commit(&t);
	scratch_reopen(&s);
	got = scratch_act(&s, id, &arena);
	cr_expect_eq(got.id, 2);
	cr_expect_eq(got.account, 2);
	cr_expect_eq(got.kind, ACT_SEND);
	cr_expect_eq(got.state, ACT_QUEUED);
	cr_expect_eq(got.attempts, 0);
	cr_expect_eq(got.created, 72);
	cr_expect_eq(got.changed, 72);
	cr_expect_eq(got.not_before, 71);
	expected_text(got.answer, "", "answer");
	cr_expect_eq(got.body, 2);
	expected_text(got.from, "budi@x", "from");
	cr_assert_eq(got.nrecipients, 3);
	for (size_t i = 0; i < 3; i++)
		expected_text(got.recipients[i], to[i].p, "recipient");
	expected_text(got.subject, "Rapat", "subject");
	expected_text(got.message_id, "1@x", "message_id");
	cr_expect_eq(got.answered, 1);
	cr_expect_eq(got.message, 0);
	cr_expect_eq(got.add | got.remove, 0);
}

Test(fields, of_what_became_of_an_act_are_kept)
{
	static const struct {
		enum act_state state;
		const char *answer;
		int64_t not_before, now;
		uint32_t attempts;
	} steps[] = {
		{ ACT_QUEUED, "no route", 81, 91, 1 },
		{ ACT_SENT, "", DATE_NONE, 92, 2 },
		{ ACT_QUEUED, "421 later", 82, 93, 2 },
		{ ACT_SENT, "", DATE_NONE, 94, 3 },
		{ ACT_UNKNOWN, "cut", DATE_NONE, 95, 3 },
		{ ACT_FAILED, "550 no such user", DATE_NONE, 96, 3 },
		{ ACT_DONE, "250 after all", DATE_NONE, 97, 3 },
	};
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct act put = { .account = 2, .body = 1, .subject = SPAN("Rapat"),
		.message_id = SPAN("1@x") };
	struct store_txn t;

	init_mail(&s);
	t = scratch_write(&s);
	cr_assert_eq(store_act_file(&t, &put, 90), 1);
	scratch_commit(&t);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct act got;

		t = scratch_write(&s);
		store_act_set(&t, 1, steps[i].state,
		    span_of(steps[i].answer), steps[i].not_before,
		    steps[i].now);
		scratch_commit(&t);
		scratch_reopen(&s);
		got = scratch_act(&s, 1, &arena);
		cr_expect_eq(got.kind, ACT_FILE);
		cr_expect_eq(got.state, steps[i].state, "step %zu", i);
		expected_text(got.answer, steps[i].answer, "answer");
		cr_expect_eq(got.not_before, steps[i].not_before);
		cr_expect_eq(got.created, 90);
		cr_expect_eq(got.changed, steps[i].now);
		cr_expect_eq(got.attempts, steps[i].attempts, "step %zu", i);
		cr_expect_eq(got.body, 1);
		expected_text(got.subject, "Rapat", "subject");
		expected_text(got.message_id, "1@x", "message_id");
	}
}

Test(fields, of_an_act_on_flags_are_kept)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct store_txn t;
	struct message m;
	struct act got;

	init_mail(&s);
	t = scratch_write(&s);
	cr_assert_eq(store_act_flags(&t, 2, FLAG_FLAGGED | FLAG_ANSWERED,
	    FLAG_SEEN, 101), 1);
	scratch_commit(&t);
	scratch_reopen(&s);
	got = scratch_act(&s, 1, &arena);
	cr_expect_eq(got.account, 2);
	cr_expect_eq(got.kind, ACT_FLAGS);
	cr_expect_eq(got.state, ACT_QUEUED);
	cr_expect_eq(got.created, 101);
	cr_expect_eq(got.not_before, DATE_NONE);
	cr_expect_eq(got.message, 2);
	cr_expect_eq(got.folder, 2);
	cr_expect_eq(got.uid.v, 62);
	cr_expect_eq(got.add, FLAG_FLAGGED | FLAG_ANSWERED);
	cr_expect_eq(got.remove, FLAG_SEEN);
	m = scratch_get(&s, 2, &arena);
	cr_expect_eq(m.server_flags, FLAG_SEEN | FLAG_DRAFT);
	cr_expect_eq(m.flags, FLAG_FLAGGED | FLAG_ANSWERED | FLAG_DRAFT);
}
