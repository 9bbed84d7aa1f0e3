/* SPDX-License-Identifier: MIT */
/* The life of a POP3 session; see pop3_private.h. */
#include "src/core/pop3_private.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "src/core/local.h"

void
pop3_session_fail(struct pop3_session *s, const struct error *error)
{
	if (s->is_failed)
		return;
	s->is_failed = true;
	link_free(s->link);
	s->link = NULL;
	s->pop3 = NULL;
	worker_ended(s->worker, error);
}

bool
pop3_session_commit(struct pop3_session *s, struct store_txn *t)
{
	struct error e;

	if (store_commit(t, &e) == ERR_OK)
		return true;
	pop3_session_fail(s, &e);
	return false;
}

size_t
pop3_session_window(const struct pop3_session *s)
{
	return pop3_capabilities(s->pop3) & POP3_CAP_PIPELINING ?
	    POP3_WINDOW : 1;
}

void
pop3_await(struct pop3_session *s, uint32_t tag, size_t entry)
{
	bug_on(s->nflight == POP3_WINDOW);
	s->flight[s->nflight].tag = tag;
	s->flight[s->nflight].entry = entry;
	s->nflight++;
}

void
pop3_session_leave(struct pop3_session *s)
{
	s->at = POP3_AT_QUIT;
	s->quit_tag = pop3_quit(s->pop3);
}

static void
pop3_ready(struct pop3_session *s)
{
	CLEANUP(store_end) struct store_txn t;

	s->pop3 = link_engine(s->link);
	s->worker->pause_s = pop3_login_delay(s->pop3);
	report_heard(&s->worker->report);
	worker_online(s->worker);
	store_write(s->store, &t);
	s->inbox = local_inbox(&t, s->worker->account);
	if (!pop3_session_commit(s, &t))
		return;
	if (s->is_ending)
		pop3_session_leave(s);
	else
		pop3_listing_ask(s);
}

/* QUIT was answered: the session did what it could. */
static void
pop3_quitted(struct pop3_session *s, bool ok)
{
	struct error e = { 0 };

	if (!ok)
		log_warning("pop3", "%s did not delete what it was asked to; "
		    "asked again next time", s->worker->config->receive.host);
	if (!s->is_ending)
		worker_in_step(s->worker, false);
	pop3_session_fail(s, &e);
}

static void
pop3_answered(struct pop3_session *s, const struct pop3_event *ev)
{
	size_t entry;

	if (s->at == POP3_AT_QUIT && ev->tag == s->quit_tag) {
		pop3_quitted(s, ev->ok);
		return;
	}
	if (pop3_listing_done(s, ev))
		return;
	if (s->nflight == 0 || s->flight[0].tag != ev->tag)
		return;
	entry = s->flight[0].entry;
	s->nflight--;
	memmove(&s->flight[0], &s->flight[1],
	    s->nflight * sizeof s->flight[0]);
	if (s->at == POP3_AT_DELETING)
		pop3_delete_done(s, ev, entry);
	else
		pop3_fetch_done(s, ev, entry);
}

static void
pop3_on_event(void *ctx, const union dialect_event *event)
{
	struct pop3_session *s = ctx;
	const struct pop3_event *ev = &event->pop3;

	switch (ev->kind) {
	case POP3_STARTTLS:
		break;		/* the link does that */
	case POP3_READY:
		pop3_ready(s);
		break;
	case POP3_UIDL:
	case POP3_LIST:
		pop3_listing_take(s, ev);
		break;
	case POP3_DATA:
		pop3_fetch_piece(s, ev);
		break;
	case POP3_DONE:
		pop3_answered(s, ev);
		break;
	}
}

static void
pop3_on_quiet(void *ctx)
{
	struct pop3_session *s = ctx;

	report_heard(&s->worker->report);
}

static void
pop3_on_closed(void *ctx, const struct error *error)
{
	struct pop3_session *s = ctx;
	struct error why = *error;

	if (s->is_failed)
		return;
	/* What came whole before the cut is kept. */
	if (s->at == POP3_AT_FETCHING && !pop3_fetch_commit(s))
		return;
	if (why.kind == ERR_OK)
		why.kind = ERR_UNREACHABLE;
	if (s->is_ending)
		why = (struct error){ 0 };
	pop3_session_fail(s, &why);
}

static void *
pop3_begin(struct worker *worker)
{
	static const struct link_events events = {
		.event = pop3_on_event,
		.quiet = pop3_on_quiet,
		.closed = pop3_on_closed,
	};
	struct pop3_session *s = xcalloc(1, sizeof *s);

	s->worker = worker;
	s->store = worker->store;
	intake_init(&s->intake, s->store);
	s->link = link_open(&(struct link_settings){
	    .account = worker->config, .resume = worker->resume },
	    &dialect_pop3, &events, s);
	return s;
}

static void
pop3_end_session(void *session)
{
	struct pop3_session *s = session;

	link_free(s->link);
	pop3_listing_free(s);
	intake_fini(&s->intake);
	free(s);
}

/* Acts on local letters need no connection. */
static void
pop3_nothing(void *session)
{
	(void)session;
}

static void
pop3_on_end(void *session)
{
	struct pop3_session *s = session;
	struct error none = { 0 };

	s->is_ending = true;
	if (s->is_failed || s->at == POP3_AT_QUIT)
		return;
	if (s->at == POP3_AT_LOGIN) {
		pop3_session_fail(s, &none);
		return;
	}
	/* Half a letter is dropped; the next session fetches it whole. */
	if (s->at == POP3_AT_FETCHING && !pop3_fetch_commit(s))
		return;
	pop3_session_fail(s, &none);
}

const struct session_ops pop3_session = {
	.begin = pop3_begin,
	.free = pop3_end_session,
	.look = pop3_nothing,
	.check = pop3_nothing,
	.end = pop3_on_end,
};
