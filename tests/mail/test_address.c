/* SPDX-License-Identifier: MIT */
#include "tests/mail/text.h"

#include "mail/header.h"

/* "name|addr" of each, joined by "; ". */
static void
expect_list(const char *in, const char *want)
{
	struct arena arena = { 0 };
	struct addresses all = header_decode_addresses(span_of(in), &arena);
	struct buf got = { 0 };

	for (size_t i = 0; i < all.n; i++) {
		if (i)
			buf_puts(&got, "; ");
		buf_put(&got, all.list[i].name);
		buf_putc(&got, '|');
		buf_put(&got, all.list[i].addr);
	}
	cr_expect_str_eq(buf_str(&got), want, "%s: got \"%s\"", in,
	    buf_str(&got));
	buf_fini(&got);
	arena_fini(&arena);
}

Test(address, lists_are_read_in_modern_and_obsolete_forms)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "ani@x.example", "|ani@x.example" },
		{ "Ani <ani@x>, b@x", "Ani|ani@x; |b@x" },
		{ "\"Wijaya, Ani\" <ani@x>", "Wijaya, Ani|ani@x" },
		{ "\"a \\\"b\\\" c\" <ani@x>", "a \"b\" c|ani@x" },
		{ "ani@x (Ani Wijaya)", "Ani Wijaya|ani@x" },
		{ "Ani (at (home)) <ani@x>", "Ani|ani@x" },
		{ "Ani W. <ani@x>", "Ani W.|ani@x" },
		{ "=?utf-8?q?Caf=C3=A9?= <c@x>", "Caf\u00e9|c@x" },
		{ "\"=?utf-8?q?Caf=C3=A9?=\" <c@x>", "Caf\u00e9|c@x" },
		{ "=?utf-8?b?YQ==?= =?utf-8?b?Yg==?= <c@x>", "ab|c@x" },
		{ "team: a@x, Budi <b@x>;, c@x", "|a@x; Budi|b@x; |c@x" },
		{ "undisclosed-recipients:;", "" },
		{ ";;;;,,, ,", "" },
		{ "a:;b:;c:;", "" },
		{ "<@a.example,@b.example:ani@x>", "|ani@x" },
		{ "ani @ x.example", "|ani@x.example" },
		{ "< ani @ x . example >", "|ani@x.example" },
		{ "Ani ani@x", "Ani|ani@x" },
		{ "Ani <ani@x, b@x", "Ani|ani@x; |b@x" },
		{ "Ani <a@x> Budi <b@x>", "Ani|a@x; Budi|b@x" },
		{ "ani@bank.example <evil@y>", "ani@bank.example|evil@y" },
		{ "\"ani@bank.example\" <evil@y>", "ani@bank.example|evil@y" },
		{ "\"john doe\"@x", "|\"john doe\"@x" },
		{ "\"a@b\"@x", "|\"a@b\"@x" },
		{ "ani@[IPv6:::1]", "|ani@[IPv6:::1]" },
		{ "root", "|root" },
		{ "Mail Delivery System", "Mail Delivery System|" },
		{ "<>", "" },
		{ "Ani :( <ani@x>", "Ani :(|ani@x" },
		{ "\"Ani <ani@x>", "\"Ani|ani@x" },
		{ "caf\xe9 <c@x>", "caf\u00e9|c@x" },
		{ "Ani\r\n Wijaya\r\n <ani@x>", "Ani Wijaya|ani@x" },
		{ "<caf\xe9@x>", "|caf\u00e9@x" },
		{ "=?utf-8?q?=00a=0D=0A?= <a@x>", "a|a@x" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_list(cases[i].in, cases[i].want);
}

Test(address, floods_are_linear_and_capped)
{
	static const char *const floods[] = {
		"a@x,", ";", "a:;", "(", "\"", "<", "<a@x>", "\\", "@", " ",
		"(\"<", "a:b;,", "<\"a\"b\"", "<@a,", "=?a?q?", "a b@c ", "[", "a:",
	};

	for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
		struct arena arena = { 0 };
		struct buf in = { 0 };

		repeat(&in, floods[i], (1 << 20) / strlen(floods[i]));
		cr_expect_leq(header_decode_addresses(buf_span(&in),
		    &arena).n, ENVELOPE_ADDRESSES_MAX, "%s", floods[i]);
		buf_fini(&in);
		arena_fini(&arena);
	}
}

Test(address, one_too_long_is_dropped_not_cut)
{
	struct arena arena = { 0 };
	struct buf in = { 0 };
	struct addresses all;

	buf_puts(&in, "Ani <");
	repeat(&in, "a", 5000);
	buf_puts(&in, "@x>");
	all = header_decode_addresses(buf_span(&in), &arena);
	cr_assert_eq(all.n, 1);
	expect_span(all.list[0].name, "Ani");
	cr_expect_eq(all.list[0].addr.n, 0);
	buf_fini(&in);
	arena_fini(&arena);
}

Test(address, what_is_written_reads_back_the_same)
{
	static const char *const names[] = { "", "Ani", "Wijaya, Ani", "A. B",
		"a \"quoted\" b", "back\\slash", "caf\u00e9 (x)", "a@b", "<>",
		"\u65e5\u672c \U0001f600" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct address a = { span_of(names[i]), SPAN("ani@x") };
		struct arena arena = { 0 };
		struct buf out = { 0 };
		struct addresses all;

		header_put_address(&out, &a);
		all = header_decode_addresses(buf_span(&out), &arena);
		cr_assert_eq(all.n, 1, "%s", buf_str(&out));
		expect_span(all.list[0].name, names[i]);
		expect_span(all.list[0].addr, "ani@x");
		buf_fini(&out);
		arena_fini(&arena);
	}
}
