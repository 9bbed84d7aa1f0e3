/* SPDX-License-Identifier: MIT */
/*
 * From the greeting to POP3_READY: CAPA, STLS where it is a must, CAPA,
 * AUTH or USER and PASS, CAPA.  In clear only CAPA and STLS leave, and what
 * the server said there is forgotten when TLS begins.  No APOP: it keeps
 * the password in clear on the server and proves nothing of the server.
 */
#include "base/bug.h"
#include "protocol/pop3_private.h"

enum {
	CAPA_LINES_MAX = 1000,
	AUTH_LINE_MAX = 255,	/* octets with CRLF; RFC 2449 4, RFC 5034 4 */
};

static pop3_state on_capa, on_capability, on_stls, on_auth, on_user, on_pass;

static const struct {
	struct span name;
	unsigned bit;
} known[] = {
	{ SPAN("TOP"), POP3_CAP_TOP },
	{ SPAN("UIDL"), POP3_CAP_UIDL },
	{ SPAN("USER"), POP3_CAP_USER },
	{ SPAN("STLS"), POP3_CAP_STLS },
	{ SPAN("PIPELINING"), POP3_CAP_PIPELINING },
	{ SPAN("RESP-CODES"), POP3_CAP_RESP_CODES },
	{ SPAN("AUTH-RESP-CODE"), POP3_CAP_AUTH_RESP_CODE },
	{ SPAN("UTF8"), POP3_CAP_UTF8 },
};

static void
forget_capabilities(struct pop3 *p)
{
	p->capabilities = 0;
	p->has_sasl = false;
	buf_reset(&p->mechanisms);
	p->login_delay = 0;
	p->expire_days = UINT32_MAX;
	p->lines = 0;
}

static enum step
ask_capa(struct pop3 *p)
{
	output_puts(&p->engine.output, "CAPA\r\n");
	p->state = on_capa;
	return STEP_MORE;
}

static enum step
no_answer(struct pop3 *p, struct span line)
{
	return engine_fail(&p->engine, ERR_PROTO,
	    "the server does not speak POP3%s",
	    engine_words(&p->engine, line));
}

/* What to do about a -ERR: some of them pass by themselves. */
static enum err
refusal_kind(struct span text, enum err otherwise)
{
	switch (pop3_code(text)) {
	case POP3_CODE_IN_USE:
	case POP3_CODE_LOGIN_DELAY:
	case POP3_CODE_SYS_TEMP:
		return ERR_AGAIN;
	case POP3_CODE_NONE:
	case POP3_CODE_SYS_PERM:
	case POP3_CODE_AUTH:
		break;
	}
	return otherwise;
}

/* A refusal for people, without its "[AUTH] ". */
static enum step
refused(struct pop3 *p, struct span text, const char *what,
    enum err otherwise)
{
	enum err kind = refusal_kind(text, otherwise);
	size_t end = span_chr(text, ']');

	if (span_starts(text, SPAN_LIT("[")) && end != SIZE_MAX)
		text = span_skip(text, end + 1);
	return engine_fail(&p->engine, kind, "%s%s", what,
	    engine_words(&p->engine, text));
}

enum step
pop3_on_greeting(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span text;

	(void)event;
	if (pop3_is_ok(line, &text))
		return ask_capa(p);
	if (!pop3_is_err(line, &text))
		return no_answer(p, line);
	return refused(p, text, "the server takes no session", ERR_REFUSED);
}

static enum step
log_in_by_user(struct pop3 *p)
{
	const struct credentials *c = &p->engine.settings.credentials;
	const struct span both[] = { c->user, c->password };

	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		if (span_chr(both[i], '\r') != SIZE_MAX ||
		    span_chr(both[i], '\n') != SIZE_MAX ||
		    span_chr(both[i], '\0') != SIZE_MAX)
			return engine_fail(&p->engine, ERR_AUTH,
			    "the user name or the password has a line end, "
			    "which this server's login cannot carry");
	output_puts(&p->engine.output, "USER ");
	output_put(&p->engine.output, c->user);
	output_puts(&p->engine.output, "\r\n");
	p->state = on_user;
	return STEP_MORE;
}

static enum step
log_in(struct pop3 *p)
{
	const struct session_settings *settings = &p->engine.settings;
	struct span mechanism = sasl_choose(buf_span(&p->mechanisms),
	    settings);

	if (mechanism.n) {
		p->state = on_auth;
		return engine_auth(&p->engine, mechanism, "pop",
		    AUTH_LINE_MAX);
	}
	if (!session_masks(settings, SPAN_LIT("USER")) &&
	    (p->capabilities & POP3_CAP_USER || !p->has_sasl))
		return log_in_by_user(p);
	return engine_fail(&p->engine, ERR_AUTH,
	    "the server offers no way to log in that can be used here");
}

static enum step
start_tls(struct pop3 *p)
{
	if (!(p->capabilities & POP3_CAP_STLS))
		return engine_fail(&p->engine, ERR_TLS,
		    "the server does not offer STLS; nothing was sent in "
		    "clear");
	output_puts(&p->engine.output, "STLS\r\n");
	p->state = on_stls;
	return STEP_MORE;
}

/* CAPA is answered, one way or the other. */
static enum step
after_capa(struct pop3 *p, struct pop3_event *event)
{
	if (!engine_may_log_in(&p->engine))
		return start_tls(p);
	if (!p->is_logged_in)
		return log_in(p);
	p->is_ready = true;
	p->state = pop3_on_answer;
	event->kind = POP3_READY;
	return STEP_EVENT;
}

static enum step
on_capa(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span text;

	if (pop3_is_ok(line, &text)) {
		forget_capabilities(p);
		p->state = on_capability;
		return STEP_MORE;
	}
	if (pop3_is_err(line, &text))
		return after_capa(p, event);
	return no_answer(p, line);
}

/* "LOGIN-DELAY 900 USER", "EXPIRE NEVER": the first word, as a number. */
static uint32_t
first_number(struct span arguments, uint32_t otherwise)
{
	struct span first;
	uint32_t number;

	if (span_split(&arguments, ' ', &first) && span_u32(first, &number))
		return number;
	return otherwise;
}

static void
note_capability(struct pop3 *p, struct span line)
{
	struct span rest = span_trim(line), name;

	if (!span_split(&rest, ' ', &name) ||
	    session_masks(&p->engine.settings, name))
		return;
	rest = span_trim(rest);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (span_ieq(name, known[i].name))
			p->capabilities |= known[i].bit;
	if (span_ieq(name, SPAN_LIT("SASL"))) {
		p->has_sasl = true;
		buf_putc(&p->mechanisms, ' ');
		buf_put(&p->mechanisms, rest);
	} else if (span_ieq(name, SPAN_LIT("LOGIN-DELAY"))) {
		p->login_delay = first_number(rest, 0);
	} else if (span_ieq(name, SPAN_LIT("EXPIRE"))) {
		p->expire_days = first_number(rest, UINT32_MAX);
	}
}

static enum step
on_capability(struct pop3 *p, struct span line, struct pop3_event *event)
{
	if (span_eq(line, SPAN_LIT(".")))
		return after_capa(p, event);
	if (++p->lines > CAPA_LINES_MAX)
		return engine_fail(&p->engine, ERR_LIMIT,
		    "the server lists more than %d capabilities",
		    CAPA_LINES_MAX);
	note_capability(p, line);
	return STEP_MORE;
}

static enum step
on_stls(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span text;

	if (!pop3_is_ok(line, &text))
		return engine_fail(&p->engine, ERR_TLS,
		    "the server refused STLS; nothing was sent in clear");
	engine_begin_tls(&p->engine);
	event->kind = POP3_STARTTLS;
	return STEP_EVENT;
}

void
pop3_login_secured(struct pop3 *p)
{
	forget_capabilities(p);
	ask_capa(p);
}

static enum step
login_refused(struct pop3 *p, struct span text)
{
	return refused(p, text, "the server refused the login", ERR_AUTH);
}

static enum step
logged_in(struct pop3 *p)
{
	p->is_logged_in = true;
	return ask_capa(p);
}

/* "+ challenge"; some send "+" alone. */
static bool
is_challenge(struct span line, struct span *challenge)
{
	if (!span_starts(line, SPAN_LIT("+")))
		return false;
	*challenge = span_skip(line, 1);
	return challenge->n == 0 || *challenge->p == ' ';
}

static enum step
on_auth(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span text;
	enum step step;

	(void)event;
	if (is_challenge(line, &text))
		return engine_auth_challenge(&p->engine, text);
	if (pop3_is_err(line, &text))
		return login_refused(p, text);
	if (!pop3_is_ok(line, &text))
		return no_answer(p, line);
	step = engine_auth_done(&p->engine);
	return step == STEP_MORE ? logged_in(p) : step;
}

static enum step
on_user(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span text;

	(void)event;
	if (pop3_is_err(line, &text))
		return login_refused(p, text);
	if (!pop3_is_ok(line, &text))
		return no_answer(p, line);
	engine_send_secret(&p->engine, "PASS ",
	    p->engine.settings.credentials.password);
	p->state = on_pass;
	return STEP_MORE;
}

static enum step
on_pass(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span text;

	(void)event;
	if (pop3_is_ok(line, &text))
		return logged_in(p);
	if (pop3_is_err(line, &text))
		return login_refused(p, text);
	return no_answer(p, line);
}
