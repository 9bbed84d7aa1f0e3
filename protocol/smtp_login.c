/* SPDX-License-Identifier: MIT */
/*
 * From the greeting to SMTP_READY: EHLO, STARTTLS where it is a must, EHLO,
 * AUTH when there is a password.  In clear only EHLO and STARTTLS leave,
 * and what the server said there is forgotten when TLS begins.  HELO is
 * spoken only to a server of the scheme +insecure that wants no login.
 */
#include "base/bug.h"
#include "protocol/smtp_private.h"

enum { AUTH_LINE_MAX = 512 };	/* octets with CRLF; RFC 4954 4 */

static smtp_state on_helo, on_starttls, on_auth;

/* The host's own name or address is nobody's business. */
#define OUR_NAME "[127.0.0.1]"

static const struct {
	struct span name;
	unsigned bit;
} known[] = {
	{ SPAN("STARTTLS"), SMTP_EXT_STARTTLS },
	{ SPAN("AUTH"), SMTP_EXT_AUTH },
	{ SPAN("PIPELINING"), SMTP_EXT_PIPELINING },
	{ SPAN("SIZE"), SMTP_EXT_SIZE },
	{ SPAN("8BITMIME"), SMTP_EXT_8BITMIME },
	{ SPAN("SMTPUTF8"), SMTP_EXT_SMTPUTF8 },
	{ SPAN("DSN"), SMTP_EXT_DSN },
	{ SPAN("CHUNKING"), SMTP_EXT_CHUNKING },
	{ SPAN("ENHANCEDSTATUSCODES"), SMTP_EXT_ENHANCEDSTATUSCODES },
};

static void
forget_extensions(struct smtp *s)
{
	s->extensions = 0;
	s->size_limit = 0;
	buf_reset(&s->mechanisms);
}

static enum step
ask_ehlo(struct smtp *s)
{
	output_puts(&s->engine.output, "EHLO " OUR_NAME "\r\n");
	s->state = smtp_on_ehlo;
	return STEP_MORE;
}

/* The session ends here; what the code means for trying again. */
static enum step
refused(struct smtp *s, const struct smtp_reply *reply, const char *what,
    enum err for_good)
{
	enum err kind = ERR_PROTO;

	switch (smtp_verdict(reply)) {
	case SMTP_VERDICT_YES:
	case SMTP_VERDICT_GO_ON:
		return smtp_out_of_order(s, reply);
	case SMTP_VERDICT_LATER:
		kind = ERR_AGAIN;
		break;
	case SMTP_VERDICT_NO:
		kind = for_good;
		break;
	}
	return engine_fail(&s->engine, kind, "%s (%d)%s", what, reply->code,
	    engine_words(&s->engine, reply->text));
}

enum step
smtp_on_greeting(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	(void)event;
	if (reply->code == 220)
		return ask_ehlo(s);
	return refused(s, reply, "the server takes no session", ERR_REFUSED);
}

static enum step
ready(struct smtp *s, struct smtp_event *event)
{
	smtp_idle(s);
	event->kind = SMTP_READY;
	return STEP_EVENT;
}

static enum step
log_in(struct smtp *s, struct smtp_event *event)
{
	const struct session_settings *settings = &s->engine.settings;
	struct span mechanism;

	if (settings->credentials.password.n == 0)
		return ready(s, event);
	if (!(s->extensions & SMTP_EXT_AUTH) &&
	    settings->channel == CHANNEL_INSECURE)
		return ready(s, event);
	mechanism = sasl_choose(buf_span(&s->mechanisms), settings);
	if (mechanism.n == 0)
		return engine_fail(&s->engine, ERR_AUTH,
		    "the server offers no way to log in that can be used "
		    "here");
	s->state = on_auth;
	return engine_auth(&s->engine, mechanism, "smtp", AUTH_LINE_MAX);
}

static enum step
start_tls(struct smtp *s)
{
	if (!(s->extensions & SMTP_EXT_STARTTLS))
		return engine_fail(&s->engine, ERR_TLS,
		    "the server does not offer STARTTLS; nothing was sent in "
		    "clear");
	output_puts(&s->engine.output, "STARTTLS\r\n");
	s->state = on_starttls;
	return STEP_MORE;
}

/* "AUTH PLAIN LOGIN", "SIZE 1000"; "AUTH=PLAIN" of servers before 1999. */
static void
note_extension(struct smtp *s, struct span line)
{
	struct span rest = span_trim(line), name;

	if (span_istarts(rest, SPAN_LIT("AUTH="))) {
		name = SPAN_LIT("AUTH");
		rest = span_skip(rest, 5);
	} else if (!span_split(&rest, ' ', &name)) {
		return;
	}
	if (session_masks(&s->engine.settings, name))
		return;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (span_ieq(name, known[i].name))
			s->extensions |= known[i].bit;
	if (span_ieq(name, SPAN_LIT("AUTH"))) {
		buf_putc(&s->mechanisms, ' ');
		buf_put(&s->mechanisms, rest);
	} else if (span_ieq(name, SPAN_LIT("SIZE")) &&
	    !span_u64(span_trim(rest), &s->size_limit)) {
		s->size_limit = 0;
	}
}

enum step
smtp_on_ehlo(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	const struct session_settings *settings = &s->engine.settings;
	struct span lines = reply->text, line;

	if (smtp_verdict(reply) == SMTP_VERDICT_NO &&
	    settings->channel == CHANNEL_INSECURE &&
	    settings->credentials.password.n == 0) {
		output_puts(&s->engine.output, "HELO " OUR_NAME "\r\n");
		s->state = on_helo;
		return STEP_MORE;
	}
	if (reply->code != 250)
		return refused(s, reply, "the server refused EHLO",
		    ERR_REFUSED);
	forget_extensions(s);
	span_split(&lines, '\n', &line);	/* its own name */
	while (span_split(&lines, '\n', &line))
		note_extension(s, line);
	if (!engine_may_log_in(&s->engine))
		return start_tls(s);
	return log_in(s, event);
}

static enum step
on_helo(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	if (reply->code == 250)
		return ready(s, event);
	return refused(s, reply, "the server refused HELO", ERR_REFUSED);
}

static enum step
on_starttls(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	if (reply->code == 220) {
		engine_begin_tls(&s->engine);
		event->kind = SMTP_STARTTLS;
		return STEP_EVENT;
	}
	return engine_fail(&s->engine,
	    smtp_verdict(reply) == SMTP_VERDICT_LATER ? ERR_AGAIN : ERR_TLS,
	    "the server refused STARTTLS (%d); nothing was sent in clear",
	    reply->code);
}

void
smtp_login_secured(struct smtp *s)
{
	forget_extensions(s);
	ask_ehlo(s);
}

static enum step
on_auth(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	enum step step;

	if (reply->code == 334)
		return engine_auth_challenge(&s->engine, reply->text);
	if (smtp_verdict(reply) != SMTP_VERDICT_YES)
		return refused(s, reply, "the server refused the login",
		    ERR_AUTH);
	step = engine_auth_done(&s->engine);
	return step == STEP_MORE ? ready(s, event) : step;
}
