/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"

static void
expect_clean(const char *in, size_t n, const char *want)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	text_clean(&b, (struct span){ in, n });
	cr_expect_str_eq(buf_str(&b), want, "%s gave %s", want, buf_str(&b));
	cr_expect(text_is_clean(buf_span(&b)), "%s stays clean", want);
}

#define CLEANED(in, want) expect_clean(in, sizeof(in) - 1, want)

Test(text, shows_controls_and_never_obeys_them)
{
	CLEANED("a\x1b[31mb", "a\xe2\x90\x9b[31mb");
	CLEANED("a\0b\x7f", "a\xe2\x90\x80"
		"b\xe2\x90\xa1");
	CLEANED("tab\there\r\n", "tab here  ");
	CLEANED("\xc2\x9b"
		"31m", "\xef\xbf\xbd"
		       "31m");
	CLEANED("\x9b"
		"31m", "\xef\xbf\xbd"
		       "31m");
}

Test(text, shows_bidirectional_overrides_and_invisible_characters)
{
	CLEANED("a\xe2\x80\xae"
		"b", "a\xef\xbf\xbd"
		     "b");
	CLEANED("a\xe2\x81\xa6"
		"b", "a\xef\xbf\xbd"
		     "b");
	CLEANED("a\xe2\x80\x8b"
		"b", "a\xef\xbf\xbd"
		     "b");
	CLEANED("a\xe2\x80\xa8"
		"b", "a\xef\xbf\xbd"
		     "b");
}

Test(text, keeps_what_scripts_and_emoji_need)
{
	CLEANED("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80");
	CLEANED("e\xcc\x81", "e\xcc\x81");
	CLEANED("\xe7\x94\xb0\xe4\xb8\xad", "\xe7\x94\xb0\xe4\xb8\xad");
}

Test(text, every_single_byte_and_pair_comes_out_clean)
{
	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			char in[2] = { (char)a, (char)b };
			CLEANUP(buf_fini) struct buf out = { 0 };

			text_clean(&out, (struct span){ in, 2 });
			cr_assert(text_is_clean(buf_span(&out)), "%d %d", a, b);
		}
	}
}

Test(text, widths_are_columns)
{
	static const struct {
		const char *in;
		int width;
	} cases[] = {
		{ "", 0 },
		{ "surat", 5 },
		{ "\xe7\x94\xb0\xe4\xb8\xad", 4 },
		{ "e\xcc\x81", 1 },
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", 2 },
		{ "\xf0\x9f\x87\xae\xf0\x9f\x87\xa9", 2 },
		{ "\xe2\x9d\xa4\xef\xb8\x8f", 2 },
		{ "\xff\xfe", 2 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_eq(text_width(span_of(cases[i].in)), cases[i].width,
		    "case %zu: %d", i, text_width(span_of(cases[i].in)));
}

Test(text, fit_never_splits_a_grapheme)
{
	struct span s = SPAN("a\xe7\x94\xb0\xe4\xb8\xad");

	cr_expect_eq(text_fit(s, 0).n, 0);
	cr_expect_eq(text_fit(s, 1).n, 1);
	cr_expect_eq(text_fit(s, 2).n, 1);
	cr_expect_eq(text_fit(s, 3).n, 4);
	cr_expect_eq(text_fit(s, 99).n, s.n);
}

Test(text, cut_ends_with_a_whole_character)
{
	struct span s = SPAN("a\xe7\x94\xb0\xc3\xa9");
	static const size_t want[] = { 0, 1, 1, 1, 4, 4, 6, 6 };

	for (size_t max = 0; max < ARRAY_LEN(want); max++)
		cr_expect_eq(text_cut(s, max).n, want[max], "%zu", max);
}
