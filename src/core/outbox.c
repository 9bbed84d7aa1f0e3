/* SPDX-License-Identifier: MIT */
/*
 * The outbox: when to connect, which letter is next, what a cut means; see
 * outbox.h.  How one letter goes over the wire is in outbox_letter.c.
 */
#include "src/core/outbox_private.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"

enum { OUTBOX_DUE_MAX_S = 3600 };

static void outbox_on_event(void *ctx, const union dialect_event *event);
static void outbox_on_quiet(void *ctx);
static void outbox_on_writable(void *ctx);
static void outbox_on_closed(void *ctx, const struct error *error);

static const struct link_events outbox_events = {
	.event = outbox_on_event,
	.quiet = outbox_on_quiet,
	.writable = outbox_on_writable,
	.closed = outbox_on_closed,
};

struct outbox *
outbox_new(struct worker *worker)
{
	struct outbox *o = xcalloc(1, sizeof *o);

	o->worker = worker;
	o->resume = resume_new();
	return o;
}

void
outbox_free(struct outbox *o)
{
	if (!o)
		return;
	timer_clear(&o->due);
	link_free(o->link);
	resume_free(o->resume);
	outbox_letter_drop(o);
	free(o);
}

bool
outbox_is_idle(const struct outbox *o)
{
	return !o->link;
}

const struct error *
outbox_error(const struct outbox *o)
{
	return &o->error;
}

/* Crashed between the dot and its answer: nobody here can know. */
static void
outbox_recover(struct outbox *o)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act *acts;
	size_t n, found = 0;
	struct error e;

	store_write(o->worker->store, &t);
	n = store_acts(&t, o->worker->account, false, &arena, &acts);
	for (size_t i = 0; i < n; i++) {
		if (acts[i].kind != ACT_SEND || acts[i].state != ACT_SENT)
			continue;
		store_act_set(&t, acts[i].id, ACT_UNKNOWN,
		    SPAN_LIT(OUTBOX_UNKNOWN), DATE_NONE, timer_wall_s());
		found++;
	}
	if (found == 0)
		return;		/* CLEANUP undoes nothing */
	if (store_commit(&t, &e) != ERR_OK)
		log_error("outbox", "%s", e.text);
}

/*
 * The oldest letter that may be tried now, into o->act; else false, and
 * *wait_s is how long until there is one (0: nothing waits).
 */
static bool
outbox_find(struct outbox *o, int64_t *wait_s)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	int64_t now = timer_wall_s();
	struct act *acts;
	size_t n;

	*wait_s = 0;
	store_read(o->worker->store, &t);
	n = store_acts(&t, o->worker->account, false, &arena, &acts);
	for (size_t i = 0; i < n; i++) {
		const struct act *a = &acts[i];

		if (a->kind != ACT_SEND || a->state != ACT_QUEUED)
			continue;
		if (a->not_before == DATE_NONE || a->not_before <= now)
			return store_act_get(&t, a->id, &o->arena, &o->act);
		if (*wait_s == 0 || a->not_before - now < *wait_s)
			*wait_s = a->not_before - now;
	}
	return false;
}

static void
outbox_due(void *ctx)
{
	outbox_look(ctx);
}

static void
outbox_wait(struct outbox *o, int64_t wait_s)
{
	if (wait_s > OUTBOX_DUE_MAX_S)
		wait_s = OUTBOX_DUE_MAX_S;	/* clocks get set */
	if (wait_s > 0)
		timer_set(&o->due, (unsigned)wait_s * 1000, outbox_due, o);
}

void
outbox_start(struct outbox *o)
{
	if (!o->is_started) {
		o->is_started = true;
		outbox_recover(o);
	}
	outbox_look(o);
}

void
outbox_look(struct outbox *o)
{
	int64_t wait_s;
	bool is_due;

	if (o->link || !o->is_started || o->is_stopping || o->is_refused)
		return;
	if (timer_now_ms() < o->not_before_ms) {
		outbox_wait(o, (o->not_before_ms - timer_now_ms()) / 1000 + 1);
		return;
	}
	is_due = outbox_find(o, &wait_s);
	outbox_letter_drop(o);	/* only asked whether there is one */
	if (!is_due) {
		outbox_wait(o, wait_s);
		return;
	}
	o->error = (struct error){ 0 };
	o->link = link_open(&(struct link_settings){
	    .account = o->worker->config, .for_send = true,
	    .resume = o->resume }, &dialect_smtp, &outbox_events, o);
}

void
outbox_check(struct outbox *o)
{
	o->is_refused = false;
	o->not_before_ms = 0;
	backoff_reset(&o->backoff);
	outbox_look(o);
}

void
outbox_wake(struct outbox *o)
{
	if (o->link || o->is_refused || o->error.kind == ERR_AGAIN)
		return;
	o->not_before_ms = 0;
	backoff_reset(&o->backoff);
	outbox_look(o);
}

void
outbox_stop(struct outbox *o)
{
	o->is_stopping = true;
	timer_clear(&o->due);
	if (o->link && o->stage == LETTER_NONE) {
		link_free(o->link);
		o->link = NULL;
		worker_settle(o->worker);
	}
}

/* Takes the next due letter, or says good-bye. */
void
outbox_next(struct outbox *o)
{
	int64_t wait_s;

	outbox_letter_drop(o);
	/* A 421 was the answer: the link ends now, and nothing was tried. */
	if (smtp_error(link_engine(o->link))->kind != ERR_OK)
		return;
	while (!o->is_stopping && outbox_find(o, &wait_s)) {
		if (outbox_letter_offer(o))
			return;
		outbox_letter_drop(o);
	}
	o->is_leaving = true;
	link_patience(o->link, OUTBOX_QUIT_S);
	smtp_quit(link_engine(o->link));
}

static void
outbox_on_event(void *ctx, const union dialect_event *event)
{
	struct outbox *o = ctx;
	const struct smtp_event *ev = &event->smtp;

	switch (ev->kind) {
	case SMTP_STARTTLS:
		break;		/* the link does that */
	case SMTP_READY:
		if (o->stage == LETTER_NONE && !o->is_leaving) {
			report_sending(&o->worker->report, NULL);
			outbox_next(o);
		}
		break;
	case SMTP_RECIPIENT:
		outbox_letter_recipient(o, ev);
		break;
	case SMTP_DATA:
		outbox_letter_body(o);
		break;
	case SMTP_DOT:
		outbox_letter_dot(o);
		break;
	case SMTP_ACCEPTED:
		outbox_letter_accepted(o, &ev->reply);
		break;
	case SMTP_FAILED:
		outbox_letter_failed(o, &ev->reply);
		break;
	case SMTP_CLOSED:
		break;		/* the server hangs up now */
	}
}

static void
outbox_on_quiet(void *ctx)
{
	(void)ctx;
}

static void
outbox_on_writable(void *ctx)
{
	struct outbox *o = ctx;

	if (o->stage == LETTER_BODY)
		outbox_letter_body(o);
	else if (o->is_dot_due)
		outbox_letter_dot(o);
}

/* The connection did not do its work: when to come back. */
static void
outbox_failed(struct outbox *o, const struct error *error)
{
	o->error = *error;
	if (error->kind == ERR_OK)
		o->error.kind = ERR_AGAIN;
	report_sending(&o->worker->report, error);
	if (error->kind == ERR_AUTH || error->kind == ERR_CONFIG) {
		o->is_refused = true;
		return;
	}
	o->not_before_ms = timer_now_ms() + backoff_fail(&o->backoff,
	    g_random_int());
}

void
outbox_hang_up(struct outbox *o, const struct error *error)
{
	outbox_on_closed(o, error);
}

static void
outbox_on_closed(void *ctx, const struct error *error)
{
	struct outbox *o = ctx;

	if (o->stage != LETTER_NONE)
		outbox_letter_cut(o, error);
	if (!o->is_leaving)
		outbox_failed(o, error);
	outbox_letter_drop(o);
	link_free(o->link);
	o->link = NULL;
	o->is_leaving = false;
	if (!o->is_stopping && !o->worker->settings.is_once)
		outbox_look(o);
	worker_settle(o->worker);
}
