/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/flags.h"
#include "store/budget.h"
#include "store/folder.h"
#include "store/message.h"
#include "tests/ui/frame.h"
#include "ui/frame.h"

static const char *
selected_line(struct frame *f)
{
	int y = frame_selected(f);

	cr_assert(y >= 0);
	return frame_line(f, y);
}

static void
expect_selected(struct frame *f, const char *subject)
{
	cr_expect(strstr(selected_line(f), subject) != NULL,
	    "\"%s\" is not in: %s", subject, selected_line(f));
}

Test(list, shows_a_letter_in_one_line)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "Ratna Wijaya", "Jadwal rapat", 60, 0);
	frame_add(&f, f.home_inbox, "田中 宏", "見積書の件", 120,
	    FLAG_SEEN | FLAG_FLAGGED);
	frame_add(&f, f.home_inbox, "Promo", "Diskon", 180,
	    FLAG_SEEN | FLAG_DELETED);
	frame_start(&f, 10, 60);
	cr_expect_str_eq(frame_line(&f, 2),
	    "▌●  09:40   Ratna Wijaya  Jadwal rapat");
	cr_expect_str_eq(frame_line(&f, 3),
	    "▏ ⚑ 09:39   田中 宏       見積書の件");
	cr_expect_str_eq(frame_line(&f, 4),
	    "▏×  09:38   Promo         Diskon");
	frame_close(&f);
}

Test(list, needs_no_symbols_in_ascii_mode)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "Ratna", "Jadwal", 60, FLAG_FLAGGED);
	frame_add(&f, f.work_inbox, "Promo", "Diskon", 99, FLAG_DELETED);
	f.ui.is_ascii = true;
	frame_start(&f, 10, 100);
	cr_expect(frame_shows(&f, ">*! 09:40"));
	frame_type(&f, "I");
	for (int y = 0; y < 10; y++) {
		for (const char *p = frame_line(&f, y); *p; p++)
			cr_assert((unsigned char)*p < 0x7f, "line %d: %s", y,
			    p);
	}
	cr_expect(frame_shows(&f, " D  09:39"));
	frame_close(&f);
}

Test(list, goes_to_both_ends_and_everywhere_between)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 500);
	frame_start(&f, 14, 60);
	frame_type(&f, "G");
	expect_selected(&f, "s500.");
	cr_expect_eq(frame_selected(&f), 11);
	frame_type(&f, "gg");
	expect_selected(&f, "s1.");
	frame_type(&f, "123j");
	expect_selected(&f, "s124.");
	frame_type(&f, "100k");
	expect_selected(&f, "s24.");
	frame_type(&f, "99999j");
	expect_selected(&f, "s500.");
	frame_type(&f, "250G");
	expect_selected(&f, "s250.");
	frame_type(&f, "99999k");
	expect_selected(&f, "s1.");
	frame_close(&f);
}

Test(list, walks_every_letter_down_and_up)
{
	struct frame f;
	char subject[16];

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 200);
	frame_start(&f, 12, 60);
	for (int i = 1; i <= 200; i++) {
		snprintf(subject, sizeof subject, " s%d.", i);
		expect_selected(&f, subject);
		frame_type(&f, "j");
	}
	for (int i = 200; i >= 1; i--) {
		snprintf(subject, sizeof subject, " s%d.", i);
		expect_selected(&f, subject);
		frame_type(&f, "k");
	}
	frame_close(&f);
}

Test(list, turns_pages_without_a_gap)
{
	struct frame f;
	char subject[16];

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 100);
	frame_start(&f, 14, 60);
	for (int page = 0; page < 9; page++) {
		for (int y = 0; y < 10; y++) {
			snprintf(subject, sizeof subject, " s%d.",
			    page * 10 + y + 1);
			cr_expect(strstr(frame_line(&f, 2 + y), subject),
			    "page %d line %d: %s", page, y,
			    frame_line(&f, 2 + y));
		}
		frame_type(&f, "PgDn");
	}
	frame_type(&f, "L");
	expect_selected(&f, " s100.");
	frame_type(&f, "H");
	expect_selected(&f, " s91.");
	frame_close(&f);
}

Test(list, keeps_its_letter_when_mail_comes_above)
{
	struct frame f;
	int y;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 50);
	frame_start(&f, 14, 60);
	frame_type(&f, "5j");
	y = frame_selected(&f);
	frame_add(&f, f.home_inbox, "Baru", "new one", 0, 0);
	frame_notice(&f);
	expect_selected(&f, " s6.");
	cr_expect_eq(frame_selected(&f), y);
	cr_expect(frame_shows(&f, "1 new above"));
	frame_type(&f, "gg");
	expect_selected(&f, "new one");
	cr_expect(!frame_shows(&f, "new above"));
	frame_close(&f);
}

Test(list, lets_new_letters_in_above_the_cursor_at_the_top)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 50);
	frame_start(&f, 14, 60);
	frame_type(&f, "jk");
	expect_selected(&f, " s1.");
	frame_add(&f, f.home_inbox, "Baru", "new one", 0, 0);
	frame_notice(&f);
	expect_selected(&f, " s1.");
	cr_expect_eq(frame_selected(&f), 3);
	cr_expect(frame_shows(&f, "new one"));
	frame_close(&f);
}

Test(list, stays_on_the_newest_until_a_key_is_pressed)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 50);
	frame_start(&f, 14, 60);
	frame_add(&f, f.home_inbox, "Baru", "new one", 0, 0);
	frame_notice(&f);
	expect_selected(&f, "new one");
	cr_expect_eq(frame_selected(&f), 2);
	frame_close(&f);
}

Test(list, goes_to_the_next_older_when_its_letter_is_gone)
{
	struct frame f;
	struct store_txn t;
	struct error e;
	uint64_t id;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 20);
	id = frame_add(&f, f.work_inbox, "x", "doomed", 330, FLAG_SEEN);
	frame_start(&f, 14, 60);
	frame_type(&f, "5j");
	expect_selected(&f, "doomed");
	store_write(f.store, &t);
	store_message_remove(&t, id);
	cr_assert_eq(store_commit(&t, &e), ERR_OK);
	frame_notice(&f);
	expect_selected(&f, " s6.");
	frame_close(&f);
}

Test(list, deletes_and_takes_it_back)
{
	struct frame f;
	uint64_t id;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "x", "other", 300, 0);
	id = frame_add(&f, f.work_inbox, "x", "target", 60, 0);
	frame_start(&f, 10, 60);
	frame_type(&f, "d");
	cr_expect(frame_flags(&f, id) & FLAG_DELETED);
	cr_expect(frame_shows(&f, "Deleted 1 letter · u takes it back"));
	cr_expect(strstr(frame_line(&f, 2), "×") != NULL);
	expect_selected(&f, "other");
	frame_type(&f, "u");
	cr_expect(!(frame_flags(&f, id) & FLAG_DELETED));
	frame_type(&f, "u");
	cr_expect(frame_shows(&f, "Nothing to take back."));
	frame_type(&f, "Ctrl-R");
	cr_expect(frame_flags(&f, id) & FLAG_DELETED);
	frame_type(&f, "Ctrl-R");
	cr_expect(frame_shows(&f, "Nothing to do again."));
	frame_close(&f);
}

Test(list, gives_back_only_what_the_act_took)
{
	struct frame f;
	uint64_t was, fresh;

	frame_open(&f);
	was = frame_add(&f, f.work_inbox, "x", "a", 60, FLAG_FLAGGED);
	fresh = frame_add(&f, f.work_inbox, "x", "b", 120, 0);
	frame_start(&f, 10, 60);
	frame_type(&f, "2t k k k");
	frame_type(&f, "j F");
	cr_expect(frame_flags(&f, was) & FLAG_FLAGGED);
	cr_expect(frame_flags(&f, fresh) & FLAG_FLAGGED);
	frame_type(&f, "u");
	cr_expect(frame_flags(&f, was) & FLAG_FLAGGED);
	cr_expect(!(frame_flags(&f, fresh) & FLAG_FLAGGED));
	frame_close(&f);
}

Test(list, acts_on_what_is_marked)
{
	struct frame f;
	uint64_t ids[4];

	frame_open(&f);
	for (int i = 0; i < 4; i++)
		ids[i] = frame_add(&f, f.work_inbox, "x", "letter",
		    60 + i * 60, 0);
	frame_start(&f, 12, 60);
	frame_type(&f, "t j t");
	cr_expect(frame_shows(&f, "2 marked"));
	frame_type(&f, "I");
	cr_expect(frame_flags(&f, ids[0]) & FLAG_SEEN);
	cr_expect(!(frame_flags(&f, ids[1]) & FLAG_SEEN));
	cr_expect(frame_flags(&f, ids[2]) & FLAG_SEEN);
	cr_expect(!(frame_flags(&f, ids[3]) & FLAG_SEEN));
	cr_expect(frame_shows(&f, "Marked 2 letters as read"));
	frame_type(&f, "Ctrl-T");
	cr_expect(!frame_shows(&f, "2 marked"));
	frame_close(&f);
}

Test(list, finds_the_next_unread_one_over_all_accounts)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 300);
	frame_add(&f, f.home_inbox, "x", "first unread", 100 * 60 + 30, 0);
	frame_add(&f, f.work_inbox, "x", "second unread", 250 * 60 + 30, 0);
	frame_start(&f, 14, 60);
	frame_type(&f, "Tab");
	expect_selected(&f, "first unread");
	frame_type(&f, "Tab");
	expect_selected(&f, "second unread");
	frame_type(&f, "Shift-Tab");
	expect_selected(&f, "first unread");
	frame_type(&f, "Tab Tab");
	expect_selected(&f, "first unread");
	cr_expect(frame_shows(&f, "On from the top."));
	frame_close(&f);
}

/* In the window and beyond it, which is walked in another way by thread. */
Test(list, goes_past_deleted_letters_to_the_next_unread_one)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "x", "struck top", 0, FLAG_DELETED);
	frame_add_many(&f, f.work_inbox, 300);
	frame_add(&f, f.work_inbox, "x", "struck near", 90, FLAG_DELETED);
	frame_add(&f, f.work_inbox, "x", "near", 150, 0);
	frame_add(&f, f.work_inbox, "x", "struck far", 12000, FLAG_DELETED);
	frame_add(&f, f.work_inbox, "x", "far", 15000, 0);
	frame_start(&f, 14, 60);
	for (int i = 0; i < 2; i++) {
		frame_type(&f, i ? "ot gg" : "gg");
		frame_type(&f, "Tab");
		expect_selected(&f, " near");
		cr_expect(!strstr(selected_line(&f), "struck"));
		frame_type(&f, "Tab");
		expect_selected(&f, " far");
		cr_expect(!strstr(selected_line(&f), "struck"));
		frame_type(&f, "Shift-Tab");
		expect_selected(&f, " near");
		frame_type(&f, "Tab Tab");
		expect_selected(&f, " near");
		cr_expect(frame_shows(&f, "On from the top."));
	}
	frame_close(&f);
}

Test(list, searches_who_and_subject_whatever_the_case)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 600);
	frame_add(&f, f.work_inbox, "Émile", "x", 400 * 60 + 30, FLAG_SEEN);
	frame_add(&f, f.work_inbox, "x", "Rapat BESAR", 500 * 60 + 30,
	    FLAG_SEEN);
	frame_start(&f, 14, 60);
	frame_type(&f, "/");
	frame_text(&f, "besar");
	cr_expect(frame_shows(&f, "besar"));
	frame_type(&f, "Enter");
	expect_selected(&f, "Rapat BESAR");
	frame_type(&f, "/");
	ui_take_key(&f.ui, 0xe9);
	frame_text(&f, "mile");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "Not found further down."));
	frame_type(&f, "N");
	expect_selected(&f, "Émile");
	frame_close(&f);
}

Test(list, stops_a_long_search_and_goes_on_when_asked)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 4500);
	frame_add(&f, f.work_inbox, "x", "needle", 4400 * 60 + 30, FLAG_SEEN);
	frame_start(&f, 14, 60);
	frame_type(&f, "/");
	frame_text(&f, "needle");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "n looks further"));
	frame_type(&f, "n");
	expect_selected(&f, "needle");
	frame_close(&f);
}

Test(list, opens_and_answers_the_letter_at_the_cursor)
{
	struct frame f;
	uint64_t id;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "x", "a", 60, 0);
	id = frame_add(&f, f.work_inbox, "x", "b", 120, 0);
	frame_start(&f, 10, 60);
	frame_type(&f, "j Enter");
	cr_expect_eq(frame_opened(), id);
	frame_type(&f, "R");
	cr_expect(frame_shows(&f, "compose 2"));
	cr_expect_eq(list_step(&f.ui, 1, false), 0);
	cr_expect_neq(list_step(&f.ui, -1, false), 0);
	expect_selected(&f, "b");
	ui_draw(&f.ui);
	expect_selected(&f, "a");
	frame_close(&f);
}

Test(list, shows_whom_sent_letters_are_to)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_sent, "Budi", "a", 60, FLAG_SEEN);
	frame_start(&f, 10, 60);
	frame_type(&f, "gs");
	cr_expect(frame_shows(&f, "Sent, all accounts"));
	expect_selected(&f, "Citra");
	frame_close(&f);
}

Test(list, gathers_the_flagged_of_hundreds_of_folders)
{
	enum { FOLDERS = 400 };
	uint32_t folders[FOLDERS];
	struct store_txn t;
	struct error e;
	struct frame f;

	frame_open(&f);
	store_write(f.store, &t);
	for (int i = 0; i < FOLDERS; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%d", i);
		folders[i] = store_folder_put(&t, &(struct folder){
			.account = f.home, .name = span_of(name),
			.title = span_of(name), .is_selectable = true });
	}
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
	frame_add(&f, f.work_inbox, "x", "in the inbox", 60, FLAG_FLAGGED);
	frame_add(&f, folders[0], "x", "in the first", 30, FLAG_FLAGGED);
	frame_add(&f, folders[FOLDERS - 1], "x", "in the last", 0,
	    FLAG_FLAGGED);
	frame_start(&f, 14, 60);
	ui_show(&f.ui, (struct place){ .kind = PLACE_FLAGGED });
	frame_notice(&f);
	cr_expect(frame_shows(&f, "in the inbox"));
	cr_expect(frame_shows(&f, "in the first"));
	cr_expect(frame_shows(&f, "in the last"));
	frame_close(&f);
}

static bool
is_kept(struct frame *f, uint64_t id)
{
	struct store_txn t;
	bool is_kept;

	store_read(f->store, &t);
	is_kept = store_message_is_kept(&t, id);
	store_end(&t);
	return is_kept;
}

Test(list, keeps_letters_on_this_computer_until_the_key_is_pressed_again)
{
	uint64_t ids[3];
	struct frame f;

	frame_open(&f);
	for (int i = 0; i < 3; i++)
		ids[i] = frame_add(&f, f.work_inbox, "Ani", "x", 60 * i, 0);
	frame_start(&f, 10, 80);
	frame_type(&f, "=");
	cr_expect(is_kept(&f, ids[0]) && !is_kept(&f, ids[1]));
	cr_expect(frame_shows(&f, "1 letter stays on this computer · = "
	    "lets it go"));
	frame_type(&f, "j t j t =");
	cr_expect(is_kept(&f, ids[1]) && is_kept(&f, ids[2]));
	cr_expect(frame_shows(&f, "2 letters stay on this computer"));
	frame_type(&f, "=");
	cr_expect(is_kept(&f, ids[0]));
	cr_expect(!is_kept(&f, ids[1]) && !is_kept(&f, ids[2]));
	cr_expect(frame_shows(&f, "2 letters may leave this computer"));
	frame_close(&f);
}

Test(list, says_that_nothing_is_there)
{
	struct frame f;

	frame_open(&f);
	frame_start(&f, 10, 60);
	cr_expect(frame_shows(&f, "No letters here."));
	frame_type(&f, "j k gg G d F I t u n Tab Enter r R f v H M L PgDn");
	cr_expect_eq(frame_opened(), 0);
	frame_close(&f);
}
