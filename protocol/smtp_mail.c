/* SPDX-License-Identifier: MIT */
/*
 * One letter.  MAIL and the recipients leave together where PIPELINING is
 * announced, in groups that old servers bear (PROTOCOLS.md 8 row 62); all
 * their replies are read before anything is judged.
 *
 * DATA waits for them.  RFC 2920 3.1 lets it travel along, but if then one
 * recipient is refused and another is not, a 354 leaves only the choice to
 * deliver an empty letter or to cut the line.  One round trip is cheaper.
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/smtp_private.h"

enum {
	ADDRESS_MAX = 320,	/* octets: 64 + 1 + 255; RFC 5321 4.5.3.1 */
	SHOWN_MAX = 80,		/* of an address in an error */
};

static smtp_state on_mail, on_rcpt, on_data;

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return false;
	return true;
}

/* Nothing that could end the path, the line or a word in it. */
static bool
can_be_a_path(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f ||
		    s.p[i] == '<' || s.p[i] == '>')
			return false;
	return s.n <= ADDRESS_MAX && text_is_utf8(s);
}

static enum err
check_address(const struct smtp *s, struct span address, struct error *e)
{
	CLEANUP(buf_fini) struct buf shown = { 0 };

	text_clean(&shown, span_take(&(struct span){ address.p, address.n },
	    SHOWN_MAX));
	if (!can_be_a_path(address))
		return error_set(e, ERR_REFUSED,
		    "\"%s\" cannot be used as an address", buf_str(&shown));
	if (!is_ascii(address) && !(s->extensions & SMTP_EXT_SMTPUTF8))
		return error_set(e, ERR_REFUSED,
		    "the server takes no address like %s (no SMTPUTF8)",
		    buf_str(&shown));
	return ERR_OK;
}

static enum err
check_mail(const struct smtp *s, const struct smtp_mail *mail,
    struct error *e)
{
	enum err err = check_address(s, mail->from, e);

	if (mail->nto == 0)
		return error_set(e, ERR_REFUSED, "the letter is to nobody");
	if (mail->nto > SMTP_RECIPIENTS_MAX)
		return error_set(e, ERR_REFUSED,
		    "the letter has more than %d recipients",
		    SMTP_RECIPIENTS_MAX);
	if (s->size_limit && mail->size > s->size_limit)
		return error_set(e, ERR_REFUSED,
		    "the letter has %llu octets; the server takes %llu",
		    (unsigned long long)mail->size,
		    (unsigned long long)s->size_limit);
	if (mail->is_8bit && !(s->extensions & SMTP_EXT_8BITMIME))
		return error_set(e, ERR_REFUSED,
		    "the letter is 8-bit and the server takes only 7-bit");
	for (size_t i = 0; i < mail->nto && err == ERR_OK; i++) {
		if (mail->to[i].n == 0)
			return error_set(e, ERR_REFUSED,
			    "recipient %zu has no address", i + 1);
		err = check_address(s, mail->to[i], e);
	}
	return err;
}

static void
copy_mail(struct smtp_transaction *t, const struct smtp_mail *mail)
{
	arena_reset(&t->memory);
	t->from = arena_copy(&t->memory, mail->from);
	t->to = arena_array(&t->memory, mail->nto, sizeof *t->to);
	t->nto = mail->nto;
	t->size = mail->size;
	t->is_8bit = mail->is_8bit;
	t->is_utf8 = !is_ascii(mail->from);
	for (size_t i = 0; i < mail->nto; i++) {
		t->to[i] = arena_copy(&t->memory, mail->to[i]);
		t->is_utf8 = t->is_utf8 || !is_ascii(mail->to[i]);
	}
	t->asked = t->answered = 0;
	t->is_refused = t->is_verdict_due = false;
	t->stuffer = (struct smtp_stuffer){ 0 };
}

static void
send_mail(struct smtp *s)
{
	const struct smtp_transaction *t = &s->mail;
	struct output *out = &s->engine.output;

	output_puts(out, "MAIL FROM:<");
	output_put(out, t->from);
	output_puts(out, ">");
	if (s->extensions & SMTP_EXT_SIZE) {
		output_puts(out, " SIZE=");
		output_number(out, t->size);
	}
	if (t->is_8bit)
		output_puts(out, " BODY=8BITMIME");
	if (t->is_utf8)
		output_puts(out, " SMTPUTF8");
	output_puts(out, "\r\n");
}

/* The next group of recipients; one at a time without PIPELINING. */
static void
send_recipients(struct smtp *s)
{
	struct smtp_transaction *t = &s->mail;
	struct output *out = &s->engine.output;
	size_t group = s->extensions & SMTP_EXT_PIPELINING ?
	    SMTP_PIPELINE_MAX : 1;

	for (; group && t->asked < t->nto; group--) {
		output_puts(out, "RCPT TO:<");
		output_put(out, t->to[t->asked++]);
		output_puts(out, ">\r\n");
	}
}

static void
begin(struct smtp *s)
{
	s->has_mail = false;
	s->state = on_mail;
	send_mail(s);
	if (s->extensions & SMTP_EXT_PIPELINING)
		send_recipients(s);
}

enum err
smtp_mail(struct smtp *s, const struct smtp_mail *mail, struct error *e)
{
	enum err err;

	if (s->engine.error.kind != ERR_OK)
		return error_set(e, s->engine.error.kind, "%s",
		    s->engine.error.text);
	bug_on(s->has_mail || s->has_quit ||
	    (s->state != smtp_on_idle && s->state != smtp_on_reset));
	err = check_mail(s, mail, e);
	if (err != ERR_OK)
		return err;
	copy_mail(&s->mail, mail);
	s->has_mail = true;
	if (s->state == smtp_on_idle)
		smtp_idle(s);
	return ERR_OK;
}

void
smtp_quit(struct smtp *s)
{
	s->has_quit = true;
	if (s->state == smtp_on_idle)
		smtp_idle(s);
}

void
smtp_idle(struct smtp *s)
{
	s->state = smtp_on_idle;
	if (s->engine.error.kind != ERR_OK)
		return;
	if (s->has_mail) {
		begin(s);
	} else if (s->has_quit) {
		output_puts(&s->engine.output, "QUIT\r\n");
		s->state = smtp_on_quit;
	}
}

enum step
smtp_on_idle(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	(void)event;
	return smtp_out_of_order(s, reply);
}

/* Remembers the first refusal; it becomes the SMTP_FAILED of the letter. */
static void
note_refusal(struct smtp *s, enum smtp_stage stage,
    const struct smtp_reply *reply)
{
	if (s->mail.is_refused)
		return;
	s->mail.is_refused = true;
	s->mail.stage = stage;
	smtp_reader_copy(&s->mail.refusal, reply);
}

enum step
smtp_give_up(struct smtp *s, struct smtp_event *event)
{
	s->mail.is_verdict_due = false;
	output_puts(&s->engine.output, "RSET\r\n");
	s->state = smtp_on_reset;
	event->kind = SMTP_FAILED;
	event->stage = s->mail.stage;
	event->reply = smtp_reader_reply(&s->mail.refusal);
	return STEP_EVENT;
}

/* Every reply of the group that left is in. */
static void
after_group(struct smtp *s)
{
	struct smtp_transaction *t = &s->mail;
	bool is_over = t->is_refused && t->stage == SMTP_AT_MAIL;

	if (t->asked < t->nto && !is_over) {
		send_recipients(s);
		s->state = on_rcpt;
	} else if (t->is_refused) {
		t->is_verdict_due = true;
	} else {
		output_puts(&s->engine.output, "DATA\r\n");
		s->state = on_data;
	}
}

static enum step
on_mail(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	struct smtp_transaction *t = &s->mail;
	enum smtp_verdict verdict = smtp_verdict(reply);

	if (verdict == SMTP_VERDICT_GO_ON)
		return smtp_out_of_order(s, reply);
	if (verdict != SMTP_VERDICT_YES)
		note_refusal(s, SMTP_AT_MAIL, reply);
	s->state = on_rcpt;
	if (t->answered == t->asked)
		after_group(s);
	return t->is_verdict_due ? smtp_give_up(s, event) : STEP_MORE;
}

static enum step
on_rcpt(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	struct smtp_transaction *t = &s->mail;
	enum smtp_verdict verdict = smtp_verdict(reply);
	bool is_judged = !t->is_refused || t->stage != SMTP_AT_MAIL;

	if (verdict == SMTP_VERDICT_GO_ON)
		return smtp_out_of_order(s, reply);
	if (verdict != SMTP_VERDICT_YES)
		note_refusal(s, SMTP_AT_RCPT, reply);
	event->kind = SMTP_RECIPIENT;
	event->index = t->answered++;
	event->reply = *reply;
	if (t->answered == t->asked)
		after_group(s);
	if (is_judged)
		return STEP_EVENT;
	/* MAIL was refused: what its recipients were told means nothing. */
	*event = (struct smtp_event){ 0 };
	return t->is_verdict_due ? smtp_give_up(s, event) : STEP_MORE;
}

static enum step
on_data(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	enum smtp_verdict verdict = smtp_verdict(reply);

	if (reply->code == 354) {
		s->phase = SMTP_PHASE_LETTER;
		event->kind = SMTP_DATA;
		event->reply = *reply;
		return STEP_EVENT;
	}
	if (verdict == SMTP_VERDICT_YES || verdict == SMTP_VERDICT_GO_ON)
		return smtp_out_of_order(s, reply);
	note_refusal(s, SMTP_AT_DATA, reply);
	return smtp_give_up(s, event);
}

void
smtp_body(struct smtp *s, struct span piece)
{
	if (s->engine.error.kind != ERR_OK)
		return;
	bug_on(s->phase != SMTP_PHASE_LETTER);
	smtp_stuff(&s->mail.stuffer, piece, &s->engine.output);
}

void
smtp_body_end(struct smtp *s)
{
	if (s->engine.error.kind != ERR_OK)
		return;
	bug_on(s->phase != SMTP_PHASE_LETTER);
	smtp_stuff_end(&s->mail.stuffer, &s->engine.output);
	s->phase = SMTP_PHASE_DRAIN;
}

void
smtp_dot(struct smtp *s)
{
	if (s->engine.error.kind != ERR_OK)
		return;
	bug_on(s->phase != SMTP_PHASE_DOT);
	output_puts(&s->engine.output, ".\r\n");
	s->phase = SMTP_PHASE_REPLIES;
	s->state = smtp_on_dot;
}

enum step
smtp_on_dot(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	enum smtp_verdict verdict = smtp_verdict(reply);

	if (verdict == SMTP_VERDICT_GO_ON)
		return smtp_out_of_order(s, reply);
	event->kind = verdict == SMTP_VERDICT_YES ? SMTP_ACCEPTED :
	    SMTP_FAILED;
	event->stage = SMTP_AT_DOT;
	event->reply = *reply;
	if (reply->code == 421)
		engine_fail(&s->engine, ERR_AGAIN,
		    "the server closes the session%s",
		    engine_words(&s->engine, reply->text));
	smtp_idle(s);
	return STEP_EVENT;
}

enum step
smtp_on_reset(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	(void)event;
	if (smtp_verdict(reply) != SMTP_VERDICT_YES)
		return engine_fail(&s->engine, ERR_AGAIN,
		    "the server does not start anew after a refusal (%d)",
		    reply->code);
	smtp_idle(s);
	return STEP_MORE;
}

enum step
smtp_on_quit(struct smtp *s, const struct smtp_reply *reply,
    struct smtp_event *event)
{
	s->phase = SMTP_PHASE_CLOSED;
	event->kind = SMTP_CLOSED;
	event->reply = *reply;
	return STEP_EVENT;
}
