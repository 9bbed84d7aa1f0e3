/* SPDX-License-Identifier: MIT */
/*
 * The SMTP engine: sessions of tests/data/smtp played in every cut, every
 * reply code at every stage, and letters on the wire.  Acts of the
 * sessions: secured, mail [8bit] [size=N] FROM TO..., body TEXT, end, dot,
 * quit.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "protocol/smtp.h"
#include "protocol/smtp_stuffer.h"
#include "script.h"

enum { RECIPIENTS = 120 };

static void *
create(const struct session_settings *settings)
{
	return smtp_new(settings);
}

static void
destroy(void *engine)
{
	smtp_free(engine);
}

static void
describe(const struct smtp_event *e, struct script_events *to)
{
	static const char *const stages[] = {
		[SMTP_AT_MAIL] = "mail", [SMTP_AT_RCPT] = "rcpt",
		[SMTP_AT_DATA] = "data", [SMTP_AT_DOT] = "dot",
	};
	CLEANUP(cleanup_free) char *reply = xasprintf("%d <%.*s> %.*s",
	    e->reply.code, SPAN_ARG(e->reply.enhanced),
	    SPAN_ARG(e->reply.text));

	switch (e->kind) {
	case SMTP_STARTTLS:
		script_event(to, "starttls");
		break;
	case SMTP_READY:
		script_event(to, "ready");
		break;
	case SMTP_RECIPIENT:
		script_event(to, "recipient %zu %s", e->index, reply);
		break;
	case SMTP_DATA:
		script_event(to, "data");
		break;
	case SMTP_DOT:
		script_event(to, "dot");
		break;
	case SMTP_ACCEPTED:
		script_event(to, "accepted %s", reply);
		break;
	case SMTP_FAILED:
		script_event(to, "failed %s %s", stages[e->stage], reply);
		break;
	case SMTP_CLOSED:
		script_event(to, "closed");
		break;
	}
}

static enum step
step(void *engine, struct span *in, struct script_events *to)
{
	struct smtp_event event;
	enum step got = smtp_step(engine, in, &event);

	if (got == STEP_EVENT)
		describe(&event, to);
	return got;
}

static struct span
output(const void *engine)
{
	return smtp_output(engine);
}

static void
sent(void *engine, size_t n)
{
	smtp_sent(engine, n);
}

static const struct error *
error(const void *engine)
{
	return smtp_error(engine);
}

static void
act_mail(struct smtp *smtp, struct span words, struct script_events *to)
{
	struct span recipients[RECIPIENTS], word;
	struct smtp_mail mail = { .to = recipients };
	struct error e;

	while (span_split(&words, ' ', &word)) {
		if (span_eq(word, SPAN_LIT("8bit")))
			mail.is_8bit = true;
		else if (span_starts(word, SPAN_LIT("size=")))
			span_u64(span_skip(word, 5), &mail.size);
		else if (span_eq(word, SPAN_LIT("<>")) || mail.from.n == 0)
			mail.from = word;
		else
			recipients[mail.nto++] = word;
	}
	if (span_eq(mail.from, SPAN_LIT("<>")))
		mail.from.n = 0;
	if (smtp_mail(smtp, &mail, &e) != ERR_OK)
		script_event(to, "refused: %s", e.text);
}

static void
act(void *engine, struct span words, struct script_events *to)
{
	struct span verb = { NULL, 0 };

	span_split(&words, ' ', &verb);
	if (span_eq(verb, SPAN_LIT("secured"))) {
		smtp_secured(engine);
	} else if (span_eq(verb, SPAN_LIT("mail"))) {
		act_mail(engine, words, to);
	} else if (span_eq(verb, SPAN_LIT("body"))) {
		smtp_body(engine, words);
		smtp_body(engine, SPAN_LIT("\n"));
	} else if (span_eq(verb, SPAN_LIT("end"))) {
		smtp_body_end(engine);
	} else if (span_eq(verb, SPAN_LIT("dot"))) {
		smtp_dot(engine);
	} else if (span_eq(verb, SPAN_LIT("quit"))) {
		smtp_quit(engine);
	} else {
		cr_assert_fail("unknown act %.*s", SPAN_ARG(verb));
	}
}

static const struct script_engine engine = {
	create, destroy, step, output, sent, error, act,
};

Test(smtp, plays_every_session_the_same_however_it_is_cut)
{
	script_play_all(&engine, "smtp");
}

/* A session driven by hand. */
struct session {
	struct smtp *smtp;
	struct buf sent;
	struct smtp_event event;
};

/* Feeds a text; what the engine says to it after its last event. */
static enum step
say(struct session *s, const char *text)
{
	struct span in = span_of(text);
	enum step got;

	do {
		struct smtp_event event;
		struct span out;

		got = smtp_step(s->smtp, &in, &event);
		if (got == STEP_EVENT)
			s->event = event;
		out = smtp_output(s->smtp);
		buf_put(&s->sent, out);
		smtp_sent(s->smtp, out.n);
	} while (got == STEP_EVENT);
	return got;
}

static struct session
start(enum channel channel, const char *password)
{
	struct session_settings settings = {
		.channel = channel,
		.credentials = { SPAN("budi"), span_of(password) },
		.host = SPAN("mail.example"),
	};

	return (struct session){ .smtp = smtp_new(&settings) };
}

static void
finish(struct session *s)
{
	smtp_free(s->smtp);
	buf_fini(&s->sent);
}

static void
send_one(struct session *s)
{
	static const struct span to[] = { SPAN("siti@b.example") };
	static const struct smtp_mail mail = {
		.from = SPAN("budi@a.example"), .to = to, .nto = 1,
	};

	cr_assert_eq(smtp_mail(s->smtp, &mail, NULL), ERR_OK);
}

/* The stages of a session, and what the server must say to pass each. */
enum stage {
	AT_GREETING, AT_CLEAR_EHLO, AT_STARTTLS, AT_EHLO, AT_AUTH, AT_MAIL,
	AT_RCPT, AT_DATA, AT_LETTER, AT_DOT, AT_RSET, AT_QUIT, STAGES,
};

static const char *const passes[STAGES] = {
	[AT_GREETING] = "220 hello\r\n",
	[AT_CLEAR_EHLO] = "250-x\r\n250 STARTTLS\r\n",
	[AT_STARTTLS] = "220 go\r\n",
	[AT_EHLO] = "250-x\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n",
	[AT_AUTH] = "235 ok\r\n",
	[AT_MAIL] = "250 ok\r\n",
	[AT_RCPT] = "250 ok\r\n",
	[AT_DATA] = "354 go\r\n",
	[AT_LETTER] = "",
	[AT_DOT] = "250 queued\r\n",
	[AT_RSET] = "250 ok\r\n",
	[AT_QUIT] = "221 bye\r\n",
};

/* Plays a session up to a stage; returns it waiting there. */
static struct session
reach(enum stage stage)
{
	struct session s = start(CHANNEL_STARTTLS, "rahasia");

	for (enum stage at = AT_GREETING; at < stage; at++) {
		if (at == AT_MAIL)
			send_one(&s);
		if (at == AT_DOT)
			smtp_dot(s.smtp);
		if (at == AT_RSET) {	/* of a second, refused letter */
			send_one(&s);
			cr_assert_eq(say(&s, "550 no\r\n"), STEP_MORE);
		}
		cr_assert_eq(say(&s, passes[at]), STEP_MORE, "at %d", at);
		if (at == AT_STARTTLS)
			smtp_secured(s.smtp);
		if (at == AT_DATA)
			smtp_body(s.smtp, SPAN_LIT("a: b\r\n\r\nc\r\n"));
		if (at == AT_LETTER) {
			smtp_body_end(s.smtp);
			cr_assert_eq(say(&s, ""), STEP_MORE);
			cr_assert_eq(s.event.kind, SMTP_DOT);
		}
	}
	if (stage == AT_MAIL)
		send_one(&s);
	if (stage == AT_DOT)
		smtp_dot(s.smtp);
	if (stage == AT_RSET) {
		send_one(&s);
		cr_assert_eq(say(&s, "550 no\r\n"), STEP_MORE);
	}
	if (stage == AT_QUIT)
		smtp_quit(s.smtp);
	say(&s, "");
	buf_reset(&s.sent);
	s.event = (struct smtp_event){ .kind = SMTP_STARTTLS };
	return s;
}

/* What a reply must lead to: an error, an event, or the next stage. */
struct outcome {
	enum err error;		/* or ERR_OK */
	int event;		/* enum smtp_event_kind, or -1 */
};

static struct outcome
fails(enum err error)
{
	return (struct outcome){ error, -1 };
}

static struct outcome
gives(enum smtp_event_kind kind)
{
	return (struct outcome){ ERR_OK, (int)kind };
}

/* The error of a login stage whose good reply is not this one. */
static struct outcome
login_outcome(int code, enum err for_good)
{
	if (code / 100 == 4)
		return fails(ERR_AGAIN);
	return fails(code / 100 == 5 ? for_good : ERR_PROTO);
}

static struct outcome
expected(enum stage stage, int code)
{
	bool is_yes = code / 100 == 2, is_go_on = code / 100 == 3;

	if (code == 421 && stage != AT_DOT && stage != AT_QUIT)
		return fails(ERR_AGAIN);
	switch (stage) {
	case AT_GREETING:
		return code == 220 ? (struct outcome){ ERR_OK, -1 } :
		    login_outcome(code, ERR_REFUSED);
	case AT_CLEAR_EHLO:
		/* 250 without STARTTLS */
		return code == 250 ? fails(ERR_TLS) :
		    login_outcome(code, ERR_REFUSED);
	case AT_STARTTLS:
		if (code == 220)
			return gives(SMTP_STARTTLS);
		return fails(code / 100 == 4 ? ERR_AGAIN : ERR_TLS);
	case AT_EHLO:
		/* 250 without AUTH */
		return code == 250 ? fails(ERR_AUTH) :
		    login_outcome(code, ERR_REFUSED);
	case AT_AUTH:
		if (is_yes)
			return gives(SMTP_READY);
		/* 334 after PLAIN has said everything */
		return code == 334 ? fails(ERR_AUTH) :
		    login_outcome(code, ERR_AUTH);
	case AT_MAIL:
		if (is_yes)
			return (struct outcome){ ERR_OK, -1 };
		return is_go_on ? fails(ERR_PROTO) : gives(SMTP_FAILED);
	case AT_RCPT:
		if (is_yes)
			return gives(SMTP_RECIPIENT);
		return is_go_on ? fails(ERR_PROTO) : gives(SMTP_FAILED);
	case AT_DATA:
		if (code == 354)
			return gives(SMTP_DATA);
		return is_yes || is_go_on ? fails(ERR_PROTO) :
		    gives(SMTP_FAILED);
	case AT_LETTER:
		return login_outcome(code, ERR_REFUSED);
	case AT_DOT:
		if (code == 421)
			return (struct outcome){ ERR_AGAIN, SMTP_FAILED };
		if (is_yes)
			return gives(SMTP_ACCEPTED);
		return is_go_on ? fails(ERR_PROTO) : gives(SMTP_FAILED);
	case AT_RSET:
		return is_yes ? (struct outcome){ ERR_OK, -1 } :
		    fails(ERR_AGAIN);
	case AT_QUIT:
		return gives(SMTP_CLOSED);
	case STAGES:
		break;
	}
	return fails(ERR_OK);
}

static void
check_reply(enum stage stage, const char *line, struct outcome want)
{
	struct session s = reach(stage);
	bool has_failed = say(&s, line) == STEP_ERROR;

	cr_expect_eq(smtp_error(s.smtp)->kind, want.error,
	    "stage %d, \"%s\": %s", stage, line, smtp_error(s.smtp)->text);
	cr_expect_eq(has_failed, want.error != ERR_OK);
	if (want.event >= 0)
		cr_expect_eq((int)s.event.kind, want.event, "stage %d, \"%s\"",
		    stage, line);
	if (has_failed)
		cr_expect_eq(smtp_output(s.smtp).n, 0);
	cr_expect_null(strstr(buf_str(&s.sent), "rahasia"));
	if (stage < AT_EHLO && has_failed)
		cr_expect_eq(s.sent.n, 0, "\"%s\"", buf_str(&s.sent));
	finish(&s);
}

Test(smtp, gives_every_code_at_every_stage_a_defined_end)
{
	for (enum stage stage = AT_GREETING; stage < STAGES; stage++)
		for (int code = 200; code <= 599; code++) {
			char line[32];

			snprintf(line, sizeof line, "%d x\r\n", code);
			check_reply(stage, line, expected(stage, code));
		}
}

Test(smtp, takes_nothing_else_for_a_reply)
{
	static const char *const garbage[] = {
		"\r\n", "\n", "x\r\n", "25\r\n", "250x\r\n", "25 0\r\n",
		"150 x\r\n", "600 x\r\n", "099 x\r\n", "2500 x\r\n",
		"\x80\xff\r\n", "+OK\r\n", "* OK\r\n", "250-a\r\n251 b\r\n",
		"-250 x\r\n", " 250 x\r\n", "HTTP/1.1 400 Bad Request\r\n",
	};

	for (enum stage stage = AT_GREETING; stage < STAGES; stage++)
		for (size_t i = 0; i < ARRAY_LEN(garbage); i++)
			check_reply(stage, garbage[i], fails(ERR_PROTO));
}

Test(smtp, limits_the_length_of_replies)
{
	struct session s = start(CHANNEL_TLS, "");
	CLEANUP(buf_fini) struct buf text = { 0 };

	for (int i = 0; i <= SMTP_REPLY_LINES_MAX; i++)
		buf_puts(&text, "220-x\r\n");
	cr_expect_eq(say(&s, buf_str(&text)), STEP_ERROR);
	cr_expect_eq(smtp_error(s.smtp)->kind, ERR_LIMIT);
	finish(&s);

	s = start(CHANNEL_TLS, "");
	buf_reset(&text);
	for (int i = 0; i <= SMTP_LINE_MAX; i++)
		buf_putc(&text, '2');
	cr_expect_eq(say(&s, buf_str(&text)), STEP_ERROR);
	cr_expect_eq(smtp_error(s.smtp)->kind, ERR_LIMIT);
	finish(&s);
}

/* A session without login that is ready; `extensions` as EHLO lines. */
static struct session
ready(const char *extensions)
{
	struct session s = start(CHANNEL_TLS, "");

	say(&s, "220 x\r\n");
	say(&s, "250-x\r\n");
	say(&s, extensions);
	cr_assert_eq(say(&s, "250 HELP\r\n"), STEP_MORE);
	cr_assert_eq(s.event.kind, SMTP_READY);
	buf_reset(&s.sent);
	return s;
}

Test(smtp, refuses_addresses_that_are_more_than_an_address)
{
	static const struct span bad[] = {
		SPAN("a@b\r\nDATA"), SPAN("a@b\n"), SPAN("a@b\r"),
		SPAN("a\0@b"), SPAN("a b@c"), SPAN("a@b> SIZE=1"),
		SPAN("<a@b>"), SPAN("a\t@b"), SPAN("a@b\x7f"),
		SPAN("\xff@b"), SPAN("si\xc5\xa9@b"),
	};
	static const struct span good = SPAN("siti@b.example");
	struct session s = ready("250-8BITMIME\r\n");

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct span two[] = { good, bad[i] };
		struct smtp_mail to_bad = {
			.from = good, .to = two, .nto = 2,
		};
		struct smtp_mail from_bad = {
			.from = bad[i], .to = &good, .nto = 1,
		};
		struct error e;

		cr_expect_eq(smtp_mail(s.smtp, &to_bad, &e), ERR_REFUSED,
		    "%zu", i);
		cr_expect_eq(smtp_mail(s.smtp, &from_bad, &e), ERR_REFUSED,
		    "%zu", i);
		cr_expect_eq(smtp_output(s.smtp).n, 0);
		cr_expect_null(strpbrk(e.text, "\r\n"), "%zu", i);
	}
	finish(&s);
}

Test(smtp, refuses_beforehand_what_the_server_cannot_take)
{
	static struct span to[SMTP_RECIPIENTS_MAX + 1];
	struct session s = ready("250-SIZE 1000\r\n");
	struct smtp_mail mail = { .from = SPAN("a@b"), .to = to, .nto = 1 };
	struct span none = { NULL, 0 };
	struct error e;

	for (size_t i = 0; i < ARRAY_LEN(to); i++)
		to[i] = SPAN_LIT("c@d");
	mail.size = 1001;
	cr_expect_eq(smtp_mail(s.smtp, &mail, &e), ERR_REFUSED);
	mail.size = 1000;
	mail.is_8bit = true;
	cr_expect_eq(smtp_mail(s.smtp, &mail, &e), ERR_REFUSED);
	mail.is_8bit = false;
	mail.nto = 0;
	cr_expect_eq(smtp_mail(s.smtp, &mail, &e), ERR_REFUSED);
	mail.nto = SMTP_RECIPIENTS_MAX + 1;
	cr_expect_eq(smtp_mail(s.smtp, &mail, &e), ERR_REFUSED);
	mail.to = &none;
	mail.nto = 1;
	cr_expect_eq(smtp_mail(s.smtp, &mail, &e), ERR_REFUSED);
	cr_expect_eq(smtp_output(s.smtp).n, 0);
	mail.to = to;
	cr_expect_eq(smtp_mail(s.smtp, &mail, &e), ERR_OK);
	cr_expect_eq(smtp_size_limit(s.smtp), 1000);
	finish(&s);
}

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

Test(smtp, pipelines_recipients_in_groups_and_never_the_data)
{
	struct session s = ready("250-PIPELINING\r\n");
	struct span to[RECIPIENTS];
	struct smtp_mail mail = { .from = SPAN("a@b"), .to = to,
	    .nto = RECIPIENTS };

	for (size_t i = 0; i < RECIPIENTS; i++)
		to[i] = SPAN_LIT("c@d");
	smtp_mail(s.smtp, &mail, NULL);
	say(&s, "");
	cr_expect_eq(count(buf_str(&s.sent), "MAIL"), 1);
	cr_expect_eq(count(buf_str(&s.sent), "RCPT"), SMTP_PIPELINE_MAX);
	for (size_t i = 0; i < RECIPIENTS; i++) {
		cr_expect_eq(count(buf_str(&s.sent), "DATA"), 0);
		say(&s, "250 ok\r\n");
	}
	cr_expect_eq(count(buf_str(&s.sent), "DATA"), 0);
	say(&s, "250 ok\r\n");
	cr_expect_eq(s.event.index, RECIPIENTS - 1);
	cr_expect_eq(count(buf_str(&s.sent), "RCPT"), RECIPIENTS);
	cr_expect_eq(count(buf_str(&s.sent), "DATA"), 1);
	finish(&s);
}

Test(smtp, tells_of_the_dot_only_when_all_before_it_is_sent)
{
	struct session s = ready("");
	struct span none = { NULL, 0 }, out;
	struct smtp_event event;

	send_one(&s);
	say(&s, "250 a\r\n");
	say(&s, "250 a\r\n");
	say(&s, "354 a\r\n");
	smtp_body(s.smtp, SPAN_LIT("a: b"));
	smtp_body_end(s.smtp);
	out = smtp_output(s.smtp);
	cr_expect(span_eq(out, SPAN_LIT("a: b\r\n")));
	for (size_t left = out.n; left > 0; left--) {
		cr_expect_eq(smtp_step(s.smtp, &none, &event), STEP_MORE);
		smtp_sent(s.smtp, 1);
	}
	cr_expect_eq(smtp_step(s.smtp, &none, &event), STEP_EVENT);
	cr_expect_eq(event.kind, SMTP_DOT);
	cr_expect_eq(smtp_step(s.smtp, &none, &event), STEP_MORE);
	cr_expect_eq(smtp_output(s.smtp).n, 0);
	smtp_dot(s.smtp);
	cr_expect(span_eq(smtp_output(s.smtp), SPAN_LIT(".\r\n")));
	finish(&s);
}

/* The obvious twin: what the letter is with CRLF line ends. */
static void
normalise(struct buf *out, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\r' || p[i] == '\n')
			buf_puts(out, "\r\n");
		else
			buf_putc(out, p[i]);
		if (p[i] == '\r' && i + 1 < n && p[i + 1] == '\n')
			i++;
	}
	if (out->n && out->p[out->n - 1] != '\n')
		buf_puts(out, "\r\n");
}

/* The obvious server: lines up to a lone dot, less one dot each. */
static bool
unstuff(struct buf *out, const struct buf *wire)
{
	for (size_t at = 0; at < wire->n;) {
		const char *line = wire->p + at;
		const char *end = strstr(line, "\r\n");
		size_t n = (size_t)(end - line);

		if (n == 1 && *line == '.')
			return at + 3 == wire->n;
		cr_assert_null(memchr(line, '\r', n));
		cr_assert_null(memchr(line, '\n', n));
		buf_put(out, (struct span){ line + (*line == '.'),
		    n + 2 - (*line == '.') });
		at += n + 2;
	}
	return false;
}

Test(smtp, stuffs_any_letter_cut_anywhere_so_that_it_arrives)
{
	static const char alphabet[] = "..\r\r\n\n\nab";
	unsigned seed = 4711;

	for (int round = 0; round < 20000; round++) {
		CLEANUP(buf_fini) struct buf want = { 0 }, got = { 0 };
		struct output wire = { 0 };
		struct smtp_stuffer stuffer = { 0 };
		char letter[24];
		size_t n, at = 0;

		seed = seed * 1103515245 + 12345;
		n = seed >> 16 & 15;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			letter[i] = alphabet[(seed >> 16) %
			    (sizeof alphabet - 1)];
		}
		normalise(&want, letter, n);
		while (at < n) {
			size_t part;

			seed = seed * 1103515245 + 12345;
			part = (seed >> 16) % (n - at + 1);
			smtp_stuff(&stuffer, (struct span){ letter + at,
			    part }, &wire);
			at += part;
		}
		smtp_stuff_end(&stuffer, &wire);
		output_puts(&wire, ".\r\n");
		cr_assert(unstuff(&got, &wire.bytes), "round %d", round);
		cr_assert(span_eq(buf_span(&got), buf_span(&want)),
		    "round %d", round);
		output_fini(&wire);
	}
}
