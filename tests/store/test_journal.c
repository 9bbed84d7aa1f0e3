/* SPDX-License-Identifier: MIT */
#include "tests/store/scratch.h"

#include "store/body.h"
#include "store/body_piece.h"

enum { NOW = 1000 };

struct fixture {
	struct scratch s;
	uint32_t account, folder, local;
	uint64_t id, local_id;	/* a message in each, nothing set */
};

static void
fixture_fini(struct fixture *f)
{
	scratch_check(&f->s);
	scratch_fini(&f->s);
}

static void
fixture_init(struct fixture *f)
{
	struct store_txn t;

	scratch_init(&f->s);
	f->account = scratch_account(&f->s, "kerja");
	f->folder = scratch_folder(&f->s, f->account, "INBOX", FOLDER_INBOX,
	    false);
	f->local = scratch_folder(&f->s, f->account, "Lokal", FOLDER_NONE,
	    true);
	t = scratch_write(&f->s);
	f->id = scratch_message(&t, f->folder, 9, 5, 0);
	f->local_id = scratch_message(&t, f->local, 0, 5, 0);
	scratch_commit(&t);
}

static uint64_t
flags(struct fixture *f, uint64_t message, uint32_t add, uint32_t remove)
{
	struct store_txn t = scratch_write(&f->s);
	uint64_t act = store_act_flags(&t, message, add, remove, NOW);

	scratch_commit(&t);
	return act;
}

static void
set(struct fixture *f, uint64_t act, enum act_state state)
{
	struct store_txn t = scratch_write(&f->s);

	store_act_set(&t, act, state, SPAN_LIT("answer"), 2000, NOW + 1);
	scratch_commit(&t);
}

static void
expect_flags(struct fixture *f, uint64_t message, uint32_t user,
    uint32_t server, int line)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m = scratch_get(&f->s, message, &arena);

	cr_expect_eq(m.flags, user, "line %d: user %x, not %x", line,
	    m.flags, user);
	cr_expect_eq(m.server_flags, server, "line %d: server %x, not %x",
	    line, m.server_flags, server);
}

#define EXPECT_FLAGS(message, user, server) \
	expect_flags(&f, (message), (user), (server), __LINE__)

static size_t
pending(struct fixture *f)
{
	struct store_txn t = scratch_read(&f->s);
	size_t n = store_acts_pending(&t, f->account);

	cr_expect_eq(store_acts_pending(&t, f->account + 1), 0);
	store_end(&t);
	return n;
}

Test(journal, shows_an_act_at_once_and_the_server_when_it_is_done)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct act a, *list;
	struct store_txn t;
	uint64_t id;

	fixture_init(&f);
	id = flags(&f, f.id, FLAG_SEEN, 0);
	cr_assert_neq(id, 0);
	EXPECT_FLAGS(f.id, FLAG_SEEN, 0);
	cr_expect_eq(flags(&f, f.id, FLAG_SEEN, 0), 0, "it is so already");
	a = scratch_act(&f.s, id, &arena);
	cr_expect_eq(a.kind, ACT_FLAGS);
	cr_expect_eq(a.state, ACT_QUEUED);
	cr_expect_eq(a.account, f.account);
	cr_expect_eq(a.folder, f.folder);
	cr_expect_eq(a.uid.v, 9);
	cr_expect_eq(a.add, FLAG_SEEN);
	cr_expect_eq(a.created, NOW);
	cr_expect_eq(a.not_before, DATE_NONE);
	cr_expect_eq(pending(&f), 1);
	set(&f, id, ACT_SENT);
	EXPECT_FLAGS(f.id, FLAG_SEEN, 0);
	set(&f, id, ACT_DONE);
	EXPECT_FLAGS(f.id, FLAG_SEEN, FLAG_SEEN);
	cr_expect_eq(pending(&f), 0);
	t = scratch_read(&f.s);
	cr_expect_eq(store_acts(&t, 0, false, &arena, &list), 0);
	cr_assert_eq(store_acts(&t, f.account, true, &arena, &list), 1);
	cr_expect_eq(list[0].attempts, 1);
	cr_expect(span_eq(list[0].answer, SPAN_LIT("answer")));
	cr_expect_eq(list[0].changed, NOW + 1);
	store_end(&t);
	set(&f, id, ACT_FAILED);	/* nothing leaves its end */
	EXPECT_FLAGS(f.id, FLAG_SEEN, FLAG_SEEN);
}

Test(journal, keeps_the_users_acts_on_top_of_what_the_server_says)
{
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	uint64_t id;

	fixture_init(&f);
	id = flags(&f, f.id, FLAG_FLAGGED, 0);
	t = scratch_write(&f.s);
	cr_expect(store_message_server_flags(&t, f.id, FLAG_SEEN, NULL, 0));
	cr_expect_not(store_message_server_flags(&t, f.id, FLAG_SEEN, NULL,
	    0));
	scratch_commit(&t);
	EXPECT_FLAGS(f.id, FLAG_SEEN | FLAG_FLAGGED, FLAG_SEEN);
	set(&f, id, ACT_UNKNOWN);
	EXPECT_FLAGS(f.id, FLAG_SEEN | FLAG_FLAGGED, FLAG_SEEN);
	set(&f, id, ACT_FAILED);
	EXPECT_FLAGS(f.id, FLAG_SEEN, FLAG_SEEN);
	cr_expect_eq(pending(&f), 1, "a failure waits for the user");
}

Test(journal, merges_wishes_that_have_not_left)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct act a;
	uint64_t id;

	fixture_init(&f);
	id = flags(&f, f.id, FLAG_SEEN, 0);
	cr_expect_eq(flags(&f, f.id, FLAG_FLAGGED, FLAG_SEEN), id);
	a = scratch_act(&f.s, id, &arena);
	cr_expect_eq(a.add, FLAG_FLAGGED);
	cr_expect_eq(a.remove, 0, "the server never knew");
	EXPECT_FLAGS(f.id, FLAG_FLAGGED, 0);
	cr_expect_eq(pending(&f), 1);
	cr_expect_eq(flags(&f, f.id, 0, FLAG_FLAGGED), id);
	a = scratch_act(&f.s, id, &arena);
	cr_expect_eq(a.state, ACT_CANCELED, "opposite wishes");
	EXPECT_FLAGS(f.id, 0, 0);
	cr_expect_eq(pending(&f), 0);
	cr_expect_neq(flags(&f, f.id, FLAG_SEEN, 0), id, "a new one");
}

Test(journal, does_not_change_what_may_have_left)
{
	CLEANUP(fixture_fini) struct fixture f;
	uint64_t first, second;

	fixture_init(&f);
	first = flags(&f, f.id, FLAG_SEEN, 0);
	set(&f, first, ACT_SENT);
	second = flags(&f, f.id, 0, FLAG_SEEN);
	cr_assert_neq(second, first);
	EXPECT_FLAGS(f.id, 0, 0);
	set(&f, first, ACT_DONE);
	EXPECT_FLAGS(f.id, 0, FLAG_SEEN);
	set(&f, second, ACT_DONE);
	EXPECT_FLAGS(f.id, 0, 0);
}

Test(journal, cancels_and_tries_again)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	struct error e;
	struct act a;
	uint64_t id;

	fixture_init(&f);
	id = flags(&f, f.id, FLAG_DELETED, 0);
	t = scratch_write(&f.s);
	cr_expect_eq(store_act_retry(&t, id, NOW, &e), ERR_REFUSED);
	cr_expect_eq(store_act_cancel(&t, id, NOW, &e), ERR_OK);
	cr_expect_eq(store_act_cancel(&t, id, NOW, &e), ERR_REFUSED);
	cr_expect_eq(store_act_cancel(&t, 99, NOW, &e), ERR_NOTFOUND);
	cr_expect_not_null(strstr(e.text, "99"));
	scratch_commit(&t);
	EXPECT_FLAGS(f.id, 0, 0);
	id = flags(&f, f.id, FLAG_DELETED, 0);
	set(&f, id, ACT_SENT);
	t = scratch_write(&f.s);
	cr_expect_eq(store_act_cancel(&t, id, NOW, &e), ERR_REFUSED);
	store_end(&t);
	set(&f, id, ACT_FAILED);
	EXPECT_FLAGS(f.id, 0, 0);
	t = scratch_write(&f.s);
	cr_expect_eq(store_act_retry(&t, id, NOW + 5, &e), ERR_OK);
	scratch_commit(&t);
	EXPECT_FLAGS(f.id, FLAG_DELETED, 0);
	a = scratch_act(&f.s, id, &arena);
	cr_expect_eq(a.state, ACT_QUEUED);
	cr_expect_eq(a.not_before, DATE_NONE);
	cr_expect_eq(a.attempts, 1);
	set(&f, id, ACT_QUEUED);	/* "later", before it was sent */
	a = scratch_act(&f.s, id, &arena);
	cr_expect_eq(a.attempts, 2);
	cr_expect_eq(a.not_before, 2000);
}

Test(journal, needs_no_server_for_local_folders)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	uint64_t id;

	fixture_init(&f);
	id = flags(&f, f.local_id, FLAG_SEEN | FLAG_FLAGGED, 0);
	EXPECT_FLAGS(f.local_id, FLAG_SEEN | FLAG_FLAGGED,
	    FLAG_SEEN | FLAG_FLAGGED);
	cr_expect_eq(scratch_act(&f.s, id, &arena).state, ACT_DONE);
	cr_expect_eq(pending(&f), 0);
	cr_expect_neq(flags(&f, f.local_id, 0, FLAG_SEEN), id);
	EXPECT_FLAGS(f.local_id, FLAG_FLAGGED, FLAG_FLAGGED);
}

Test(journal, keeps_a_letter_until_its_entry_is_forgotten)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct span to[] = { SPAN("ani@rumah.example"), SPAN("c@d.example") };
	struct act send = {
		.from = SPAN("budi@kantor.example"),
		.recipients = to,
		.nrecipients = ARRAY_LEN(to),
		.subject = SPAN("Halo"),
		.message_id = SPAN("m1@kantor.example"),
		.not_before = 3000,
	}, a;
	struct store_txn t;
	size_t dropped;
	uint64_t id;

	fixture_init(&f);
	send.account = f.account;
	send.answered = f.id;
	send.body = scratch_body(&f.s, SPAN_LIT("Subject: Halo\r\n\r\n"));
	t = scratch_write(&f.s);
	id = store_act_send(&t, &send, NOW);
	scratch_commit(&t);
	a = scratch_act(&f.s, id, &arena);
	cr_expect_eq(a.state, ACT_QUEUED);
	cr_expect_eq(a.not_before, 3000);
	cr_assert_eq(a.nrecipients, 2);
	cr_expect(span_eq(a.recipients[1], to[1]));
	cr_expect(span_eq(a.subject, send.subject));
	set(&f, id, ACT_SENT);
	cr_expect_eq(body_collect(f.s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 0);
	set(&f, id, ACT_DONE);
	EXPECT_FLAGS(f.id, FLAG_ANSWERED, 0);
	t = scratch_write(&f.s);
	for (uint32_t i = 0; i < ACTS_CLOSED_MAX; i++)
		store_act_flags(&t, f.local_id, i % 2 ? 0 : FLAG_SEEN,
		    i % 2 ? FLAG_SEEN : 0, NOW);
	cr_expect_not(store_act_get(&t, id, &arena, &a), "among the oldest");
	scratch_commit(&t);
	cr_expect_eq(body_collect(f.s.store, INT64_MAX, 9, &dropped, NULL),
	    ERR_OK);
	cr_expect_eq(dropped, 1);
}

Test(journal, refuses_a_letter_that_is_not_stored_or_goes_to_nobody)
{
	CLEANUP(fixture_fini) struct fixture f;
	struct span to = SPAN("a@b.example");
	struct act send = { .body = 77, .recipients = &to, .nrecipients = 1 };
	struct store_txn t;

	fixture_init(&f);
	t = scratch_write(&f.s);
	cr_expect_eq(store_act_send(&t, &send, NOW), 0);
	cr_expect_eq(store_commit(&t, NULL), ERR_NOTFOUND);
	send.nrecipients = 0;
	t = scratch_write(&f.s);
	cr_expect_eq(store_act_send(&t, &send, NOW), 0);
	cr_expect_eq(store_commit(&t, NULL), ERR_LIMIT);
}

/* What each act has been told, in order: the slow twin of one message. */
struct twin_act {
	uint64_t id;
	uint32_t add, remove;
	enum act_state state;
};

static uint32_t
twin_flags(uint32_t server, const struct twin_act *acts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (acts[i].state == ACT_QUEUED || acts[i].state == ACT_SENT ||
		    acts[i].state == ACT_UNKNOWN)
			server = (server | acts[i].add) & ~acts[i].remove;
	return server;
}

/* Reads back what the store made of merged wishes. */
static void
twin_note(struct fixture *f, struct twin_act *acts, size_t *n, uint64_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = scratch_act(&f->s, id, &arena);

	if (*n == 0 || acts[*n - 1].id != id)
		(*n)++;
	acts[*n - 1] = (struct twin_act){ id, a.add, a.remove, a.state };
}

Test(journal, agrees_with_a_list_of_acts_whatever_happens)
{
	static struct twin_act acts[1000];
	CLEANUP(fixture_fini) struct fixture f;
	uint32_t server = 0, wanted = 0;
	size_t n = 0;

	srandom(5);
	fixture_init(&f);
	for (int i = 0; i < 300; i++) {
		uint32_t add = (uint32_t)random() % 16;
		uint32_t remove = (uint32_t)random() % 16;
		struct twin_act *a = n ? &acts[(size_t)random() % n] : NULL;
		enum act_state to = 1 + (uint32_t)random() % ACT_UNKNOWN;
		uint64_t id;

		if (random() % 2) {
			id = flags(&f, f.id, add, remove);
			wanted = (wanted | add) & ~remove;
			if (id)
				twin_note(&f, acts, &n, id);
		} else if (a && a->state != ACT_DONE &&
		    a->state != ACT_CANCELED) {
			set(&f, a->id, to);
			a->state = to;
			if (to == ACT_DONE)
				server = (server | a->add) & ~a->remove;
			wanted = twin_flags(server, acts, n);
		}
		cr_assert_eq(twin_flags(server, acts, n), wanted, "%d", i);
		EXPECT_FLAGS(f.id, wanted, server);
	}
}

Test(journal, lists_what_is_open_and_the_last_that_ended)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct store_txn t;
	struct fixture f;
	struct act *acts;
	uint64_t ids[6];

	fixture_init(&f);
	t = scratch_write(&f.s);
	for (uint32_t i = 0; i < ARRAY_LEN(ids); i++) {
		uint64_t m = scratch_message(&t, f.folder, 100 + i, 5, 0);

		ids[i] = store_act_flags(&t, m, FLAG_SEEN, 0, NOW);
	}
	scratch_commit(&t);
	for (size_t i = 0; i < 3; i++)
		set(&f, ids[i], ACT_DONE);
	set(&f, ids[4], ACT_FAILED);
	t = scratch_read(&f.s);
	cr_assert_eq(store_acts_recent(&t, 0, 2, &arena, &acts), 5);
	cr_expect_eq(acts[0].id, ids[5]);
	cr_expect_eq(acts[1].id, ids[4]);
	cr_expect_eq(acts[2].id, ids[3]);
	cr_expect_eq(acts[3].id, ids[2]);
	cr_expect_eq(acts[4].id, ids[1]);
	cr_expect_eq(store_acts_recent(&t, f.account, 100, &arena, &acts), 6);
	cr_expect_eq(store_acts_recent(&t, f.account + 1, 9, &arena, &acts), 0);
	store_end(&t);
	fixture_fini(&f);
}
