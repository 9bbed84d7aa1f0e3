/* SPDX-License-Identifier: MIT */
/* Folders that the user makes, renames, removes and subscribes to. */
#include "tests/store/expected.h"
#include "tests/store/moves.h"

static struct moves w;
static struct arena arena;

static void
setup(void)
{
	moves_init(&w);
}

static void
teardown(void)
{
	arena_fini(&arena);
	moves_fini(&w);
}

TestSuite(folder_act, .init = setup, .fini = teardown);

static uint64_t
end(struct store_txn *t, uint64_t act)
{
	scratch_commit(t);
	scratch_check(&w.s);
	return act;
}

static uint64_t
create(uint32_t account, const char *title)
{
	struct store_txn t = scratch_write(&w.s);

	return end(&t, store_act_create(&t, account, span_of(title),
	    MOVES_NOW));
}

static uint64_t
rename_to(uint32_t folder, const char *title)
{
	struct store_txn t = scratch_write(&w.s);

	return end(&t, store_act_rename(&t, folder, span_of(title),
	    MOVES_NOW));
}

static uint64_t
remove_it(uint32_t folder)
{
	struct store_txn t = scratch_write(&w.s);

	return end(&t, store_act_remove(&t, folder, MOVES_NOW));
}

static uint64_t
subscribe(uint32_t folder, bool on)
{
	struct store_txn t = scratch_write(&w.s);

	return end(&t, store_act_subscribe(&t, folder, on, MOVES_NOW));
}

static struct folder
get(uint32_t folder)
{
	struct store_txn t = scratch_read(&w.s);
	struct folder f;

	cr_assert(store_folder_get(&t, folder, &arena, &f));
	scratch_commit(&t);
	return f;
}

static uint32_t
folder_of(uint64_t act)
{
	return scratch_act(&w.s, act, &arena).folder;
}

/* The server lists a folder. */
static uint32_t
listed(const char *name, const char *title, bool is_gone)
{
	struct folder f = { .account = w.account, .name = span_of(name),
		.title = span_of(title), .delimiter = '/',
		.is_selectable = true, .is_gone = is_gone };
	struct store_txn t = scratch_write(&w.s);

	return (uint32_t)end(&t, store_folder_put(&t, &f));
}

static void
renamed(uint32_t folder, const char *name)
{
	struct store_txn t = scratch_write(&w.s);

	store_folder_renamed(&t, folder, span_of(name));
	end(&t, 0);
}

static void
expect_title(uint32_t folder, const char *title)
{
	expected_text(get(folder).title, title, "title");
}

Test(folder_act, makes_a_folder_that_letters_can_go_into)
{
	uint64_t act = create(w.account, "Proyek");
	uint64_t letter = moves_letter(&w, w.inbox, 7, 0);
	uint32_t id = folder_of(act);
	struct folder f = get(id);

	expect_title(id, "Proyek");
	cr_expect(f.is_pending);
	cr_expect(f.is_selectable);
	cr_expect_not(f.is_gone);
	cr_expect_eq(f.name.p[0], '\0');
	cr_expect_eq(f.delimiter, '/');
	cr_expect_neq(moves_move(&w, letter, id), 0);
	moves_expect(&w, letter, id, w.inbox, 7);
	moves_become(&w, act, ACT_SENT);
	renamed(id, "INBOX/Proyek");
	moves_become(&w, act, ACT_DONE);
	f = get(id);
	cr_expect_not(f.is_pending);
	expected_text(f.name, "INBOX/Proyek", "name");
	expect_title(id, "Proyek");
	cr_expect_eq(listed("INBOX/Proyek", "Proyek", false), id);
}

Test(folder_act, is_not_undone_by_a_list_of_the_server)
{
	uint64_t made = create(w.account, "Proyek");
	uint32_t id = folder_of(made);
	struct folder f = get(id);
	struct store_txn t;

	f.is_gone = true;	/* the list has no such folder */
	t = scratch_write(&w.s);
	cr_expect_eq(store_folder_put(&t, &f), id);
	end(&t, 0);
	cr_expect_not(get(id).is_gone);
	rename_to(w.archive, "Lama");
	subscribe(w.trash, true);
	listed("Arsip", "Arsip", false);
	expect_title(w.archive, "Lama");
	listed("Sampah", "Sampah", false);
	cr_expect(get(w.trash).is_subscribed);
	remove_it(w.trash);
	listed("Sampah", "Sampah", false);
	cr_expect(get(w.trash).is_gone);
}

Test(folder_act, takes_the_folder_that_the_server_lists_for_the_one_made)
{
	uint64_t act = create(w.account, "Proyek & Co");
	uint32_t id = folder_of(act);

	cr_expect_neq(listed("Proyek", "Proyek", false), id);
	cr_expect_eq(listed("Proyek &- Co", "Proyek & Co", false), id);
	cr_expect_not(get(id).is_pending);
	moves_become(&w, act, ACT_FAILED);
	cr_expect_not(get(id).is_gone);
}

Test(folder_act, takes_back_what_waits_for_a_folder_that_is_not_made)
{
	uint64_t act = create(w.account, "Proyek");
	uint32_t id = folder_of(act);
	uint64_t letter = moves_letter(&w, w.inbox, 7, 0);
	uint64_t other = moves_letter(&w, w.inbox, 8, 0);
	uint64_t move = moves_move(&w, letter, id);
	uint64_t copy = moves_copy(&w, other, id);
	uint64_t title = rename_to(id, "Projek");

	moves_become(&w, act, ACT_FAILED);
	cr_expect(get(id).is_gone);
	moves_expect(&w, letter, w.inbox, w.inbox, 7);
	cr_expect_eq(moves_state(&w, move), ACT_CANCELED);
	cr_expect_eq(moves_state(&w, copy), ACT_CANCELED);
	cr_expect_eq(moves_state(&w, title), ACT_CANCELED);
	moves_expect_total(&w, id, 0);
	moves_expect_total(&w, w.inbox, 2);
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	cr_expect_not(get(id).is_gone);
	cr_expect(get(id).is_pending);
	expect_title(id, "Proyek");
}

Test(folder_act, is_not_tried_again_when_its_title_is_taken)
{
	uint64_t act = create(w.account, "Proyek");

	moves_become(&w, act, ACT_FAILED);
	cr_assert_neq(create(w.account, "Proyek"), 0);
	cr_expect_eq(moves_retry(&w, act), ERR_REFUSED);
}

Test(folder_act, renames_what_is_below_as_well)
{
	uint32_t below = listed("Arsip/2026", "Arsip/2026", false);
	uint32_t beside = listed("Arsip2", "Arsip2", false);
	uint64_t act = rename_to(w.archive, "Lama");

	expect_title(w.archive, "Lama");
	expect_title(below, "Lama/2026");
	expect_title(beside, "Arsip2");
	expected_text(get(below).name, "Arsip/2026", "name");
	listed("Arsip/2026", "Arsip/2026", false);
	expect_title(below, "Lama/2026");
	expect_title(listed("Arsip/2025", "Arsip/2025", false), "Lama/2025");
	moves_become(&w, act, ACT_SENT);
	renamed(w.archive, "Lama");
	moves_become(&w, act, ACT_DONE);
	expected_text(get(w.archive).name, "Lama", "name");
	expected_text(get(below).name, "Lama/2026", "name");
	cr_expect_eq(listed("Lama/2026", "Lama/2026", false), below);
	expect_title(below, "Lama/2026");
}

Test(folder_act, that_fails_gives_the_old_titles_back)
{
	uint32_t below = listed("Arsip/2026", "Arsip/2026", false);
	uint64_t act = rename_to(w.archive, "Lama");

	moves_become(&w, act, ACT_FAILED);
	expect_title(w.archive, "Arsip");
	expect_title(below, "Arsip/2026");
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	expect_title(w.archive, "Lama");
	expect_title(below, "Lama/2026");
	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	expect_title(below, "Arsip/2026");
}

Test(folder_act, that_fails_leaves_what_a_later_one_shows)
{
	uint64_t first = rename_to(w.archive, "Lama"), second;

	moves_become(&w, first, ACT_SENT);
	second = rename_to(w.archive, "Tua");
	moves_become(&w, first, ACT_FAILED);
	expect_title(w.archive, "Tua");
	expected_text(scratch_act(&w.s, second, &arena).old_title, "Arsip",
	    "old title");
	moves_become(&w, second, ACT_FAILED);
	expect_title(w.archive, "Arsip");
}

Test(folder_act, that_fails_takes_along_what_was_wished_below_it)
{
	uint32_t below = listed("Arsip/2026", "Arsip/2026", false);
	uint64_t first = rename_to(w.archive, "Lama");
	uint64_t second = rename_to(below, "Lama/26");
	uint64_t made = create(w.account, "Lama/27");

	moves_become(&w, first, ACT_FAILED);
	expect_title(w.archive, "Arsip");
	expect_title(below, "Arsip/26");
	expect_title(folder_of(made), "Arsip/27");
	expected_text(scratch_act(&w.s, second, &arena).title, "Arsip/26",
	    "title");
	expected_text(scratch_act(&w.s, second, &arena).old_title,
	    "Arsip/2026", "old title");
	expected_text(scratch_act(&w.s, made, &arena).title, "Arsip/27",
	    "title");
}

Test(folder_act, a_name_that_another_folder_has_is_given_up_by_it)
{
	uint32_t other = listed("Lama", "Lama", true);
	uint64_t act = rename_to(w.archive, "Lama");

	cr_assert_neq(act, 0);
	renamed(w.archive, "Lama");
	moves_become(&w, act, ACT_DONE);
	cr_expect(get(other).is_gone);
	cr_expect_eq(get(other).name.p[0], '\0');
	cr_expect_eq(listed("Lama", "Lama", false), w.archive);
}

Test(folder_act, hides_a_folder_that_is_removed_and_keeps_its_letters)
{
	uint64_t letter = moves_letter(&w, w.archive, 7, 0);
	uint64_t act = remove_it(w.archive);

	cr_expect(get(w.archive).is_gone);
	cr_expect(moves_has(&w, letter));
	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	cr_expect_not(get(w.archive).is_gone);
	act = remove_it(w.archive);
	moves_become(&w, act, ACT_DONE);
	cr_expect(get(w.archive).is_gone);
	moves_expect_total(&w, w.archive, 1);
	cr_expect_eq(remove_it(w.archive), 0);
}

Test(folder_act, subscribes_and_unsubscribes)
{
	uint64_t act = subscribe(w.archive, true);

	cr_expect(get(w.archive).is_subscribed);
	cr_expect_eq(subscribe(w.archive, true), 0);
	moves_become(&w, act, ACT_FAILED);
	cr_expect_not(get(w.archive).is_subscribed);
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	cr_expect(get(w.archive).is_subscribed);
	moves_become(&w, act, ACT_DONE);
	act = subscribe(w.archive, false);
	cr_expect_not(get(w.archive).is_subscribed);
	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	cr_expect(get(w.archive).is_subscribed);
}

Test(folder_act, is_refused_for_titles_that_are_none_and_for_the_inbox)
{
	static const char *const bad[] = { "", "Arsip", "inbox", "a\nb",
		"a\x7f", "a\xc2\x85", "\xff" };
	char longest[NAME_MAX_OCTETS + 2];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		cr_expect_eq(create(w.account, bad[i]), 0, "%s", bad[i]);
		cr_expect_eq(rename_to(w.trash, bad[i]), 0, "%s", bad[i]);
	}
	memset(longest, 'a', sizeof longest);
	longest[NAME_MAX_OCTETS + 1] = '\0';
	cr_expect_eq(create(w.account, longest), 0);
	cr_expect_eq(create(99, "Proyek"), 0);
	cr_expect_eq(rename_to(w.archive, "Arsip/Lama"), 0);
	cr_expect_eq(rename_to(w.inbox, "Masuk"), 0);
	cr_expect_eq(remove_it(w.inbox), 0);
	cr_expect_eq(remove_it(99), 0);
	cr_expect_eq(subscribe(99, true), 0);
}

Test(folder_act, is_done_at_once_where_there_is_no_server)
{
	struct account a = { .name = SPAN("rumah"), .kind = ACCOUNT_POP3 };
	struct store_txn t = scratch_write(&w.s);
	uint32_t account = store_account_put(&t, &a), id;
	uint64_t act;

	scratch_commit(&t);
	act = create(account, "Keluarga");
	cr_assert_neq(act, 0);
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	id = folder_of(act);
	cr_expect(get(id).is_local);
	cr_expect_not(get(id).is_pending);
	expected_text(get(id).name, "Keluarga", "name");
	act = rename_to(id, "Saudara");
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	expected_text(get(id).name, "Saudara", "name");
	expect_title(id, "Saudara");
	act = remove_it(id);
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	cr_expect(get(id).is_gone);
	/* A new one of that name is not the old one with its letters. */
	act = create(account, "Saudara");
	cr_assert_neq(act, 0);
	cr_expect_neq(folder_of(act), id);
}
