/* SPDX-License-Identifier: MIT */
/*
 * SELECT, and bringing the store into step with a mailbox.  PROTOCOLS.md
 * 2.1, 2.3.  One visit goes
 *
 *   opened    UIDVALIDITY checked; before that nothing is stored
 *   page      what is new, newest first: rows for the screen
 *   flags     what changed: by QRESYNC, CHANGEDSINCE, or the newest 500
 *   compare   are the same letters here and there?  If counts differ or the
 *             download is not complete, UID SEARCH ALL tells: what is gone
 *             there goes here, what is missing here is fetched downwards
 *
 * Nothing is removed on an answer that does not agree with EXISTS.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/log.h"

enum {
	VISIT_FIRST = 10, VISIT_PAGE = 50,	/* letters */
	VISIT_NEW_MAX = 1000,	/* UIDs that may be new without a plan */
	VISIT_VANISHED_MAX = 500,	/* believed without asking */
	VISIT_PACE = 100,
};

static void visit_flags(struct imap_session *s);
static void visit_compare(struct imap_session *s);

static void
visit_reset(struct imap_selected *sel)
{
	sel->box = NULL;
	sel->is_open = sel->used_resync = sel->is_known = false;
	sel->has_new = sel->recheck = sel->searched_twice = false;
	sel->is_counted = sel->looked_again = false;
	sel->state_dirty = false;
	sel->exists = sel->highest_uid = 0;
	sel->highest_seen = 0;
	sel->nflight = 0;
	sel->pace = VISIT_PACE;
	sel->missing_total = 0;
	sel->nghosts = 0;
	sel->facts = (struct imap_mailbox_facts){ 0 };
	uidset_clear(&sel->uids);
	uidset_clear(&sel->vanished);
	uidset_clear(&sel->found);
	uidset_clear(&sel->missing);
}

void
imap_visit_leave(struct imap_session *s)
{
	imap_stage_drop(s);
	visit_reset(&s->sel);
}

void
imap_visit_fini(struct imap_session *s)
{
	uidset_fini(&s->sel.uids);
	uidset_fini(&s->sel.vanished);
	uidset_fini(&s->sel.found);
	uidset_fini(&s->sel.missing);
	uidset_fini(&s->sel.flight[0]);
	uidset_fini(&s->sel.flight[1]);
}

bool
imap_visit_local(struct imap_session *s, struct uidset *out)
{
	CLEANUP(store_end) struct store_txn t;

	store_read(s->store, &t);
	store_message_uids(&t, s->sel.box->id, out);
	if (t.error.kind == ERR_OK)
		return true;
	imap_session_fail(s, &t.error);
	return false;
}

/* What is known of the server's state, to be written with its rows. */
static void
visit_note(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;

	/* A watcher writes what it knows, which is newer. */
	if (!sel->is_open || sel->box->is_watched)
		return;
	if (sel->highest_uid >= sel->folder.uidnext &&
	    sel->highest_uid != UID_MAX)
		sel->folder.uidnext = sel->highest_uid + 1;
	sel->folder.server_total = sel->exists;
	sel->folder.server_unseen = sel->box->unseen;
	sel->state_dirty = true;
}

bool
imap_visit_save(struct imap_session *s)
{
	visit_note(s);
	return imap_stage_flush(s);
}

/* Everything is here that was ever going to be. */
static void
visit_settle(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	const struct imap_mailbox_facts *facts = &sel->facts;

	if ((facts->has & IMAP_HAS_UIDNEXT) &&
	    facts->uidnext > sel->folder.uidnext)
		sel->folder.uidnext = facts->uidnext;
	if (facts->has & IMAP_HAS_NOMODSEQ)
		sel->folder.highestmodseq = 0;
	else if (facts->highestmodseq > sel->folder.highestmodseq)
		sel->folder.highestmodseq = facts->highestmodseq;
	if (sel->folder.highestmodseq &&
	    sel->highest_seen > sel->folder.highestmodseq)
		sel->folder.highestmodseq = sel->highest_seen;
	sel->folder.complete_from = sel->missing.n == 0 ? 1 :
	    uids_highest(&sel->missing) + (uids_highest(&sel->missing) !=
	    UID_MAX);
	sel->missing_total = uidset_count(&sel->missing);
	sel->box->stepped_ms = timer_now_ms();
	sel->box->is_stale = sel->box->must_look = false;
	sel->box->lacks_headers = sel->missing.n > 0;
	imap_bodies_due(sel->box);
	imap_relink_plan(s);
	if (imap_visit_save(s) && sel->missing.n == 0 && sel->is_known &&
	    !sel->has_new)
		imap_ghosts_drop(s);
}

/* The letters of the server are known: what went, what is missing. */
static void
visit_searched(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(uidset_fini) struct uidset local = { 0 };
	CLEANUP(uidset_fini) struct uidset gone = { 0 };
	struct error e;

	if (ev->status != IMAP_OK) {
		imap_session_refusal(s, "a search", ev, &e);
		imap_session_fail(s, &e);
		return;
	}
	if (uidset_count(&sel->found) != sel->exists && !sel->searched_twice) {
		sel->searched_twice = true;
		visit_compare(s);
		return;
	}
	if (!imap_stage_flush(s) || !imap_visit_local(s, &local))
		return;
	uids_copy(&sel->uids, &sel->found);
	sel->is_known = uidset_count(&sel->uids) == sel->exists;
	if (sel->is_known) {
		uids_minus(&gone, &local, &sel->uids);
		if (gone.n && !imap_gone_uids(s, &gone))
			return;
	} else {
		log_warning("imap", "%s: SEARCH and EXISTS do not agree: "
		    "nothing removed", s->worker->config->receive.host);
	}
	uids_minus(&sel->missing, &sel->uids, &local);
	sel->recheck = false;
	visit_settle(s);
}

static void
visit_compare(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(uidset_fini) struct uidset local = { 0 };

	if (!imap_stage_flush(s) || !imap_visit_local(s, &local))
		return;
	imap_ghosts_note(s);
	if (!sel->recheck && uidset_count(&local) == sel->exists &&
	    (sel->folder.complete_from == 1 ||
	    sel->folder.complete_from == UID_MAX)) {
		uids_copy(&sel->uids, &local);
		sel->is_known = true;
		uidset_clear(&sel->missing);
		visit_settle(s);
		return;
	}
	if (sel->exists == 0 && !sel->is_counted) {
		/* Nothing to search in; agrees with EXISTS by itself. */
		uidset_clear(&sel->uids);
		uidset_clear(&sel->missing);
		sel->is_known = true;
		sel->recheck = false;
		if (!local.n || imap_gone_uids(s, &local))
			visit_settle(s);
		return;
	}
	uidset_clear(&sel->found);
	imap_await(s, imap_search(s->imap, SPAN_LIT("ALL")), visit_searched);
	link_patience(s->link, IMAP_SLOW_S);
}

void
imap_visit_found(struct imap_session *s, const struct uidset *uids)
{
	uids_add_all(&s->sel.found, uids);
}

static void
visit_flagged(struct imap_session *s, const struct imap_event *ev)
{
	if (ev->status != IMAP_OK)
		log_warning("imap", "%s refused to tell flags",
		    s->worker->config->receive.host);
	visit_compare(s);
}

static void
visit_flags(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(uidset_fini) struct uidset local = { 0 };
	CLEANUP(uidset_fini) struct uidset set = { 0 };
	uint64_t modseq = 0;

	if (sel->folder.complete_from == UID_MAX || sel->exists == 0 ||
	    (sel->used_resync && !s->overflowed)) {
		visit_compare(s);
		return;
	}
	if (imap_session_can(s, IMAP_CAP_CONDSTORE) &&
	    !(sel->facts.has & IMAP_HAS_NOMODSEQ))
		modseq = sel->folder.highestmodseq;
	if (modseq) {
		uidset_add(&set, 1, UID_MAX);
	} else {
		if (!imap_visit_local(s, &local))
			return;
		uids_take_highest(&local, IMAP_FLAGS_NEWEST, IMAP_SET_RANGES,
		    &set);
		imap_flags_plan(s, &local);
	}
	s->overflowed = false;
	if (set.n == 0)
		visit_compare(s);
	else
		imap_await(s, imap_fetch_flags(s->imap, &set, modseq),
		    visit_flagged);
}

static void
visit_paged(struct imap_session *s, const struct imap_event *ev)
{
	(void)ev;		/* what did not come is missing: compare */
	if (imap_stage_flush(s))
		visit_flags(s);
}

static void
visit_paged_first(struct imap_session *s, const struct imap_event *ev)
{
	(void)ev;
	imap_stage_flush(s);
}

/* The newest letters by number; nothing else is in flight. */
static void
visit_page_by_seqno(struct imap_session *s)
{
	uint32_t last = s->sel.exists;
	uint32_t first = last >= VISIT_FIRST ? last - VISIT_FIRST + 1 : 1;

	if (first == 1) {
		imap_await(s, imap_fetch_headers_by_seqno(s->imap, 1, last),
		    visit_paged);
		return;
	}
	imap_await(s, imap_fetch_headers_by_seqno(s->imap, first, last),
	    visit_paged_first);
	last = first - 1;
	first = s->sel.exists >= VISIT_PAGE ?
	    s->sel.exists - VISIT_PAGE + 1 : 1;
	imap_await(s, imap_fetch_headers_by_seqno(s->imap, first, last),
	    visit_paged);
}

static void
visit_page(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	bool has_next = sel->facts.has & IMAP_HAS_UIDNEXT;
	uint32_t next = sel->folder.uidnext;
	CLEANUP(uidset_fini) struct uidset set = { 0 };

	if (sel->exists == 0 || (has_next && sel->facts.uidnext == next)) {
		visit_flags(s);
	} else if (s->is_notified && (sel->folder.complete_from == UID_MAX ||
	    next == 0)) {
		/* Numbers may shift at any time: by UID, newest first too. */
		visit_flags(s);
	} else if (sel->folder.complete_from == UID_MAX || next == 0) {
		visit_page_by_seqno(s);
	} else if (has_next && sel->facts.uidnext > next &&
	    sel->facts.uidnext - next > VISIT_NEW_MAX) {
		sel->recheck = true;	/* the rest by plan */
		if (s->is_notified)
			visit_flags(s);
		else
			visit_page_by_seqno(s);
	} else {
		uidset_add(&set, next, UID_MAX);
		imap_await(s, imap_fetch_headers(s->imap, &set), visit_paged);
	}
}

/*
 * VANISHED (EARLIER): servers did report everything vanished, so a large
 * one is only a reason to ask.  PROTOCOLS.md 2.3.
 */
static bool
visit_vanished(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(uidset_fini) struct uidset local = { 0 };
	CLEANUP(uidset_fini) struct uidset gone = { 0 };
	uint64_t n;

	if (sel->vanished.n == 0)
		return true;
	if (!imap_visit_local(s, &local))
		return false;
	uids_and(&gone, &local, &sel->vanished);
	uidset_clear(&sel->vanished);
	n = uidset_count(&gone);
	if (n > VISIT_VANISHED_MAX ||
	    (n > 10 && n > uidset_count(&local) / 5)) {
		sel->recheck = true;
		return true;
	}
	return n == 0 || imap_gone_uids(s, &gone);
}

static void
visit_opened(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_selected *sel = &s->sel;
	bool hurry = s->hurry;
	struct error e;

	s->hurry = false;
	/* How many there are is never left out by a server that works. */
	if (ev->status != IMAP_OK || !(sel->facts.has & IMAP_HAS_MESSAGES)) {
		imap_session_refusal(s, "to open a folder", ev, &e);
		log_warning("imap", "%s", e.text);
		sel->box->is_broken = true;
		if (sel->box == s->home)
			imap_session_fail(s, &e);
		imap_stage_drop(s);
		visit_reset(sel);
		return;
	}
	if (sel->facts.uidvalidity == 0 ||
	    sel->facts.uidvalidity != sel->folder.uidvalidity) {
		CLEANUP(uidset_fini) struct uidset local = { 0 };

		imap_stage_drop(s);
		uidset_clear(&sel->vanished);
		sel->used_resync = false;
		sel->folder.uidvalidity = sel->facts.uidvalidity;
		sel->folder.uidnext = sel->folder.server_total = 0;
		sel->folder.highestmodseq = 0;
		sel->folder.complete_from = UID_MAX;
		/* Durable before the first row: a cut may come any time. */
		sel->state_dirty = true;
		if (!imap_visit_local(s, &local) ||
		    (local.n && !imap_relink_begin(s)))
			return;
	}
	if (!sel->used_resync)
		imap_stage_drop(s);	/* of the mailbox before, if at all */
	sel->is_open = true;
	if (!visit_vanished(s) || !imap_stage_flush(s))
		return;
	if (hurry && sel->folder.complete_from != UID_MAX)
		sel->recheck = true;	/* stays stale; done after the want */
	else
		visit_page(s);
}

void
imap_visit(struct imap_session *s, struct imap_box *box)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { 0 };
	struct imap_selected *sel = &s->sel;
	struct imap_resync resync = { 0 };

	if (sel->box && (!imap_visit_save(s) || !imap_bodies_give(s)))
		return;
	if (sel->box && sel->box == s->home)
		s->home_left_ms = timer_now_ms();
	visit_reset(sel);
	store_read(s->store, &t);
	if (!store_folder_get(&t, box->id, &arena, &sel->folder)) {
		box->is_broken = true;	/* its row cannot be read */
		s->hurry = false;
		return;
	}
	sel->folder.name = sel->folder.title = (struct span){ 0 };
	sel->box = box;
	box->is_stale = true;
	if (imap_session_can(s, IMAP_CAP_QRESYNC) && sel->folder.uidvalidity &&
	    sel->folder.highestmodseq && sel->folder.complete_from != UID_MAX) {
		sel->used_resync = true;
		resync.uidvalidity = sel->folder.uidvalidity;
		resync.modseq = sel->folder.highestmodseq;
	}
	imap_await(s, imap_select(s->imap, box->name, false,
	    sel->used_resync ? &resync : NULL), visit_opened);
}

void
imap_visit_again(struct imap_session *s)
{
	s->sel.used_resync = false;
	s->sel.searched_twice = false;
	visit_flags(s);
	if (!s->is_failed && s->ncommands == 0)
		imap_turn(s);
}

static void
visit_new_done(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_selected *sel = &s->sel;

	(void)ev;
	imap_bodies_due(sel->box);
	imap_visit_save(s);
}

void
imap_visit_new(struct imap_session *s)
{
	CLEANUP(uidset_fini) struct uidset set = { 0 };
	uint32_t next = s->sel.folder.uidnext;

	s->sel.has_new = false;
	if (s->sel.highest_uid >= next && s->sel.highest_uid != UID_MAX)
		next = s->sel.highest_uid + 1;
	uidset_add(&set, next ? next : 1, UID_MAX);
	imap_await(s, imap_fetch_headers(s->imap, &set), visit_new_done);
}

static void fill_done(struct imap_session *s, const struct imap_event *ev);

static void
fill_more(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;

	if (sel->nflight == 0 && imap_relink_more(s))
		return;
	while (sel->nflight < 2 && sel->missing.n > 0) {
		struct uidset *batch = &sel->flight[sel->nflight];

		uids_take_highest(&sel->missing, sel->pace, IMAP_SET_RANGES,
		    batch);
		sel->flight_ms[sel->nflight] = timer_now_ms();
		sel->nflight++;
		imap_await(s, imap_fetch_headers(s->imap, batch), fill_done);
	}
}

/* The batch at the front was refused: smaller ones; one alone is left out. */
static void
fill_refused(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;

	if (uidset_count(&sel->flight[0]) > 1)
		uids_add_all(&sel->missing, &sel->flight[0]);
	sel->pace = sel->pace / 4 ? sel->pace / 4 : 1;
}

/* Written with the rows, while there are more; a commit of its own waits. */
static void
fill_progress(struct imap_session *s, bool is_last)
{
	struct report *report = &s->worker->report;
	uint64_t total = s->sel.missing_total;
	uint64_t done = total - uidset_count(&s->sel.missing);
	struct account_state state;

	if (s->owner)
		return;
	if (is_last)
		report_progress(report, done, 0);
	else if (report_take_progress(report, done, total, &state))
		ingest_put_progress(&s->ingest, s->worker->account, &state);
}

static void
fill_done(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_selected *sel = &s->sel;
	struct uidset front;
	uint32_t top;

	if (ev->status != IMAP_OK)
		fill_refused(s);
	else
		sel->pace = pace_next(sel->pace,
		    timer_now_ms() - sel->flight_ms[0]);
	front = sel->flight[0];		/* its memory is used again */
	sel->flight[0] = sel->flight[1];
	sel->flight[1] = front;
	sel->flight_ms[0] = timer_now_ms();
	sel->nflight--;
	top = uids_highest(&sel->missing);
	if (sel->nflight && uids_highest(&sel->flight[0]) > top)
		top = uids_highest(&sel->flight[0]);
	sel->folder.complete_from = top == 0 ? 1 : top == UID_MAX ? top :
	    top + 1;
	sel->box->lacks_headers = top != 0;
	/* Rows that nothing was found for: one more look before they go. */
	if (top == 0 && !sel->looked_again && imap_relink_has_left(s))
		sel->looked_again = sel->box->is_stale = true;
	fill_progress(s, top == 0);
	visit_note(s);
	/* While the writer has work, what comes is collected. */
	if (ingest_is_idle(&s->ingest) && !imap_stage_give(s))
		return;
	if (!imap_is_interrupted(s))
		fill_more(s);
}

void
imap_visit_fill(struct imap_session *s)
{
	if (s->sel.missing.n == 0) {
		/* Selected in a hurry: what is missing is not known yet. */
		s->sel.recheck = true;
		imap_visit_again(s);
		return;
	}
	fill_more(s);
}
