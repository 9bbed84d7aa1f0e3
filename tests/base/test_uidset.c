/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/uidset.h"

enum { UNIVERSE = 64 };

/* The slow, obvious twin: one byte a UID. */
Test(uidset, agrees_with_an_array_of_marks)
{
	srandom(7);
	for (int round = 0; round < 300; round++) {
		CLEANUP(uidset_fini) struct uidset set = { 0 };
		CLEANUP(buf_fini) struct buf b = { 0 };
		CLEANUP(uidset_fini) struct uidset again = { 0 };
		bool marks[UNIVERSE + 1] = { false };
		uint64_t count = 0;

		for (int i = 0; i < 20; i++) {
			uint32_t a = (uint32_t)random() % UNIVERSE + 1;
			uint32_t z = a + (uint32_t)random() % 4;

			if (z > UNIVERSE)
				z = UNIVERSE;
			uidset_add(&set, a, z);
			for (uint32_t u = a; u <= z; u++)
				marks[u] = true;
		}
		for (uint32_t u = 1; u <= UNIVERSE; u++) {
			cr_assert_eq(uidset_has(&set, u), marks[u]);
			count += marks[u];
		}
		cr_assert_eq(uidset_count(&set), count);
		for (size_t i = 1; i < set.n; i++)
			cr_assert(set.ranges[i].first > set.ranges[i - 1].last + 1);
		uidset_put(&b, &set);
		cr_assert(uidset_parse(&again, buf_span(&b), 1000));
		cr_assert_eq(again.n, set.n);
	}
}

Test(uidset, refuses_what_is_no_set)
{
	static const char *const bad[] = { "", ",", "1,", ",1", "1:", ":1", "*",
		"1:*", "a", "1 2", "1,,2", "4294967296", "1:2:3" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		CLEANUP(uidset_fini) struct uidset set = { 0 };

		cr_expect_not(uidset_parse(&set, span_of(bad[i]), 100), "%s",
		    bad[i]);
	}
}

Test(uidset, takes_what_servers_send)
{
	CLEANUP(uidset_fini) struct uidset set = { 0 };

	cr_expect(uidset_parse(&set, SPAN_LIT("0:1,9:7,4294967295"), 100));
	cr_expect_eq(set.n, 3);
	cr_expect(uidset_has(&set, 1) && uidset_has(&set, 8));
	cr_expect(uidset_has(&set, UINT32_MAX));
	cr_expect_not(uidset_parse(&set, SPAN_LIT("20,30,40"), 4));
}
