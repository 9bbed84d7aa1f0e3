/* SPDX-License-Identifier: MIT */
/*
 * What an IMAP session does next; see imap_private.h for the order, and
 * PROTOCOLS.md 2.5 for listening.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/log.h"
#include "store/want.h"

enum imap_work {
	WORK_NONE, WORK_STALE, WORK_HEADERS, WORK_FLAGS, WORK_BODIES
};

bool
imap_is_interrupted(const struct imap_session *s)
{
	return s->has_store_news || s->sel.has_new || s->is_ending;
}

/* Seconds since IDLE was sent. */
static unsigned
imap_idled_s(const struct imap_session *s)
{
	return (unsigned)((timer_now_ms() - s->idle_since_ms) / 1000);
}

/* An end that the server said is no silent death; nor is a new network. */
void
imap_idle_broke(struct imap_session *s, const struct error *why)
{
	if (!s->is_idling || s->worker->is_doubted ||
	    (why->kind != ERR_TIMEOUT && why->kind != ERR_UNREACHABLE))
		return;
	idle_pace_died(&s->worker->idle, imap_idled_s(s));
	log_info("imap", "%s: found dead behind %u s of IDLE; %u s from now",
	    s->worker->config->receive.host, imap_idled_s(s),
	    idle_pace_s(&s->worker->idle));
}

static void
imap_idle_over(struct imap_session *s, const struct imap_event *ev)
{
	struct error e;

	s->is_idling = false;
	if (ev->status == IMAP_OK)
		idle_pace_lived(&s->worker->idle, imap_idled_s(s));
	if (ev->status == IMAP_OK || !s->is_listening)
		return;
	imap_session_refusal(s, "IDLE", ev, &e);
	imap_session_fail(s, &e);
}

void
imap_stop_listening(struct imap_session *s)
{
	if (!s->is_listening)
		return;
	s->is_listening = false;
	timer_clear(&s->timer);
	if (!s->owner)
		worker_online(s->worker);
	if (s->is_idling) {
		link_patience(s->link, IMAP_DONE_S);
		imap_idle_done(s->imap);
	}
}

/* For commands whose answer tells nothing. */
static void
imap_nothing(struct imap_session *s, const struct imap_event *ev)
{
	(void)s;
	(void)ev;
}

/* Time to ask again: folders or a new IDLE are due, or there is no push. */
static void
imap_listened(void *ctx)
{
	struct imap_session *s = ctx;

	imap_stop_listening(s);
	if (s->ncommands == 0)	/* there was no IDLE to end */
		imap_await(s, imap_noop(s->imap), imap_nothing);
	imap_turn(s);
	if (!s->is_failed)
		link_flush(s->link);
}

/* How long to listen: the folders and the IDLE have each their own time. */
static unsigned
imap_listen_ms(const struct imap_session *s, bool can_idle)
{
	int64_t list_ms = s->list_due_ms - timer_now_ms();
	unsigned renew_s = can_idle ? idle_pace_s(&s->worker->idle) :
	    IMAP_NOOP_S;

	if (list_ms < 1)
		return 1;
	return list_ms < (int64_t)renew_s * 1000 ? (unsigned)list_ms :
	    renew_s * 1000;
}

void
imap_listen(struct imap_session *s)
{
	bool is_once = s->worker->settings.is_once;
	bool can_idle = imap_session_can(s, IMAP_CAP_IDLE) && !is_once;

	s->is_listening = true;
	if (can_idle) {
		s->is_idling = true;
		s->idle_since_ms = timer_now_ms();
		imap_await(s, imap_idle(s->imap), imap_idle_over);
	}
	link_patience(s->link, 0);
	timer_set(&s->timer, imap_listen_ms(s, can_idle), imap_listened, s);
	if (s->owner)
		return;
	worker_in_step(s->worker, !is_once);
	if (!is_once)
		imap_watch_begin(s);
}

static void
imap_notified(struct imap_session *s, const struct imap_event *ev)
{
	s->is_notified = ev->status == IMAP_OK;
}

/*
 * Push for all folders on one connection, where the server has it.  When home
 * was here before, it comes before LIST: so what happens in between is told,
 * and the state of each folder is told once.  Else when all is in step, since
 * numbers may shift from then on.  RFC 5465.
 */
static bool
imap_asks_notify(struct imap_session *s, bool is_before_list)
{
	if (s->has_notify || s->worker->settings.is_once ||
	    s->worker->config->npush == 0 ||
	    !imap_session_can(s, IMAP_CAP_NOTIFY) ||
	    (is_before_list && s->home->lacks_headers))
		return false;
	s->has_notify = true;
	imap_await(s, imap_notify(s->imap, !is_before_list), imap_notified);
	return true;
}

static enum imap_work
imap_box_work(const struct imap_box *box)
{
	if (box->is_broken)
		return WORK_NONE;
	if (box->is_stale && !box->is_watched)
		return WORK_STALE;
	if (box->lacks_headers && !box->is_watched)
		return WORK_HEADERS;
	if (box->older_flags)
		return WORK_FLAGS;
	return box->lacks_bodies ? WORK_BODIES : WORK_NONE;
}

/* The most urgent kind of work; of equals the selected box, then the first. */
static struct imap_box *
imap_choose(struct imap_session *s, enum imap_work *work)
{
	struct imap_box *best = NULL;

	*work = WORK_NONE;
	for (size_t i = 0; i < s->nboxes; i++) {
		struct imap_box *box = &s->boxes[i];
		enum imap_work w = imap_box_work(box);

		if (w == WORK_NONE)
			continue;
		if (!best || w < *work ||
		    (w == *work && box == s->sel.box)) {
			best = box;
			*work = w;
		}
	}
	return best;
}

/* Away from home for long: a look at what came there meanwhile. */
static bool
imap_is_homesick(const struct imap_session *s)
{
	return s->sel.box != s->home && !s->home->is_broken &&
	    timer_now_ms() - s->home_left_ms > IMAP_HOME_S * 1000;
}

static void
imap_work(struct imap_session *s)
{
	enum imap_work work;
	struct imap_box *box = imap_choose(s, &work);

	if (box && imap_is_homesick(s)) {
		imap_visit(s, s->home);
	} else if (!box && s->sel.box != s->home && !s->home->is_broken) {
		imap_visit(s, s->home);
	} else if (!box && !imap_asks_notify(s, false)) {
		imap_listen(s);
	} else if (!box) {
		return;
	} else if (box != s->sel.box) {
		imap_visit(s, box);
	} else if (work == WORK_STALE) {
		imap_visit_again(s);
	} else if (work == WORK_HEADERS) {
		imap_visit_fill(s);
	} else if (work == WORK_FLAGS) {
		imap_flags_older(s);
	} else {
		imap_fetch_bodies(s);
	}
	/* It came to nothing (a broken folder, no bodies): choose again. */
	imap_turn(s);
}

/* It could not be done when it was looked at last, and is as it was. */
static bool
imap_is_stuck(const struct imap_session *s, const struct act *a)
{
	return a->kind != ACT_FILE && a->id <= s->stuck_act &&
	    a->changed < s->stuck_s;
}

/* Does somebody wait for something that only a connection can do? */
static bool
imap_has_errand(struct imap_session *s)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();
	struct want want;
	struct act a = { 0 };

	store_read(s->store, &t);
	if (store_wants(&t, s->worker->account, &want, 1) > 0)
		return true;
	for (; store_act_next(&t, s->worker->account, a.id, &arena, &a);
	    arena_reset(&arena))
		if (a.kind != ACT_SEND && a.state == ACT_QUEUED &&
		    !imap_is_stuck(s, &a) &&
		    (a.not_before == DATE_NONE || a.not_before <= now))
			return true;
	return false;
}

static void
imap_leave(struct imap_session *s)
{
	s->is_leaving = true;
	if (!imap_bodies_commit(s) || (s->sel.box && !imap_visit_save(s)))
		return;
	imap_await(s, imap_logout(s->imap), imap_nothing);
	link_patience(s->link, 2);
}

void
imap_turn(struct imap_session *s)
{
	if (s->is_failed || !s->is_ready || s->ncommands > 0 ||
	    s->is_listening || s->is_leaving)
		return;
	if (!imap_stage_flush(s) || !imap_bodies_give(s))
		return;
	if (s->is_ending) {
		imap_leave(s);
		return;
	}
	if (!s->home_seen) {
		/* The newest page of home comes before everything. */
		s->home_seen = true;
		imap_visit(s, s->home);
		return;
	}
	if (s->owner) {
		imap_watch_turn(s);
		return;
	}
	s->has_store_news = false;
	if (imap_serve_want(s) || s->is_failed)
		return;
	if (imap_replay(s) || s->is_failed)
		return;
	if (imap_file(s) || s->is_failed)
		return;
	if (s->sel.has_new) {
		imap_visit_new(s);
	} else if (timer_now_ms() >= s->list_due_ms) {
		/* Both in one flight. */
		if (!s->has_list)
			imap_asks_notify(s, true);
		imap_folders_ask(s);
	} else {
		imap_work(s);
	}
}

void
imap_wake(struct imap_session *s)
{
	if (s->is_failed || !s->is_ready || s->is_leaving)
		return;
	s->has_store_news = true;
	imap_stop_listening(s);
	imap_turn(s);
	if (!s->is_failed)
		link_flush(s->link);
}

void
imap_look(struct imap_session *s)
{
	if (s->is_failed || !s->is_ready || s->is_leaving)
		return;
	if (!s->is_ending && timer_now_ms() < s->list_due_ms &&
	    !imap_has_errand(s))
		return;
	imap_wake(s);
}

void
imap_prove(struct imap_session *s)
{
	/* While it connects, shorter limits than ours hold already. */
	if (s->is_failed || !s->is_ready || s->is_leaving)
		return;
	idle_pace_moved(&s->worker->idle);
	imap_stop_listening(s);
	if (s->ncommands == 0)
		imap_await(s, imap_noop(s->imap), imap_nothing);
	link_prove(s->link, IMAP_PROVE_S);
	link_flush(s->link);
}
