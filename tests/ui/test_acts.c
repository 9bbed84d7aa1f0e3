/* SPDX-License-Identifier: MIT */
/* Letters that go somewhere, and folders, by keys. */
#include <criterion/criterion.h>

#include "base/flags.h"
#include "store/account.h"
#include "store/folder.h"
#include "store/journal.h"
#include "tests/ui/frame.h"
#include "ui/frame.h"

static struct frame f;

static void
setup(void)
{
	frame_open(&f);
}

static void
teardown(void)
{
	frame_close(&f);
}

TestSuite(acts, .init = setup, .fini = teardown);

static uint32_t
add_folder(const char *title, enum folder_role role)
{
	struct folder folder = { .account = f.work, .name = span_of(title),
		.title = span_of(title), .delimiter = '/', .role = role,
		.is_selectable = true };
	struct store_txn t;
	uint32_t id;

	store_write(f.store, &t);
	id = store_folder_put(&t, &folder);
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
	return id;
}

static void
delete_moves(void)
{
	struct arena arena = { 0 };
	struct account account;
	struct store_txn t;

	store_write(f.store, &t);
	cr_assert(store_account_get(&t, f.work, &arena, &account));
	account.moves_deleted = true;
	store_account_put(&t, &account);
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
	arena_fini(&arena);
}

/* The folder that a letter is seen in; 0: none. */
static uint32_t
where(uint64_t id)
{
	struct arena arena = { 0 };
	struct message m = { .folder = 0 };
	struct store_txn t;

	store_read(f.store, &t);
	store_message_get(&t, id, &arena, &m);
	store_end(&t);
	arena_fini(&arena);
	return m.folder;
}

static struct folder
folder(uint32_t id)
{
	struct arena arena = { 0 };
	struct folder found = { .id = 0 };
	struct store_txn t;

	store_read(f.store, &t);
	store_folder_get(&t, id, &arena, &found);
	store_end(&t);
	arena_fini(&arena);
	return found;
}

static void
start(void)
{
	frame_start(&f, 16, 100);
}

Test(acts, deleting_moves_to_the_trash_where_the_account_says_so)
{
	uint32_t trash = add_folder("Sampah", FOLDER_TRASH);
	uint64_t one = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);
	uint64_t two = frame_add(&f, f.work_inbox, "Ratna", "dua", 120, 0);

	delete_moves();
	start();
	frame_type(&f, "d");
	cr_expect_eq(where(one), trash);
	cr_expect_eq(where(two), f.work_inbox);
	cr_expect(frame_shows(&f, "Moved 1 letter to the trash · u takes it"));
	cr_expect(!frame_shows(&f, "satu"));
	/* The cursor is on what came under it. */
	frame_type(&f, "d");
	cr_expect_eq(where(two), trash);
	frame_type(&f, "2u");
	cr_expect(frame_shows(&f, "1 letter is back where it was."));
	cr_expect_eq(where(one), f.work_inbox);
	cr_expect_eq(where(two), f.work_inbox);
	frame_type(&f, "Ctrl-R");
	cr_expect_eq(where(two), f.work_inbox);
	cr_expect_eq(where(one), trash);
}

Test(acts, deleting_in_the_trash_strikes_out)
{
	uint32_t trash = add_folder("Sampah", FOLDER_TRASH);
	uint64_t id = frame_add(&f, trash, "Ratna", "satu", 60, 0);

	delete_moves();
	frame_add(&f, f.work_inbox, "Ratna", "dua", 60, 0);
	start();
	frame_type(&f, "gt d");
	cr_expect_eq(where(id), trash);
	cr_expect_eq(frame_flags(&f, id) & FLAG_DELETED, FLAG_DELETED);
	cr_expect(frame_shows(&f, "Deleted 1 letter"));
}

Test(acts, archiving_goes_to_the_archive_of_the_account)
{
	uint32_t archive = add_folder("Arsip", FOLDER_ARCHIVE);
	uint64_t one = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);
	uint64_t home = frame_add(&f, f.home_inbox, "Ibu", "dua", 120, 0);

	start();
	frame_type(&f, "t t a");
	cr_expect_eq(where(one), archive);
	cr_expect_eq(where(home), f.home_inbox);
	cr_expect(frame_shows(&f, "Archived 1 letter; 1 is of an account "
	    "without an archive"));
	frame_type(&f, "a");
	cr_expect(frame_shows(&f, "There is no archive in this account; s "
	    "moves"));
}

Test(acts, moving_asks_for_a_folder_and_completes_it)
{
	uint64_t one = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);
	uint64_t two = frame_add(&f, f.work_inbox, "Ratna", "dua", 120, 0);

	start();
	frame_type(&f, "s");
	cr_expect(frame_shows(&f, "Move to:"));
	frame_text(&f, "pro\t");
	cr_expect(frame_shows(&f, "Move to: Proyek"));
	frame_type(&f, "Enter");
	cr_expect_eq(where(one), f.work_project);
	cr_expect(frame_shows(&f, "Moved 1 letter to Proyek · u takes it"));
	/* Enter alone takes the last one. */
	frame_type(&f, "s");
	cr_expect(frame_shows(&f, "Move to (Proyek):"));
	frame_type(&f, "Enter");
	cr_expect_eq(where(two), f.work_project);
	frame_type(&f, "u");
	cr_expect_eq(where(two), f.work_inbox);
}

Test(acts, a_folder_that_is_not_clear_is_not_moved_to)
{
	uint64_t id = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);

	add_folder("Proyek lain", FOLDER_NONE);
	start();
	frame_type(&f, "s");
	frame_text(&f, "royek");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "Several folders are like \"royek\""));
	frame_type(&f, "s");
	frame_text(&f, "xyz");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "No other folder of this account is like"));
	frame_type(&f, "s Esc");
	frame_type(&f, "s");
	frame_text(&f, "inbox");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "No other folder"));
	cr_expect_eq(where(id), f.work_inbox);
}

Test(acts, what_is_marked_moves_together_and_is_marked_no_longer)
{
	uint64_t ids[3] = {
		frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0),
		frame_add(&f, f.work_inbox, "Ratna", "dua", 120, 0),
		frame_add(&f, f.work_inbox, "Ratna", "tiga", 180, 0),
	};

	start();
	frame_type(&f, "t t s");
	frame_text(&f, "Proyek");
	frame_type(&f, "Enter");
	cr_expect_eq(where(ids[0]), f.work_project);
	cr_expect_eq(where(ids[1]), f.work_project);
	/* The next act is on the cursor's alone. */
	frame_type(&f, "d");
	cr_expect_eq(frame_flags(&f, ids[0]) & FLAG_DELETED, 0);
	cr_expect_eq(frame_flags(&f, ids[2]) & FLAG_DELETED, FLAG_DELETED);
}

Test(acts, copying_leaves_the_letter_where_it_is)
{
	uint64_t id = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);

	start();
	frame_type(&f, "C");
	frame_text(&f, "proyek");
	frame_type(&f, "Enter");
	cr_expect_eq(where(id), f.work_inbox);
	cr_expect_eq(folder(f.work_project).total, 1);
	frame_type(&f, "u");
	cr_expect(frame_shows(&f, "Took 1 copy away."));
	cr_expect_eq(folder(f.work_project).total, 0);
}

Test(acts, a_letter_that_was_moved_is_not_kept_by_a_filter)
{
	frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);
	frame_add(&f, f.work_inbox, "Ratna", "dua", 120, 0);
	start();
	frame_type(&f, "ou I s");
	frame_text(&f, "proyek");
	frame_type(&f, "Enter");
	cr_expect(!frame_shows(&f, "satu"));
	cr_expect(frame_shows(&f, "dua"));
}

Test(acts, keywords_and_flags_are_put_on_by_name)
{
	uint64_t id = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);

	start();
	frame_type(&f, "*");
	frame_text(&f, "Penting +junk");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "Changed 1 letter · u takes it back"));
	cr_expect_eq(frame_flags(&f, id) & FLAG_JUNK, FLAG_JUNK);
	frame_type(&f, "*");
	cr_expect(frame_shows(&f, "(Penting): +"));
	frame_text(&f, "notjunk -penting");
	frame_type(&f, "Enter");
	cr_expect_eq(frame_flags(&f, id) & (FLAG_JUNK | FLAG_NOTJUNK),
	    FLAG_NOTJUNK);
	frame_type(&f, "*");
	cr_expect(!frame_shows(&f, "Penting"));
	frame_text(&f, "a +b*");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "\"+b*\" is no keyword"));
}

Test(acts, purging_shows_what_goes_and_asks)
{
	uint64_t gone = frame_add(&f, f.work_project, "Ratna", "satu", 60,
	    FLAG_DELETED);
	uint64_t stays = frame_add(&f, f.work_project, "Ratna", "dua", 90, 0);

	start();
	frame_type(&f, "$");
	cr_expect(frame_shows(&f, "Open one folder to purge it"));
	frame_type(&f, "J J J J");
	ui_show(&f.ui, (struct place){ .kind = PLACE_FOLDER,
	    .folder = f.work_project });
	frame_type(&f, "$");
	cr_expect(frame_shows(&f, "To be removed for good"));
	cr_expect(frame_shows(&f, "Remove 1 letter for good? y: yes, n: no"));
	cr_expect(frame_shows(&f, "satu"));
	cr_expect(!frame_shows(&f, "dua"));
	frame_type(&f, "n");
	cr_expect_eq(where(gone), f.work_project);
	frame_type(&f, "$ y");
	cr_expect_eq(where(gone), 0);
	cr_expect_eq(where(stays), f.work_project);
	cr_expect(frame_shows(&f, "Removed 1 letter for good · u takes it"));
	frame_type(&f, "u");
	cr_expect(frame_shows(&f, "1 letter is not purged."));
	cr_expect_eq(where(gone), f.work_project);
}

Test(acts, only_what_is_marked_as_deleted_is_purged)
{
	uint64_t id = frame_add(&f, f.work_inbox, "Ratna", "satu", 60, 0);

	start();
	frame_type(&f, "t $");
	cr_expect(frame_shows(&f, "Nothing here is marked as deleted; d"));
	cr_expect_eq(where(id), f.work_inbox);
}

Test(acts, folders_are_made_renamed_and_removed_in_the_sidebar)
{
	start();
	/* Onto the inbox of the first account. */
	frame_type(&f, "gi h C");
	cr_expect(frame_shows(&f, "New folder in kerja:"));
	frame_text(&f, "Baru");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "Made the folder Baru · u takes it back"));
	cr_expect(frame_shows(&f, "   Baru"));
	frame_type(&f, "d");
	cr_expect(frame_shows(&f, "The inbox stays as it is."));
	ui_show(&f.ui, (struct place){ .kind = PLACE_FOLDER,
	    .folder = f.work_project });
	frame_type(&f, "h r");
	frame_text(&f, "\x15Karya");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "The folder is Karya now"));
	frame_type(&f, "u");
	cr_expect(frame_shows(&f, "The folder has its old name again."));
	frame_type(&f, "s");
	cr_expect(!folder(f.work_project).is_subscribed);
	frame_type(&f, "d");
	cr_expect(frame_shows(&f, "Remove Proyek with its 0 letters?"));
	frame_type(&f, "y");
	/* What was open is gone, so something else is shown. */
	cr_expect(frame_shows(&f, " All inboxes    "));
	cr_expect(folder(f.work_project).is_gone);
	frame_type(&f, "u");
	cr_expect(frame_shows(&f, "The folder stays."));
	cr_expect(!folder(f.work_project).is_gone);
}
