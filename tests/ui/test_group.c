/* SPDX-License-Identifier: MIT */
/* Groups of folders on the screen: a place like the unified inbox. */
#include <criterion/criterion.h>

#include "base/bug.h"
#include "tests/ui/frame.h"
#include "ui/frame.h"

static void
put_group(struct frame *f, const char *name, uint32_t order,
    const char *first, const char *second)
{
	struct span folders[2] = { span_of(first), span_of(second) };
	struct store_txn t;
	struct error e;

	store_write(f->store, &t);
	store_group_put(&t, &(struct group){ span_of(name), order, folders,
	    ARRAY_LEN(folders) });
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
}

static void
keep_only(struct frame *f, const char *name)
{
	struct span kept = span_of(name);
	struct store_txn t;
	struct error e;

	store_write(f->store, &t);
	store_group_keep_only(&t, &kept, 1);
	cr_assert_eq(store_commit(&t, &e), ERR_OK, "%s", e.text);
}

/* Two groups, not in the order of their names, and a letter a folder. */
static void
open_groups(struct frame *f)
{
	frame_open(f);
	frame_add(f, f->work_inbox, "Ratna", "in work", 60, 0);
	frame_add(f, f->work_project, "Joko", "in project", 120, 0);
	frame_add(f, f->home_inbox, "Ibu", "in home", 180, 0);
	put_group(f, "Pekerjaan", 0, "kerja/INBOX", "kerja/Proyek");
	put_group(f, "Campur", 1, "kerja/Proyek", "rumah");
	frame_start(f, 16, 100);
}

static void
expect_title(struct frame *f, const char *title)
{
	const char *line = frame_line(f, 0);

	cr_expect(*line == ' ' && span_starts(span_of(line + 1),
	    span_of(title)), "\"%s\" is not the title: %s", title, line);
}

static void
expect_line(struct frame *f, int y, const char *start)
{
	cr_expect(span_starts(span_of(frame_line(f, y)), span_of(start)),
	    "line %d: %s", y, frame_line(f, y));
}

Test(group, stands_below_all_inboxes_in_the_configured_order)
{
	struct frame f;

	open_groups(&f);
	expect_line(&f, 2, " ▸All inboxes          2 │");
	expect_line(&f, 3, "  Pekerjaan            2 │");
	expect_line(&f, 4, "  Campur               2 │");
	expect_line(&f, 5, "  Flagged                │");
	frame_close(&f);
}

Test(group, opens_as_one_list_of_its_folders)
{
	struct frame f;

	open_groups(&f);
	frame_type(&f, "h gg j j");
	expect_title(&f, "All inboxes");
	frame_type(&f, "Enter");
	expect_title(&f, "Campur");
	expect_line(&f, 4, " ▸Campur               2 │");
	cr_expect(strstr(frame_line(&f, 2), "▌●  09:39   Joko") != NULL);
	cr_expect(strstr(frame_line(&f, 3), "▏●  09:38   Ibu") != NULL);
	cr_expect(!frame_shows(&f, "in work"));
	frame_close(&f);
}

Test(group, is_walked_over_and_found_by_name)
{
	struct frame f;

	open_groups(&f);
	frame_type(&f, "J");
	expect_title(&f, "Pekerjaan");
	frame_type(&f, "J");
	expect_title(&f, "Campur");
	frame_type(&f, "J");
	expect_title(&f, "Flagged");
	frame_type(&f, "2K");
	expect_title(&f, "Pekerjaan");
	frame_type(&f, "c");
	frame_text(&f, "camp");
	frame_type(&f, "Enter");
	expect_title(&f, "Campur");
	/* It is merged: Sent is that of all accounts. */
	frame_type(&f, "gs");
	expect_title(&f, "Sent, all accounts");
	frame_close(&f);
}

Test(group, remembers_its_order_apart_from_others)
{
	struct frame f;

	open_groups(&f);
	frame_type(&f, "J of");
	expect_title(&f, "Pekerjaan · by sender");
	frame_type(&f, "J ou");
	expect_title(&f, "Campur · only unread");
	cr_expect(!frame_shows(&f, "by sender"));
	frame_type(&f, "K");
	expect_title(&f, "Pekerjaan · by sender");
	cr_expect(!frame_shows(&f, "only unread"));
	frame_close(&f);
}

Test(group, lets_new_mail_in_and_counts_it)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_project, 50);
	put_group(&f, "Campur", 0, "kerja/Proyek", "rumah");
	frame_start(&f, 14, 100);
	frame_type(&f, "J");
	frame_type(&f, "20j");
	frame_add(&f, f.home_inbox, "Baru", "new one", 0, 0);
	frame_add(&f, f.work_inbox, "Lain", "elsewhere", 0, 0);
	frame_notice(&f);
	cr_expect(strstr(frame_line(&f, frame_selected(&f)), "s21."));
	cr_expect(frame_shows(&f, "1 new above"));
	expect_line(&f, 3, " ▸Campur               1 │");
	frame_type(&f, "gg");
	cr_expect(frame_shows(&f, "new one"));
	cr_expect(!frame_shows(&f, "elsewhere"));
	frame_close(&f);
}

Test(group, is_an_empty_list_once_it_is_gone)
{
	struct frame f;

	open_groups(&f);
	frame_type(&f, "J J");
	expect_title(&f, "Campur");
	keep_only(&f, "Pekerjaan");
	frame_notice(&f);
	expect_title(&f, "Campur");
	cr_expect(frame_shows(&f, "No letters here."));
	expect_line(&f, 4, "  Flagged ");
	frame_type(&f, "j d Enter G");
	frame_type(&f, "J");
	expect_title(&f, "All inboxes");
	frame_close(&f);
}

Test(group, that_comes_keeps_the_cursor_on_its_folder)
{
	struct frame f;

	open_groups(&f);
	frame_type(&f, "h gg 6j");
	cr_assert(strstr(frame_line(&f, frame_selected(&f)), "Inbox"));
	put_group(&f, "Semua", 2, "kerja", "rumah");
	frame_notice(&f);
	expect_line(&f, 5, "  Semua                2 │");
	cr_expect(strstr(frame_line(&f, frame_selected(&f)), "Inbox"));
	keep_only(&f, "Semua");
	frame_notice(&f);
	cr_expect(strstr(frame_line(&f, frame_selected(&f)), "Inbox"));
	frame_close(&f);
}

Test(group, with_the_longest_name_is_cut_and_counted)
{
	char name[GROUP_NAME_OCTETS + 1] = { 0 };
	struct frame f;

	memset(name, 'x', GROUP_NAME_OCTETS);
	frame_open(&f);
	frame_add(&f, f.home_inbox, "Ibu", "in home", 180, 0);
	put_group(&f, name, 0, "rumah", "rumah/INBOX");
	frame_start(&f, 14, 100);
	expect_line(&f, 3, "  xxxxxxxxxxxxxxxxxxx… 1 │");
	frame_type(&f, "J");
	cr_expect(frame_shows(&f, "in home"));
	expect_title(&f, "xxxxxxxx");
	frame_close(&f);
}
