/* SPDX-License-Identifier: MIT */
#include "tests/mail/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "mail/compose.h"
#include "mail/header.h"

static const struct reply_identity me = {
	.self = { SPAN("Budi"), SPAN("budi@kantor.example") },
	.own = (struct span[]){ SPAN("BUDI@rumah.example") },
	.nown = 1,
};

static struct address ani = { SPAN("Ani"), SPAN("ani@x.example") };

static struct draft
simple_draft(void)
{
	return (struct draft){
		.from = me.self,
		.to = { &ani, 1 },
		.subject = SPAN("Halo"),
		.text = SPAN("text\n"),
	};
}

/* Every line within RFC 5322, CRLF only, 7 bits, one empty line at least. */
static void
expect_wire(struct span bytes)
{
	size_t column = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		cr_assert(c < 0x80 && c != 0, "octet %d at %zu", c, i);
		cr_assert_eq(c == '\n', i && bytes.p[i - 1] == '\r');
		column = c == '\n' ? 0 : column + 1;
		cr_assert_leq(column, 999);
	}
	cr_expect_neq(span_find(bytes, SPAN_LIT("\r\n\r\n")), SIZE_MAX);
}

static bool
has(struct span s, const char *needle)
{
	return span_find(s, span_of(needle)) != SIZE_MAX;
}

Test(compose, a_letter_has_what_it_needs_and_no_bcc)
{
	struct address hidden = { SPAN("Rahasia"), SPAN("secret@z.example") };
	struct draft d = simple_draft();
	struct arena arena = { 0 };
	struct built b;

	d.bcc = (struct addresses){ &hidden, 1 };
	cr_assert_eq(compose_build(&d, 1795315260, &arena, &b, NULL), ERR_OK);
	expect_wire(b.bytes);
	cr_expect_not(b.is_8bit);
	cr_expect(has(b.bytes, "Date: Sun, 22 Nov 2026 "));
	cr_expect(has(b.bytes, "From: Budi <budi@kantor.example>\r\n"));
	cr_expect(has(b.bytes, "To: Ani <ani@x.example>\r\n"));
	cr_expect(has(b.bytes, "MIME-Version: 1.0\r\n"));
	cr_expect(has(b.bytes, "charset=utf-8\r\n"));
	cr_expect_not(has(b.bytes, "Bcc") || has(b.bytes, "secret") ||
	    has(b.bytes, "Rahasia"));
	cr_expect_not(has(b.bytes, "User-Agent"));
	cr_assert_eq(b.nrecipients, 2);
	expect_span(b.recipients[1], "secret@z.example");
	cr_expect_eq(b.message_id.n, 26 + sizeof "@kantor.example" - 1);
	cr_expect(span_ends(b.message_id, SPAN_LIT("@kantor.example")));
	arena_fini(&arena);
}

Test(compose, no_two_ids_are_the_same)
{
	struct draft d = simple_draft();
	struct arena arena = { 0 };
	struct built a, b;

	cr_assert_eq(compose_build(&d, 0, &arena, &a, NULL), ERR_OK);
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	cr_expect_not(span_eq(a.message_id, b.message_id));
	arena_fini(&arena);
}

static void
expect_refused(const struct draft *d, int line)
{
	struct arena arena = { 0 };
	struct error e = { 0 };
	struct built b;

	cr_expect_eq(compose_build(d, 0, &arena, &b, &e), ERR_DATA, "line %d",
	    line);
	cr_expect_neq(e.text[0], '\0');
	arena_fini(&arena);
}

Test(compose, what_would_break_a_header_is_refused)
{
	static const struct span bad[] = { SPAN("a\nBcc: x@y"), SPAN("a\rb"),
		SPAN("a\0b"), SPAN("a\x7f"), SPAN("\xff") };
	static const char *const none[] = { "", "ani", "@x", "a@", "a b@x",
		"a@x\n", "a@b@c", "a@x y", "a@.x", "a@x..y", "a@x.", "<a@x>",
		"a,b@x", "\"a@x", "caf\u00e9@x", "a@caf\u00e9" };
	struct draft d;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct address odd = { bad[i], SPAN("a@x") };

		d = simple_draft();
		d.subject = bad[i];
		expect_refused(&d, __LINE__);
		d = simple_draft();
		d.to.list = &odd;
		expect_refused(&d, __LINE__);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct address odd = { SPAN("x"), span_of(none[i]) };

		d = simple_draft();
		d.cc = (struct addresses){ &odd, 1 };
		expect_refused(&d, __LINE__);
		d = simple_draft();
		d.from.addr = span_of(none[i]);
		expect_refused(&d, __LINE__);
	}
	d = simple_draft();
	d.to.n = 0;
	expect_refused(&d, __LINE__);
	d = simple_draft();
	d.text = SPAN_LIT("a\0b");
	expect_refused(&d, __LINE__);
}

Test(compose, a_bad_reference_is_left_out)
{
	struct span refs[] = { SPAN("a@x"), SPAN("b\r\nBcc: c@x"), SPAN("") };
	struct draft d = simple_draft();
	struct arena arena = { 0 };
	struct built b;

	d.references = refs;
	d.nreferences = 3;
	d.in_reply_to = refs[1];
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	cr_expect(has(b.bytes, "References: <a@x>\r\n"));
	cr_expect_not(has(b.bytes, "Bcc"));
	arena_fini(&arena);
}

/* A random valid text of up to n characters, of one to four octets each. */
static struct span
random_text(unsigned *seed, size_t n, bool with_lines, struct arena *arena)
{
	static const char *const chars[] = { "a", "b", " ", "=", "?", "_", ".",
		"\u00e9", "\u65e5", "\U0001f600", ">", "\"", "\\", "(", "," };
	struct buf out = { 0 };
	struct span s;

	for (n = (size_t)rand_r(seed) % n; n; n--) {
		size_t i = (size_t)rand_r(seed) % 16;

		buf_puts(&out, i < 15 ? chars[i] : with_lines ? "\n" : "x");
	}
	s = arena_copy(arena, span_trim(buf_span(&out)));
	buf_fini(&out);
	return s;
}

static bool
gather(void *ctx, struct span piece)
{
	buf_put(ctx, piece);
	return true;
}

/* Line ends as LF, without those at the end. */
static struct span
plain_lines(struct span s, struct arena *arena)
{
	char *to = arena_str(arena, s);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (to[i] != '\r')
			to[n++] = to[i];
	while (n && to[n - 1] == '\n')
		n--;
	return (struct span){ to, n };
}

static void
compose_and_parse(unsigned *seed)
{
	struct arena arena = { 0 };
	struct address people[3];
	struct draft d = simple_draft();
	const struct letter_part *parts;
	const struct envelope *env;
	struct buf got = { 0 };
	struct built b;
	struct opened o;

	for (size_t i = 0; i < 3; i++)
		people[i] = (struct address){
			random_text(seed, 100, false, &arena),
			SPAN("someone.long@long.name.example") };
	d.to = (struct addresses){ people, 3 };
	d.subject = random_text(seed, 200, false, &arena);
	d.text = random_text(seed, 3000, true, &arena);
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	expect_wire(b.bytes);
	cr_expect_eq(b.nrecipients, 1);
	open_span(&o, b.bytes, LETTER_PLAIN);
	env = letter_envelope(o.letter);
	cr_expect(span_eq(env->subject, d.subject), "%.*s != %.*s",
	    SPAN_ARG(env->subject), SPAN_ARG(d.subject));
	cr_assert_eq(env->to.n, 3);
	for (size_t i = 0; i < 3; i++)
		cr_expect(span_eq(env->to.list[i].name, people[i].name),
		    "%.*s != %.*s", SPAN_ARG(env->to.list[i].name),
		    SPAN_ARG(people[i].name));
	cr_assert_eq(letter_parts(o.letter, &parts), 1);
	letter_part_read(o.letter, 0, gather, &got, NULL);
	cr_expect(span_eq(plain_lines(buf_span(&got), &arena), d.text));
	buf_fini(&got);
	close_letter(&o);
	arena_fini(&arena);
}

Test(compose, what_is_composed_parses_back_the_same)
{
	unsigned seed = 20261122;

	for (int i = 0; i < 300; i++)
		compose_and_parse(&seed);
}

Test(compose, texts_that_cannot_travel_are_encoded)
{
	struct arena arena = { 0 };
	struct draft d = simple_draft();
	struct buf line = { 0 };
	struct built b;

	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	cr_expect(has(b.bytes, "7bit\r\n\r\ntext\r\n"));
	d.text = SPAN_LIT("caf\u00e9 and some more text, of ASCII\n");
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	cr_expect(has(b.bytes, "quoted-printable\r\n\r\ncaf=C3=A9"));
	d.text = SPAN_LIT("\u65e5\u672c\u8a9e\n");
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	cr_expect(has(b.bytes, "base64\r\n"));
	repeat(&line, "x", 5000);
	d.text = buf_span(&line);
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	expect_wire(b.bytes);
	d.subject = buf_span(&line);
	expect_refused(&d, __LINE__);
	line.n = 4000;
	d.subject = buf_span(&line);
	cr_assert_eq(compose_build(&d, 0, &arena, &b, NULL), ERR_OK);
	expect_wire(b.bytes);
	buf_fini(&line);
	arena_fini(&arena);
}

Test(compose, attachments_arrive_with_their_names)
{
	const char *tmp = getenv("TMPDIR");
	CLEANUP(cleanup_free) char *dir = xasprintf("%s/surat-mail-XXXXXX",
	    tmp ? tmp : "/tmp");
	CLEANUP(cleanup_free) char *path = NULL;
	static const char name[] =
	    "peta caf\u00e9 \"\u65e5\u672c\" of a rather long name; really.png";
	const struct letter_part *parts;
	struct draft d = simple_draft();
	struct arena arena = { 0 };
	struct buf got = { 0 };
	struct span attach[2];
	struct error e;
	struct built b;
	struct opened o;
	FILE *f;

	cr_assert_not_null(mkdtemp(dir));
	path = xasprintf("%s/%s", dir, name);
	f = fopen(path, "wb");
	cr_assert_not_null(f);
	for (int i = 0; i < 1000; i++)
		fputc(i & 0xff, f);
	fclose(f);
	attach[0] = span_of(path);
	d.attachments = attach;
	d.nattachments = 1;
	cr_assert_eq(compose_build(&d, 0, &arena, &b, &e), ERR_OK);
	expect_wire(b.bytes);
	open_span(&o, b.bytes, LETTER_PLAIN);
	cr_assert_eq(letter_parts(o.letter, &parts), 3);
	expect_span(parts[2].name, name);
	expect_span(parts[2].type, "image/png");
	cr_expect(parts[2].is_attachment && shows(&o, "text"));
	letter_part_read(o.letter, 2, gather, &got, NULL);
	cr_assert_eq(got.n, 1000);
	for (size_t i = 0; i < got.n; i++)
		cr_assert_eq((unsigned char)got.p[i], i & 0xff);
	close_letter(&o);
	buf_fini(&got);
	attach[0] = span_of(dir);
	cr_expect_eq(compose_build(&d, 0, &arena, &b, &e), ERR_IO);
	attach[0] = SPAN_LIT("/nonexistent/file");
	cr_expect_eq(compose_build(&d, 0, &arena, &b, &e), ERR_IO);
	arena_fini(&arena);
	unlink(path);
	rmdir(dir);
}

Test(draft, what_the_editor_gets_reads_back_the_same)
{
	struct address many[20];
	struct span files[] = { SPAN("/tmp/a b.png"), SPAN("~/c") };
	struct span refs[] = { SPAN("r@x") };
	struct draft d = simple_draft(), got;
	struct arena arena = { 0 };
	struct buf out = { 0 };

	for (int i = 0; i < 20; i++)
		many[i] = (struct address){ SPAN("Wijaya, \"Ani\""),
			span_of(arena_printf(&arena, "ani%d@x.example", i)) };
	d.cc = (struct addresses){ many, 20 };
	d.attachments = files;
	d.nattachments = 2;
	d.references = refs;
	d.nreferences = 1;
	d.text = SPAN_LIT("Halo\n\nTo: no header\n");
	draft_put(&out, &d);
	cr_assert_eq(draft_parse(buf_span(&out), &d, &arena, &got, NULL),
	    ERR_OK);
	expect_span(got.from.addr, "budi@kantor.example");
	cr_assert_eq(got.cc.n, 20);
	expect_span(got.cc.list[19].addr, "ani19@x.example");
	expect_span(got.cc.list[19].name, "Wijaya, \"Ani\"");
	expect_span(got.subject, "Halo");
	cr_assert_eq(got.nattachments, 2);
	expect_span(got.attachments[0], "/tmp/a b.png");
	cr_expect_eq(got.nreferences, 1);
	expect_span(got.text, "Halo\n\nTo: no header\n");
	buf_fini(&out);
	arena_fini(&arena);
}

Test(draft, typing_errors_are_told_with_their_line)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{ "To: a@x\nX-Foo: y\n\nt", "line 2: \"X-Foo\"" },
		{ "To: a@x\nhello\n", "line 2: there is no colon" },
		{ "To: ani\n\n", "line 1: \"ani\" is not an address" },
		{ "\nTo: x", NULL },
		{ "To: a@x b@x\n\n", "line 1: a comma is missing" },
		{ "From: a@x, b@x\n\n", "line 1: a letter has one sender" },
		{ "Subject: a\n folded\nCc: x\n\n", "line 3:" },
		{ "Subject: a\033b\n\n", "line 1:" },
		{ "subject: a\r\nTO: a@x\r\n\r\nt", NULL },
		{ "To:\nFrom:\n\n", NULL },
		{ "To: a@x\n\nbad \xff", "the text is not UTF-8" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct draft base = simple_draft(), got;
		struct error e = { 0 };
		enum err err = draft_parse(span_of(cases[i].text), &base,
		    &arena, &got, &e);

		cr_expect_eq(err, cases[i].told ? ERR_DATA : ERR_OK, "%s",
		    cases[i].text);
		if (cases[i].told)
			cr_expect_not_null(strstr(e.text, cases[i].told),
			    "%s: %s", cases[i].text, e.text);
		arena_fini(&arena);
	}
}

static const char question[] =
    "From: Ani <ani@x.example>\nTo: Budi <budi@kantor.example>,"
    " Citra <citra@x.example>\nCc: budi@rumah.example, dewi@x.example\n"
    "Subject: RE: Balas: Aw[2]: Fwd: rapat\nMessage-ID: <q@x>\n"
    "References: <r0@x> <r1@x>\nDate: Sun, 22 Nov 2026 09:41:00 +0700\n\n"
    "short\n> older\n\nThis is a paragraph that is much longer than a line "
    "of a terminal, so that it must be wrapped before it is quoted.\n"
    "-- \nAni\n";

Test(reply, goes_to_the_sender_with_the_text_quoted)
{
	struct opened o;
	struct draft d;

	open_text(&o, question);
	draft_reply(o.letter, false, &me, "On %d %n wrote (100%%):", &o.arena,
	    &d);
	cr_assert_eq(d.to.n, 1);
	expect_span(d.to.list[0].addr, "ani@x.example");
	cr_expect_eq(d.cc.n, 0);
	expect_span(d.subject, "Re: Fwd: rapat");
	expect_span(d.in_reply_to, "q@x");
	cr_assert_eq(d.nreferences, 3);
	expect_span(d.references[2], "q@x");
	expect_span(d.text, "On 2026-11-22 09:41 Ani wrote (100%):\n> short\n"
	    ">> older\n>\n> This is a paragraph that is much longer than a "
	    "line of a terminal, so\n> that it must be wrapped before it is "
	    "quoted.\n");
	close_letter(&o);
}

Test(reply, to_all_reaches_everybody_but_ourselves)
{
	struct opened o;
	struct draft d;

	open_text(&o, question);
	draft_reply(o.letter, true, &me, "%n:", &o.arena, &d);
	cr_assert_eq(d.to.n, 2);
	expect_span(d.to.list[1].addr, "citra@x.example");
	cr_assert_eq(d.cc.n, 1);
	expect_span(d.cc.list[0].addr, "dewi@x.example");
	close_letter(&o);
}

Test(reply, honours_reply_to_and_answers_our_own_letters_to_their_readers)
{
	struct opened o;
	struct draft d;

	open_text(&o, "From: a@x\nReply-To: list@x\n\nt");
	draft_reply(o.letter, false, &me, "", &o.arena, &d);
	cr_assert_eq(d.to.n, 1);
	expect_span(d.to.list[0].addr, "list@x");
	expect_span(d.subject, "Re: ");
	cr_expect_eq(d.nreferences, 0);
	close_letter(&o);
	open_text(&o, "From: budi@rumah.example\nTo: ani@x\n\nt");
	draft_reply(o.letter, false, &me, "", &o.arena, &d);
	cr_assert_eq(d.to.n, 1);
	expect_span(d.to.list[0].addr, "ani@x");
	close_letter(&o);
}

Test(reply, a_long_chain_is_cut_in_the_middle)
{
	struct buf in = { 0 };
	struct opened o;
	struct draft d;

	buf_puts(&in, "Message-ID: <new@x>\nReferences:");
	for (int i = 0; i < 60; i++)
		buf_printf(&in, " <%d@x>", i);
	buf_puts(&in, "\n\nt\n");
	open_span(&o, buf_span(&in), LETTER_PLAIN);
	draft_reply(o.letter, false, &me, "", &o.arena, &d);
	cr_assert_eq(d.nreferences, 30);
	expect_span(d.references[0], "0@x");
	expect_span(d.references[1], "32@x");
	expect_span(d.references[29], "new@x");
	buf_fini(&in);
	close_letter(&o);
}

Test(reply, hostile_fields_and_hidden_text_do_not_get_into_the_draft)
{
	struct buf out = { 0 };
	struct opened o;
	struct draft d;

	open_text(&o, "From: =?utf-8?q?a=0ABcc:_evil@x?= <a@x>\n"
	    "Subject: =?utf-8?q?x=0D=0ABcc:_evil@x=1B?=\n"
	    "Content-Type: text/html\n\n<p>a\033[2J\xc2\x9b" "b "
	    "<a href='http://x.example'>link</a></p>"
	    "<p style='display:none'>secret</p>");
	draft_reply(o.letter, false, &me, "%n:", &o.arena, &d);
	draft_put(&out, &d);
	cr_expect_not(has(buf_span(&out), "\nBcc: evil"));
	cr_expect_not(has(buf_span(&out), "\033"));
	cr_expect_not(has(buf_span(&out), "secret"));
	cr_expect(has(buf_span(&out), "> a[2Jb link\n"));
	buf_fini(&out);
	close_letter(&o);
}

Test(reply, a_forward_carries_the_head_and_the_text)
{
	struct opened o;
	struct draft d;

	open_text(&o, question);
	draft_forward(o.letter, &me, &o.arena, &d);
	expect_span(d.subject, "Fwd: RE: Balas: Aw[2]: Fwd: rapat");
	cr_expect_eq(d.to.n, 0);
	cr_expect(has(d.text, "\nFrom: Ani <ani@x.example>\n"));
	cr_expect(has(d.text, "\nshort\n> older\n"));
	close_letter(&o);
}

static enum err
adopt(const char *letter, bool from_header, struct arena *arena,
    struct built *b)
{
	static const struct span to[] = { SPAN("a@x, b@x"), SPAN("a@x") };

	return compose_adopt(span_of(letter), from_header, to, 2, &me.self,
	    1795315260, arena, b, NULL);
}

Test(adopt, adds_what_is_missing_and_drops_bcc)
{
	struct arena arena = { 0 };
	struct built b;

	cr_assert_eq(adopt("To: c@x\nBCC: d@x,\n e@x\nSubject: s\n\na\rb\r\nc",
	    true, &arena, &b), ERR_OK);
	cr_expect_not(has(b.bytes, "d@x") || has(b.bytes, "e@x"));
	cr_assert_eq(b.nrecipients, 3);
	expect_span(b.recipients[2], "e@x");
	cr_expect(has(b.bytes, "\r\nMessage-ID: <"));
	cr_expect(has(b.bytes, "\r\nDate: Sun, 22 Nov 2026"));
	cr_expect(has(b.bytes, "\r\nFrom: Budi <budi@kantor.example>\r\n"));
	cr_expect(span_ends(b.bytes, SPAN_LIT("\r\n\r\na\r\nb\r\nc")));
	cr_assert_eq(adopt("To: c@x\n\n", false, &arena, &b), ERR_OK);
	cr_assert_eq(b.nrecipients, 2);
	arena_fini(&arena);
}

Test(adopt, keeps_what_is_there)
{
	struct arena arena = { 0 };
	struct built b;

	cr_assert_eq(adopt("From a mbox line\nFrom: x@y\nDate: yesterday\n"
	    "Message-ID: <mine@y>\nX-Odd: one\n two\n\n.\n", false, &arena,
	    &b), ERR_OK);
	expect_span(b.message_id, "mine@y");
	expect_span(b.bytes, "From: x@y\r\nDate: yesterday\r\n"
	    "Message-ID: <mine@y>\r\nX-Odd: one\r\n two\r\n\r\n.\r\n");
	arena_fini(&arena);
}

Test(adopt, a_plain_note_is_sent_not_eaten)
{
	struct arena arena = { 0 };
	struct built b;

	cr_assert_eq(adopt("just a note\nof two lines", false, &arena, &b),
	    ERR_OK);
	cr_expect(has(b.bytes, "\r\n\r\njust a note\r\nof two lines"));
	cr_assert_eq(adopt("Subject: x\nno field\n", false, &arena, &b),
	    ERR_OK);
	cr_expect(has(b.bytes, "\r\n\r\nno field\r\n"));
	cr_assert_eq(adopt("Subject: x\n\ncaf\u00e9\n", false, &arena, &b),
	    ERR_OK);
	cr_expect(!b.is_8bit && has(b.bytes, "MIME-Version: 1.0\r\n"));
	cr_assert_eq(adopt("MIME-Version: 1.0\n\ncaf\u00e9\n", false, &arena,
	    &b), ERR_OK);
	cr_expect(b.is_8bit);
	arena_fini(&arena);
}

Test(adopt, refuses_what_cannot_be_sent)
{
	struct arena arena = { 0 };
	struct buf in = { 0 };
	struct built b;

	cr_expect_eq(adopt("Subject: x\n\nt", true, &arena, &b), ERR_DATA);
	cr_expect_eq(adopt("To: nobody\n\nt", true, &arena, &b), ERR_DATA);
	cr_expect_eq(compose_adopt(SPAN_LIT("To: a@x\n\n\0"), true, NULL, 0,
	    &me.self, 0, &arena, &b, NULL), ERR_DATA);
	buf_puts(&in, "To: a@x\nMIME-Version: 1.0\n\n");
	repeat(&in, "x", 999);
	cr_expect_eq(adopt(buf_str(&in), true, &arena, &b), ERR_DATA);
	buf_fini(&in);
	arena_fini(&arena);
}
