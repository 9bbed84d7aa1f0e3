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
