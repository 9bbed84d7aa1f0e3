/* SPDX-License-Identifier: MIT */
/* Sets of UIDs: src/core/uids.c, against a bitmap. */
#include <criterion/criterion.h>

#include "src/core/uids.h"

static const char *
text(const struct uidset *set, struct buf *out)
{
	buf_fini(out);
	uidset_put(out, set);
	return buf_str(out);
}

static struct uidset
set_of(const char *s)
{
	struct uidset set = { 0 };

	cr_assert(*s == '\0' || uidset_parse(&set, span_of(s), 1000), "%s", s);
	return set;
}

Test(uids, subtract_and_intersect)
{
	static const struct {
		const char *a, *b, *minus, *both;
	} cases[] = {
		{ "", "", "", "" },
		{ "1:10", "", "1:10", "" },
		{ "", "1:10", "", "" },
		{ "1:10", "1:10", "", "1:10" },
		{ "1:10", "4:6", "1:3,7:10", "4:6" },
		{ "1:3,7:10", "3:7", "1:2,8:10", "3,7" },
		{ "5", "1:4294967295", "", "5" },
		{ "1:4294967295", "4294967295", "1:4294967294", "4294967295" },
		{ "1,3,5,7", "2:6", "1,7", "3,5" },
		{ "1:100", "2,4,6,90:200", "1,3,5,7:89", "2,4,6,90:100" },
	};
	struct buf out = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct uidset a = set_of(cases[i].a), b = set_of(cases[i].b);
		struct uidset got = { 0 };

		uids_minus(&got, &a, &b);
		cr_expect_str_eq(text(&got, &out), cases[i].minus,
		    "%s minus %s", cases[i].a, cases[i].b);
		uids_and(&got, &a, &b);
		cr_expect_str_eq(text(&got, &out), cases[i].both,
		    "%s and %s", cases[i].a, cases[i].b);
		uidset_fini(&a);
		uidset_fini(&b);
		uidset_fini(&got);
	}
	buf_fini(&out);
}

Test(uids, agree_with_a_bitmap_whatever_the_sets)
{
	uint32_t seed = 1;

	for (int round = 0; round < 2000; round++) {
		bool in_a[40] = { 0 }, in_b[40] = { 0 };
		struct uidset a = { 0 }, b = { 0 }, got = { 0 };

		for (uint32_t u = 1; u < 40; u++) {
			seed = seed * 1664525 + 1013904223;
			in_a[u] = seed & 0x10000;
			in_b[u] = seed & 0x20000;
			if (in_a[u])
				uidset_add(&a, u, u);
			if (in_b[u])
				uidset_add(&b, u, u);
		}
		uids_minus(&got, &a, &b);
		for (uint32_t u = 1; u < 40; u++)
			cr_assert_eq(uidset_has(&got, u), in_a[u] && !in_b[u]);
		uids_and(&got, &a, &b);
		for (uint32_t u = 1; u < 40; u++)
			cr_assert_eq(uidset_has(&got, u), in_a[u] && in_b[u]);
		uidset_fini(&a);
		uidset_fini(&b);
		uidset_fini(&got);
	}
}

Test(uids, give_the_uid_of_a_sequence_number)
{
	struct uidset set = set_of("3:5,9,100:102");

	cr_expect_eq(uids_nth(&set, 0), 0);
	cr_expect_eq(uids_nth(&set, 1), 3);
	cr_expect_eq(uids_nth(&set, 4), 9);
	cr_expect_eq(uids_nth(&set, 7), 102);
	cr_expect_eq(uids_nth(&set, 8), 0);
	uidset_fini(&set);
}

Test(uids, follow_expunges_by_number)
{
	struct uidset set = set_of("1:6");
	struct buf out = { 0 };

	uids_remove(&set, uids_nth(&set, 3));
	cr_expect_str_eq(text(&set, &out), "1:2,4:6");
	/* RFC 9051 7.5.1: the numbers behind it moved down. */
	uids_remove(&set, uids_nth(&set, 3));
	cr_expect_str_eq(text(&set, &out), "1:2,5:6");
	uids_remove(&set, 1);
	uids_remove(&set, 6);
	uids_remove(&set, 77);
	cr_expect_str_eq(text(&set, &out), "2,5");
	uids_remove(&set, 2);
	uids_remove(&set, 5);
	cr_expect_str_eq(text(&set, &out), "");
	uidset_fini(&set);
	buf_fini(&out);
}

Test(uids, are_taken_from_the_top_in_batches)
{
	struct uidset set = set_of("1:10,20,30:33"), batch = { 0 };
	struct buf out = { 0 };

	uids_take_highest(&set, 3, 100, &batch);
	cr_expect_str_eq(text(&batch, &out), "31:33");
	uids_take_highest(&set, 4, 100, &batch);
	cr_expect_str_eq(text(&batch, &out), "9:10,20,30");
	uids_take_highest(&set, 4, 100, &batch);
	cr_expect_str_eq(text(&batch, &out), "5:8");
	uids_take_highest(&set, 100, 100, &batch);
	cr_expect_str_eq(text(&batch, &out), "1:4");
	uids_take_highest(&set, 100, 100, &batch);
	cr_expect_str_eq(text(&batch, &out), "");
	cr_expect_eq(set.n, 0);
	uidset_fini(&set);
	uidset_fini(&batch);
	buf_fini(&out);
}

Test(uids, are_taken_in_so_many_ranges_as_a_command_holds)
{
	struct uidset set = set_of("1,3,5,7,9"), batch = { 0 };
	struct buf out = { 0 };

	uids_take_highest(&set, 100, 2, &batch);
	cr_expect_str_eq(text(&batch, &out), "7,9");
	cr_expect_str_eq(text(&set, &out), "1,3,5");
	uidset_fini(&set);
	uidset_fini(&batch);
	buf_fini(&out);
}
