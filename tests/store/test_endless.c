/* SPDX-License-Identifier: MIT */
/*
 * Keys of indexes with a number that cannot be, as one flipped bit leaves
 * them: they read as 0 and sort behind all others, and a walk that goes on
 * behind the last number would begin again, for ever.
 */
#include "store/group.h"
#include "store/txn.h"
#include "tests/store/scratch.h"

enum { SECONDS = 20 };	/* an endless walk ends the test by a signal */

struct fixture {
	struct scratch s;
	uint32_t account, folder;
	uint64_t message;
};

static void
fixture_fini(struct fixture *f)
{
	scratch_fini(&f->s);
}

static uint64_t
add(struct store_txn *t, uint32_t folder, uint32_t uid, const char *id,
    const char *subject)
{
	struct address from = { SPAN(""), SPAN("a@b.example") };
	struct envelope e = { .date = 1000 + uid, .message_id = span_of(id),
		.subject = span_of(subject), .from = { &from, 1 },
		.to = { &from, 1 } };
	struct message_new m = { .folder = folder, .uid = { uid },
		.arrived = 5, .envelope = &e };

	return store_message_add(t, &m);
}

/* Behind everything that the table has. */
static void
put_impossible(struct fixture *f, enum table table, struct span before,
    struct span behind)
{
	struct store_txn t = scratch_write(&f->s);
	struct key key = { 0 };

	key_bytes(&key, before);
	key_bytes(&key, SPAN_LIT("\xf9\x02"));
	key_bytes(&key, behind);
	txn_put(&t, table, &key, (struct span){ "", 0 });
	scratch_commit(&t);
}

static void
fixture_init(struct fixture *f)
{
	struct store_txn t;

	scratch_init(&f->s);
	f->account = scratch_account(&f->s, "kerja");
	f->folder = scratch_folder(&f->s, f->account, "INBOX", FOLDER_INBOX,
	    false);
	t = scratch_write(&f->s);
	f->message = add(&t, f->folder, 1, "1@x", "hello");
	store_act_flags(&t, f->message, FLAG_SEEN, 0, 1);
	scratch_commit(&t);
	alarm(SECONDS);
}

static void
expect_corrupt(struct store_txn *t)
{
	cr_expect_eq(t->error.kind, ERR_CORRUPT, "%s", t->error.text);
	store_end(t);
}

Test(endless, walk_of_open_acts_ends)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	struct act *acts;

	fixture_init(&f);
	put_impossible(&f, TABLE_ACTS_OPEN, SPAN_LIT(""), SPAN_LIT(""));
	t = scratch_read(&f.s);
	cr_expect_eq(store_acts(&t, f.account, false, &arena, &acts), 0);
	expect_corrupt(&t);
}

Test(endless, walk_for_what_an_answer_answers_ends)
{
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;

	fixture_init(&f);
	put_impossible(&f, TABLE_BY_SUBJECT, SPAN_LIT(""),
	    SPAN_LIT("hello\0aaaaabbb"));
	t = scratch_write(&f.s);
	add(&t, f.folder, 2, "2@x", "Re: hello");
	expect_corrupt(&t);
}

Test(endless, walk_of_the_folders_of_a_thread_ends)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(fixture_fini) struct fixture f;
	struct message *page;
	struct store_txn t;
	struct view view;
	struct key thread;

	fixture_init(&f);
	thread = key_of_u64(f.message);
	put_impossible(&f, TABLE_THREAD_MEMBERS, key_span(&thread),
	    SPAN_LIT("aaaaabbb"));
	t = scratch_read(&f.s);
	store_view_folder(f.folder, &view);
	view.order = VIEW_BY_THREAD;
	cr_expect_eq(store_view_page(&t, &view, VIEW_TOP,
	    (struct view_position){ 0 }, 20, &arena, &page), 0);
	expect_corrupt(&t);
}

Test(endless, name_of_a_group_is_damage_and_no_end_of_the_program)
{
	CLEANUP(fixture_fini) struct fixture f;
	struct store_txn t;
	char name[KEY_MAX - 2];

	fixture_init(&f);
	memset(name, 'x', sizeof name);
	put_impossible(&f, TABLE_GROUPS, SPAN_LIT(""),
	    (struct span){ name, sizeof name });
	t = scratch_write(&f.s);
	store_group_keep_only(&t, NULL, 0);
	expect_corrupt(&t);
}
