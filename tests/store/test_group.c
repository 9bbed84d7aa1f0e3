/* SPDX-License-Identifier: MIT */
#include "tests/store/scratch.h"

#include "store/group.h"
#include "store/txn.h"

struct fixture {
	struct scratch s;
	uint32_t work, home;			/* accounts */
	uint32_t work_inbox, projects, home_inbox;
};

static void
fixture_init(struct fixture *f)
{
	scratch_init(&f->s);
	f->work = scratch_account(&f->s, "kerja");
	f->home = scratch_account(&f->s, "rumah");
	f->work_inbox = scratch_folder(&f->s, f->work, "INBOX", FOLDER_INBOX,
	    false);
	f->projects = scratch_folder(&f->s, f->work, "Proyek/Alfa",
	    FOLDER_NONE, false);
	f->home_inbox = scratch_folder(&f->s, f->home, "INBOX", FOLDER_INBOX,
	    true);
}

static void
fixture_fini(struct fixture *f)
{
	scratch_check(&f->s);
	scratch_fini(&f->s);
}

static void
put(struct fixture *f, const char *name, uint32_t order,
    const char *const *folders, size_t n)
{
	struct store_txn t = scratch_write(&f->s);
	struct span list[8];

	for (size_t i = 0; i < n; i++)
		list[i] = span_of(folders[i]);
	store_group_put(&t, &(struct group){ span_of(name), order, list, n });
	scratch_commit(&t);
}

/* The folders of a group; -1: there is no such group. */
static int
resolve(struct fixture *f, const char *name, struct view *view)
{
	struct store_txn t = scratch_read(&f->s);
	bool is_there = store_view_group(&t, span_of(name), view);

	scratch_commit(&t);
	return is_there ? (int)view->nfolders : -1;
}

Test(group, is_read_by_name_in_its_order)
{
	static const char *const work[] = { "rumah/Inbox", "kerja" };
	static const char *const home[] = { "kerja/Proyek/Alfa" };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct group *groups;
	struct store_txn t;
	struct fixture f;
	struct view view;

	fixture_init(&f);
	put(&f, "Rumah", 1, home, 1);
	put(&f, "Kantor", 0, work, 2);
	t = scratch_read(&f.s);
	cr_assert_eq(store_groups(&t, &arena, &groups), 2);
	scratch_commit(&t);
	cr_expect(span_eq(groups[0].name, SPAN_LIT("Kantor")));
	cr_expect(span_eq(groups[1].name, SPAN_LIT("Rumah")));
	cr_expect_eq(groups[0].nfolders, 2);
	cr_expect(span_eq(groups[0].folders[0], SPAN_LIT("rumah/Inbox")));
	cr_assert_eq(resolve(&f, "Kantor", &view), 2);
	cr_expect_eq(view.folders[0], f.home_inbox);
	cr_expect_eq(view.folders[1], f.work_inbox);
	cr_assert_eq(resolve(&f, "Rumah", &view), 1);
	cr_expect_eq(view.folders[0], f.projects);
	cr_expect_eq(resolve(&f, "kantor", &view), -1);
	cr_expect_eq(resolve(&f, "", &view), -1);
	fixture_fini(&f);
}

Test(group, leaves_out_what_is_not_there_and_names_nothing_twice)
{
	static const char *const folders[] = { "kerja", "kerja/INBOX",
		"kerja/inbox", "kerja/Belum", "siapa/INBOX", "/", "kerja/" };
	struct folder gone = { .name = SPAN("INBOX"), .title = SPAN("INBOX"),
		.role = FOLDER_INBOX, .is_gone = true };
	struct store_txn t;
	struct fixture f;
	struct view view;

	fixture_init(&f);
	put(&f, "Kantor", 0, folders, ARRAY_LEN(folders));
	cr_assert_eq(resolve(&f, "Kantor", &view), 1);
	cr_expect_eq(view.folders[0], f.work_inbox);
	/* A folder that comes later is in. */
	scratch_folder(&f.s, f.work, "Belum", FOLDER_NONE, false);
	cr_expect_eq(resolve(&f, "Kantor", &view), 2);
	gone.account = f.work;
	t = scratch_write(&f.s);
	store_folder_put(&t, &gone);
	scratch_commit(&t);
	cr_expect_eq(resolve(&f, "Kantor", &view), 1);
	t = scratch_write(&f.s);
	store_account_keep_only(&t, &f.home, 1);
	scratch_commit(&t);
	cr_expect_eq(resolve(&f, "Kantor", &view), 0);
	fixture_fini(&f);
}

Test(group, is_what_was_written_last_or_gone)
{
	static const char *const one[] = { "kerja" };
	static const char *const two[] = { "kerja", "rumah" };
	const struct span kept[] = { SPAN("Ab"), SPAN("Z") };
	struct store_txn t;
	struct fixture f;
	struct view view;
	uint64_t generation;

	fixture_init(&f);
	put(&f, "A", 0, one, 1);
	put(&f, "Ab", 1, one, 1);
	put(&f, "Abc", 2, one, 1);
	put(&f, "Ab", 1, two, 2);
	cr_expect_eq(resolve(&f, "Ab", &view), 2);
	/* What is so already is not written again. */
	generation = store_generation(f.s.store);
	put(&f, "Ab", 1, two, 2);
	cr_expect_eq(store_generation(f.s.store), generation);
	t = scratch_write(&f.s);
	store_group_keep_only(&t, kept, ARRAY_LEN(kept));
	scratch_commit(&t);
	cr_expect_eq(resolve(&f, "A", &view), -1);
	cr_expect_eq(resolve(&f, "Ab", &view), 2);
	cr_expect_eq(resolve(&f, "Abc", &view), -1);
	fixture_fini(&f);
}

Test(group, has_a_name_and_a_list_of_bounded_length)
{
	static const char lengthy[] = "123456789012345678901234567890123456789"
	    "012345678901234567890123456";
	static struct span folders[GROUP_FOLDERS_MAX + 1];
	struct group g = { span_of(lengthy), 0, folders, 1 };
	struct store_txn t;
	struct fixture f;
	struct view view;

	fixture_init(&f);
	cr_expect_eq(resolve(&f, lengthy, &view), -1);
	t = scratch_write(&f.s);
	store_group_put(&t, &g);
	cr_expect_eq(t.error.kind, ERR_LIMIT);
	store_end(&t);
	t = scratch_write(&f.s);
	g.name = (struct span){ lengthy, GROUP_NAME_OCTETS };
	g.nfolders = ARRAY_LEN(folders);
	store_group_put(&t, &g);
	cr_expect_eq(t.error.kind, ERR_LIMIT);
	store_end(&t);
	t = scratch_write(&f.s);
	g.nfolders--;
	store_group_put(&t, &g);
	scratch_commit(&t);
	fixture_fini(&f);
}
