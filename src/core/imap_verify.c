/* SPDX-License-Identifier: MIT */
/*
 * A move or a copy whose answer never came, because the connection was cut or
 * the program killed.  Said again, it could make a second copy; forgotten, the
 * letter could stay where it was.  So the server is asked: is the letter in
 * the target, under a UID that no other row has?  Is it still in the source?
 *
 *   target  source
 *   yes     no      it was moved: done
 *   yes     yes     a copy: done; a move: the old one is taken away
 *   no      yes     nothing happened: once more
 *   no      no      somebody else removed it: done, and said so
 *
 * A letter without a Message-ID cannot be searched for: of a move the source
 * tells alone, of a copy nobody can tell, and the user is asked.
 * PROTOCOLS.md 2.7; SECURITY.md 6.
 */
#include "src/core/imap_private.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/i18n.h"
#include "src/core/filing.h"

void
imap_verify_fini(struct imap_session *s)
{
	arena_fini(&s->verify.arena);
	s->verify = (struct imap_verify){ 0 };
}

/* The act goes into this state, and what was found is bound. */
static void
settle(struct imap_session *s, enum act_state state, struct span answer)
{
	struct imap_verify *v = &s->verify;
	uint64_t row = v->act.kind == ACT_COPY ? v->act.copy : v->row.id;
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	if (store_act_set(&t, v->act.id, state, answer, DATE_NONE,
	    timer_wall_s()) && state == ACT_DONE && v->found.v)
		store_message_bind(&t, row, v->act.target, v->found);
	if (imap_session_commit(s, &t))
		imap_verify_fini(s);
}

/*
 * What was found out holds for the place that it was found out of: when the
 * server gave its folder new numbers meanwhile, it begins anew.
 */
static bool
begin(struct imap_session *s, uint64_t act)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct imap_verify *v = &s->verify;
	struct message m;
	struct act a;

	store_read(s->store, &t);
	if (!store_act_get(&t, act, &arena, &a) || a.state != ACT_SENT ||
	    !store_message_get(&t, a.message, &arena, &m))
		return false;
	if (v->act.id == act && v->row.uid.v == m.uid.v &&
	    v->row.server_folder == m.server_folder)
		return true;
	imap_verify_fini(s);
	return store_act_get(&t, act, &v->arena, &v->act) &&
	    store_message_get(&t, a.message, &v->arena, &v->row);
}

/* The newest of those that no row of ours stands for. */
static struct uid
newest_unknown(struct imap_session *s)
{
	CLEANUP(uidset_fini) struct uidset local = { 0 };
	CLEANUP(uidset_fini) struct uidset new = { 0 };
	CLEANUP(store_end) struct store_txn t;

	store_read(s->store, &t);
	store_message_uids(&t, s->verify.act.target, &local);
	uids_minus(&new, &s->sel.found, &local);
	return (struct uid){ uids_highest(&new) };
}

static void
refused(struct imap_session *s)
{
	settle(s, ACT_UNKNOWN, SPAN_LIT(N_("the connection was cut, and the "
	    "server does not tell whether it came through")));
}

static void
target_searched(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_verify *v = &s->verify;

	if (ev->status != IMAP_OK) {
		refused(s);
		return;
	}
	v->has_searched = true;
	v->found = newest_unknown(s);
	if (v->act.kind == ACT_COPY)
		settle(s, v->found.v ? ACT_DONE : ACT_QUEUED,
		    (struct span){ 0 });
}

/* In both places: what is left of the move is to take the old one away. */
static void
finish_move(struct imap_session *s)
{
	struct imap_verify *v = &s->verify;
	struct imap_uid_pair *pair;

	imap_replay_take(s, &v->act, &v->row);
	pair = arena_alloc(&s->replay.arena, sizeof *pair);
	pair->from = (struct uid_range){ v->row.uid.v, v->row.uid.v };
	pair->to = (struct uid_range){ v->found.v, v->found.v };
	s->replay.copied.pairs = pair;
	s->replay.copied.npairs = 1;
	imap_verify_fini(s);
	imap_mail_acts_remove(s);
}

static void
source_searched(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_verify *v = &s->verify;
	bool is_there = uidset_has(&s->sel.found, v->row.uid.v);

	if (ev->status != IMAP_OK)
		refused(s);
	else if (is_there && v->found.v)
		finish_move(s);
	else if (is_there)
		settle(s, ACT_QUEUED, (struct span){ 0 });
	else if (v->found.v || v->row.message_id.n == 0)
		settle(s, ACT_DONE, (struct span){ 0 });
	else
		settle(s, ACT_DONE, SPAN_LIT(N_("the letter is no longer on "
		    "the server")));
}

/* False when nothing was sent: the box does not open. */
static bool
go_to(struct imap_session *s, uint32_t folder)
{
	struct imap_box *box = imap_box_of(s, folder);

	if (!box || box->is_broken) {
		refused(s);
		return false;
	}
	if (box == s->sel.box)
		return true;
	s->hurry = true;
	imap_visit(s, box);
	return false;
}

static bool
ask(struct imap_session *s, struct span criteria, imap_done *done)
{
	uidset_clear(&s->sel.found);
	imap_await(s, imap_search(s->imap, criteria), done);
	link_patience(s->link, IMAP_SLOW_S);
	return true;
}

bool
imap_verify(struct imap_session *s, uint64_t act)
{
	CLEANUP(buf_fini) struct buf search = { 0 };
	struct imap_verify *v = &s->verify;
	bool has_id;

	if (!begin(s, act))
		return false;
	has_id = filing_put_search(&search, v->row.message_id);
	if (!has_id && v->act.kind == ACT_COPY) {
		refused(s);
		return false;
	}
	/* Somebody can send two letters with one id; not of one size as well. */
	if (v->row.size)
		buf_printf(&search, " LARGER %ju SMALLER %ju",
		    (uintmax_t)v->row.size - 1, (uintmax_t)v->row.size + 1);
	if (has_id && !v->has_searched) {
		if (go_to(s, v->act.target))
			return ask(s, buf_span(&search), target_searched);
		return s->ncommands > 0;
	}
	if (!go_to(s, v->row.server_folder))
		return s->ncommands > 0;
	buf_reset(&search);
	buf_printf(&search, "UID %u", v->row.uid.v);
	return ask(s, buf_span(&search), source_searched);
}
