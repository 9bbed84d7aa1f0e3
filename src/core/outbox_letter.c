/* SPDX-License-Identifier: MIT */
/* One letter on its way to the SMTP server; see outbox.h. */
#include "src/core/outbox_private.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "mail/header.h"
#include "src/core/filing.h"
#include "src/core/local.h"
#include "src/net/conn.h"

void
outbox_letter_drop(struct outbox *o)
{
	if (o->reader)
		store_body_close(o->reader);
	o->reader = NULL;
	buf_fini(&o->refused);
	arena_fini(&o->arena);
	o->act = (struct act){ 0 };
	o->at = 0;
	o->is_dot_due = false;
	o->stage = LETTER_NONE;
}

/* "550 5.1.1 no such user", fit to be kept and shown. */
static void
letter_put_reply(struct buf *out, const struct smtp_reply *reply)
{
	buf_printf(out, "%d ", reply->code);
	if (reply->enhanced.n) {
		text_clean(out, reply->enhanced);
		buf_putc(out, ' ');
	}
	text_clean(out, reply->text);
}

/* False when the store does not take it. */
static bool
letter_set(struct outbox *o, enum act_state state, struct span answer,
    int64_t not_before)
{
	CLEANUP(store_end) struct store_txn t;
	struct error e;

	store_write(o->worker->store, &t);
	store_act_set(&t, o->act.id, state, answer, not_before,
	    timer_wall_s());
	if (store_commit(&t, &e) == ERR_OK)
		return true;
	log_error("outbox", "%s", e.text);
	return false;
}

/*
 * The store would not take what became of the letter.  Going on would send
 * it again and again, so the outbox rests until the user asks.
 */
static void
letter_stuck(struct outbox *o)
{
	o->is_refused = true;
	error_set(&o->error, ERR_IO, "the outbox of %s cannot be written",
	    o->worker->config->name);
	report_sending(&o->worker->report, &o->error);
}

/* Has it octets over 127?  Reads it once, in pieces. */
static enum err
letter_is_8bit(const struct source *source, bool *is_8bit, struct error *e)
{
	CLEANUP(cleanup_free) char *piece = xcalloc(1, OUTBOX_PIECE);
	size_t got = 0;

	*is_8bit = false;
	for (uint64_t at = 0; at < source->size && !*is_8bit; at += got) {
		enum err err = source->read(source->ctx, at, piece,
		    OUTBOX_PIECE, &got, e);

		if (err != ERR_OK)
			return err;
		if (got == 0)
			break;
		for (size_t i = 0; i < got && !*is_8bit; i++)
			*is_8bit = (unsigned char)piece[i] > 127;
	}
	return ERR_OK;
}

static enum err
letter_open_body(struct outbox *o, struct smtp_mail *mail, struct error *e)
{
	enum err err = store_body_open(o->worker->store, o->act.body,
	    &o->reader, e);

	if (err != ERR_OK)
		return err;
	o->source = store_body_source(o->reader);
	mail->size = o->source.size;
	return letter_is_8bit(&o->source, &mail->is_8bit, e);
}

bool
outbox_letter_offer(struct outbox *o)
{
	struct smtp_mail mail = {
		.from = o->act.from,
		.to = o->act.recipients,
		.nto = o->act.nrecipients,
	};
	struct error e;
	enum err err = letter_open_body(o, &mail, &e);

	if (err == ERR_OK)
		err = smtp_mail(link_engine(o->link), &mail, &e);
	if (err != ERR_OK) {
		if (!letter_set(o, ACT_FAILED, span_of(e.text), DATE_NONE)) {
			letter_stuck(o);
			o->is_stopping = true;
		}
		return false;
	}
	o->stage = LETTER_OFFERED;
	link_patience(o->link, OUTBOX_COMMAND_S);
	return true;
}

void
outbox_letter_recipient(struct outbox *o, const struct smtp_event *ev)
{
	if (ev->reply.code / 100 == 2 || ev->index >= o->act.nrecipients)
		return;
	if (o->refused.n)
		buf_puts(&o->refused, "; ");
	text_clean(&o->refused, o->act.recipients[ev->index]);
	buf_puts(&o->refused, ": ");
	letter_put_reply(&o->refused, &ev->reply);
}

/* Gives the content as fast as the connection takes it. */
void
outbox_letter_body(struct outbox *o)
{
	CLEANUP(cleanup_free) char *piece = xcalloc(1, OUTBOX_PIECE);
	struct smtp *smtp = link_engine(o->link);

	o->stage = LETTER_BODY;
	while (o->at < o->source.size && link_queued(o->link) < CONN_HIGH) {
		struct error e;
		size_t got = 0;

		if (o->source.read(o->source.ctx, o->at, piece, OUTBOX_PIECE,
		    &got, &e) != ERR_OK || got == 0) {
			/* Half a letter must not be ended: hang up. */
			letter_set(o, ACT_FAILED, SPAN_LIT("the letter cannot "
			    "be read from the disk"), DATE_NONE);
			outbox_letter_drop(o);
			outbox_hang_up(o, &e);
			return;
		}
		smtp_body(smtp, (struct span){ piece, got });
		o->at += got;
		link_flush(o->link);
	}
	if (o->at == o->source.size) {
		o->stage = LETTER_BEFORE_DOT;
		smtp_body_end(smtp);
	}
}

/*
 * SENT, durably; false when the store does not take it, or when the user
 * took the letter back meanwhile (then *is_canceled).
 */
static bool
letter_set_sent(struct outbox *o, bool *is_canceled)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act act;
	struct error e;

	store_write(o->worker->store, &t);
	/* One that is no longer in the journal is not to be sent, either. */
	*is_canceled = (!store_act_get(&t, o->act.id, &arena, &act) ||
	    act.state != ACT_QUEUED) && t.error.kind == ERR_OK;
	if (*is_canceled)
		return false;
	store_act_set(&t, o->act.id, ACT_SENT, (struct span){ 0 }, DATE_NONE,
	    timer_wall_s());
	if (store_commit(&t, &e) == ERR_OK)
		return true;
	log_error("outbox", "%s", e.text);
	return false;
}

/*
 * SMTP_DOT, and again whenever the output drains: the letter counts as
 * SENT only when next to nothing of it is still here.
 */
void
outbox_letter_dot(struct outbox *o)
{
	bool is_canceled;

	link_flush(o->link);
	if (link_queued(o->link) > CONN_LOW) {
		o->is_dot_due = true;
		return;
	}
	o->is_dot_due = false;
	if (!letter_set_sent(o, &is_canceled)) {
		struct error e = { 0 };

		if (is_canceled) {
			o->is_leaving = true;	/* a cut, but no failure */
		} else {
			letter_stuck(o);
			e = o->error;
		}
		outbox_letter_drop(o);
		outbox_hang_up(o, &e);
		return;
	}
	o->stage = LETTER_DOTTED;
	link_patience(o->link, OUTBOX_DOT_S);
	smtp_dot(link_engine(o->link));
}

/* The header of the letter, for its row. */
static void
letter_envelope(struct outbox *o, struct envelope *out)
{
	size_t n = o->source.size < ENVELOPE_HEADER_MAX ?
	    (size_t)o->source.size : ENVELOPE_HEADER_MAX, got = 0;
	char *head = arena_alloc(&o->arena, n + 1);
	struct error e;

	if (o->source.read(o->source.ctx, 0, head, n, &got, &e) != ERR_OK)
		got = 0;
	header_parse_envelope((struct span){ head, got }, &o->arena, out);
}

/* Sent, and filed or to be filed: one commit.  The store marks `answered`. */
static enum err
letter_record(struct outbox *o, struct span answer, struct error *e)
{
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();
	struct envelope envelope;

	letter_envelope(o, &envelope);
	store_write(o->worker->store, &t);
	store_act_set(&t, o->act.id, ACT_DONE, answer, DATE_NONE, now);
	if (o->worker->config->receive.protocol == CONFIG_IMAP)
		filing_queue(&t, &o->act, now);
	else
		local_file(&t, &o->act, o->source.size, &envelope, now);
	return store_commit(&t, e);
}

void
outbox_letter_accepted(struct outbox *o, const struct smtp_reply *reply)
{
	CLEANUP(buf_fini) struct buf answer = { 0 };
	struct error e;

	backoff_reset(&o->backoff);
	letter_put_reply(&answer, reply);
	if (letter_record(o, buf_span(&answer), &e) != ERR_OK) {
		/* It stays SENT, which the next start turns into UNKNOWN. */
		log_error("outbox", "%s", e.text);
		letter_stuck(o);
		o->is_stopping = true;
	}
	outbox_next(o);
	worker_look(o->worker);
}

void
outbox_letter_failed(struct outbox *o, const struct smtp_reply *reply)
{
	CLEANUP(buf_fini) struct buf answer = { 0 };
	bool is_later = reply->code / 100 == 4;
	int64_t not_before = DATE_NONE;

	if (o->refused.n)
		buf_put(&answer, buf_span(&o->refused));
	else
		letter_put_reply(&answer, reply);
	if (is_later)
		not_before = timer_wall_s() +
		    backoff_letter_s(o->act.attempts + 1);
	if (!letter_set(o, is_later ? ACT_QUEUED : ACT_FAILED,
	    buf_span(&answer), not_before)) {
		letter_stuck(o);
		o->is_stopping = true;
	}
	outbox_next(o);
}

void
outbox_letter_cut(struct outbox *o, const struct error *error)
{
	if (o->stage == LETTER_DOTTED)
		letter_set(o, ACT_UNKNOWN, SPAN_LIT(OUTBOX_UNKNOWN),
		    DATE_NONE);
	else
		letter_set(o, ACT_QUEUED, span_of(error->text), DATE_NONE);
}
