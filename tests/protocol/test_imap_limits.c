/* SPDX-License-Identifier: MIT */
/*
 * The IMAP engine against servers without measure, and what it sends when
 * there is much to say.  Sessions that fit on a page are in tests/data/imap.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "protocol/imap.h"

enum { MIB = 1 << 20 };

static void
free_imap(struct imap **imap)
{
	imap_free(*imap);
}

/* Takes all of s; returns the last step, and the last event of that kind. */
static enum step
feed(struct imap *imap, struct span s, enum imap_event_kind kind,
    struct imap_event *found)
{
	struct imap_event event;
	enum step step;

	while ((step = imap_step(imap, &s, &event)) == STEP_EVENT)
		if (event.kind == kind && found)
			*found = event;
	return step;
}

static enum step
say(struct imap *imap, const char *s)
{
	return feed(imap, span_of(s), IMAP_DONE, NULL);
}

static struct imap *
new_session(const char *capabilities)
{
	struct session_settings settings = {
		.channel = CHANNEL_TLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") },
		.host = SPAN("mail.example"),
	};
	struct imap *imap = imap_new(&settings);
	CLEANUP(buf_fini) struct buf line = { 0 };

	buf_printf(&line, "* PREAUTH [CAPABILITY IMAP4rev1%s] hi\r\n",
	    capabilities);
	cr_assert_eq(feed(imap, buf_span(&line), IMAP_DONE, NULL), STEP_MORE);
	cr_assert(imap_is_ready(imap));
	return imap;
}

#define SESSION(imap, capabilities) \
	CLEANUP(free_imap) struct imap *imap = new_session(capabilities)

static void
fill(struct buf *b, const char *what, size_t octets)
{
	while (b->n < octets)
		buf_puts(b, what);
}

/* The next line of the output, sent. */
static struct span
sent_line(struct imap *imap, struct buf *line)
{
	struct span out = imap_output(imap);
	size_t end = span_chr(out, '\n');

	cr_assert(end != SIZE_MAX, "nothing to send");
	buf_reset(line);
	buf_put(line, (struct span){ out.p, end - 1 });
	imap_sent(imap, end + 1);
	return buf_span(line);
}

Test(imap_limits, end_a_line_without_end)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };

	fill(&b, "* X aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", MIB);
	cr_expect_eq(feed(imap, buf_span(&b), IMAP_DONE, NULL), STEP_ERROR);
	cr_expect_eq(imap_error(imap)->kind, ERR_LIMIT);
	cr_expect_eq(imap_step(imap, &(struct span){ 0 },
	    &(struct imap_event){ 0 }), STEP_ERROR);
}

Test(imap_limits, let_a_plain_search_be_long)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event = { 0 };

	buf_puts(&b, "* SEARCH");
	for (unsigned uid = 100000; uid < 400000; uid += 2)
		buf_printf(&b, " %u", uid);
	buf_puts(&b, "\r\n");
	cr_assert_gt(b.n, MIB);
	cr_assert_eq(feed(imap, buf_span(&b), IMAP_SEARCH, &event),
	    STEP_MORE);
	cr_expect_eq(uidset_count(event.uids), 150000);
}

Test(imap_limits, end_a_search_without_end)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };

	buf_puts(&b, "* SEARCH");
	fill(&b, " 4294967295 1", 17 * MIB);
	cr_expect_eq(feed(imap, buf_span(&b), IMAP_DONE, NULL), STEP_ERROR);
	cr_expect_eq(imap_error(imap)->kind, ERR_LIMIT);
}

/* In descending order: what is added one by one would be quadratic. */
Test(imap_limits, take_a_flood_of_vanished_in_disorder)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event = { 0 };

	buf_puts(&b, "* VANISHED 4000000000");
	for (unsigned uid = 2000000; uid > 1000000; uid -= 2)
		buf_printf(&b, ",%u", uid);
	buf_puts(&b, "\r\n");
	cr_assert_eq(feed(imap, buf_span(&b), IMAP_VANISHED, &event),
	    STEP_MORE);
	cr_expect_eq(event.uids->n, 500001);
}

Test(imap_limits, end_a_set_of_too_many_ranges)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };

	buf_puts(&b, "* VANISHED (EARLIER) 1");
	for (unsigned uid = 3; uid < 2 * IMAP_RANGES_MAX + 9; uid += 2)
		buf_printf(&b, ",%u", uid);
	buf_puts(&b, "\r\n");
	cr_expect_eq(feed(imap, buf_span(&b), IMAP_DONE, NULL), STEP_ERROR);
	cr_expect_eq(imap_error(imap)->kind, ERR_LIMIT);
}

Test(imap_limits, cut_a_monstrous_header_and_go_on)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event = { 0 };

	fill(&b, "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
	    3 * MIB);
	b.n = 3 * MIB;
	cr_assert_eq(say(imap, "* 1 FETCH (BODY[HEADER] {3145728}\r\n"),
	    STEP_MORE);
	cr_assert_eq(feed(imap, buf_span(&b), IMAP_DONE, NULL), STEP_MORE);
	cr_assert_eq(feed(imap, SPAN_LIT(" X {5}\r\nhello UID 7)\r\n"),
	    IMAP_FETCH, &event), STEP_MORE);
	cr_expect_eq(event.fetch.header.n, IMAP_HEADER_MAX);
	cr_expect_eq(event.fetch.uid.v, 7);
}

/* The literals of one answer share one limit. */
Test(imap_limits, bound_what_an_answer_keeps_of_many_literals)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event = { 0 };

	buf_puts(&b, "* 1 FETCH (");
	for (int i = 0; i < 8; i++) {
		buf_puts(&b, "X {500000}\r\n");
		fill(&b, "0123456789", b.n + 500000);
	}
	buf_puts(&b, " BODY[HEADER] {6}\r\nA: b\r\n UID 7)\r\n");
	cr_assert_eq(feed(imap, buf_span(&b), IMAP_FETCH, &event), STEP_MORE);
	cr_expect_eq(event.fetch.uid.v, 7);
}

/* A body is never kept: the pieces point into what was fed. */
Test(imap_limits, stream_a_large_body_from_the_callers_memory)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event;
	uint64_t total = 0;
	struct span in;

	fill(&b, "0123456789abcdef", MIB);
	cr_assert_eq(say(imap, "* 1 FETCH (BODY[2] {67108864}\r\n"),
	    STEP_MORE);
	for (int i = 0; i < 64; i++) {
		in = buf_span(&b);
		cr_assert_eq(imap_step(imap, &in, &event), STEP_EVENT);
		cr_assert_eq(event.kind, IMAP_BODY);
		cr_assert_eq(event.body.piece.p, b.p);
		cr_assert_eq(event.body.at, total);
		cr_assert(span_eq(event.body.section, SPAN_LIT("2")));
		total += event.body.piece.n;
	}
	cr_expect(event.body.is_last);
	cr_expect_eq(total, event.body.total);
	cr_assert_eq(feed(imap, SPAN_LIT(" UID 7)\r\n"), IMAP_FETCH, &event),
	    STEP_MORE);
	cr_expect_eq(event.fetch.has, IMAP_FETCHED_BODY | IMAP_FETCHED_UID);
}

/* Little text must not ask for much memory. */
Test(imap_limits, take_so_many_items_of_one_answer_and_no_more)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event = { 0 };

	buf_puts(&b, "* 5 FETCH (UID 7");
	fill(&b, " X-GM-LABELS ()", MIB - 100);
	buf_puts(&b, " FLAGS (x))\r\n");
	cr_assert_eq(feed(imap, buf_span(&b), IMAP_FETCH, &event),
	    STEP_MORE);
	cr_expect(event.fetch.has & IMAP_FETCHED_BROKEN);
	cr_expect(event.fetch.has & IMAP_FETCHED_UID);
	cr_expect_not(event.fetch.has & IMAP_FETCHED_FLAGS);
}

Test(imap_limits, end_a_server_that_talks_unasked_for_ever)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };
	enum step step = STEP_MORE;
	int rounds = 0;

	fill(&b, "* 5 EXISTS\r\n* OK Still here, still here\r\n", MIB);
	while (step == STEP_MORE && rounds++ < 100)
		step = feed(imap, buf_span(&b), IMAP_DONE, NULL);
	cr_expect_eq(step, STEP_ERROR);
	cr_expect_eq(imap_error(imap)->kind, ERR_LIMIT);
	cr_expect_gt(rounds, 60);
}

Test(imap_limits, let_a_server_talk_on_while_a_command_runs)
{
	SESSION(imap, "");
	CLEANUP(buf_fini) struct buf b = { 0 };

	imap_noop(imap);
	fill(&b, "* 5 FETCH (X \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\")\r\n",
	    MIB);
	b.n = span_chr(buf_span(&b), '\n') + 1;
	for (int i = 0; i < 2000; i++)
		cr_assert_eq(feed(imap, buf_span(&b), IMAP_DONE, NULL),
		    STEP_MORE);
}

Test(imap_limits, end_a_greeting_that_never_gets_to_the_point)
{
	struct session_settings settings = { .channel = CHANNEL_TLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") } };
	CLEANUP(free_imap) struct imap *imap = imap_new(&settings);
	CLEANUP(buf_fini) struct buf b = { 0 };

	fill(&b, "* OK hello again, it is not yet time for you\r\n", 2 * MIB);
	cr_expect_eq(feed(imap, buf_span(&b), IMAP_DONE, NULL), STEP_ERROR);
	cr_expect_eq(imap_error(imap)->kind, ERR_LIMIT);
}

/* Takes the commands that have left; adds their sets to *uids. */
static uint32_t
take_commands(struct imap *imap, struct uidset *uids)
{
	CLEANUP(buf_fini) struct buf line = { 0 };
	uint32_t count = 0;

	while (imap_output(imap).n) {
		struct span s = sent_line(imap, &line), w = { NULL, 0 };

		cr_assert_leq(s.n + 2, 8000);
		for (int i = 0; i < 4; i++)
			cr_assert(span_split(&s, ' ', &w));
		cr_assert(uidset_parse(uids, w, 10000));
		count++;
	}
	return count;
}

/* PROTOCOLS.md 2.2: 8000 octets a line and 64 KiB in flight. */
Test(imap_limits, split_a_long_set_over_commands_that_end_as_one)
{
	SESSION(imap, " CONDSTORE");
	CLEANUP(uidset_fini) struct uidset uids = { 0 }, said = { 0 };
	struct imap_event event = { .kind = IMAP_ALIVE };
	uint32_t id, wire, answered = 0;

	for (uint32_t uid = 1000000; uid < 1020000; uid += 2)
		uidset_add(&uids, uid, uid);
	id = imap_fetch_headers(imap, &uids);
	cr_expect_eq(imap_in_flight(imap), 1);
	wire = take_commands(imap, &said);
	cr_expect_eq(wire, 8);
	while (answered < wire) {
		CLEANUP(buf_fini) struct buf line = { 0 };

		cr_expect_eq(event.kind, IMAP_ALIVE);
		answered++;
		buf_printf(&line, answered == 3 ?
		    "A%u NO [UNAVAILABLE] some\r\n" : "A%u OK fine\r\n",
		    answered);
		cr_assert_eq(feed(imap, buf_span(&line), IMAP_DONE, &event),
		    STEP_MORE);
		wire += take_commands(imap, &said);
	}
	cr_expect_eq(event.kind, IMAP_DONE);
	cr_expect_eq(event.tag, id);
	cr_expect_eq(event.status, IMAP_NO);
	cr_expect_eq(event.code, IMAP_CODE_UNAVAILABLE);
	cr_expect_eq(uidset_count(&said), 10000);
	cr_expect_eq(said.n, uids.n);
	cr_expect_eq(imap_in_flight(imap), 0);
}

Test(imap_limits, name_what_was_not_stored_in_any_part_of_a_long_set)
{
	SESSION(imap, " CONDSTORE");
	CLEANUP(uidset_fini) struct uidset uids = { 0 }, said = { 0 };
	struct span in = SPAN("A2 OK [MODIFIED 1003000]\r\n"
	    "A1 OK [MODIFIED 1000000,1000002] some\r\nA3 OK all\r\n");
	struct imap_event event;

	for (uint32_t uid = 1000000; uid < 1005000; uid += 2)
		uidset_add(&uids, uid, uid);
	imap_store(imap, &uids, true, FLAG_SEEN, NULL, 0, 5);
	cr_assert_eq(take_commands(imap, &said), 3);
	cr_assert_eq(imap_step(imap, &in, &event), STEP_EVENT);
	cr_assert_eq(event.kind, IMAP_DONE);
	cr_assert_not_null(event.uids);
	cr_expect_eq(uidset_count(event.uids), 3);
	cr_expect(uidset_has(event.uids, 1003000));
	cr_expect_eq(event.code, IMAP_CODE_MODIFIED);
}

/* The name, as it leaves in STATUS; NULL where it must not leave. */
Test(imap_limits, quote_what_names_hold)
{
	static const struct {
		const char *capabilities;
		struct span name;
		const char *sent;
	} cases[] = {
		{ "", SPAN("INBOX"), "A1 STATUS INBOX (" },
		{ "", SPAN("NIL"), "A1 STATUS \"NIL\" (" },
		{ "", SPAN("a b"), "A1 STATUS \"a b\" (" },
		{ "", SPAN("a)(*%{5}"), "A1 STATUS \"a)(*%{5}\" (" },
		{ "", SPAN("a\tb"), "A1 STATUS \"a\tb\" (" },
		{ "", SPAN("a\"b"), "A1 STATUS {3}\r\n" },
		{ " LITERAL+", SPAN("a\"b"), "A1 STATUS {3+}\r\na\"b (" },
		{ " LITERAL-", SPAN("a\\b"), "A1 STATUS {3+}\r\na\\b (" },
		{ " LITERAL+", SPAN("\xc3\xa9"),
		    "A1 STATUS {2+}\r\n\xc3\xa9 (" },
		{ " LITERAL+", SPAN("a\r\nA2 DELETE x"), NULL },
		{ " LITERAL+", SPAN("a\rb"), NULL },
		{ " LITERAL+", SPAN("a\nb"), NULL },
		{ " LITERAL+", SPAN("a\0b"), NULL },
		{ "", SPAN(""), NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SESSION(imap, cases[i].capabilities);
		struct imap_event event = { 0 };

		imap_status(imap, cases[i].name);
		cr_expect(span_starts(imap_output(imap),
		    span_of(cases[i].sent)), "case %zu", i);
		if (cases[i].sent)
			continue;
		cr_expect_eq(imap_output(imap).n, 0, "case %zu", i);
		feed(imap, (struct span){ NULL, 0 }, IMAP_DONE, &event);
		cr_expect_eq(event.status, IMAP_BAD, "case %zu", i);
	}
}

Test(imap_limits, refuse_a_name_that_is_too_long)
{
	SESSION(imap, " LITERAL+");
	CLEANUP(buf_fini) struct buf b = { 0 };
	struct imap_event event = { .kind = IMAP_ALIVE };

	fill(&b, "x", IMAP_NAME_MAX);
	imap_status(imap, buf_span(&b));
	cr_expect_gt(imap_output(imap).n, IMAP_NAME_MAX);
	imap_sent(imap, imap_output(imap).n);
	buf_putc(&b, 'x');
	imap_status(imap, buf_span(&b));
	cr_expect_eq(imap_output(imap).n, 0);
	feed(imap, (struct span){ NULL, 0 }, IMAP_DONE, &event);
	cr_expect_eq(event.kind, IMAP_DONE);
}

Test(imap_limits, overwrite_the_password_once_it_has_left)
{
	struct session_settings settings = { .channel = CHANNEL_TLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") } };
	CLEANUP(free_imap) struct imap *imap = imap_new(&settings);
	static const struct span password = SPAN("rahasia");
	struct span out;

	cr_assert_eq(say(imap, "* OK [CAPABILITY IMAP4rev1] hi\r\n"),
	    STEP_MORE);
	out = imap_output(imap);
	cr_assert_neq(span_find(out, password), SIZE_MAX);
	imap_sent(imap, 5);
	imap_sent(imap, out.n - 5);
	cr_expect_eq(span_find(out, password), SIZE_MAX);
}

/* SECURITY.md 1, Buffering: in one packet with the answer. */
Test(imap_limits, refuse_clear_text_behind_the_answer_to_starttls)
{
	struct session_settings settings = { .channel = CHANNEL_STARTTLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") } };
	CLEANUP(free_imap) struct imap *imap = imap_new(&settings);
	struct imap_event event = { .kind = IMAP_ALIVE };

	cr_assert_eq(say(imap, "* OK [CAPABILITY IMAP4rev1 STARTTLS]\r\n"),
	    STEP_MORE);
	cr_expect_eq(feed(imap, SPAN_LIT("A1 OK begin\r\nA2 OK evil\r\n"),
	    IMAP_STARTTLS, &event), STEP_ERROR);
	cr_expect_eq(event.kind, IMAP_ALIVE);
	cr_expect_eq(imap_error(imap)->kind, ERR_TLS);
}

/* RFC 4978 3: the octet behind the CRLF is the first compressed one. */
Test(imap_limits, leave_what_follows_the_answer_to_compress_to_be_inflated)
{
	struct session_settings settings = { .channel = CHANNEL_TLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") } };
	CLEANUP(free_imap) struct imap *imap = imap_new(&settings);
	struct span in = SPAN_LIT("A1 OK now\r\n\xca\x00");
	struct imap_event event;

	cr_assert_eq(say(imap, "* PREAUTH [CAPABILITY IMAP4rev1 "
	    "COMPRESS=DEFLATE]\r\n"), STEP_MORE);
	cr_assert_eq(imap_step(imap, &in, &event), STEP_EVENT);
	cr_assert_eq(event.kind, IMAP_COMPRESS);
	cr_expect_eq(imap_step(imap, &in, &event), STEP_MORE);
	cr_expect_eq(in.n, 2);
	imap_compressed(imap);
	cr_expect(imap_is_ready(imap));
}
