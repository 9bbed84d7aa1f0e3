/* SPDX-License-Identifier: MIT */
/* Views, by examples; test_twin.c compares them with a slow answer. */
#include <stdio.h>

#include "store/view_private.h"
#include "tests/store/scratch.h"

struct letter {
	uint32_t folder;
	const char *id, *answers, *from, *subject;
	int64_t date;
	uint32_t flags;
	uint64_t size;
};

static uint64_t
put(struct store_txn *t, const struct letter *l)
{
	struct address from = { span_of(l->from), SPAN("a@rumah.example") };
	struct span reference = span_of(l->answers);
	struct envelope envelope = {
		.date = l->date,
		.subject = span_of(l->subject),
		.from = { &from, 1 },
		.message_id = span_of(l->id),
		.references = &reference,
		.nreferences = l->answers != NULL,
	};
	uint64_t id = store_message_add(t, &(struct message_new){
		.folder = l->folder,
		.flags = l->flags,
		.arrived = DATE_NONE,
		.size = l->size,
		.envelope = &envelope,
	});

	cr_assert_neq(id, 0, "%s", t->error.text);
	return id;
}

static uint64_t
put_alone(struct scratch *s, struct letter l)
{
	struct store_txn t = scratch_write(s);
	uint64_t id = put(&t, &l);

	scratch_commit(&t);
	return id;
}

static void
remove_alone(struct scratch *s, uint64_t id)
{
	struct store_txn t = scratch_write(s);

	store_message_remove(&t, id);
	scratch_commit(&t);
}

static size_t
page(struct scratch *s, const struct view *view, enum view_from from,
    struct view_position at, struct arena *arena, struct message **out)
{
	struct store_txn t = scratch_read(s);
	size_t n = store_view_page(&t, view, from, at, 100, arena, out);

	scratch_commit(&t);
	return n;
}

/* Ids, up to a 0. */
static void
expect_from(struct scratch *s, const struct view *view, enum view_from from,
    struct view_position at, const uint64_t *want)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *got;
	size_t n = page(s, view, from, at, &arena, &got), i = 0;

	for (; i < n && want[i]; i++)
		cr_expect_eq(got[i].id, want[i], "line %zu: %llu, not %llu",
		    i, (unsigned long long)got[i].id,
		    (unsigned long long)want[i]);
	cr_expect(i == n && want[i] == 0, "%zu lines", n);
}

static void
expect_list(struct scratch *s, const struct view *view, const uint64_t *want)
{
	expect_from(s, view, VIEW_TOP, (struct view_position){ 0 }, want);
}

#define IDS(...) (const uint64_t[]){ __VA_ARGS__, 0 }

/* The line of a message in the view, and its position. */
static struct message
line_of(struct scratch *s, const struct view *view, uint64_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *got;
	size_t n = page(s, view, VIEW_TOP, (struct view_position){ 0 },
	    &arena, &got);

	for (size_t i = 0; i < n; i++)
		if (got[i].id == id)
			return got[i];
	cr_assert_fail("no line of %llu", (unsigned long long)id);
	return (struct message){ 0 };
}

static struct view_position
position_of(struct scratch *s, const struct view *view, uint64_t id)
{
	struct message m = line_of(s, view, id);

	return store_view_position(view, &m);
}

static uint32_t
inbox(struct scratch *s)
{
	scratch_init(s);
	return scratch_folder(s, scratch_account(s, "kerja"), "INBOX",
	    FOLDER_INBOX, true);
}

Test(view, is_sorted_by_sender_subject_and_size)
{
	CLEANUP(scratch_fini) struct scratch s;
	uint32_t f = inbox(&s);
	struct view view;
	uint64_t id[5] = { 0 };

	id[1] = put_alone(&s, (struct letter){ f, "1@x", NULL, "budi",
	    "Re: anggaran", 10, 0, 300 });
	id[2] = put_alone(&s, (struct letter){ f, "2@x", NULL, "Ani",
	    "Zebra", 20, 0, 100 });
	id[3] = put_alone(&s, (struct letter){ f, "3@x", NULL, "Budi",
	    "Makan siang", 30, 0, 200 });
	id[4] = put_alone(&s, (struct letter){ f, "4@x", NULL, "ani",
	    "Anggaran", 5, 0, 250 });
	store_view_folder(f, &view);
	view.order = VIEW_BY_SENDER;
	expect_list(&s, &view, IDS(id[2], id[4], id[3], id[1]));
	view.is_reversed = true;
	expect_list(&s, &view, IDS(id[1], id[3], id[4], id[2]));
	view.order = VIEW_BY_SUBJECT;
	view.is_reversed = false;
	expect_list(&s, &view, IDS(id[1], id[4], id[3], id[2]));
	view.order = VIEW_BY_SIZE;
	expect_list(&s, &view, IDS(id[1], id[4], id[3], id[2]));
}

/*
 * 1 (oldest)
 *   2
 *     4 (read)
 *   3 (newest)
 * 5, alone, between 4 and 3
 */
struct talk {
	struct scratch s;
	uint32_t folder;
	struct view view;
	uint64_t id[6];
};

static void
talk_init(struct talk *k)
{
	const struct letter letters[] = {
		{ .id = NULL },
		{ 0, "1@x", NULL, "Ani", "Halo", 10, 0, 1 },
		{ 0, "2@x", "1@x", "Budi", "Re: Halo", 20, 0, 1 },
		{ 0, "3@x", "1@x", "Citra", "Re: Halo", 50, FLAG_SEEN, 1 },
		{ 0, "4@x", "2@x", "Ani", "Re: Halo", 30, FLAG_SEEN, 1 },
		{ 0, "5@x", NULL, "Dewi", "Lain", 40, FLAG_FLAGGED, 1 },
	};

	k->folder = inbox(&k->s);
	for (size_t i = 1; i < ARRAY_LEN(letters); i++) {
		struct letter l = letters[i];

		l.folder = k->folder;
		k->id[i] = put_alone(&k->s, l);
	}
	store_view_folder(k->folder, &k->view);
	k->view.order = VIEW_BY_THREAD;
}

static void
talk_fini(struct talk *k)
{
	scratch_fini(&k->s);
}

Test(view, by_thread_is_a_tree_where_its_newest_message_stands)
{
	CLEANUP(talk_fini) struct talk k;
	static const uint16_t depths[] = { 0, 0, 1, 1, 2, 0 };

	talk_init(&k);
	expect_list(&k.s, &k.view, IDS(k.id[1], k.id[2], k.id[4], k.id[3],
	    k.id[5]));
	for (size_t i = 1; i < 6; i++) {
		struct message m = line_of(&k.s, &k.view, k.id[i]);

		cr_expect_eq(m.depth, depths[i], "%zu", i);
		cr_expect_eq(m.thread_total, i == 1 ? 4 : i == 5 ? 1 : 0);
		cr_expect_eq(m.thread_unread, i == 1 ? 2 : i == 5 ? 1 : 0);
	}
	k.view.is_reversed = true;
	expect_list(&k.s, &k.view, IDS(k.id[5], k.id[3], k.id[4], k.id[2],
	    k.id[1]));
}

Test(view, by_thread_lists_what_passes_where_the_newest_of_that_stands)
{
	CLEANUP(talk_fini) struct talk k;

	talk_init(&k);
	k.view.filter = VIEW_UNREAD;
	expect_list(&k.s, &k.view, IDS(k.id[5], k.id[1], k.id[2]));
	cr_expect_eq(line_of(&k.s, &k.view, k.id[1]).thread_total, 4);
	k.view.filter = VIEW_FLAGGED;
	expect_list(&k.s, &k.view, IDS(k.id[5]));
}

Test(view, folded_shows_the_newest_unread_message_of_a_thread)
{
	CLEANUP(talk_fini) struct talk k;
	struct store_txn t;

	talk_init(&k);
	k.view.is_folded = true;
	expect_list(&k.s, &k.view, IDS(k.id[2], k.id[5]));
	cr_expect_eq(line_of(&k.s, &k.view, k.id[2]).thread_total, 4);
	cr_expect_eq(line_of(&k.s, &k.view, k.id[2]).depth, 0);
	t = scratch_write(&k.s);
	store_message_server_flags(&t, k.id[1], FLAG_SEEN, NULL, 0);
	store_message_server_flags(&t, k.id[2], FLAG_SEEN, NULL, 0);
	scratch_commit(&t);
	expect_list(&k.s, &k.view, IDS(k.id[3], k.id[5]));
}

Test(view, position_falls_to_the_next_in_its_thread_and_then_the_next_thread)
{
	CLEANUP(talk_fini) struct talk k;
	struct view_position at;

	talk_init(&k);
	at = position_of(&k.s, &k.view, k.id[4]);
	remove_alone(&k.s, k.id[4]);
	expect_from(&k.s, &k.view, VIEW_AT, at, IDS(k.id[3], k.id[5]));
	expect_from(&k.s, &k.view, VIEW_UP, at, IDS(k.id[1], k.id[2]));
	for (size_t i = 1; i < 4; i++)
		remove_alone(&k.s, k.id[i]);
	expect_from(&k.s, &k.view, VIEW_AT, at, IDS(k.id[5]));
	expect_from(&k.s, &k.view, VIEW_UP, at, IDS(0));
}

Test(view, position_goes_along_when_an_answer_lifts_its_thread)
{
	CLEANUP(talk_fini) struct talk k;
	struct view_position at;
	uint64_t id;

	talk_init(&k);
	at = position_of(&k.s, &k.view, k.id[5]);
	id = put_alone(&k.s, (struct letter){ k.folder, "6@x", "5@x", "Ani",
	    "Re: Lain", 60, 0, 1 });
	expect_from(&k.s, &k.view, VIEW_AT, at, IDS(k.id[5], id, k.id[1],
	    k.id[2], k.id[4], k.id[3]));
	expect_from(&k.s, &k.view, VIEW_UP, at, IDS(0));
}

Test(view, starts_at_a_date)
{
	CLEANUP(talk_fini) struct talk k;

	talk_init(&k);
	/* Where the threads stand counts: one at 50, one at 40. */
	expect_from(&k.s, &k.view, VIEW_AT,
	    store_view_position_at(&k.view, 49), IDS(k.id[5]));
	k.view.order = VIEW_BY_DATE;
	expect_from(&k.s, &k.view, VIEW_AT,
	    store_view_position_at(&k.view, 30), IDS(k.id[4], k.id[2],
	    k.id[1]));
	k.view.is_reversed = true;
	expect_from(&k.s, &k.view, VIEW_AT,
	    store_view_position_at(&k.view, 30), IDS(k.id[4], k.id[5],
	    k.id[3]));
	/* There is no date to start at in this order. */
	k.view.order = VIEW_BY_SIZE;
	cr_expect_eq(store_view_position_at(&k.view, 30).id, 0);
}

Test(view, of_all_inboxes_has_a_thread_of_two_accounts_once)
{
	CLEANUP(scratch_fini) struct scratch s;
	uint32_t imap = inbox(&s), pop3 = scratch_folder(&s,
	    scratch_account(&s, "rumah"), "INBOX", FOLDER_INBOX, true);
	struct store_txn t;
	struct view view;
	uint64_t id[4];

	id[1] = put_alone(&s, (struct letter){ imap, "1@x", NULL, "Ani",
	    "Halo", 10, 0, 1 });
	id[2] = put_alone(&s, (struct letter){ pop3, "2@x", NULL, "Budi",
	    "Lain", 20, 0, 1 });
	id[3] = put_alone(&s, (struct letter){ pop3, "3@x", "1@x", "Citra",
	    "Re: Halo", 30, 0, 1 });
	t = scratch_read(&s);
	store_view_role(&t, FOLDER_INBOX, &view);
	store_end(&t);
	expect_list(&s, &view, IDS(id[3], id[2], id[1]));
	view.order = VIEW_BY_THREAD;
	expect_list(&s, &view, IDS(id[1], id[3], id[2]));
	store_view_folder(imap, &view);
	view.order = VIEW_BY_THREAD;
	expect_list(&s, &view, IDS(id[1]));
}

Test(view, merges_as_many_folders_as_there_may_be)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	struct view view = { .nfolders = VIEW_FOLDERS_MAX };
	struct store_txn t;
	struct message *got;
	uint32_t account;

	scratch_init(&s);
	account = scratch_account(&s, "kerja");
	t = scratch_write(&s);
	for (uint32_t i = 0; i < VIEW_FOLDERS_MAX; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%u", i);
		view.folders[i] = store_folder_put(&t, &(struct folder){
			.account = account,
			.name = span_of(name),
			.title = span_of(name),
		});
		scratch_message(&t, view.folders[i], 1,
		    i * 7 % VIEW_FOLDERS_MAX, 0);
	}
	scratch_commit(&t);
	for (view.order = VIEW_BY_DATE; view.order <= VIEW_BY_THREAD;
	    view.order++)
		cr_expect_eq(page(&s, &view, VIEW_BOTTOM,
		    (struct view_position){ 0 }, &arena, &got), 100);
	view.order = VIEW_BY_DATE;
	page(&s, &view, VIEW_TOP, (struct view_position){ 0 }, &arena, &got);
	for (size_t i = 0; i < 100; i++)
		cr_expect_eq(got[i].date,
		    VIEW_FOLDERS_MAX - 1 - (int64_t)i);
}

Test(view, by_thread_lists_a_thread_of_any_length_page_by_page)
{
	enum { LETTERS = VIEW_TREE_MAX + 50, LINES = 300 };
	CLEANUP(scratch_fini) struct scratch s;
	uint32_t f = inbox(&s);
	struct view view;
	struct view_position at = { 0 };
	struct store_txn t = scratch_write(&s);
	size_t n, done = 0;

	for (int i = 0; i < LETTERS; i++) {
		char id[32];

		snprintf(id, sizeof id, "%d@x", i);
		put(&t, &(struct letter){ f, id, i ? "0@x" : NULL, "Ani",
		    "Halo", i, 0, 1 });
	}
	scratch_commit(&t);
	store_view_folder(f, &view);
	view.order = VIEW_BY_THREAD;
	t = scratch_read(&s);
	do {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message *got;

		n = store_view_page(&t, &view, VIEW_DOWN, at, LINES, &arena,
		    &got);
		for (size_t i = 0; i < n; i++)
			cr_assert_eq(got[i].date, (int64_t)(done + i),
			    "line %zu is of %lld", done + i,
			    (long long)got[i].date);
		if (n)
			at = store_view_position(&view, &got[n - 1]);
		done += n;
	} while (n);
	store_end(&t);
	cr_expect_eq(done, LETTERS);
}

/* A thread in two folders, a letter in each in turns, every third unread. */
static void
put_large(struct scratch *s, uint32_t first, uint32_t second, int letters)
{
	struct store_txn t = scratch_write(s);

	for (int i = 0; i < letters; i++) {
		char id[32];

		snprintf(id, sizeof id, "%d@x", i);
		put(&t, &(struct letter){ i % 2 ? second : first, id,
		    i ? "0@x" : NULL, "Ani", "Halo", i,
		    i % 3 ? FLAG_SEEN : 0, 1 });
	}
	scratch_commit(&t);
}

/* Dates 0, step, 2 step... page by page to the other end; how many. */
static size_t
walk_dates(struct scratch *s, const struct view *view, bool is_down,
    int64_t step, int64_t end)
{
	struct view_position at = { 0 };
	size_t done = 0, n;

	do {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message *got;

		n = page(s, view, is_down ? VIEW_DOWN : VIEW_UP, at, &arena,
		    &got);
		for (size_t i = 0; i < n; i++) {
			int64_t line = (int64_t)(is_down ? done + i :
			    done + n - 1 - i);
			struct message *m = &got[i];
			bool is_first = m->date == 0;

			cr_assert_eq(m->date, is_down ? line * step :
			    end - (line + 1) * step, "line %lld",
			    (long long)line);
			cr_expect_eq(m->thread_total, is_first ?
			    THREAD_COUNT_MAX : 0);
			cr_expect_eq(m->thread_unread, is_first ? 350 : 0);
		}
		if (n)
			at = store_view_position(view,
			    &got[is_down ? n - 1 : 0]);
		done += n;
	} while (n);
	return done;
}

Test(view, by_thread_walks_a_thread_that_is_no_tree_both_ways_and_filtered)
{
	enum { LETTERS = VIEW_TREE_MAX + 50, GONE = 600 };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(scratch_fini) struct scratch s;
	uint32_t first = inbox(&s), second = scratch_folder(&s,
	    scratch_account(&s, "rumah"), "INBOX", FOLDER_INBOX, true);
	struct view view = { .folders = { first, second }, .nfolders = 2,
		.order = VIEW_BY_THREAD };
	struct view_position at;
	struct message *got;

	put_large(&s, first, second, LETTERS);
	cr_expect_eq(walk_dates(&s, &view, true, 1, LETTERS), LETTERS);
	cr_expect_eq(walk_dates(&s, &view, false, 1, LETTERS), LETTERS);
	view.filter = VIEW_UNREAD;
	cr_expect_eq(walk_dates(&s, &view, true, 3, LETTERS), LETTERS / 3);
	cr_expect_eq(walk_dates(&s, &view, false, 3, LETTERS), LETTERS / 3);
	at = (struct view_position){ .date = GONE, .id = GONE + 1,
	    .thread = 1 };
	remove_alone(&s, at.id);
	cr_assert_eq(page(&s, &view, VIEW_AT, at, &arena, &got), 100);
	cr_expect_eq(got[0].date, GONE + 3);
	cr_assert_eq(page(&s, &view, VIEW_UP, at, &arena, &got), 100);
	cr_expect_eq(got[99].date, GONE - 3);
}
