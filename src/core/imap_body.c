/* SPDX-License-Identifier: MIT */
/*
 * Whole letters over IMAP: those that somebody waits for, at once; those of
 * accounts that keep everything, newest first.  Always BODY.PEEK[], streamed
 * to the disk; a body is durable before its row names it.
 */
#include "src/core/imap_private.h"

#include <glib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "store/want.h"

enum {
	BODY_BATCH = 20,		/* letters in one command, at first */
	BODY_BATCH_MAX = 300,		/* and at most */
	BODY_BATCH_OCTETS = 4 << 20,
	BODY_WANTS = 8,
	BODY_DAY_S = 24 * 60 * 60,
};

/* Names the bodies in rows for a few ms; returns the next item. */
static size_t
bodies_name_some(struct imap_bodies *b, size_t at, struct error *e)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(b->writing.store, &t);
	while (at < b->writing.n) {
		const struct intake_item *item = &b->writing.items[at++];
		struct uid uid = { (uint32_t)item->key };
		uint64_t id = store_message_by_uid(&t, b->folder, uid);

		if (id) {
			store_message_set_body(&t, id, item->body, BODY_WHOLE,
			    (struct span){ 0 });
			store_want_done(&t, id);
		}
		if (store_write_is_long(&t))
			break;
	}
	store_commit(&t, e);
	return at;
}

/* By the runner: bodies first, then the rows that name them. */
static void
bodies_write(void *ctx, struct error *e)
{
	struct imap_bodies *b = ctx;
	size_t at = 0;

	intake_commit(&b->writing, e);
	while (at < b->writing.n && e->kind == ERR_OK)
		at = bodies_name_some(b, at, e);
	intake_clear(&b->writing);
}

static bool
bodies_ended(struct imap_session *s, const struct error *e)
{
	if (e->kind != ERR_OK)
		imap_session_fail(s, e);
	return !s->is_failed;
}

bool
imap_bodies_give(struct imap_session *s)
{
	struct imap_bodies *b = &s->bodies;
	struct error e;

	if (s->intake.n == 0)
		return !s->is_failed;
	if (runner_wait(&b->runner, &e) == ERR_OK) {
		intake_pass(&s->intake, &b->writing);
		b->folder = s->sel.box->id;
		runner_start(&b->runner, bodies_write, b, &e);
	}
	return bodies_ended(s, &e);
}

bool
imap_bodies_commit(struct imap_session *s)
{
	struct error e;

	if (!imap_bodies_give(s))
		return false;
	runner_wait(&s->bodies.runner, &e);
	return bodies_ended(s, &e);
}

void
imap_bodies_fini(struct imap_session *s)
{
	runner_fini(&s->bodies.runner);
	intake_fini(&s->bodies.writing);
}

void
imap_body_piece(struct imap_session *s, const struct imap_body *body)
{
	struct error e;

	if (body->section.n || !s->sel.is_open)
		return;		/* not what was asked for */
	if (body->at == 0) {
		intake_begin(&s->intake);
		s->body_streams = true;
	}
	if (s->body_streams &&
	    intake_write(&s->intake, body->piece, &e) != ERR_OK)
		imap_session_fail(s, &e);
}

void
imap_body_named(struct imap_session *s, const struct imap_fetch *f)
{
	struct error e;

	if (!s->body_streams)
		return;
	s->body_streams = false;
	/* An empty one is no letter: some servers cannot give some. */
	if (f->uid.v == 0 || (f->has & IMAP_FETCHED_BROKEN) ||
	    intake_size(&s->intake) == 0) {
		intake_drop(&s->intake);
		return;
	}
	if (intake_end(&s->intake, f->uid.v, &e) != ERR_OK)
		imap_session_fail(s, &e);
	else if (intake_is_full(&s->intake))
		imap_bodies_give(s);
}

/* Takes a want off that cannot be met. */
static bool
want_drop(struct imap_session *s, uint64_t message)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	store_want_done(&t, message);
	return imap_session_commit(s, &t);
}

static void
want_fetched(struct imap_session *s, const struct imap_event *ev)
{
	struct message m = { 0 };
	bool is_here = false;

	if (!imap_bodies_commit(s))
		return;
	{
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(store_end) struct store_txn t;

		store_read(s->store, &t);
		is_here = store_message_get(&t, s->want, &arena, &m) &&
		    m.body_state == BODY_WHOLE;
	}
	if (is_here)
		return;
	log_warning("imap", "a letter could not be fetched: %.*s",
	    SPAN_ARG(ev->text));
	s->sel.recheck = true;	/* gone, most likely */
	s->sel.box->is_stale = true;
	want_drop(s, s->want);
}

enum want_find { WANT_NONE, WANT_FOUND, WANT_IN_VAIN };

/* The newest wish that can be met, or one that cannot. */
static enum want_find
want_next(struct imap_session *s, uint64_t *id, struct uid *uid,
    struct imap_box **box)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct message m;
	struct want wants[BODY_WANTS];

	store_read(s->store, &t);
	if (store_wants(&t, s->worker->account, wants, BODY_WANTS) == 0)
		return WANT_NONE;
	*id = wants[0].message;
	if (!store_message_get(&t, *id, &arena, &m))
		return WANT_IN_VAIN;
	*uid = m.uid;
	*box = imap_box_of(s, m.server_folder);
	if (m.uid.v == 0 || m.body_state == BODY_WHOLE || !*box ||
	    (*box)->is_broken)
		return WANT_IN_VAIN;
	return WANT_FOUND;
}

bool
imap_serve_want(struct imap_session *s)
{
	CLEANUP(uidset_fini) struct uidset set = { 0 };
	enum want_find found;
	struct imap_box *box;
	struct uid uid;
	uint64_t id;

	while ((found = want_next(s, &id, &uid, &box)) == WANT_IN_VAIN)
		if (!want_drop(s, id))
			return false;
	if (found == WANT_NONE)
		return false;
	if (box != s->sel.box) {
		s->hurry = true;
		imap_visit(s, box);
		return s->ncommands > 0;
	}
	s->want = id;
	uidset_add(&set, uid.v, uid.v);
	imap_await(s, imap_fetch_body(s->imap, &set, (struct span){ 0 }, 0,
	    0, false), want_fetched);
	return true;
}

void
imap_bodies_due(struct imap_box *box)
{
	box->lacks_bodies = box->keep.is_offline;
	box->has_unread_bodies = false;
	box->bodies_below = (struct message_spot){ 0 };
}

enum bodies_plan { PLAN_NONE, PLAN_SET, PLAN_READ_NEXT };

/* The next letters without a body; those first that nobody has read. */
static enum bodies_plan
bodies_plan(struct imap_session *s, struct uidset *set)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct imap_box *box = s->sel.box;
	const struct message_missing which = {
		.unread_only = !box->has_unread_bodies,
		.since = box->keep.days == 0 ? INT64_MIN : timer_wall_s() -
		    (int64_t)box->keep.days * BODY_DAY_S,
		.octets = box->keep.octets,
		.before = box->bodies_below,
	};
	struct message *list;
	uint64_t octets = 0;
	size_t n;

	store_read(s->store, &t);
	n = store_message_missing_bodies(&t, box->id, &which,
	    s->bodies.pace < BODY_BATCH_MAX ? s->bodies.pace : BODY_BATCH_MAX,
	    &arena, &list);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && octets + list[i].size > BODY_BATCH_OCTETS)
			break;
		octets += list[i].size;
		box->bodies_below = message_spot(&list[i]);
		if (list[i].uid.v)
			uidset_add(set, list[i].uid.v, list[i].uid.v);
	}
	if (n > 0 || box->has_unread_bodies)
		return n > 0 ? PLAN_SET : PLAN_NONE;
	box->has_unread_bodies = true;
	box->bodies_below = (struct message_spot){ 0 };
	return PLAN_READ_NEXT;
}

static void bodies_fetched(struct imap_session *s,
    const struct imap_event *ev);

static bool
bodies_ask(struct imap_session *s)
{
	CLEANUP(uidset_fini) struct uidset set = { 0 };

	while (set.n == 0) {
		enum bodies_plan plan = bodies_plan(s, &set);

		/* What is under way is not missed once it is here. */
		if (plan == PLAN_READ_NEXT && (s->ncommands > 0 ||
		    !imap_bodies_commit(s)))
			return false;
		if (plan == PLAN_NONE) {
			s->sel.box->lacks_bodies = false;
			return false;
		}
	}
	imap_await(s, imap_fetch_body(s->imap, &set, (struct span){ 0 }, 0,
	    0, false), bodies_fetched);
	return true;
}

static void
bodies_fetched(struct imap_session *s, const struct imap_event *ev)
{
	int64_t now = timer_now_ms();

	if (ev->status != IMAP_OK)
		log_warning("imap", "letters could not be fetched: %.*s",
		    SPAN_ARG(ev->text));
	s->bodies.pace = pace_next(s->bodies.pace, now - s->bodies.asked_ms);
	s->bodies.asked_ms = now;	/* of the other one under way */
	/* While the writer has work, what comes is collected. */
	if (runner_is_idle(&s->bodies.runner) && !imap_bodies_give(s))
		return;
	if (!imap_is_interrupted(s))
		bodies_ask(s);
}

void
imap_fetch_bodies(struct imap_session *s)
{
	s->bodies.asked_ms = timer_now_ms();
	if (s->bodies.pace == 0)
		s->bodies.pace = BODY_BATCH;
	/* Two in flight: one is written while the other arrives. */
	if (bodies_ask(s))
		bodies_ask(s);
}
