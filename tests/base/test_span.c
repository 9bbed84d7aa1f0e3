/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/span.h"

Test(span, take_never_runs_past_the_end)
{
	struct span s = SPAN("surat"), head = span_take(&s, 2);

	cr_expect(span_eq(head, SPAN_LIT("su")));
	cr_expect(span_eq(s, SPAN_LIT("rat")));
	head = span_take(&s, 99);
	cr_expect_eq(head.n, 3);
	cr_expect_eq(s.n, 0);
	cr_expect_eq(span_take(&(struct span){ NULL, 0 }, 5).n, 0);
}

Test(span, numbers_refuse_signs_blanks_and_overflow)
{
	static const struct {
		const char *in;
		bool ok;
		uint64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "007", true, 7 },
		{ "-1", false, 0 },
		{ " 1", false, 0 },
		{ "", false, 0 },
		{ "9.3e6", false, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t v = 0;

		cr_expect_eq(span_u64(span_of(cases[i].in), &v), cases[i].ok,
		    "%s", cases[i].in);
		if (cases[i].ok)
			cr_expect_eq(v, cases[i].value, "%s", cases[i].in);
	}
}

Test(span, finds_without_regard_to_ascii_case_only)
{
	cr_expect_eq(span_ifind(SPAN_LIT("ab CHARSET=x"), SPAN_LIT("charset")), 3);
	cr_expect_eq(span_find(SPAN_LIT("aab"), SPAN_LIT("ab")), 1);
	cr_expect_eq(span_find(SPAN_LIT("a"), SPAN_LIT("ab")), SIZE_MAX);
	cr_expect_not(span_ieq(SPAN_LIT("\xc3\xa4"), SPAN_LIT("\xc3\x84")));
}

Test(span, splits_and_keeps_empty_fields_between_separators)
{
	struct span s = SPAN("a,,b"), f;

	cr_expect(span_split(&s, ',', &f) && span_eq(f, SPAN_LIT("a")));
	cr_expect(span_split(&s, ',', &f) && f.n == 0);
	cr_expect(span_split(&s, ',', &f) && span_eq(f, SPAN_LIT("b")));
	cr_expect_not(span_split(&s, ',', &f));
}
