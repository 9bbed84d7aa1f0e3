/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "protocol/imap_lex.h"

Test(imap_lex, reads_numbers_as_servers_write_them)
{
	static const struct {
		const char *text;
		bool is_number;
		uint64_t v;
	} cases[] = {
		{ "0", true, 0 }, { "0042", true, 42 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "9.3736e+06", true, 9373600 }, { "1e3", true, 1000 },
		{ "1.5E1", true, 15 }, { "12.75", true, 12 },
		{ "1e30", false, 0 }, { "1e99999999999", false, 0 },
		{ "-1", false, 0 }, { "", false, 0 }, { "e5", false, 0 },
		{ ".5", false, 0 }, { "1.2.3", false, 0 },
		{ "1e-5", false, 0 }, { "0x10", false, 0 }, { "1 ", false, 0 },
		{ "99999999999999999999999999999999999", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t v = 0;

		cr_expect_eq(imap_lex_number(span_of(cases[i].text), &v),
		    cases[i].is_number, "%s", cases[i].text);
		if (cases[i].is_number)
			cr_expect_eq(v, cases[i].v, "%s", cases[i].text);
	}
}

Test(imap_lex, cuts_tokens)
{
	static const struct {
		struct span text;
		enum imap_token token;
		struct span value, rest;
	} cases[] = {
		{ SPAN(""), IMAP_TOKEN_END, SPAN(""), SPAN("") },
		{ SPAN("  "), IMAP_TOKEN_END, SPAN(""), SPAN("") },
		{ SPAN("  a b"), IMAP_TOKEN_ATOM, SPAN("a"), SPAN(" b") },
		{ SPAN("a(b"), IMAP_TOKEN_ATOM, SPAN("a"), SPAN("(b") },
		{ SPAN("nil)"), IMAP_TOKEN_NIL, SPAN("nil"), SPAN(")") },
		{ SPAN("\"\" x"), IMAP_TOKEN_QUOTED, SPAN(""), SPAN(" x") },
		{ SPAN("\"NIL\""), IMAP_TOKEN_QUOTED, SPAN("NIL"), SPAN("") },
		{ SPAN("\"a\\\"\\\\\" x"), IMAP_TOKEN_QUOTED, SPAN("a\"\\"),
		    SPAN(" x") },
		{ SPAN("\"C:\\dir\""), IMAP_TOKEN_QUOTED, SPAN("C:\\dir"),
		    SPAN("") },
		{ SPAN("\"a\"b\" x"), IMAP_TOKEN_QUOTED, SPAN("a\"b"),
		    SPAN(" x") },
		{ SPAN("\"open"), IMAP_TOKEN_QUOTED, SPAN("open"), SPAN("") },
		{ SPAN("\"open\\"), IMAP_TOKEN_QUOTED, SPAN("open\\"),
		    SPAN("") },
		{ SPAN("\""), IMAP_TOKEN_QUOTED, SPAN(""), SPAN("") },
		{ SPAN("{3}\r\na\"( x"), IMAP_TOKEN_LITERAL, SPAN("a\"("),
		    SPAN(" x") },
		{ SPAN("~{1+}\r\n\0)"), IMAP_TOKEN_LITERAL, SPAN("\0"),
		    SPAN(")") },
		{ SPAN("{0}\r\n"), IMAP_TOKEN_LITERAL, SPAN(""), SPAN("") },
		{ SPAN("{4}\r\nabc"), IMAP_TOKEN_ATOM, SPAN("{4}\r\nabc"),
		    SPAN("") },
		{ SPAN("{4} x"), IMAP_TOKEN_ATOM, SPAN("{4}"), SPAN(" x") },
		{ SPAN("~"), IMAP_TOKEN_ATOM, SPAN("~"), SPAN("") },
		{ SPAN("("), IMAP_TOKEN_OPEN, SPAN(""), SPAN("") },
		{ SPAN(")("), IMAP_TOKEN_CLOSE, SPAN(""), SPAN("(") },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct imap_lex lex = { .rest = cases[i].text,
			.arena = &arena };
		struct span value;

		cr_expect_eq(imap_lex_next(&lex, &value), cases[i].token,
		    "case %zu", i);
		cr_expect(span_eq(value, cases[i].value), "case %zu", i);
		cr_expect(span_eq(lex.rest, cases[i].rest), "case %zu", i);
	}
}

Test(imap_lex, splits_the_names_of_items)
{
	static const struct {
		struct span text;
		const char *name, *section, *rest;
	} cases[] = {
		{ SPAN("UID 5"), "UID", NULL, " 5" },
		{ SPAN("BODY[] x"), "BODY", "", " x" },
		{ SPAN("BODY[1.2]<0> x"), "BODY", "1.2", " x" },
		{ SPAN("BODY[1]<0.5>{"), "BODY", "1", "{" },
		{ SPAN("BODY[1]<0 x"), "BODY", "1", "<0 x" },
		{ SPAN("BODY[HEADER.FIELDS (\"a]\" {2}\r\n]] b)] x"), "BODY",
		    "HEADER.FIELDS (\"a]\" {2}\r\n]] b)", " x" },
		{ SPAN("BODY[1"), "BODY", NULL, "" },
		{ SPAN("(x"), "", NULL, "(x" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_lex lex = { .rest = cases[i].text };
		struct span name, section;

		imap_lex_item(&lex, &name, &section);
		cr_expect(span_eq(name, span_of(cases[i].name)), "%zu", i);
		cr_expect_eq(section.p == NULL, cases[i].section == NULL,
		    "%zu", i);
		if (cases[i].section)
			cr_expect(span_eq(section,
			    span_of(cases[i].section)), "%zu", i);
		cr_expect(span_eq(lex.rest, span_of(cases[i].rest)), "%zu", i);
	}
}
