/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "src/core/config_text.h"
#include "src/core/config_value.h"

Test(config_value, durations_have_a_number_and_a_unit)
{
	static const struct {
		const char *text;
		bool is_good;
		unsigned seconds;
	} cases[] = {
		{ "0", true, 0 }, { "30s", true, 30 }, { "5m", true, 300 },
		{ "2h", true, 7200 }, { "14d", true, 1209600 },
		{ "3650d", true, 315360000 }, { "3651d", false, 0 },
		{ "", false, 0 }, { "s", false, 0 }, { "5", false, 0 },
		{ "5 m", false, 0 }, { "5M", false, 0 }, { "1.5h", false, 0 },
		{ "4294967296s", false, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		unsigned seconds = 0;

		cr_expect_eq(config_value_duration(span_of(cases[i].text),
		    &seconds), cases[i].is_good, "%s", cases[i].text);
		cr_expect_eq(seconds, cases[i].seconds, "%s", cases[i].text);
	}
}

Test(config_value, lists_keep_escaped_commas_and_drop_empty_items)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const char *const *list;
	size_t n;

	cr_assert(config_value_list(
	    span_of(" INBOX ,a\\, b,,c\\\\,\xe6\x97\xa5,"), false, &arena,
	    &list, &n));
	cr_assert_eq(n, 4);
	cr_expect_str_eq(list[0], "INBOX");
	cr_expect_str_eq(list[1], "a, b");
	cr_expect_str_eq(list[2], "c\\");
	cr_expect_str_eq(list[3], "\xe6\x97\xa5");
	cr_expect(!config_value_list(span_of("a\\x"), false, &arena, &list,
	    &n));
}

Test(config_value, comment_begins_at_a_semicolon_behind_white_space)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "live ; x", "live" }, { "live\t;x;y", "live" },
		{ "a;b", "a;b" }, { "; x", "" }, { "a \\; b", "a \\; b" },
		{ "a # b", "a # b" }, { "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect(span_eq(config_text_uncomment(
		    span_of(cases[i].text)), span_of(cases[i].want)), "%s",
		    cases[i].text);
}

Test(config_value, user_may_hold_an_at_sign_and_percent_codes)
{
	static const struct {
		const char *text, *user, *host;
		uint16_t port;
	} cases[] = {
		{ "imaps://a@b@c", "a@b", "c", 993 },
		{ "imaps://a%40b%25@c:1", "a@b%", "c", 1 },
		{ "IMAPS://%e6%97%a5@c", "\xe6\x97\xa5", "c", 993 },
		{ "imap+insecure://[fe80::1%eth0]:143", NULL, "fe80::1%eth0",
		    143 },
		{ "pop3+insecure://127.0.0.1", NULL, "127.0.0.1", 110 },
	};
	CLEANUP(arena_fini) struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct config_server s = { 0 };
		const char *wrong = config_value_server(span_of(cases[i].text),
		    CONFIG_IMAP, &arena, &s);

		cr_assert_null(wrong, "%s: %s", cases[i].text, wrong);
		if (cases[i].user)
			cr_expect_str_eq(s.user, cases[i].user);
		else
			cr_expect_null(s.user);
		cr_expect_str_eq(s.host, cases[i].host);
		cr_expect_eq(s.port, cases[i].port);
	}
}

Test(config_value, nearest_word_is_near)
{
	static const char *const words[] = { "password", "push", "keep",
		"password-command" };
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "pasword", "password" }, { "passwrod", "password" },
		{ "Keep", "keep" }, { "pusj", "push" }, { "kepe", "keep" },
		{ "passwordcommand", "password-command" },
		{ "xyzzy", NULL }, { "", NULL },
		{ "a-very-long-word-that-no-key-could-resemble-at-all", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *nearest = config_value_nearest(
		    span_of(cases[i].word), words, 4);

		if (cases[i].nearest) {
			cr_assert_not_null(nearest, "%s", cases[i].word);
			cr_expect_str_eq(nearest, cases[i].nearest);
		} else {
			cr_expect_null(nearest, "%s", cases[i].word);
		}
	}
}
