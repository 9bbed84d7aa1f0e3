/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static enum err
parse(const char *text, struct theme *theme, struct error *e)
{
	return theme_parse(span_of(text), "a.theme", theme, e);
}

Test(theme, reads_colours_and_attributes)
{
	struct theme t;
	struct error e;

	cr_assert_eq(parse("; a comment\n# another\n\n"
	    "normal = default\n"
	    "unread = bright-cyan default bold italic\r\n"
	    "  link=#1a2B3c/blue 17 underline\n"
	    "deleted =\n", &t, &e), ERR_OK, "%s", e.text);
	cr_expect_eq(t.styles[ROLE_UNREAD].fg, 14);
	cr_expect_eq(t.styles[ROLE_UNREAD].bg, COLOUR_DEFAULT);
	cr_expect_eq(t.styles[ROLE_UNREAD].attrs, ATTR_BOLD | ATTR_ITALIC);
	cr_expect_eq(t.styles[ROLE_LINK].fg, COLOUR_RGB | 0x1a2b3c);
	cr_expect_eq(t.styles[ROLE_LINK].basic_fg, 4);
	cr_expect_eq(t.styles[ROLE_LINK].bg, 17);
	cr_expect_eq(t.styles[ROLE_LINK].basic_bg, COLOUR_NEAREST);
	cr_expect_eq(t.styles[ROLE_DELETED].attrs, 0);
}

Test(theme, says_where_a_mistake_is)
{
	static const struct {
		const char *text, *where;
	} cases[] = {
		{ "normal = default\nunred = bold\n", "a.theme:2:" },
		{ "unread bold\n", "a.theme:1:" },
		{ "\n\nunread = pink\n", "a.theme:3:" },
		{ "unread = 256\n", "a.theme:1:" },
		{ "unread = #12345\n", "a.theme:1:" },
		{ "unread = #12345g\n", "a.theme:1:" },
		{ "unread = red blue green\n", "a.theme:1:" },
		{ "unread = red/17\n", "a.theme:1:" },
		{ "unread = red/\n", "a.theme:1:" },
		{ "unread = -1\n", "a.theme:1:" },
		{ "= red\n", "a.theme:1:" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error e = { 0 };
		struct theme t;

		cr_expect_eq(parse(cases[i].text, &t, &e), ERR_CONFIG, "%s",
		    cases[i].text);
		cr_expect(strstr(e.text, cases[i].where) != NULL, "%s: %s",
		    cases[i].text, e.text);
	}
}

Test(theme, falls_back_where_a_file_is_silent)
{
	struct theme t;

	cr_assert_eq(parse("normal = white\ndim = 8\nquote.1 = green\n", &t,
	    NULL), ERR_OK);
	cr_expect_eq(t.styles[ROLE_SUBJECT].fg, 7);
	cr_expect_eq(t.styles[ROLE_RULE].fg, 8);
	cr_expect_eq(t.styles[ROLE_QUOTE4].fg, 2);
	cr_expect(t.styles[ROLE_DELETED].attrs & ATTR_STRIKE);
	cr_expect(t.styles[ROLE_SELECTION].attrs & ATTR_REVERSE);
}

Test(theme, tells_states_apart_without_colour)
{
	struct theme t;

	theme_mono(&t);
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		cr_expect_eq(t.styles[r].fg, COLOUR_DEFAULT);
		cr_expect_eq(t.styles[r].bg, COLOUR_DEFAULT);
	}
	cr_expect(t.styles[ROLE_UNREAD].attrs & ATTR_BOLD);
	cr_expect(t.styles[ROLE_SELECTION].attrs & ATTR_REVERSE);
}

Test(theme, comes_down_to_the_colours_that_there_are)
{
	static const int steps[] = { 256, 16, 8 };
	struct theme t;

	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(parse("normal = #fe0102\nunread = 208 #7f7f80\n"
		    "link = #000001/bright-blue\ngood = 2\n", &t, NULL),
		    ERR_OK);
		theme_reduce(&t, steps[i]);
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			cr_expect(t.styles[r].fg < steps[i]);
			cr_expect(t.styles[r].bg < steps[i]);
		}
		cr_expect_eq(t.styles[ROLE_GOOD].fg, 2);
	}
	parse("normal = #fe0102\nlink = 1/4\n", &t, NULL);
	theme_reduce(&t, 256);
	cr_expect_eq(theme_palette(t.styles[ROLE_NORMAL].fg), 0xff0000);
	cr_expect_eq(t.styles[ROLE_LINK].fg, 1);
	theme_reduce(&t, 16);
	cr_expect_eq(t.styles[ROLE_LINK].fg, 4);
	parse("normal = #fe0102\n", &t, NULL);
	theme_reduce(&t, 1 << 24);
	cr_expect_eq(t.styles[ROLE_NORMAL].fg, COLOUR_RGB | 0xfe0102);
}

Test(theme, brings_every_installed_theme_to_the_screen)
{
	static const char *const names[] = { "dusk", "dawn" };
	const char *dir = getenv("srcdir");

	for (size_t i = 0; i < 2; i++) {
		struct error e = { 0 };
		struct theme t;
		char path[4096];

		snprintf(path, sizeof path, "%s/themes/%s.theme",
		    dir ? dir : ".", names[i]);
		cr_assert_eq(theme_load(path, &t, &e), ERR_OK, "%s", e.text);
		theme_reduce(&t, 16);
		cr_expect(t.styles[ROLE_SELECTION].bg != COLOUR_DEFAULT ||
		    t.styles[ROLE_SELECTION].attrs & ATTR_REVERSE);
	}
}

Test(theme, says_that_a_file_is_not_there)
{
	struct error e = { 0 };
	struct theme t;

	cr_expect_eq(theme_load("/nowhere/a.theme", &t, &e), ERR_CONFIG);
	cr_expect(strstr(e.text, "/nowhere/a.theme") != NULL);
}
