/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "src/net/fingerprint.h"
#include "src/net/host.h"

Test(host, reads_names_and_addresses)
{
	static const struct {
		const char *typed, *name;
		size_t ip_size;
	} cases[] = {
		{ "imap.example.org", "imap.example.org", 0 },
		{ "imap.example.org.", "imap.example.org", 0 },
		{ "mail_1.lan", "mail_1.lan", 0 },
		{ "p\xc3\xb6st.example", "xn--pst-sna.example", 0 },
		{ "\xe4\xbe\x8b\xe3\x81\x88.jp", "xn--r8jz45g.jp", 0 },
		{ "127.0.0.1", "127.0.0.1", 4 },
		{ "::1", "::1", 16 },
		{ "fe80::1%eth0", "fe80::1%eth0", 16 },
		{ "127.1", "127.1", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct host host;
		struct error e = { 0 };

		cr_assert_eq(host_parse(cases[i].typed, &host, &e), ERR_OK,
		    "%s: %s", cases[i].typed, e.text);
		cr_expect_str_eq(host.name, cases[i].name);
		cr_expect_eq(host.ip_size, cases[i].ip_size, "%s",
		    cases[i].typed);
		cr_expect_eq(host.is_literal, cases[i].ip_size != 0);
	}
}

#define FIFTY "01234567890123456789012345678901234567890123456789"
#define HUNDRED FIFTY FIFTY

Test(host, refuses_what_neither_dns_nor_an_address_can_be)
{
	static const char *const cases[] = {
		"", ".", "two words", "a\nb", "[::1]", "1::2::3", "a/b",
		"127.0.0.1%lo", "\xff\xfe",
		/* 254 octets, one more than DNS can carry */
		HUNDRED "." HUNDRED "." FIFTY "01",
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct host host;
		struct error e = { 0 };

		cr_expect_eq(host_parse(cases[i], &host, &e), ERR_CONFIG,
		    "case %zu", i);
		cr_expect(e.text[0]);
	}
}

#define SIXTY "0123456789ABCDEFabcdef0123456789abcdef0123456789abcdef012345"

Test(fingerprint, is_read_with_and_without_colons)
{
	static const char plain[] = "sha256:" SIXTY "67ff";
	static const char colons[] = "SHA256:"
	    "01:23:45:67:89:AB:CD:EF:ab:cd:ef:01:23:45:67:89:"
	    "ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67:ff";
	struct fingerprint a, b;
	char text[FINGERPRINT_TEXT];

	cr_assert(fingerprint_parse(plain, &a));
	cr_assert(fingerprint_parse(colons, &b));
	cr_expect_arr_eq(a.octets, b.octets, sizeof a.octets);
	fingerprint_format(&a, text);
	cr_expect_str_eq(text, "sha256:0123456789abcdefabcdef0123456789"
	    "abcdef0123456789abcdef01234567ff");
}

Test(fingerprint, refuses_every_other_form)
{
	static const char *const cases[] = {
		"", "sha256:", SIXTY "6789", "sha1:" SIXTY "6789",
		"sha256:" SIXTY "678", "sha256:" SIXTY "67890",
		"sha256:" SIXTY "67g9", "sha256:" SIXTY "6789:",
		"sha256::" SIXTY "6789", "sha256:0:1" SIXTY "678",
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fingerprint fp;

		cr_expect(!fingerprint_parse(cases[i], &fp), "%s", cases[i]);
	}
}
