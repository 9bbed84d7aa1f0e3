/* SPDX-License-Identifier: MIT */
/* The rules of synchronising that need no server. */
#include <criterion/criterion.h>

#include "base/bug.h"
#include "base/date.h"
#include "protocol/imap.h"
#include "src/core/backoff.h"
#include "src/core/filing.h"
#include "src/core/quirks.h"
#include "src/core/retention.h"
#include "src/core/role.h"

Test(backoff, waits_longer_after_each_failure_and_starts_anew)
{
	static const unsigned want_s[] = { 2, 5, 15, 60, 300, 300, 300 };
	struct backoff b = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(want_s); i++) {
		unsigned ms = backoff_fail(&b, (uint32_t)i * 2654435761u);

		cr_expect_geq(ms, want_s[i] * 700, "failure %zu", i);
		cr_expect_leq(ms, want_s[i] * 1300, "failure %zu", i);
	}
	backoff_reset(&b);
	cr_expect_leq(backoff_fail(&b, UINT32_MAX), 2600);
}

Test(backoff, spreads_over_the_whole_width)
{
	cr_expect_eq(backoff_jitter(1000, 30, 0), 700);
	cr_expect_eq(backoff_jitter(1000, 30, 600), 1300);
	cr_expect_eq(backoff_jitter(0, 30, 12345), 0);
}

Test(backoff, lets_a_letter_rest_longer_each_time)
{
	cr_expect_eq(backoff_letter_s(1), 60);
	cr_expect_eq(backoff_letter_s(2), 300);
	cr_expect_eq(backoff_letter_s(4), 3600);
	cr_expect_eq(backoff_letter_s(1000), 3600);
}

Test(pace, grows_on_fast_links_and_shrinks_on_slow_ones)
{
	cr_expect_eq(pace_next(100, 50), 200);
	cr_expect_eq(pace_next(100, PACE_GOAL_MS), 100);
	cr_expect_eq(pace_next(100, 5000), 50);
	cr_expect_eq(pace_next(PACE_MAX, 0), PACE_MAX);
	cr_expect_eq(pace_next(PACE_MIN, 60000), PACE_MIN);
}

Test(role, is_found_by_attribute)
{
	cr_expect_eq(role_of_attributes(IMAP_ATTR_SENT |
	    IMAP_ATTR_HASNOCHILDREN), FOLDER_SENT);
	cr_expect_eq(role_of_attributes(IMAP_ATTR_SUBSCRIBED), FOLDER_NONE);
}

Test(role, is_found_by_name_at_the_top_and_below_inbox)
{
	static const struct {
		const char *title;
		enum folder_role role;
	} cases[] = {
		{ "Sent", FOLDER_SENT },
		{ "sent ITEMS", FOLDER_SENT },
		{ "Pesan Terkirim", FOLDER_SENT },
		{ "INBOX/Terkirim", FOLDER_SENT },
		{ "Inbox/Draf", FOLDER_DRAFTS },
		{ "Tong Sampah", FOLDER_TRASH },
		{ "Spam", FOLDER_JUNK },
		{ "Arsip", FOLDER_ARCHIVE },
		{ "Projects/Sent", FOLDER_NONE },
		{ "INBOX/a/Sent", FOLDER_NONE },
		{ "Sentimental", FOLDER_NONE },
		{ "", FOLDER_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(role_of_title(span_of(cases[i].title), '/'),
		    cases[i].role, "%s", cases[i].title);
	cr_expect_eq(role_of_title(SPAN_LIT("INBOX/Sent"), 0), FOLDER_NONE,
	    "a flat server has no levels");
}

static bool
is_over(enum config_leave leave, enum uidl_state state, int64_t age_s,
    bool is_deleted)
{
	const struct config_account account = {
		.leave = leave,
		.leave_days = 14,
	};
	const struct uidl uidl = {
		.state = state,
		.fetched_at = state == UIDL_NEW ? DATE_NONE : 1000000 - age_s,
	};

	return retention_is_over(&account, &uidl, is_deleted, 1000000);
}

Test(retention, never_names_a_letter_that_is_not_here)
{
	for (int leave = LEAVE_FOREVER; leave <= LEAVE_UNTIL_DELETED; leave++)
		cr_expect_not(is_over((enum config_leave)leave, UIDL_NEW,
		    1 << 30, true), "%d", leave);
}

Test(retention, does_what_the_account_says)
{
	const int64_t day = 24 * 3600;

	cr_expect_not(is_over(LEAVE_FOREVER, UIDL_FETCHED, 1000 * day, true));
	cr_expect(is_over(LEAVE_NEVER, UIDL_FETCHED, 0, false));
	cr_expect_not(is_over(LEAVE_DAYS, UIDL_FETCHED, 14 * day - 1, false));
	cr_expect(is_over(LEAVE_DAYS, UIDL_FETCHED, 14 * day, false));
	cr_expect_not(is_over(LEAVE_UNTIL_DELETED, UIDL_FETCHED, 1000 * day,
	    false));
	cr_expect(is_over(LEAVE_UNTIL_DELETED, UIDL_FETCHED, 0, true));
}

Test(retention, tells_the_server_again_what_it_was_told_in_vain)
{
	cr_expect(is_over(LEAVE_FOREVER, UIDL_DELE_SENT, 0, false));
}

Test(filing, searches_only_for_what_can_be_quoted)
{
	struct buf out = { 0 };

	cr_expect(filing_put_search(&out, SPAN_LIT("a.1@kantor.example")));
	cr_expect_str_eq(buf_str(&out),
	    "HEADER MESSAGE-ID \"<a.1@kantor.example>\"");
	cr_expect_not(filing_put_search(&out, SPAN_LIT("a\"\r\nA1 LOGOUT")));
	cr_expect_not(filing_put_search(&out, SPAN_LIT("")));
	buf_fini(&out);
}

Test(quirks, of_a_host_are_those_of_its_domain)
{
	static const struct span with[] = { SPAN("imap.mail.me.com"),
		SPAN("IMAP.MAIL.ME.COM"), SPAN("mail.me.com") };
	static const struct span without[] = { SPAN("me.com"), SPAN(""),
		SPAN("imap.notmail.me.com.example"), SPAN("xmail.me.com"),
		SPAN("imap.example") };
	struct span mask[QUIRKS_MASK_MAX];

	for (size_t i = 0; i < ARRAY_LEN(with); i++) {
		cr_assert_eq(quirks_mask(with[i], mask), 3);
		cr_expect(span_eq(mask[0], SPAN_LIT("QRESYNC")));
	}
	for (size_t i = 0; i < ARRAY_LEN(without); i++)
		cr_expect_eq(quirks_mask(without[i], mask), 0, "%.*s",
		    SPAN_ARG(without[i]));
}
