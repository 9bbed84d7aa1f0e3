/* SPDX-License-Identifier: MIT */
/* Order, filter, threads and conversations of the list, key by key. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/bug.h"
#include "base/flags.h"
#include "store/group.h"
#include "store/message.h"
#include "tests/ui/frame.h"

static void
expect_selected(struct frame *f, const char *text)
{
	int y = frame_selected(f);

	cr_assert(y >= 0, "nothing is selected");
	cr_expect(strstr(frame_line(f, y), text) != NULL,
	    "\"%s\" is not in: %s", text, frame_line(f, y));
}

/* The lines of the list from the top are these letters, and no more. */
static void
expect_lines(struct frame *f, const char *const *texts)
{
	int y = 2;

	for (; *texts; texts++, y++)
		cr_expect(strstr(frame_line(f, y), *texts) != NULL,
		    "\"%s\" is not in: %s", *texts, frame_line(f, y));
	cr_expect_str_eq(frame_line(f, y), "");
}

#define LINES(...) (const char *const[]){ __VA_ARGS__, NULL }

/* Letters of three senders; "c" is large. */
static void
open_some(struct frame *f)
{
	frame_open(f);
	frame_add(f, f->work_inbox, "Citra", "a", 60, 0);
	frame_add(f, f->work_inbox, "Ani", "d", 120, FLAG_SEEN);
	frame_add(f, f->home_inbox, "Budi", "c", 180, FLAG_FLAGGED);
	frame_add(f, f->home_inbox, "Ani", "b", 240, FLAG_SEEN | FLAG_FLAGGED);
	frame_start(f, 14, 80);
	frame_type(f, "`");
}

/* A thread of four over two accounts, and a letter before and behind it. */
static void
open_thread(struct frame *f, uint64_t ids[4])
{
	frame_open(f);
	frame_add(f, f->work_inbox, "x", "newest", 30, FLAG_SEEN);
	ids[0] = frame_answer(f, f->work_inbox, "Ani", "Rapat", 900, 1, 0);
	ids[1] = frame_answer(f, f->work_inbox, "Budi", "Re: Rapat", 800, 2,
	    1);
	ids[2] = frame_answer(f, f->home_inbox, "Citra", "Re: Rapat", 700, 3,
	    2);
	ids[3] = frame_answer(f, f->work_inbox, "Dewi", "Lain", 600, 4, 1);
	frame_add(f, f->work_inbox, "x", "oldest", 999, FLAG_SEEN);
}

Test(order, keeps_the_cursor_on_its_letter)
{
	struct frame f;

	open_some(&f);
	frame_type(&f, "jj");
	expect_selected(&f, "Budi");
	frame_type(&f, "of");
	expect_lines(&f, LINES("Ani", "Ani", "Budi", "Citra"));
	expect_selected(&f, "Budi");
	cr_expect(frame_shows(&f, "All inboxes · by sender"));
	frame_type(&f, "os");
	expect_lines(&f, LINES("Citra", "Ani", "Budi", "Ani"));
	expect_selected(&f, "Budi");
	cr_expect(frame_shows(&f, "All inboxes · by subject"));
	frame_type(&f, "O");
	expect_lines(&f, LINES("Ani", "Budi", "Ani", "Citra"));
	expect_selected(&f, "Budi");
	cr_expect(frame_shows(&f, "by subject · reversed"));
	frame_type(&f, "O od");
	expect_lines(&f, LINES("Citra", "Ani", "Budi", "Ani"));
	expect_selected(&f, "Budi");
	cr_expect(!frame_shows(&f, "·"));
	frame_close(&f);
}

Test(order, keeps_the_line_of_the_letter_in_a_long_list)
{
	struct frame f;
	char who[16];
	int y;

	frame_open(&f);
	for (int i = 0; i < 300; i++) {
		snprintf(who, sizeof who, "P%03d", i * 7 % 300);
		frame_add(&f, f.work_inbox, who, "x", i * 60, FLAG_SEEN);
	}
	frame_start(&f, 16, 60);
	frame_type(&f, "150j 4k");
	y = frame_selected(&f);
	expect_selected(&f, "P122");
	frame_type(&f, "of");
	expect_selected(&f, "P122");
	cr_expect_eq(frame_selected(&f), y);
	cr_expect(strstr(frame_line(&f, y - 1), "P121"));
	cr_expect(strstr(frame_line(&f, y + 1), "P123"));
	frame_type(&f, "O");
	expect_selected(&f, "P122");
	cr_expect_eq(frame_selected(&f), y);
	cr_expect(strstr(frame_line(&f, y - 1), "P123"));
	frame_type(&f, "gg");
	expect_selected(&f, "P299");
	frame_type(&f, "G");
	expect_selected(&f, "P000");
	frame_close(&f);
}

Test(order, is_remembered_by_each_place)
{
	struct frame f;

	open_some(&f);
	frame_type(&f, "of gi");
	cr_expect(!frame_shows(&f, "by sender"));
	frame_type(&f, "ou");
	cr_expect(frame_shows(&f, "kerja/Inbox · only unread"));
	frame_type(&f, "gu");
	cr_expect(frame_shows(&f, "All inboxes · by sender"));
	cr_expect(!frame_shows(&f, "only unread"));
	frame_close(&f);
}

Test(order, lets_the_letter_that_is_read_stay_till_one_asks_again)
{
	struct frame f;

	open_some(&f);
	frame_type(&f, "ou");
	expect_lines(&f, LINES("Citra", "Budi"));
	frame_type(&f, "I");
	expect_lines(&f, LINES("Citra", "Budi"));
	expect_selected(&f, "Citra");
	cr_expect(frame_shows(&f, "1 unread"));
	frame_type(&f, "j I");
	expect_lines(&f, LINES("Citra", "Budi"));
	expect_selected(&f, "Budi");
	cr_expect(!frame_shows(&f, "1 unread"));
	frame_add(&f, f.work_inbox, "Dewi", "new", 0, 0);
	frame_notice(&f);
	expect_lines(&f, LINES("Dewi", "Citra", "Budi"));
	expect_selected(&f, "Budi");
	frame_type(&f, "ou");
	expect_lines(&f, LINES("Dewi"));
	frame_type(&f, "oa");
	expect_lines(&f, LINES("Dewi", "Citra", "Ani", "Budi", "Ani"));
	expect_selected(&f, "Dewi");
	frame_close(&f);
}

Test(order, lets_the_letter_that_is_deleted_stay_struck_out)
{
	struct frame f;

	open_some(&f);
	frame_type(&f, "ou d");
	expect_lines(&f, LINES("Citra", "Budi"));
	cr_expect(strstr(frame_line(&f, 2), "×") != NULL, "%s",
	    frame_line(&f, 2));
	expect_selected(&f, "Budi");
	cr_expect(frame_shows(&f, "1 unread"));
	frame_type(&f, "u");
	expect_lines(&f, LINES("Citra", "Budi"));
	cr_expect(strstr(frame_line(&f, 2), "●") != NULL, "%s",
	    frame_line(&f, 2));
	frame_type(&f, "gg d ou");
	expect_lines(&f, LINES("Budi"));
	frame_close(&f);
}

Test(order, keeps_what_was_read_in_the_middle_of_a_long_list)
{
	struct frame f;
	char subject[16];

	frame_open(&f);
	for (int i = 0; i < 400; i++) {
		snprintf(subject, sizeof subject, "u%d.", i);
		frame_add(&f, f.work_inbox, "x", subject, i * 60,
		    i % 2 ? FLAG_SEEN : 0);
	}
	frame_start(&f, 14, 60);
	frame_type(&f, "ou 100j");
	expect_selected(&f, "u200.");
	frame_type(&f, "I j I j I j");
	expect_selected(&f, "u206.");
	frame_type(&f, "k k k");
	expect_selected(&f, "u200.");
	frame_type(&f, "50j 50k");
	expect_selected(&f, "u200.");
	frame_type(&f, "gg 100j");
	expect_selected(&f, "u200.");
	frame_type(&f, "Ctrl-F Ctrl-B k");
	expect_selected(&f, "u198.");
	frame_close(&f);
}

Test(order, keeps_what_was_read_at_the_top_at_the_top)
{
	struct frame f;

	frame_open(&f);
	for (int i = 0; i < 300; i++) {
		char subject[16];

		snprintf(subject, sizeof subject, "u%d.", i);
		frame_add(&f, f.work_inbox, "x", subject, i * 60, 0);
	}
	frame_start(&f, 14, 60);
	frame_type(&f, "ou I j I j");
	frame_type(&f, "9j Ctrl-F Ctrl-F Ctrl-F Ctrl-F Ctrl-F Ctrl-F I");
	expect_selected(&f, "u71.");
	frame_type(&f, "gg");
	expect_selected(&f, "u0.");
	frame_type(&f, "j j");
	expect_selected(&f, "u2.");
	frame_type(&f, "69j");
	expect_selected(&f, "u71.");
	frame_close(&f);
}

Test(order, lets_a_letter_go_that_is_gone)
{
	struct frame f;
	struct store_txn t;
	struct error e;
	uint64_t id;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "x", "first", 60, 0);
	id = frame_add(&f, f.work_inbox, "x", "doomed", 120, 0);
	frame_add(&f, f.work_inbox, "x", "last", 180, 0);
	frame_start(&f, 14, 60);
	frame_type(&f, "ou j I");
	expect_lines(&f, LINES("first", "doomed", "last"));
	store_write(f.store, &t);
	store_message_remove(&t, id);
	cr_assert_eq(store_commit(&t, &e), ERR_OK);
	frame_notice(&f);
	expect_lines(&f, LINES("first", "last"));
	expect_selected(&f, "last");
	frame_close(&f);
}

Test(order, filters_by_both_marks_and_says_so)
{
	struct frame f;

	open_some(&f);
	frame_type(&f, "oF");
	expect_lines(&f, LINES("Budi", "Ani"));
	cr_expect(frame_shows(&f, "only flagged"));
	frame_type(&f, "ou");
	expect_lines(&f, LINES("Budi"));
	cr_expect(frame_shows(&f, "only unread · only flagged"));
	frame_type(&f, "I F");
	expect_lines(&f, LINES("Budi"));
	frame_type(&f, "oF");
	cr_expect(frame_shows(&f, "No such letters here; oa shows all."));
	frame_close(&f);
}

Test(order, escape_clears_the_filter_and_then_the_marks)
{
	struct frame f;

	open_some(&f);
	frame_type(&f, "t ou");
	cr_expect(frame_shows(&f, "1 marked"));
	frame_type(&f, "Esc");
	cr_expect(!frame_shows(&f, "only unread"));
	cr_expect(frame_shows(&f, "1 marked"));
	frame_type(&f, "Esc");
	cr_expect(!frame_shows(&f, "1 marked"));
	frame_close(&f);
}

Test(order, draws_a_thread_as_a_tree)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	frame_start(&f, 14, 80);
	frame_type(&f, "` ot");
	cr_expect(frame_shows(&f, "All inboxes · threads"));
	expect_lines(&f, LINES("newest", "Rapat", "├→", "│ └→", "└─ Lain",
	    "oldest"));
	expect_selected(&f, "newest");
	frame_type(&f, "O");
	expect_lines(&f, LINES("oldest", "┌─ Lain", "│ ┌→", "├→", "Rapat",
	    "newest"));
	expect_selected(&f, "newest");
	frame_close(&f);
}

Test(order, draws_a_tree_in_ascii)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	f.ui.is_ascii = true;
	frame_start(&f, 14, 80);
	frame_type(&f, "` ot");
	expect_lines(&f, LINES("newest", "Rapat", "|>", "| `>", "`- Lain",
	    "oldest"));
	frame_close(&f);
}

Test(order, draws_answers_below_what_the_filter_has_left)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	frame_start(&f, 14, 80);
	frame_type(&f, "` ot j j I");
	cr_expect(frame_flags(&f, ids[1]) & FLAG_SEEN);
	frame_type(&f, "ou");
	/* The answer to what is read hangs on what that answered. */
	expect_lines(&f, LINES("Rapat", "├→", "└─ Lain"));
	frame_close(&f);
}

Test(order, keeps_a_read_letter_in_its_thread)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	frame_start(&f, 14, 80);
	frame_type(&f, "` ot ou j I");
	expect_lines(&f, LINES("Rapat", "├→", "│ └→", "└─ Lain"));
	expect_selected(&f, "Budi");
	frame_type(&f, "j j I k");
	expect_lines(&f, LINES("Rapat", "├→", "│ └→", "└─ Lain"));
	expect_selected(&f, "Citra");
	frame_close(&f);
}

Test(order, folds_threads_and_unfolds_them)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	frame_start(&f, 14, 80);
	frame_type(&f, "` zM");
	cr_expect(frame_shows(&f, "The list is not by thread; ot shows it"));
	frame_type(&f, "ot zM j");
	cr_expect(frame_shows(&f, "threads · folded"));
	expect_lines(&f, LINES("newest", "●4/4", "oldest"));
	/* The newest unread one stands for the thread, and acts are on it. */
	expect_selected(&f, "Dewi");
	frame_type(&f, "I");
	cr_expect(frame_flags(&f, ids[3]) & FLAG_SEEN);
	cr_expect(!(frame_flags(&f, ids[2]) & FLAG_SEEN));
	expect_lines(&f, LINES("newest", "●3/4", "oldest"));
	expect_selected(&f, "Citra");
	frame_type(&f, "zR");
	expect_lines(&f, LINES("newest", "Rapat", "├→", "│ └→", "└─ Lain",
	    "oldest"));
	expect_selected(&f, "Citra");
	frame_type(&f, "za");
	expect_lines(&f, LINES("newest", "●3/4", "oldest"));
	frame_type(&f, "za");
	expect_selected(&f, "Citra");
	frame_close(&f);
}

Test(order, cuts_a_tree_that_is_too_deep_for_the_screen)
{
	struct frame f;

	frame_open(&f);
	for (int i = 1; i <= 30; i++)
		frame_answer(&f, f.work_inbox, "Ani", i == 1 ? "Dalam" :
		    "Lain lagi", 1000 - i, i, i - 1);
	frame_start(&f, 40, 60);
	frame_type(&f, "ot G");
	for (int y = 2; y < 32; y++)
		cr_expect(strstr(frame_line(&f, y), y == 2 ? "Dalam" : "ain") ||
		    strstr(frame_line(&f, y), "└→"), "line %d: %s", y,
		    frame_line(&f, y));
	frame_close(&f);
}

Test(order, finds_the_next_unread_one_line_after_line)
{
	struct frame f;

	frame_open(&f);
	/* By its unread letter the first thread stands below the second. */
	frame_answer(&f, f.work_inbox, "Ani", "Satu", 900, 1, 0);
	frame_set_flags(&f, frame_answer(&f, f.work_inbox, "Budi", "Re: Satu",
	    60, 2, 1), FLAG_SEEN);
	frame_answer(&f, f.work_inbox, "Citra", "Dua", 500, 3, 0);
	frame_add(&f, f.work_inbox, "x", "newest", 30, FLAG_SEEN);
	frame_start(&f, 14, 60);
	frame_type(&f, "ot Tab");
	expect_selected(&f, "Satu");
	frame_type(&f, "Tab");
	expect_selected(&f, "Dua");
	frame_type(&f, "Tab");
	expect_selected(&f, "Satu");
	cr_expect(frame_shows(&f, "On from the top."));
	frame_close(&f);
}

Test(conversation, shows_every_folder_and_goes_back)
{
	struct frame f;
	uint64_t ids[4];
	int y;

	open_thread(&f, ids);
	frame_answer(&f, f.work_sent, "Saya", "Re: Rapat", 550, 5, 3);
	frame_start(&f, 14, 100);
	frame_type(&f, "` jj");
	y = frame_selected(&f);
	expect_selected(&f, "Citra");
	frame_type(&f, "gc");
	cr_expect(frame_shows(&f, "Conversation · Rapat"));
	cr_expect(frame_shows(&f, "5 letters"));
	expect_lines(&f, LINES("Rapat", "├→", "│ └→", "│   └→", "└─ Lain"));
	expect_selected(&f, "Citra");
	cr_expect(strstr(frame_line(&f, 5), "Sent"));
	frame_type(&f, "j Enter");
	frame_type(&f, "k I");
	cr_expect(frame_flags(&f, ids[2]) & FLAG_SEEN);
	expect_selected(&f, "Citra");
	frame_type(&f, "q");
	expect_selected(&f, "Citra");
	cr_expect_eq(frame_selected(&f), y);
	frame_type(&f, "gc Esc");
	cr_expect(frame_shows(&f, "All inboxes"));
	frame_close(&f);
}

Test(conversation, follows_its_letter_when_more_comes)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	frame_start(&f, 14, 100);
	frame_type(&f, "j gc G");
	expect_selected(&f, "Lain");
	frame_answer(&f, f.home_inbox, "Eko", "Re: Rapat", 500, 6, 2);
	frame_notice(&f);
	cr_expect(frame_shows(&f, "5 letters"));
	expect_selected(&f, "Lain");
	frame_type(&f, "k");
	expect_selected(&f, "Eko");
	frame_close(&f);
}

Test(conversation, says_when_there_is_more_than_it_shows)
{
	struct frame f;

	frame_open(&f);
	frame_answer(&f, f.work_inbox, "Ani", "Ramai", 5000, 1, 0);
	for (int i = 2; i <= 502; i++)
		frame_answer(&f, f.work_inbox, "x", "Re: Ramai", 4000 - i, i,
		    1);
	frame_start(&f, 14, 100);
	frame_type(&f, "gc");
	cr_expect(frame_shows(&f, "500 letters, and there are more"));
	frame_type(&f, "G k gg");
	expect_selected(&f, "Ramai");
	frame_close(&f);
}

Test(conversation, steps_to_the_next_letter_of_its_own)
{
	struct frame f;
	uint64_t ids[4];

	open_thread(&f, ids);
	frame_start(&f, 14, 100);
	frame_type(&f, "j gc gg");
	cr_expect_eq(list_step(&f.ui, 1, false), ids[1]);
	cr_expect_eq(list_step(&f.ui, 1, false), ids[2]);
	cr_expect_eq(list_step(&f.ui, 1, false), ids[3]);
	cr_expect_eq(list_step(&f.ui, 1, false), 0);
	frame_close(&f);
}

Test(order, is_that_of_the_settings_until_a_key_says_otherwise)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "Citra", "a", 60, 0);
	frame_add(&f, f.home_inbox, "Ani", "b", 120, FLAG_SEEN);
	frame_add(&f, f.work_project, "Dewi", "d", 30, 0);
	frame_add(&f, f.work_project, "Budi", "c", 60, 0);
	f.settings.order = VIEW_BY_SENDER;
	frame_start(&f, 14, 80);
	frame_type(&f, "`");
	expect_lines(&f, LINES("Ani", "Citra"));
	cr_expect(!frame_shows(&f, "by sender"), "that is as one expects");
	frame_type(&f, "od");
	expect_lines(&f, LINES("Citra", "Ani"));
	cr_expect(frame_shows(&f, "All inboxes · by date"));
	/* Of that place alone. */
	frame_type(&f, "JJ");
	while (!frame_shows(&f, "kerja/Proyek"))
		frame_type(&f, "J");
	expect_lines(&f, LINES("Budi", "Dewi"));
	frame_close(&f);
}

Test(order, of_the_first_list_is_filtered_as_asked)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_project, "Dewi", "d", 30, FLAG_SEEN);
	frame_add(&f, f.work_project, "Budi", "c", 60, 0);
	frame_add(&f, f.work_inbox, "Ani", "a", 90, FLAG_SEEN);
	f.settings.open = "kerja/Proyek";
	f.settings.filter = VIEW_UNREAD;
	frame_start(&f, 14, 80);
	cr_expect(frame_shows(&f, "kerja/Proyek · only unread"));
	frame_type(&f, "`");
	expect_lines(&f, LINES("Budi"));
	frame_type(&f, "oa");
	expect_lines(&f, LINES("Dewi", "Budi"));
	frame_type(&f, "gu");
	expect_lines(&f, LINES("Ani"));
	frame_close(&f);
}

Test(order, of_a_place_that_is_not_there_is_that_of_all_inboxes)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "Ani", "a", 90, FLAG_SEEN);
	f.settings.open = "kerja/Proyekt";
	frame_start(&f, 14, 100);
	cr_expect(frame_shows(&f, "There is no folder \"kerja/Proyekt\"; "
	    "these are all inboxes."));
	frame_type(&f, "`");
	expect_lines(&f, LINES("Ani"));
	frame_close(&f);
}

Test(order, of_a_group_and_an_account_can_be_the_first_list)
{
	static const struct {
		const char *open, *title;
	} places[] = {
		{ "Kantor", " Kantor" }, { "kerja", " kerja/Inbox" },
		{ "kerja/inbox", " kerja/Inbox" }, { "InBox", " All inboxes" },
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		static const struct span folders[] = { SPAN("kerja/Proyek") };
		struct group group = { .name = SPAN("Kantor"),
			.folders = folders, .nfolders = 1 };
		struct store_txn t;
		struct frame f;

		frame_open(&f);
		store_write(f.store, &t);
		store_group_put(&t, &group);
		cr_assert_eq(store_commit(&t, NULL), ERR_OK);
		f.settings.open = places[i].open;
		frame_start(&f, 14, 80);
		cr_expect(strncmp(frame_line(&f, 0), places[i].title,
		    strlen(places[i].title)) == 0, "%s: %s", places[i].open,
		    frame_line(&f, 0));
		frame_close(&f);
	}
}
