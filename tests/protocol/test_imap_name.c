/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistr.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/imap_name.h"

Test(imap_name, is_decoded_where_it_is_modified_utf7)
{
	static const struct {
		struct span raw, shown;
	} cases[] = {
		{ SPAN(""), SPAN("") },
		{ SPAN("INBOX"), SPAN("INBOX") },
		{ SPAN("a&-b&-"), SPAN("a&b&") },
		/* RFC 3501 5.1.3 */
		{ SPAN("~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
		    SPAN("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e") },
		{ SPAN("Entw&APw-rfe"), SPAN("Entw\u00fcrfe") },
		{ SPAN("&2D3eCQ-"), SPAN("\U0001f609") },
		{ SPAN("&AOkA6Q-"), SPAN("\u00e9\u00e9") },
		/* what is no run stays */
		{ SPAN("&"), SPAN("&") },
		{ SPAN("Tom & Jerry"), SPAN("Tom & Jerry") },
		{ SPAN("R&D-Team"), SPAN("R&D-Team") },
		{ SPAN("&APw"), SPAN("&APw") },
		{ SPAN("&AP/-"), SPAN("&AP/-") },
		{ SPAN("&APx-"), SPAN("&APx-") },	/* bits left over */
		{ SPAN("&2D0-"), SPAN("&2D0-") },	/* half a pair */
		{ SPAN("&3gk-"), SPAN("&3gk-") },
		{ SPAN("&2D0A,A-"), SPAN("&2D0A,A-") },
		/* ASCII in disguise */
		{ SPAN("&AEkATgBCAE8AWA-"), SPAN("&AEkATgBCAE8AWA-") },
		/* raw 8-bit */
		{ SPAN("caf\xc3\xa9"), SPAN("caf\u00e9") },
		{ SPAN("caf\xe9!"), SPAN("caf\ufffd!") },
		{ SPAN("\xf0\x9f\x98"), SPAN("\ufffd\ufffd\ufffd") },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		CLEANUP(buf_fini) struct buf b = { 0 };

		imap_name_decode(&b, cases[i].raw);
		cr_expect_str_eq(buf_str(&b), cases[i].shown.p, "case %zu", i);
	}
}

Test(imap_name, is_encoded_as_rfc_3501_has_it)
{
	static const struct {
		struct span utf8, raw;
	} cases[] = {
		{ SPAN(""), SPAN("") },
		{ SPAN("a&b"), SPAN("a&-b") },
		{ SPAN("&\u00e9&"), SPAN("&-&AOk-&-") },
		{ SPAN("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e"),
		    SPAN("~peter/mail/&U,BTFw-/&ZeVnLIqe-") },
		{ SPAN("\U0001f609"), SPAN("&2D3eCQ-") },
		{ SPAN("a\tb"), SPAN("a&AAk-b") },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		CLEANUP(buf_fini) struct buf b = { 0 };

		cr_assert(imap_name_encode(&b, cases[i].utf8));
		cr_expect_str_eq(buf_str(&b), cases[i].raw.p, "case %zu", i);
	}
	cr_expect_not(imap_name_encode(&(struct buf){ 0 }, SPAN_LIT("\xff")));
}

static uint32_t
random_char(void)
{
	static const uint32_t tops[] = { 0x7f, 0x7f, 0x7ff, 0xffff, 0x10ffff };
	uint32_t c = (uint32_t)random() % tops[random() % 5] + 1;

	return c >= 0xd800 && c <= 0xdfff ? '&' : c;
}

Test(imap_name, survives_both_ways)
{
	srandom(11);
	for (int round = 0; round < 5000; round++) {
		CLEANUP(buf_fini) struct buf utf8 = { 0 }, raw = { 0 };
		CLEANUP(buf_fini) struct buf again = { 0 };

		for (long n = random() % 12; n > 0; n--) {
			uint8_t bytes[6];
			int len = u8_uctomb(bytes, random_char(), 6);

			buf_put(&utf8, (struct span){ (char *)bytes,
			    (size_t)len });
		}
		cr_assert(imap_name_encode(&raw, buf_span(&utf8)));
		for (size_t i = 0; i < raw.n; i++)
			cr_assert(raw.p[i] >= 0x20 && raw.p[i] <= 0x7e);
		imap_name_decode(&again, buf_span(&raw));
		cr_assert_str_eq(buf_str(&again), buf_str(&utf8));
	}
}

Test(imap_name, is_shown_as_utf8_whatever_it_is)
{
	srandom(12);
	for (int round = 0; round < 5000; round++) {
		static const char odd[] = "&-&-&AOk,AP/2D0eCQ\xc3\xa9\xe9\xff";
		CLEANUP(buf_fini) struct buf raw = { 0 }, shown = { 0 };

		for (long n = random() % 20; n > 0; n--)
			buf_putc(&raw, odd[random() % (long)(sizeof odd - 1)]);
		imap_name_decode(&shown, buf_span(&raw));
		cr_assert(text_is_utf8(buf_span(&shown)));
	}
}

Test(imap_name, knows_inbox_in_any_case)
{
	cr_expect(imap_name_is_inbox(SPAN_LIT("iNbOx")));
	cr_expect_not(imap_name_is_inbox(SPAN_LIT("INBOX/a")));
	cr_expect_not(imap_name_is_inbox(SPAN_LIT("")));
}
