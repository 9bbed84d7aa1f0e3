/* SPDX-License-Identifier: MIT */
/* Letters that were made to hurt, by the names of SECURITY.md 3. */
#include "tests/mail/text.h"

Test(hostile, mime_deep_10k)
{
	const struct letter_part *parts;
	struct buf in = { 0 };
	struct opened o;
	size_t n;

	for (int i = 0; i < 10000; i++)
		buf_printf(&in, "Content-Type: multipart/mixed; boundary=b%d"
		    "\n\n--b%d\n", i, i);
	buf_puts(&in, "\ndeep text\n");
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	n = letter_parts(o.letter, &parts);
	cr_expect_leq(n, LETTER_PARTS_MAX);
	for (size_t i = 0; i < n; i++)
		cr_expect_leq(parts[i].depth, LETTER_DEPTH_MAX);
	cr_expect(o.doc.is_truncated);
	buf_fini(&in);
	close_letter(&o);
}

Test(hostile, mime_deep_with_a_million_dashes)
{
	struct buf in = { 0 };
	struct opened o;

	for (int i = 0; i < 1000; i++)
		buf_printf(&in, "Content-Type: multipart/mixed; boundary=b%d"
		    "\n\n--b%d\n", i, i);
	repeat(&in, "--\n", 1000000);
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	cr_expect(o.doc.is_truncated);
	buf_fini(&in);
	close_letter(&o);
}

Test(hostile, rfc822_deep)
{
	const struct letter_part *parts;
	struct buf in = { 0 };
	struct opened o;

	repeat(&in, "Content-Type: message/rfc822\n\n", 10000);
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	cr_expect_leq(letter_parts(o.letter, &parts), LETTER_DEPTH_MAX + 1);
	cr_expect(o.doc.is_truncated);
	buf_fini(&in);
	close_letter(&o);
}

Test(hostile, rfc822_in_multipart_deep)
{
	struct buf in = { 0 };
	struct opened o;

	for (int i = 0; i < 5000; i++)
		buf_printf(&in, "Content-Type: multipart/mixed; boundary=b%d"
		    "\n\n--b%d\nContent-Type: message/rfc822\n\n", i, i);
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	cr_expect(o.doc.is_truncated);
	buf_fini(&in);
	close_letter(&o);
}

/* Boundaries declared in every way must not get around the limit. */
Test(hostile, parts_100k_in_every_dress)
{
	static const char *const heads[] = {
		"boundary=b", "boundary*0=b", "boundary*=us-ascii''%62",
		"boundary (c) = \"b\"", "boundary=\n \"b\"",
	};
	static const char *const parts[] = { "--b\n\nx\n", "--b\n", "--b\n\n",
		"--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n",
		"--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n" };

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		for (size_t j = 0; j < sizeof parts / sizeof *parts; j++) {
			const struct letter_part *list;
			struct buf in = { 0 };
			struct opened o;

			buf_printf(&in, "Content-Type: multipart/mixed; %s\n\n",
			    heads[i]);
			repeat(&in, parts[j], 100000);
			open_span(&o, buf_span(&in), LETTER_PLAIN);
			cr_expect_leq(letter_parts(o.letter, &list),
			    LETTER_PARTS_MAX);
			buf_fini(&in);
			close_letter(&o);
		}
}

Test(hostile, headers_without_end)
{
	static const char *const heads[] = { "a:\n", "a: b\n", " x\n", "a\n",
		"Content-Type: a/b\n", ":\n", "\r\r" };

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct buf in = { 0 };
		struct opened o;

		buf_puts(&in, "Content-Type: multipart/mixed; boundary=b\n\n"
		    "--b\n");
		repeat(&in, heads[i], (3 << 20) / strlen(heads[i]));
		open_span(&o, buf_span(&in), LETTER_PLAIN);
		close_letter(&o);
		open_span(&o, span_skip(buf_span(&in), 50), LETTER_PLAIN);
		cr_expect_leq(letter_header(o.letter).n, ENVELOPE_HEADER_MAX);
		close_letter(&o);
		buf_fini(&in);
	}
}

Test(hostile, param_name_long)
{
	struct buf in = { 0 };
	struct opened o;

	buf_puts(&in, "Content-Type: text/plain; ");
	repeat(&in, "x", 1 << 20);
	buf_puts(&in, "=y; charset=utf-8\n\ntext\n");
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	cr_expect(shows(&o, "text"));
	buf_fini(&in);
	close_letter(&o);
}

Test(hostile, base64_chunked_and_broken)
{
	struct buf in = { 0 };
	struct opened o;

	buf_puts(&in, "Content-Transfer-Encoding: base64\n\n");
	repeat(&in, "YQ==\n=\xff!\n", 10000);	/* each an "a" */
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	cr_assert_eq(o.doc.nlines, 1);
	cr_expect_eq(o.doc.lines[0].text.n, 10000);
	buf_fini(&in);
	close_letter(&o);
}

Test(hostile, lines_links_and_quotes_without_end)
{
	static const char *const bodies[] = { "\n", "x\n", ">", "> ", "http://x ",
		"https://x.example/((((", "mailto:", "-- \n", "\t", " \n",
		"<br>", "\xff", "\xed\xa0\x80", "\xf0\x9f", "http://)" };
	static const char *const types[] = { "text/plain",
		"text/plain; format=flowed", "text/html" };

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		for (size_t j = 0; j < 3; j++) {
			struct buf in = { 0 };
			struct opened o;

			buf_printf(&in, "Content-Type: %s\n\n", types[j]);
			repeat(&in, bodies[i], (1 << 20) / strlen(bodies[i]));
			open_span(&o, buf_span(&in), LETTER_PLAIN);
			cr_expect_leq(o.doc.nlines, DOC_LINES_MAX + 1);
			cr_expect_leq(o.doc.nlinks, DOC_LINKS_MAX);
			buf_fini(&in);
			close_letter(&o);
		}
}

Test(hostile, a_text_over_the_limit_is_cut_and_says_so)
{
	struct buf in = { 0 };
	struct opened o;

	buf_puts(&in, "A: b\n\n");
	repeat(&in, "0123456789 0123456789 0123456789\n", 200000);
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	cr_expect(o.doc.is_truncated);
	buf_fini(&in);
	close_letter(&o);
}

Test(hostile, escape_sequences_are_data_until_they_are_drawn)
{
	struct opened o;

	open_text(&o, "Subject: \033]0;x\007\nFrom: \"\033[2J\" <a@x>\n\n"
	    "a\033[31mb\n");
	expect_span(letter_envelope(o.letter)->subject, "\033]0;x\007");
	cr_expect(shows(&o, "a\033[31mb"));
	close_letter(&o);
}

Test(hostile, every_cut_and_every_nul_of_a_letter_is_a_letter)
{
	static const char whole[] = "Subject: =?utf-8?b?YQ==?=\r\n"
	    "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n"
	    "Content-Type: text/html; charset=\"utf-8\"\r\n\r\n<p a='b'>\xc3\xa9"
	    "</p>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n"
	    "\r\nz\r\n--b--\r\n";

	for (size_t n = 0; n < sizeof whole; n++) {
		struct opened o;
		char copy[sizeof whole];

		open_span(&o, (struct span){ whole, n }, LETTER_HTML);
		close_letter(&o);
		memcpy(copy, whole, sizeof whole);
		copy[n] = '\0';
		open_span(&o, (struct span){ copy, sizeof copy - 1 },
		    LETTER_HTML);
		close_letter(&o);
	}
}
