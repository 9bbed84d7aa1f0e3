/* SPDX-License-Identifier: MIT */
/*
 * The POP3 engine: sessions of tests/data/pop3 played in every cut, and
 * what needs more than a script.  Acts there: retr N, top N L, dele N,
 * stat, uidl, list, noop, rset, quit, secured.
 */
#include <criterion/criterion.h>
#include <gsasl.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "protocol/pop3.h"
#include "protocol/pop3_data.h"
#include "script.h"

static void *
create(const struct session_settings *settings)
{
	return pop3_new(settings);
}

static void
destroy(void *engine)
{
	pop3_free(engine);
}

static const char *
code_word(enum pop3_code code)
{
	static const char *const words[] = {
		[POP3_CODE_NONE] = "-",
		[POP3_CODE_IN_USE] = "in-use",
		[POP3_CODE_LOGIN_DELAY] = "login-delay",
		[POP3_CODE_SYS_TEMP] = "sys-temp",
		[POP3_CODE_SYS_PERM] = "sys-perm",
		[POP3_CODE_AUTH] = "auth",
	};

	return words[code];
}

static void
describe(const struct pop3_event *e, struct script_events *to)
{
	switch (e->kind) {
	case POP3_STARTTLS:
		script_event(to, "starttls");
		break;
	case POP3_READY:
		script_event(to, "ready");
		break;
	case POP3_UIDL:
		script_event(to, "uidl %u %.*s", e->number, SPAN_ARG(e->uidl));
		break;
	case POP3_LIST:
		script_event(to, "list %u %llu", e->number,
		    (unsigned long long)e->size);
		break;
	case POP3_DATA:
		script_data(to, e->number, e->piece);
		break;
	case POP3_DONE:
		script_event(to, "done %u %s %u %llu %s %.*s", e->tag,
		    e->ok ? "ok" : "no", e->number,
		    (unsigned long long)e->size, code_word(e->code),
		    SPAN_ARG(e->text));
		break;
	}
}

static enum step
step(void *engine, struct span *in, struct script_events *to)
{
	struct pop3_event event;
	enum step got = pop3_step(engine, in, &event);

	if (got == STEP_EVENT)
		describe(&event, to);
	return got;
}

static struct span
output(const void *engine)
{
	return pop3_output(engine);
}

static void
sent(void *engine, size_t n)
{
	pop3_sent(engine, n);
}

static const struct error *
error(const void *engine)
{
	return pop3_error(engine);
}

static void
act(void *engine, struct span words, struct script_events *to)
{
	struct span verb = { NULL, 0 }, first = { NULL, 0 };
	uint32_t a = 0, b = 0;

	(void)to;
	span_split(&words, ' ', &verb);
	span_split(&words, ' ', &first);
	span_u32(first, &a);
	span_u32(words, &b);
	if (span_eq(verb, SPAN_LIT("secured")))
		pop3_secured(engine);
	else if (span_eq(verb, SPAN_LIT("retr")))
		pop3_retr(engine, a);
	else if (span_eq(verb, SPAN_LIT("top")))
		pop3_top(engine, a, b);
	else if (span_eq(verb, SPAN_LIT("dele")))
		pop3_dele(engine, a);
	else if (span_eq(verb, SPAN_LIT("stat")))
		pop3_stat(engine);
	else if (span_eq(verb, SPAN_LIT("uidl")))
		pop3_uidl(engine);
	else if (span_eq(verb, SPAN_LIT("list")))
		pop3_list(engine);
	else if (span_eq(verb, SPAN_LIT("noop")))
		pop3_noop(engine);
	else if (span_eq(verb, SPAN_LIT("rset")))
		pop3_rset(engine);
	else if (span_eq(verb, SPAN_LIT("quit")))
		pop3_quit(engine);
	else
		cr_assert_fail("unknown act %.*s", SPAN_ARG(verb));
}

static const struct script_engine engine = {
	create, destroy, step, output, sent, error, act,
};

Test(pop3, plays_every_session_the_same_however_it_is_cut)
{
	script_play_all(&engine, "pop3");
}

/* Feeds one packet; the step behind its last event.  Counts the DONEs. */
static enum step
say(struct pop3 *pop3, struct buf *wire, struct span in, unsigned *done)
{
	struct pop3_event event;
	enum step got;

	do {
		struct span out;

		got = pop3_step(pop3, &in, &event);
		if (got == STEP_EVENT && event.kind == POP3_DONE && done)
			++*done;
		out = pop3_output(pop3);
		buf_put(wire, out);
		pop3_sent(pop3, out.n);
	} while (got == STEP_EVENT);
	return got;
}

static struct pop3 *
start(const char *user, const char *password)
{
	struct session_settings settings = {
		.channel = CHANNEL_TLS,
		.credentials = { span_of(user), span_of(password) },
		.host = SPAN("mail.example"),
	};

	return pop3_new(&settings);
}

/* In TRANSACTION, with PIPELINING. */
static struct pop3 *
ready(struct buf *wire)
{
	struct pop3 *pop3 = start("budi", "x");

	cr_assert_eq(say(pop3, wire, SPAN_LIT("+OK\r\n-ERR\r\n+OK\r\n+OK\r\n"
	    "+OK\r\nPIPELINING\r\nLOGIN-DELAY 900 USER\r\n.\r\n"), NULL),
	    STEP_MORE);
	buf_reset(wire);
	return pop3;
}

static size_t
count(const struct buf *wire, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < wire->n; i++)
		n += wire->p[i] == c;
	return n;
}

Test(pop3, keeps_a_window_of_commands_under_way)
{
	CLEANUP(buf_fini) struct buf wire = { 0 };
	struct pop3 *pop3 = ready(&wire);
	unsigned done = 0;

	cr_expect_eq(pop3_login_delay(pop3), 900);
	cr_expect_eq(pop3_expire_days(pop3), UINT32_MAX);
	for (uint32_t i = 1; i <= 500; i++)
		pop3_dele(pop3, i);
	pop3_quit(pop3);
	cr_expect_eq(pop3_in_flight(pop3), 501);
	say(pop3, &wire, SPAN_LIT(""), NULL);
	cr_expect_eq(count(&wire, '\n'), 64);
	for (unsigned i = 1; i <= 500; i++) {
		cr_expect_null(strstr(buf_str(&wire), "QUIT"));
		say(pop3, &wire, SPAN_LIT("+OK\r\n"), &done);
		cr_expect_eq(done, i);
	}
	cr_expect_eq(count(&wire, '\n'), 501);
	cr_expect(span_ends(buf_span(&wire), SPAN_LIT("QUIT\r\n")));
	pop3_free(pop3);
}

Test(pop3, stops_a_listing_without_end)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, lines = { 0 };
	struct pop3 *pop3 = ready(&wire);
	enum step got = STEP_MORE;
	int packets = 0;

	for (int i = 0; i < 10000; i++)
		buf_puts(&lines, "x\r\n");
	pop3_uidl(pop3);
	say(pop3, &wire, SPAN_LIT("+OK\r\n"), NULL);
	for (; got == STEP_MORE; packets++)
		got = say(pop3, &wire, buf_span(&lines), NULL);
	cr_expect_eq(packets, POP3_LISTING_MAX / 10000 + 1);
	cr_expect_eq(pop3_error(pop3)->kind, ERR_LIMIT);
	pop3_free(pop3);
}

Test(pop3, stops_a_letter_without_end)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, part = { 0 };
	struct pop3 *pop3 = ready(&wire);
	enum step got = STEP_MORE;
	uint64_t size = 0;

	memset(buf_room(&part, 1 << 20), 'x', 1 << 20);
	buf_grew(&part, 1 << 20);
	pop3_retr(pop3, 1);
	say(pop3, &wire, SPAN_LIT("+OK\r\n"), NULL);
	for (; got == STEP_MORE; size += part.n)
		got = say(pop3, &wire, buf_span(&part), NULL);
	cr_expect_eq(size, POP3_MESSAGE_MAX + part.n);
	cr_expect_eq(pop3_error(pop3)->kind, ERR_LIMIT);
	pop3_free(pop3);
}

Test(pop3, stops_a_line_without_end)
{
	CLEANUP(buf_fini) struct buf wire = { 0 };
	struct pop3 *pop3 = start("budi", "x");
	enum step got = STEP_MORE;
	size_t n = 0;

	for (; got == STEP_MORE; n++)
		got = say(pop3, &wire, SPAN_LIT("+"), NULL);
	cr_expect_eq(n, POP3_LINE_MAX + 1);
	cr_expect_eq(pop3_error(pop3)->kind, ERR_LIMIT);
	pop3_free(pop3);
}

Test(pop3, cannot_be_made_to_send_a_second_line_by_a_password)
{
	static const char *const bad[][2] = {
		{ "budi\r\nDELE 1", "x" }, { "budi", "x\nDELE 1" },
		{ "budi", "\r" },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		CLEANUP(buf_fini) struct buf wire = { 0 };
		struct pop3 *pop3 = start(bad[i][0], bad[i][1]);

		say(pop3, &wire, SPAN_LIT("+OK\r\n"), NULL);
		cr_expect_eq(say(pop3, &wire, SPAN_LIT("-ERR\r\n"), NULL),
		    STEP_ERROR);
		cr_expect_eq(pop3_error(pop3)->kind, ERR_AUTH);
		cr_expect_str_eq(buf_str(&wire), "CAPA\r\n");
		pop3_free(pop3);
	}
}

static int
tell_server(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
	(void)library;
	if (property == GSASL_PASSWORD)
		return gsasl_property_set(session, property, "rahasia");
	if (property == GSASL_SCRAM_ITER)
		return gsasl_property_set(session, property, "4096");
	return GSASL_NO_CALLBACK;
}

/* One answer of the server's mechanism to what the client sent last. */
static void
scram_round(Gsasl_session *server, struct buf *wire, struct buf *reply)
{
	struct span sent = span_trim(buf_span(wire));
	size_t blank = sent.n;
	char *text = NULL, *base64;

	while (blank > 0 && sent.p[blank - 1] != ' ')
		blank--;
	base64 = span_dup(span_skip(sent, blank));
	buf_reset(reply);
	buf_reset(wire);
	buf_puts(reply, "+ ");
	if (gsasl_step64(server, base64, &text) <= GSASL_NEEDS_MORE && text)
		buf_puts(reply, text);
	buf_puts(reply, "\r\n");
	gsasl_free(text);
	free(base64);
}

enum scram_lie { HONEST, YES_WITHOUT_PROOF, WRONG_PROOF };

static enum err
log_in_by_scram(enum scram_lie lie)
{
	CLEANUP(buf_fini) struct buf wire = { 0 }, reply = { 0 };
	struct pop3 *pop3 = start("budi", "rahasia");
	Gsasl *library;
	Gsasl_session *server;
	enum err err;

	gsasl_init(&library);
	gsasl_callback_set(library, tell_server);
	gsasl_server_start(library, "SCRAM-SHA-256", &server);
	say(pop3, &wire, SPAN_LIT("+OK\r\n+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n"),
	    NULL);
	scram_round(server, &wire, &reply);
	say(pop3, &wire, buf_span(&reply), NULL);
	scram_round(server, &wire, &reply);
	if (lie == WRONG_PROOF)
		reply.p[10] ^= 1;
	if (lie != YES_WITHOUT_PROOF)
		say(pop3, &wire, buf_span(&reply), NULL);
	if (lie == HONEST)
		cr_expect_str_eq(buf_str(&wire), "\r\n");
	say(pop3, &wire, SPAN_LIT("+OK\r\n"), NULL);
	err = pop3_error(pop3)->kind;
	gsasl_finish(server);
	gsasl_done(library);
	pop3_free(pop3);
	return err;
}

Test(pop3, believes_a_scram_server_only_with_its_proof)
{
	cr_expect_eq(log_in_by_scram(HONEST), ERR_OK);
	cr_expect_eq(log_in_by_scram(YES_WITHOUT_PROOF), ERR_AUTH);
	cr_expect_eq(log_in_by_scram(WRONG_PROOF), ERR_AUTH);
}

static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16;
}

/* The obvious twin: what a server sends for a letter of CRLF lines. */
static void
stuff(struct buf *wire, const struct buf *letter)
{
	for (size_t i = 0; i < letter->n; i++) {
		bool is_start = i == 0 || (i > 1 &&
		    letter->p[i - 1] == '\n' && letter->p[i - 2] == '\r');

		if (is_start && letter->p[i] == '.')
			buf_putc(wire, '.');
		buf_putc(wire, letter->p[i]);
	}
	buf_puts(wire, ".\r\n");
}

static void
unstuff_cut(unsigned *seed, struct buf *got, struct span wire)
{
	struct pop3_data data;
	enum pop3_piece kind = POP3_PIECE_MORE;

	pop3_data_begin(&data, false);
	while (wire.n) {
		struct span part = span_take(&wire,
		    next_random(seed) % (wire.n + 1));
		struct span piece;

		while ((kind = pop3_data_take(&data, &part, &piece)) ==
		    POP3_PIECE_DATA)
			buf_put(got, piece);
		cr_assert_eq(part.n, 0);
		cr_assert_eq(kind == POP3_PIECE_END, wire.n == 0 &&
		    kind != POP3_PIECE_MORE);
	}
	cr_assert_eq(kind, POP3_PIECE_END);
	cr_assert_eq(data.size, got->n);
}

Test(pop3, unstuffs_any_letter_cut_anywhere)
{
	static const char *const parts[] = { "\r\n", "\r\n", ".", ".", "a",
	    "\r" };
	unsigned seed = 4711;

	for (int round = 0; round < 20000; round++) {
		CLEANUP(buf_fini) struct buf letter = { 0 }, wire = { 0 },
		    got = { 0 };
		unsigned n = next_random(&seed) % 16;

		while (n--)
			buf_puts(&letter, parts[next_random(&seed) %
			    ARRAY_LEN(parts)]);
		if (letter.n && !span_ends(buf_span(&letter),
		    SPAN_LIT("\r\n")))
			buf_puts(&letter, "\r\n");
		stuff(&wire, &letter);
		unstuff_cut(&seed, &got, buf_span(&wire));
		cr_assert(span_eq(buf_span(&got), buf_span(&letter)),
		    "round %d", round);
	}
}
