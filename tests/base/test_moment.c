/* SPDX-License-Identifier: MIT */
#include "base/moment.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

enum { NOW = 1795340460 };	/* Sun 22 Nov 2026 09:41 UTC */

static void
be_in(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* "2026-11-22T09:41:00Z 2026-11-22T09:42:00Z", or "no". */
static const char *
read_as(const char *typed)
{
	static struct buf text;
	struct moment m;

	buf_reset(&text);
	if (!moment_parse(span_of(typed), NOW, &m))
		return "no";
	date_put_rfc3339(&text, m.begin);
	buf_putc(&text, ' ');
	date_put_rfc3339(&text, m.end);
	return buf_str(&text);
}

Test(moment, is_as_long_as_it_was_typed)
{
	static const struct {
		const char *typed, *read;
	} cases[] = {
		{ "2019", "2019-01-01T00:00:00Z 2020-01-01T00:00:00Z" },
		{ "2019-03", "2019-03-01T00:00:00Z 2019-04-01T00:00:00Z" },
		{ "2019-12", "2019-12-01T00:00:00Z 2020-01-01T00:00:00Z" },
		{ "2019-03-12", "2019-03-12T00:00:00Z 2019-03-13T00:00:00Z" },
		{ "2020-02-29", "2020-02-29T00:00:00Z 2020-03-01T00:00:00Z" },
		{ " 2019-12-31 ",
		    "2019-12-31T00:00:00Z 2020-01-01T00:00:00Z" },
		{ "2019-03-12T10:20",
		    "2019-03-12T10:20:00Z 2019-03-12T10:21:00Z" },
		{ "2019-03-12 10:20",
		    "2019-03-12T10:20:00Z 2019-03-12T10:21:00Z" },
		{ "2019-03-12T10:20:30",
		    "2019-03-12T10:20:30Z 2019-03-12T10:20:31Z" },
		{ "2019-03-12T10:20Z",
		    "2019-03-12T10:20:00Z 2019-03-12T10:21:00Z" },
		{ "2019-03-12T10:20:30+07:00",
		    "2019-03-12T03:20:30Z 2019-03-12T03:20:31Z" },
		{ "2019-03-12T22:20-0700",
		    "2019-03-13T05:20:00Z 2019-03-13T05:21:00Z" },
		{ "10:00", "2026-11-22T10:00:00Z 2026-11-22T10:01:00Z" },
	};

	be_in("UTC");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect_str_eq(read_as(cases[i].typed), cases[i].read,
		    "%s: %s", cases[i].typed, read_as(cases[i].typed));
}

Test(moment, is_nothing_that_no_calendar_has)
{
	static const char *const cases[] = {
		"", " ", "x", "19", "201", "20190312", "2019-", "2019-3",
		"2019-13", "2019-00", "2019-02-29", "2019-03-32",
		"2019-03-12T", "2019-03-12T10", "2019-03-12T24:00",
		"2019-03-12T10:60", "2019-03-12T10:20:", "2019-03-12X10:20",
		"2019-03-12T10:20+", "2019-03-12T10:20+25:00",
		"2019-03-12T10:20Zx", "2019-03T10:20", "2019 10:20",
		"12.3.2019", "24:00", "1x:00", "30d", "+2h", "9999", "0000",
		"-019", "2019-+3",
	};

	be_in("UTC");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect_str_eq(read_as(cases[i]), "no", "%s", cases[i]);
}

Test(moment, is_by_the_clocks_of_this_machine)
{
	be_in("WIB-7");
	cr_expect_str_eq(read_as("2019-03"),
	    "2019-02-28T17:00:00Z 2019-03-31T17:00:00Z");
	cr_expect_str_eq(read_as("10:00"),
	    "2026-11-22T03:00:00Z 2026-11-22T03:01:00Z");
	/* A day of 23 hours: summer began at two. */
	be_in("CET-1CEST,M3.5.0,M10.5.0/3");
	cr_expect_str_eq(read_as("2019-03-31"),
	    "2019-03-30T23:00:00Z 2019-03-31T22:00:00Z");
	cr_expect_str_eq(read_as("2019-03-31T12:00"),
	    "2019-03-31T10:00:00Z 2019-03-31T10:01:00Z");
}

Test(moment, is_so_far_from_now)
{
	struct moment m = { 1, 2 };

	cr_assert(moment_parse_ago(SPAN_LIT("30d"), NOW, &m));
	cr_expect_eq(m.begin, NOW - 30 * 86400);
	cr_expect_eq(m.end, m.begin + 1);
	cr_assert(moment_parse_ago(SPAN_LIT(" 2w "), NOW, &m));
	cr_expect_eq(m.begin, NOW - 14 * 86400);
	cr_assert(moment_parse_ahead(SPAN_LIT("+2h"), NOW, &m));
	cr_expect_eq(m.begin, NOW + 7200);
	cr_assert(moment_parse_ahead(SPAN_LIT("+30m"), NOW, &m));
	cr_expect_eq(m.begin, NOW + 1800);
	cr_expect(!moment_parse_ago(SPAN_LIT("3m"), NOW, &m));
	cr_expect(!moment_parse_ago(SPAN_LIT("+3d"), NOW, &m));
	cr_expect(!moment_parse_ago(SPAN_LIT("d"), NOW, &m));
	cr_expect(!moment_parse_ago(SPAN_LIT(""), NOW, &m));
	cr_expect(!moment_parse_ago(SPAN_LIT("100000d"), NOW, &m));
	cr_expect(!moment_parse_ahead(SPAN_LIT("2h"), NOW, &m));
	cr_expect(!moment_parse_ahead(SPAN_LIT("+"), NOW, &m));
	cr_expect(!moment_parse_ahead(SPAN_LIT(""), NOW, &m));
	cr_expect_eq(m.begin, NOW + 1800, "what is no date changes nothing");
}
