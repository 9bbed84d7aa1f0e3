/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "base/date.h"

Test(date, civil_and_instant_are_inverse_over_four_centuries)
{
	for (int64_t day = -20000; day < 130000; day += 7) {
		int64_t when = day * 86400 + 12345;
		struct civil c = date_to_civil(when, 7 * 60);

		cr_assert_eq(date_from_civil(&c), when, "day %lld",
		    (long long)day);
	}
}

Test(date, reads_what_letters_say)
{
	static const struct {
		const char *in;
		int64_t when;
		int offset;
	} cases[] = {
		{ "Sun, 22 Nov 2026 09:41:00 +0700", 1795315260, 420 },
		{ "22 Nov 2026 02:41 GMT", 1795315260, 0 },
		{ "Sun, 22 Nov 26 02:41:00 UT", 1795315260, 0 },
		{ "Sun, 22 Nov 2026 09:41:00 WIB", 1795315260, 420 },
		{ "Sun, 22 Nov 2026 02:41:00 +9900", 1795315260, 0 },
		{ "Sun (Minggu), 22 (x) Nov 2026 02:41:00 +0000 (UTC)", 1795315260, 0 },
		{ "Sun Nov 22 02:41:00 2026", 1795315260, 0 },
		{ "Sun Nov 22 02:41:00 GMT 2026", 1795315260, 0 },
		{ "22-Nov-2026 09:41:00 +0700", 1795315260, 420 },
		{ "1 Jan 1970 00:00:00 +0000", 0, 0 },
		{ "", DATE_NONE, 0 },
		{ "yesterday", DATE_NONE, 0 },
		{ "00-Jan-0000 00:00:00 +0000", DATE_NONE, 0 },
		{ "32 Nov 2026 00:00:00 +0000", DATE_NONE, 0 },
		{ "22 Nov 99999999999 00:00:00 +0000", DATE_NONE, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int offset = 1;

		cr_expect_eq(date_parse_rfc5322(span_of(cases[i].in), &offset),
		    cases[i].when, "%s", cases[i].in);
		cr_expect_eq(offset, cases[i].offset, "%s", cases[i].in);
	}
}

Test(date, writes_what_the_standards_say)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	date_put_rfc3339(&b, 1795315260);
	cr_expect_str_eq(buf_str(&b), "2026-11-22T02:41:00Z");
	buf_reset(&b);
	date_put_rfc5322(&b, 1795315260, 420);
	cr_expect_str_eq(buf_str(&b), "Sun, 22 Nov 2026 09:41:00 +0700");
	buf_reset(&b);
	date_put_imap(&b, 86400 * 3, -90);
	cr_expect_str_eq(buf_str(&b), " 3-Jan-1970 22:30:00 -0130");
}
