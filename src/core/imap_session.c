/* SPDX-License-Identifier: MIT */
/* The life of an IMAP session; see imap_private.h. */
#include "src/core/imap_private.h"

#include <inttypes.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"

bool
imap_session_can(const struct imap_session *s, uint64_t capability)
{
	return imap_capabilities(s->imap) & capability;
}

void
imap_await(struct imap_session *s, uint32_t tag, imap_done *done)
{
	bug_on(s->ncommands == IMAP_COMMANDS_MAX);
	s->commands[s->ncommands].tag = tag;
	s->commands[s->ncommands].done = done;
	s->ncommands++;
	link_patience(s->link, LINK_COMMAND_S);
}

void
imap_session_fail(struct imap_session *s, const struct error *error)
{
	if (s->is_failed)
		return;
	s->is_failed = true;
	s->error = *error;
	timer_clear(&s->timer);
	link_free(s->link);
	s->link = NULL;
	s->imap = NULL;
	if (s->owner)
		imap_watch_lost(s);
	else
		worker_ended(s->worker, &s->error);
}

bool
imap_session_commit(struct imap_session *s, struct store_txn *t)
{
	struct error e;

	if (store_commit(t, &e) == ERR_OK)
		return true;
	imap_session_fail(s, &e);
	return false;
}

void
imap_session_refusal(const struct imap_session *s, const char *what,
    const struct imap_event *ev, struct error *e)
{
	struct buf text = { 0 };

	text_clean(&text, ev->text);
	error_set(e, ev->code == IMAP_CODE_UNAVAILABLE ||
	    ev->code == IMAP_CODE_INUSE ? ERR_AGAIN : ERR_REFUSED,
	    "%s refused %s: %s", s->worker->config->receive.host, what,
	    buf_str(&text));
	buf_fini(&text);
}

/* The server asks for a pause: come back later. */
static void
imap_throttled(struct imap_session *s, uint32_t ms)
{
	struct error e;

	error_set(&e, ERR_AGAIN, "%s is busy and asks to wait for %u s",
	    s->worker->config->receive.host, ms / 1000 + 1);
	imap_session_fail(s, &e);
}

static void
imap_command_done(struct imap_session *s, const struct imap_event *ev)
{
	for (size_t i = 0; i < s->ncommands; i++) {
		imap_done *done = s->commands[i].done;

		if (s->commands[i].tag != ev->tag)
			continue;
		memmove(&s->commands[i], &s->commands[i + 1],
		    (s->ncommands - i - 1) * sizeof s->commands[0]);
		s->ncommands--;
		done(s, ev);
		break;
	}
	if (!s->is_failed && ev->backoff_ms)
		imap_throttled(s, ev->backoff_ms);
	if (!s->is_failed)
		imap_turn(s);
}

static void
imap_ready(struct imap_session *s)
{
	s->is_ready = true;
	s->ready_ms = timer_now_ms();
	s->imap = link_engine(s->link);
	report_heard(&s->worker->report);
	if (!s->owner)
		worker_online(s->worker);
	imap_folders_load(s);
	if (!s->is_failed)
		imap_turn(s);
}

static void
imap_exists(struct imap_session *s, uint32_t number)
{
	uint32_t before = s->sel.exists;

	s->sel.exists = number;
	s->sel.is_counted = false;
	if (!s->sel.is_open || number <= before)
		return;
	s->sel.has_new = true;
	if (s->is_listening) {
		/* The push: ask in the same flight as DONE. */
		imap_stop_listening(s);
		imap_visit_new(s);
	}
}

static void
imap_vanished(struct imap_session *s, const struct imap_event *ev)
{
	if (!s->sel.is_open || ev->number) {
		uids_add_all(&s->sel.vanished, ev->uids);
		return;
	}
	if (!s->sel.is_known) {
		uint64_t n = uidset_count(ev->uids);

		/* No EXISTS follows; RFC 7162 3.2.10. */
		s->sel.is_counted = true;
		s->sel.exists -= n < s->sel.exists ? (uint32_t)n :
		    s->sel.exists;
	}
	imap_gone_uids(s, ev->uids);
}

/* The server gave up telling: ask for all, and for NOTIFY again. */
static void
imap_overflowed(struct imap_session *s)
{
	s->is_notified = s->has_notify = false;
	s->list_due_ms = 0;
	if (s->is_listening)
		imap_wake(s);
}

/* What came since SELECT left was still of the mailbox before. */
static void
imap_closed(struct imap_session *s)
{
	imap_stage_drop(s);
	uidset_clear(&s->sel.vanished);
}

static void
imap_say(const struct imap_session *s, const struct imap_event *ev)
{
	log_info("imap", "%s: %.*s", s->worker->config->receive.host,
	    SPAN_ARG(ev->text));
}

static void
imap_on_event(void *ctx, const union dialect_event *event)
{
	struct imap_session *s = ctx;
	const struct imap_event *ev = &event->imap;

	switch (ev->kind) {
	case IMAP_READY:
		imap_ready(s);
		break;
	case IMAP_DONE:
		imap_command_done(s, ev);
		break;
	case IMAP_LIST:
	case IMAP_STATUS:
		imap_folders_take(s, ev);
		break;
	case IMAP_SELECTED:
		s->sel.facts = ev->facts;
		if (ev->facts.has & IMAP_HAS_MESSAGES)
			s->sel.exists = ev->facts.messages;
		break;
	case IMAP_CLOSED:
		imap_closed(s);
		break;
	case IMAP_EXISTS:
		imap_exists(s, ev->number);
		break;
	case IMAP_EXPUNGE:
		imap_gone_seqno(s, ev->number);
		break;
	case IMAP_VANISHED:
		imap_vanished(s, ev);
		break;
	case IMAP_FETCH:
		imap_stage_fetch(s, &ev->fetch);
		break;
	case IMAP_BODY:
		imap_body_piece(s, &ev->body);
		break;
	case IMAP_SEARCH:
		imap_visit_found(s, ev->uids);
		break;
	case IMAP_ALERT:
	case IMAP_BYE:
		imap_say(s, ev);
		break;
	case IMAP_OVERFLOW:
		imap_overflowed(s);
		break;
	case IMAP_NAMESPACE:
		imap_folders_namespaces(s, &ev->namespaces);
		break;
	case IMAP_GREETING:
	case IMAP_STARTTLS:
	case IMAP_COMPRESS:
	case IMAP_IDLING:
	case IMAP_ALIVE:
	case IMAP_QUOTA:
		break;
	}
}

/* Everything that came was fed: what was pushed must be seen now. */
static void
imap_on_quiet(void *ctx)
{
	struct imap_session *s = ctx;

	if (s->is_failed)
		return;
	report_heard(&s->worker->report);
	if (s->sel.is_open && (s->is_listening || s->ncommands == 0))
		imap_stage_flush(s);
	if (!s->is_failed && s->file.is_active)
		imap_file_writable(s);
}

static void
imap_on_writable(void *ctx)
{
	struct imap_session *s = ctx;

	if (!s->is_failed && s->file.is_active)
		imap_file_writable(s);
}

static void
imap_on_closed(void *ctx, const struct error *error)
{
	struct imap_session *s = ctx;
	struct error why = *error;

	imap_idle_broke(s, error);
	if (s->is_leaving)
		why = (struct error){ 0 };
	else if (why.kind == ERR_OK)
		why.kind = ERR_UNREACHABLE;
	imap_session_fail(s, &why);
}

struct imap_session *
imap_session_new(struct worker *worker, struct imap_session *owner,
    uint32_t only)
{
	static const struct link_events events = {
		.event = imap_on_event,
		.quiet = imap_on_quiet,
		.writable = imap_on_writable,
		.closed = imap_on_closed,
	};
	struct imap_session *s = xcalloc(1, sizeof *s);

	s->worker = worker;
	s->owner = owner;
	s->only = only;
	s->store = worker->store;
	intake_init(&s->intake, s->store);
	intake_init(&s->bodies.writing, s->store);
	ingest_init(&s->ingest, s->store);
	s->link = link_open(&(struct link_settings){
	    .account = worker->config, .resume = worker->resume },
	    &dialect_imap, &events, s);
	return s;
}

static void *
imap_begin(struct worker *worker)
{
	return imap_session_new(worker, NULL, 0);
}

void
imap_session_free(struct imap_session *s)
{
	timer_clear(&s->timer);
	imap_watch_free(s);
	link_free(s->link);
	imap_folders_free(s);
	imap_visit_fini(s);
	imap_file_end(s);
	ingest_fini(&s->ingest);
	imap_replay_fini(s);
	imap_verify_fini(s);
	imap_folder_acts_fini(s);
	imap_relink_fini(s);
	imap_bodies_fini(s);
	intake_fini(&s->intake);
	free(s);
}

static void
imap_end_session(void *session)
{
	imap_session_free(session);
}

static void
imap_on_look(void *session)
{
	imap_look(session);
}

static void
imap_on_check(void *session)
{
	struct imap_session *s = session;

	s->list_due_ms = 0;
	imap_look(s);
}

/* What is in flight comes to its end; then LOGOUT. */
static void
imap_on_end(void *session)
{
	struct imap_session *s = session;
	struct error none = { 0 };

	s->is_ending = true;
	if (s->is_failed)
		return;
	if (!s->is_ready)
		imap_session_fail(s, &none);
	else
		imap_look(s);
}

static void
imap_on_prove(void *session)
{
	imap_prove(session);
}

const struct session_ops imap_session = {
	.begin = imap_begin,
	.free = imap_end_session,
	.look = imap_on_look,
	.check = imap_on_check,
	.prove = imap_on_prove,
	.end = imap_on_end,
};
