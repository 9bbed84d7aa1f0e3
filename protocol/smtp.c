/* SPDX-License-Identifier: MIT */
/*
 * The life of an SMTP session.  Replies are collected whole, then go to the
 * one state that waits for them; 421 ends the session wherever it comes.
 */
#include "protocol/smtp.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "protocol/smtp_private.h"

struct smtp *
smtp_new(const struct session_settings *settings)
{
	struct smtp *s = xcalloc(1, sizeof *s);

	engine_init(&s->engine, settings, SMTP_LINE_MAX);
	s->state = smtp_on_greeting;
	return s;
}

void
smtp_free(struct smtp *s)
{
	if (!s)
		return;
	engine_fini(&s->engine);
	smtp_reader_fini(&s->reader);
	smtp_reader_fini(&s->mail.refusal);
	arena_fini(&s->mail.memory);
	buf_fini(&s->mechanisms);
	free(s);
}

enum smtp_verdict
smtp_verdict(const struct smtp_reply *reply)
{
	bug_on(reply->code < 200 || reply->code > 599);
	return (enum smtp_verdict)(reply->code / 100 - 2);
}

enum step
smtp_out_of_order(struct smtp *s, const struct smtp_reply *reply)
{
	return engine_fail(&s->engine, ERR_PROTO,
	    "the server's reply %d makes no sense here", reply->code);
}

static enum step
dispatch(struct smtp *s, struct smtp_event *event)
{
	struct smtp_reply reply = smtp_reader_reply(&s->reader);

	/* After the dot a 421 is first of all a verdict on the letter. */
	if (reply.code == 421 && s->state != smtp_on_dot &&
	    s->state != smtp_on_quit)
		return engine_fail(&s->engine, ERR_AGAIN,
		    "the server closes the session%s",
		    engine_words(&s->engine, reply.text));
	return s->state(s, &reply, event);
}

static enum step
take(struct smtp *s, struct span *in, struct smtp_event *event)
{
	char separator = s->state == smtp_on_ehlo ? '\n' : ' ';
	struct span line;

	switch (engine_line(&s->engine, in, &line)) {
	case LINE_MORE:
		return STEP_MORE;
	case LINE_LONG:
		return STEP_ERROR;
	case LINE_WHOLE:
		break;
	}
	switch (smtp_reader_take(&s->reader, line, separator)) {
	case SMTP_READING_MORE:
		return STEP_MORE;
	case SMTP_READING_BAD:
		return engine_fail(&s->engine, ERR_PROTO,
		    "the server does not speak SMTP%s",
		    engine_words(&s->engine, line));
	case SMTP_READING_LONG:
		return engine_fail(&s->engine, ERR_LIMIT,
		    "the server's reply has more than %d lines",
		    SMTP_REPLY_LINES_MAX);
	case SMTP_READING_WHOLE:
		break;
	}
	return dispatch(s, event);
}

/*
 * A reply before the dot cannot be one to the letter: read later, it would
 * be taken for the answer to the dot.  Its first digit says what it is.
 */
static enum step
too_early(struct smtp *s, struct span in)
{
	enum err kind = *in.p == '4' ? ERR_AGAIN :
	    *in.p == '5' ? ERR_REFUSED : ERR_PROTO;

	return engine_fail(&s->engine, kind,
	    "the server answered before the end of the letter, which was not "
	    "sent");
}

static enum step
send_letter(struct smtp *s, struct span in, struct smtp_event *event)
{
	if (in.n)
		return too_early(s, in);
	if (s->phase != SMTP_PHASE_DRAIN ||
	    output_span(&s->engine.output).n)
		return STEP_MORE;
	s->phase = SMTP_PHASE_DOT;
	event->kind = SMTP_DOT;
	return STEP_EVENT;
}

enum step
smtp_step(struct smtp *s, struct span *in, struct smtp_event *event)
{
	enum step step;

	*event = (struct smtp_event){ 0 };
	if (s->engine.error.kind != ERR_OK ||
	    engine_check_tls(&s->engine, *in) != STEP_MORE)
		return STEP_ERROR;
	switch (s->phase) {
	case SMTP_PHASE_LETTER:
	case SMTP_PHASE_DRAIN:
	case SMTP_PHASE_DOT:
		return send_letter(s, *in, event);
	case SMTP_PHASE_CLOSED:
		span_take(in, in->n);
		return STEP_MORE;
	case SMTP_PHASE_REPLIES:
		break;
	}
	if (s->mail.is_verdict_due)
		return smtp_give_up(s, event);
	do {
		step = take(s, in, event);
	} while (step == STEP_MORE && in->n);
	if (step == STEP_EVENT &&
	    engine_check_tls(&s->engine, *in) != STEP_MORE)
		return STEP_ERROR;
	return step;
}

const struct error *
smtp_error(const struct smtp *s)
{
	return &s->engine.error;
}

struct span
smtp_output(const struct smtp *s)
{
	return output_span(&s->engine.output);
}

void
smtp_sent(struct smtp *s, size_t n)
{
	output_sent(&s->engine.output, n);
}

void
smtp_secured(struct smtp *s)
{
	if (s->engine.error.kind != ERR_OK)
		return;
	engine_secured(&s->engine);
	smtp_login_secured(s);
}

unsigned
smtp_extensions(const struct smtp *s)
{
	return s->extensions;
}

uint64_t
smtp_size_limit(const struct smtp *s)
{
	return s->size_limit;
}
