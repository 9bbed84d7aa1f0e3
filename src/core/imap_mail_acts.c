/* SPDX-License-Identifier: MIT */
/*
 * One group of acts on letters of the selected mailbox, said to the server.
 *
 *   flags, keywords   UID STORE, each flag for itself, never a replacement
 *   move              UID MOVE; else UID COPY, \Deleted, UID EXPUNGE
 *   copy              UID COPY
 *   purge             \Deleted, UID EXPUNGE
 *
 * Without UIDPLUS there is only an EXPUNGE that takes everything which is
 * marked, whoever marked it.  It is used when a search finds what we marked
 * and nothing else; if not, what was moved stays behind as marked, and a
 * purge is refused.  PROTOCOLS.md 2.7.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/i18n.h"

#define FOREIGN_MARKS N_( \
	"other letters in this folder are marked as deleted as well, and the " \
	"server can only remove all of them together")

static void
answered(struct imap_session *s, const struct imap_event *ev)
{
	imap_replay_note(s, ev);
	if (--s->replay.left == 0)
		imap_replay_finish(s);
}

static void
await(struct imap_session *s, uint32_t tag, imap_done *done)
{
	s->replay.left++;
	imap_await(s, tag, done);
}

static void
send_flags(struct imap_session *s)
{
	struct imap_replay *r = &s->replay;

	if (r->act.add)
		await(s, imap_store(s->imap, &r->uids, true, r->act.add, NULL,
		    0, 0), answered);
	if (r->act.remove)
		await(s, imap_store(s->imap, &r->uids, false, r->act.remove,
		    NULL, 0, 0), answered);
	if (r->left == 0)
		imap_replay_set(s, ACT_DONE, (struct span){ 0 }, DATE_NONE);
}

static void
send_keyword(struct imap_session *s)
{
	struct imap_replay *r = &s->replay;
	bool add = r->act.add != 0;

	if (add && !s->sel.facts.keywords_allowed) {
		imap_replay_set(s, ACT_FAILED, SPAN_LIT(N_("the server keeps "
		    "no such marks in this folder")), DATE_NONE);
		return;
	}
	await(s, imap_store(s->imap, &r->uids, add, 0, &r->act.keyword, 1, 0),
	    answered);
}

/*
 * They are in the target, and the server does not let them go from where they
 * were.  To say it all again would make one more of each, every time.
 */
static void
left_behind(struct imap_session *s)
{
	struct imap_replay *r = &s->replay;

	if (r->act.kind != ACT_MOVE || r->status == IMAP_OK)
		return;
	r->status = IMAP_OK;
	s->sel.recheck = true;
	s->sel.box->is_stale = s->sel.box->must_look = true;
}

static void
expunged(struct imap_session *s, const struct imap_event *ev)
{
	s->replay.left--;
	imap_replay_note(s, ev);
	left_behind(s);
	imap_replay_finish(s);
}

/*
 * Other letters of the folder that the user wants purged are not foreign: they
 * go with these, and nobody can take that back from now on.  True when there
 * are no others.
 */
static bool
claim_marked(struct imap_session *s, struct uidset *foreign)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();
	struct act a = { 0 };

	store_write(s->store, &t);
	for (; foreign->n && store_act_next(&t, s->worker->account, a.id,
	    &arena, &a); arena_reset(&arena)) {
		struct message m;

		if (a.kind != ACT_PURGE || a.state != ACT_QUEUED ||
		    !store_message_get(&t, a.message, &arena, &m) ||
		    m.server_folder != s->sel.box->id ||
		    !uidset_has(foreign, m.uid.v))
			continue;
		store_act_set(&t, a.id, ACT_SENT, (struct span){ 0 },
		    DATE_NONE, now);
		uids_remove(foreign, m.uid.v);
	}
	return foreign->n == 0 && imap_session_commit(s, &t);
}

/* EXPUNGE, when nothing but ours would go. */
static void
expunge_ours(struct imap_session *s)
{
	struct imap_replay *r = &s->replay;
	CLEANUP(uidset_fini) struct uidset foreign = { 0 };

	uids_minus(&foreign, &r->marked, &r->uids);
	if (claim_marked(s, &foreign)) {
		await(s, imap_expunge(s->imap), expunged);
	} else if (s->is_failed) {
		return;
	} else if (r->act.kind == ACT_PURGE) {
		imap_replay_set(s, ACT_FAILED, SPAN_LIT(FOREIGN_MARKS),
		    DATE_NONE);
	} else {
		/* They stay there as marked: letters of their own. */
		s->sel.recheck = true;
		s->sel.box->is_stale = true;
		imap_replay_finish(s);
	}
}

/*
 * Some of ours were not among the marked.  When they are not there any more
 * that is as it should be; else the answer tells nothing.
 */
static void
ours_found(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_replay *r = &s->replay;
	CLEANUP(uidset_fini) struct uidset unmarked = { 0 };

	r->left--;
	imap_replay_note(s, ev);
	uids_minus(&unmarked, &s->sel.found, &r->marked);
	if (r->status != IMAP_OK || unmarked.n) {
		r->status = IMAP_NO;
		left_behind(s);
		imap_replay_finish(s);
	} else if (s->sel.found.n == 0) {
		imap_replay_finish(s);
	} else {
		expunge_ours(s);
	}
}

/* Without UIDPLUS: are all that are marked ours? */
static void
marked_found(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_replay *r = &s->replay;
	CLEANUP(uidset_fini) struct uidset untold = { 0 };
	CLEANUP(buf_fini) struct buf search = { 0 };

	r->left--;
	imap_replay_note(s, ev);
	if (r->status != IMAP_OK) {
		left_behind(s);
		imap_replay_finish(s);
		return;
	}
	uids_copy(&r->marked, &s->sel.found);
	uids_minus(&untold, &r->uids, &r->marked);
	if (untold.n == 0) {
		expunge_ours(s);
		return;
	}
	buf_puts(&search, "UID ");
	uidset_put(&search, &r->uids);
	uidset_clear(&s->sel.found);
	await(s, imap_search(s->imap, buf_span(&search)), ours_found);
	link_patience(s->link, IMAP_SLOW_S);
}

static void
marked(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_replay *r = &s->replay;

	r->left--;
	imap_replay_note(s, ev);
	if (r->status != IMAP_OK) {
		left_behind(s);
		imap_replay_finish(s);
	} else if (imap_session_can(s, IMAP_CAP_UIDPLUS)) {
		await(s, imap_uid_expunge(s->imap, &r->uids), expunged);
	} else {
		uidset_clear(&s->sel.found);
		await(s, imap_search(s->imap, SPAN_LIT("DELETED")),
		    marked_found);
		link_patience(s->link, IMAP_SLOW_S);
	}
}

void
imap_mail_acts_remove(struct imap_session *s)
{
	await(s, imap_store(s->imap, &s->replay.uids, true, FLAG_DELETED, NULL,
	    0, 0), marked);
}

/* The pairs of the event live as long as it does. */
static void
keep_copied(struct imap_session *s, const struct imap_copied *copied)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct imap_replay *r = &s->replay;
	struct imap_uid_pair *pairs;
	struct folder target;

	store_read(s->store, &t);
	if (copied->npairs == 0 ||
	    !store_folder_get(&t, r->act.target, &arena, &target) ||
	    target.uidvalidity != copied->uidvalidity)
		return;
	pairs = arena_array(&r->arena, copied->npairs, sizeof *pairs);
	memcpy(pairs, copied->pairs, copied->npairs * sizeof *pairs);
	r->copied = *copied;
	r->copied.pairs = pairs;
}

/* The target has something new. */
static void
target_changed(struct imap_session *s)
{
	struct imap_box *box = imap_box_of(s, s->replay.act.target);

	if (box && box != s->sel.box)
		box->is_stale = box->must_look = true;
	else if (box)
		s->sel.has_new = true;
}

static void
moved(struct imap_session *s, const struct imap_event *ev)
{
	s->replay.left--;
	imap_replay_note(s, ev);
	keep_copied(s, &ev->copied);
	target_changed(s);
	imap_replay_finish(s);
}

static void
copied_for_move(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_replay *r = &s->replay;

	r->left--;
	imap_replay_note(s, ev);
	keep_copied(s, &ev->copied);
	target_changed(s);
	if (r->status == IMAP_OK)
		imap_mail_acts_remove(s);
	else
		imap_replay_finish(s);
}

static void
send_move(struct imap_session *s, bool is_copy)
{
	struct imap_replay *r = &s->replay;
	const struct imap_box *target = imap_box_of(s, r->act.target);
	struct error e;

	if (!target) {		/* it was there when they were chosen */
		error_set(&e, ERR_AGAIN, "a folder went in the middle");
		imap_session_fail(s, &e);
		return;
	}
	if (is_copy)
		await(s, imap_copy(s->imap, &r->uids, target->name), moved);
	else if (imap_session_can(s, IMAP_CAP_MOVE))
		await(s, imap_move(s->imap, &r->uids, target->name), moved);
	else
		await(s, imap_copy(s->imap, &r->uids, target->name),
		    copied_for_move);
	link_patience(s->link, IMAP_SLOW_S);
}

void
imap_mail_acts_send(struct imap_session *s)
{
	enum act_kind kind = s->replay.act.kind;

	if (s->sel.facts.read_only && kind != ACT_COPY) {
		imap_replay_set(s, ACT_FAILED, SPAN_LIT(N_("the server lets "
		    "nobody change this folder")), DATE_NONE);
		return;
	}
	if (kind == ACT_FLAGS)
		send_flags(s);
	else if (kind == ACT_KEYWORD)
		send_keyword(s);
	else if (kind == ACT_PURGE)
		imap_mail_acts_remove(s);
	else
		send_move(s, kind == ACT_COPY);
}
