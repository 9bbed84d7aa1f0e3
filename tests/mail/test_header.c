/* SPDX-License-Identifier: MIT */
#include "tests/mail/text.h"

#include "mail/header.h"

static void
expect_decoded(const char *in, const char *want)
{
	struct arena arena = { 0 };
	struct span got = header_decode_text(span_of(in), &arena);

	cr_expect(span_eq(got, span_of(want)), "%s: got \"%.*s\"", in,
	    SPAN_ARG(got));
	arena_fini(&arena);
}

Test(words, decode_in_every_way_that_mail_has_them)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "plain", "plain" },
		{ "  two  words ", "two  words" },
		{ "=?utf-8?B?SGFsbw==?=", "Halo" },
		{ "=?UTF-8?q?a=C3=A9_b?=", "a\u00e9 b" },
		{ "=?us-ascii?q?under=5Fscore?=", "under_score" },
		{ "=?iso-8859-1?Q?caf=E9?= au lait", "caf\u00e9 au lait" },
		{ "a =?utf-8?q?b?= c", "a b c" },
		{ "=?utf-8?q?a?=b", "ab" },
		{ "=?utf-8*id?q?a?=", "a" },
		{ "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\u65e5\u672c" },
		{ "=?koi8-r?B?8NLJ18XU?=",
		  "\u041f\u0440\u0438\u0432\u0435\u0442" },
		{ "=?gb2312?B?xOO6ww==?=", "\u4f60\u597d" },
		{ "=?x-nobody-knows?q?caf=E9?=", "caf\u00e9" },
		{ "folded\r\n here", "folded here" },
		{ "folded\r\n\there", "folded here" },
		{ "raw \xc3\xa9", "raw \u00e9" },
		{ "raw \xe9", "raw \u00e9" },
		{ "=?utf-8?q?not closed", "=?utf-8?q?not closed" },
		{ "=?utf-8?x?abc?=", "=?utf-8?x?abc?=" },
		{ "=?utf-8?q?=ZZ=?=", "=ZZ=" },
		{ "=?utf-8?q?a=0Ab=00c?=", "a bc" },
		{ "=?utf-8?q?=FF?=", "\ufffd" },
		{ "a =? b ?= c", "a =? b ?= c" },
		{ "=?utf-8?b?\?=", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_decoded(cases[i].in, cases[i].want);
}

Test(words, adjacent_ones_lose_nothing)
{
	/* GMime 3.2.13 loses all after the first padding. */
	expect_decoded("=?utf-8?B?YQ==?= =?utf-8?B?Yg==?=\r\n =?utf-8?B?Yw==?=",
	    "abc");
	/* One character in two words, also in two encodings. */
	expect_decoded("=?utf-8?B?w6nD?= =?utf-8?B?qQ==?=", "\u00e9\u00e9");
	expect_decoded("=?utf-8?Q?=C3?= =?UTF-8?B?qQ==?=", "\u00e9");
	expect_decoded("=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?= x", "a\u00e9 x");
	expect_decoded("=?utf-8?B?YQ=?= =?utf-8?B?Y*g?=", "ab");
}

Test(words, escape_sequences_stay_data_and_text_is_cut_whole)
{
	struct arena arena = { 0 };
	struct buf in = { 0 };
	struct span got;

	expect_decoded("=?utf-8?q?=1B[2J?=", "\033[2J");
	repeat(&in, "\u00e9", 1 << 19);	/* subject-1mb */
	got = header_decode_text(buf_span(&in), &arena);
	cr_expect_eq(got.n, ENVELOPE_TEXT_MAX);
	cr_expect(span_ends(got, SPAN_LIT("\u00e9")));
	buf_fini(&in);
	arena_fini(&arena);
}

Test(words, bombs_cost_what_their_size_costs)
{
	static const char *const bombs[] = {
		"=?", "=?a?q?", "=?utf-8?q?x?= ", "=?utf-8?b?", "?=",
		"=?utf-8?q?\?= =?latin1?q?x?=", " ", "=?a", "\r\n ",
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
		struct buf in = { 0 };

		repeat(&in, bombs[i], (4 << 20) / strlen(bombs[i]));
		cr_expect_leq(header_decode_text(buf_span(&in), &arena).n,
		    ENVELOPE_TEXT_MAX);
		buf_fini(&in);
	}
	arena_fini(&arena);
}

Test(charset, converts_what_iconv_knows_and_survives_the_rest)
{
	static const struct {
		const char *charset, *in, *want;
		bool known;
	} cases[] = {
		{ "utf-8", "\xc3\xa9", "\u00e9", true },
		{ "utf-8", "a\xff" "b", "a\ufffd" "b", true },
		{ "us-ascii", "\xe9", "\u00e9", true },
		{ "ISO-8859-1", "\x80", "\u20ac", true },
		{ "windows-1251", "\xcf", "\u041f", true },
		{ "shift_jis", "\x93\xfa", "\u65e5", true },
		{ "euc-kr", "\xb0\xa1", "\uac00", true },
		{ "big5", "\xa4\xa4", "\u4e2d", true },
		{ "utf-7", "+AOk-", "\u00e9", true },
		{ "shift_jis", "a\x93", "a\ufffd", true },
		{ "../../etc", "a", "a", false },
		{ "utf-16//TRANSLIT", "a", "a", false },
		{ "", "\xe9", "\u00e9", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = { 0 };

		cr_expect_eq(charset_to_utf8(&out, span_of(cases[i].charset),
		    span_of(cases[i].in)), cases[i].known, "%s",
		    cases[i].charset);
		expect_span(buf_span(&out), cases[i].want);
		buf_fini(&out);
	}
}

Test(header, fields_are_cut_whatever_stands_between)
{
	struct span block = SPAN("From ani Sun Nov 22\n"
	    "A: 1\r\nno field here\n goes on\nB : two\n words\n\nbody");
	struct header_field f;

	cr_assert(header_next(&block, &f));
	expect_span(f.name, "A");
	expect_span(f.value, "1");
	cr_assert(header_next(&block, &f));
	expect_span(f.name, "B");
	expect_span(f.value, "two\n words");
	cr_expect_not(header_next(&block, &f));
	expect_span(block, "body");
	cr_expect_not(header_next(&block, &f));
}

Test(header, a_letter_that_begins_with_the_empty_line_is_all_body)
{
	struct span block, body;

	header_split(SPAN_LIT("\r\nSubject: x\r\n\r\ny"), &block, &body);
	cr_expect_eq(block.n, 0);
	expect_span(body, "Subject: x\r\n\r\ny");
	header_split(SPAN_LIT("Subject: x"), &block, &body);
	expect_span(block, "Subject: x");
	cr_expect_eq(body.n, 0);
}

Test(header, the_envelope_is_read_in_one_go)
{
	struct arena arena = { 0 };
	struct envelope env;

	header_parse_envelope(SPAN_LIT(
	    "Date: Sun, 22 Nov 2026 09:41:00 +0700\n"
	    "From: Ani <ani@x.example>\nSubject: one\nSubject: two\n"
	    "To: b@x, c@x\nReply-To: list@x\n"
	    "Message-Id: <id@x>\nIn-Reply-To: your letter <old@x> of today\n"
	    "References: <a@x>\n junk <b@x><c\n @x> <unclosed\n"
	    "List-Id: The list <the.list.example>\n"
	    "Content-Type: Multipart/MIXED; boundary=x\n\nSubject: body"),
	    &arena, &env);
	cr_expect_eq(env.date, 1795315260);
	cr_expect_eq(env.date_offset_min, 420);
	expect_span(env.subject, "one");
	expect_span(env.from.list[0].addr, "ani@x.example");
	cr_expect_eq(env.to.n, 2);
	expect_span(env.reply_to.list[0].addr, "list@x");
	expect_span(env.message_id, "id@x");
	expect_span(env.in_reply_to, "old@x");
	cr_assert_eq(env.nreferences, 3);
	expect_span(env.references[2], "c@x");
	expect_span(env.list_id, "the.list.example");
	cr_expect(env.has_attachment);
	arena_fini(&arena);
}

Test(header, of_many_references_the_root_and_the_newest_stay)
{
	struct arena arena = { 0 };
	struct buf in = { 0 };
	struct envelope env;

	buf_puts(&in, "References:");
	for (int i = 0; i < 100000; i++)	/* references-100k */
		buf_printf(&in, " <%d@x>\n", i);
	header_parse_envelope(buf_span(&in), &arena, &env);
	cr_assert_eq(env.nreferences, ENVELOPE_REFERENCES_MAX);
	expect_span(env.references[0], "0@x");
	/* The header limit of 1 MiB cuts the list before its end. */
	cr_expect_gt(env.references[499].n, 5);
	for (size_t i = 2; i < env.nreferences; i++)
		cr_expect_gt(span_cmp(env.references[i],
		    env.references[i - 1]), 0);
	buf_fini(&in);
	arena_fini(&arena);
}

Test(header, references_without_end_or_beginning_are_linear)
{
	static const char *const junk[] = { "<", ">", "<<a@x>", "< ", "a@x " };
	struct arena arena = { 0 };
	struct envelope env;

	for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
		struct buf in = { 0 };

		buf_puts(&in, "References: ");
		repeat(&in, junk[i], (1 << 20) / strlen(junk[i]));
		header_parse_envelope(buf_span(&in), &arena, &env);
		cr_expect_leq(env.nreferences, ENVELOPE_REFERENCES_MAX);
		buf_fini(&in);
	}
	arena_fini(&arena);
}

static void
expect_parameter(const char *value, const char *want)
{
	struct arena arena = { 0 };
	struct span got = header_parameter(span_of(value), "name", &arena);

	cr_expect(span_eq(got, span_of(want)), "%s: got \"%.*s\"", value,
	    SPAN_ARG(got));
	arena_fini(&arena);
}

Test(parameter, reads_rfc_2231_and_what_is_sent_instead)
{
	expect_parameter("a/b; name=x.png", "x.png");
	expect_parameter("a/b; NAME=\"x y;\\\"z.png\" ; z=1", "x y;\"z.png");
	expect_parameter("a/b; other=\"; name=no\"; name=yes", "yes");
	expect_parameter("a/b; name=\"=?utf-8?q?caf=C3=A9?=\"", "caf\u00e9");
	expect_parameter("a/b; name*=utf-8''caf%C3%A9; name=cafe", "caf\u00e9");
	expect_parameter("a/b; name*=iso-8859-1'fr'caf%E9", "caf\u00e9");
	expect_parameter("a/b; name*1=\"b\"; name*0=a; name*2*=%63", "abc");
	expect_parameter("a/b;\r\n name*0*=utf-8''caf%C3;\r\n name*1*=%A9",
	    "caf\u00e9");
	expect_parameter("a/b; name*0=a; name*2=c", "a");
	expect_parameter("a/b; name*999999=a; name*x=b", "");
	expect_parameter("a/b; name=\"open", "open");
	expect_parameter("a/b; namely=1; xname=2", "");
	expect_parameter("a/b; name=caf\xe9", "caf\u00e9");
	expect_parameter("name=x", "");
	expect_parameter("", "");
}

Test(parameter, floods_are_linear)
{
	static const char *const floods[] = { ";", "; name*0=a", "; name=\"",
		"; name*1=b", "\"", "; x=\"\\" };
	struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
		struct buf in = { 0 };

		repeat(&in, floods[i], (4 << 20) / strlen(floods[i]));
		header_parameter(buf_span(&in), "name", &arena);
		buf_fini(&in);
	}
	arena_fini(&arena);
}
