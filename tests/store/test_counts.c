/* SPDX-License-Identifier: MIT */
/*
 * The counts of folders that are wrong: well formed records, with a checksum
 * of their own, that do not say how many there are.
 */
#include "store/counts.h"
#include "store/txn.h"
#include "tests/store/findings.h"

static const struct counts right = { .account = 1, .total = 6, .unread = 4,
	.flagged = 2 };

/* Folder 1 has mail, folder 2 has as much of nothing. */
static void
init_counted(struct scratch *s)
{
	struct store_txn t;

	scratch_init(s);
	scratch_account(s, "kerja");
	cr_assert_eq(scratch_folder(s, 1, "INBOX", FOLDER_INBOX, false), 1);
	cr_assert_eq(scratch_folder(s, 1, "Arsip", FOLDER_ARCHIVE, false), 2);
	t = scratch_write(s);
	for (uint32_t i = 1; i <= 6; i++)
		scratch_message(&t, 1, i, i, i <= 2 ? FLAG_SEEN :
		    i <= 4 ? FLAG_FLAGGED : 0);
	scratch_commit(&t);
	scratch_check(s);
}

static void
put_counts(struct scratch *s, uint32_t folder, struct counts counts)
{
	struct store_txn t = scratch_write(s);

	counts_put(&t, folder, &counts);
	scratch_commit(&t);
}

static void
expect_counts(struct scratch *s, uint32_t folder, struct counts want)
{
	struct store_txn t = scratch_read(s);
	struct counts got;

	cr_assert(counts_get(&t, folder, &got));
	store_end(&t);
	cr_expect_eq(got.account, want.account);
	cr_expect_eq(got.is_local, want.is_local);
	cr_expect_eq(got.total, want.total);
	cr_expect_eq(got.unread, want.unread);
	cr_expect_eq(got.flagged, want.flagged);
}

/* What was put is there, is found, and is mended. */
static void
expect_mended(struct scratch *s, uint32_t folder, struct counts wrong,
    struct counts want)
{
	struct repair_result result;
	struct findings f;
	char text[32];

	put_counts(s, folder, wrong);
	expect_counts(s, folder, wrong);
	snprintf(text, sizeof text, "counts %u: ", folder);
	cr_assert_eq(findings_check(s, &f), ERR_CORRUPT, "total %u, unread "
	    "%u, flagged %u is not found", wrong.total, wrong.unread,
	    wrong.flagged);
	cr_expect_eq(strncmp(f.text, text, strlen(text)), 0, "%s", f.text);
	cr_expect_eq(f.nfinal, 0);
	findings_repair(s, &result, &f);
	cr_expect_eq(result.lost, 0, "%s", f.text);
	expect_counts(s, folder, want);
}

Test(counts, that_are_one_too_many_or_too_few_are_found_and_mended)
{
	static const struct counts_delta wrong[] = {
		{ .total = 1 }, { .total = -1 }, { .unread = 1 },
		{ .unread = -1 }, { .flagged = 1 }, { .flagged = -1 },
	};
	CLEANUP(scratch_fini) struct scratch s;

	init_counted(&s);
	expect_counts(&s, 1, right);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct counts put = right;

		put.total += (uint32_t)wrong[i].total;
		put.unread += (uint32_t)wrong[i].unread;
		put.flagged += (uint32_t)wrong[i].flagged;
		expect_mended(&s, 1, put, right);
	}
}

Test(counts, of_an_empty_folder_that_say_there_is_something_are_mended)
{
	static const struct counts none = { .account = 1 };
	static const struct counts wrong[] = {
		{ .account = 1, .total = 1 }, { .account = 1, .unread = 1 },
		{ .account = 1, .flagged = 1 },
	};
	CLEANUP(scratch_fini) struct scratch s;

	init_counted(&s);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		expect_mended(&s, 2, wrong[i], none);
}

/* They say whose the folder is, which every new message asks them. */
Test(counts, of_another_account_or_place_than_their_folder_are_mended)
{
	CLEANUP(scratch_fini) struct scratch s;
	struct counts wrong = right;

	init_counted(&s);
	wrong.account = 2;
	expect_mended(&s, 1, wrong, right);
	wrong.account = 1;
	wrong.is_local = true;
	expect_mended(&s, 1, wrong, right);
}
