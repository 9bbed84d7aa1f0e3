/* SPDX-License-Identifier: MIT */
/*
 * The user's acts on flags, told to the server: +FLAGS and -FLAGS by UID,
 * which can be repeated without harm.  Acts on one folder that ask for the
 * same go in one command; SENT is durable before the bytes leave.
 * PROTOCOLS.md 2.7; SECURITY.md 6.
 */
#include "src/core/imap_private.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

enum {
	REPLAY_GROUP = 200,	/* acts in one command */
	REPLAY_SCAN = 2000,	/* entries looked at for a group */
};

struct replay_group {
	struct imap_box *box;	/* NULL: empty */
	uint32_t folder, add, remove;
	struct uidset uids;
	uint64_t acts[REPLAY_GROUP];
	size_t n;
	uint32_t attempts;	/* the most of any */
	uint64_t lost;		/* an act whose folder went; or 0 */
};

static bool
replay_is_due(const struct act *a, int64_t now)
{
	/* SENT: cut or crashed in between; the same again does no harm. */
	return a->kind == ACT_FLAGS &&
	    (a->state == ACT_QUEUED || a->state == ACT_SENT) &&
	    (a->not_before == DATE_NONE || a->not_before <= now);
}

static bool
replay_fits(const struct imap_session *s, const struct replay_group *g,
    const struct act *a)
{
	size_t max = s->replay.one_by_one ? 1 : REPLAY_GROUP;

	return g->n < max && a->folder == g->folder && a->add == g->add &&
	    a->remove == g->remove && g->uids.n < IMAP_SET_RANGES;
}

/*
 * The oldest act and those that can go with it.  An act must not overtake
 * an older one on the same letter.
 */
static void
replay_choose(struct imap_session *s, struct replay_group *g)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	GHashTable *passed = g_hash_table_new(g_int64_hash, g_int64_equal);
	int64_t now = timer_wall_s();
	struct act *acts;
	size_t n;

	store_read(s->store, &t);
	n = store_acts(&t, s->worker->account, false, &arena, &acts);
	for (size_t i = 0; i < n && i < REPLAY_SCAN; i++) {
		struct act *a = &acts[i];
		struct imap_box *box;

		if (!replay_is_due(a, now))
			continue;
		box = imap_box_of(s, a->folder);
		if (!box && s->has_list)
			g->lost = a->id;
		if (!box || box->is_broken)
			continue;
		if (!g->box) {
			g->box = box;
			g->folder = a->folder;
			g->add = a->add;
			g->remove = a->remove;
		}
		if (!replay_fits(s, g, a) ||
		    g_hash_table_contains(passed, &a->message)) {
			g_hash_table_add(passed, &a->message);
			continue;
		}
		g->acts[g->n++] = a->id;
		uidset_add(&g->uids, a->uid.v, a->uid.v);
		if (a->attempts > g->attempts)
			g->attempts = a->attempts;
	}
	g_hash_table_destroy(passed);
}

/* Sets every act of the group, in one commit. */
static bool
replay_set(struct imap_session *s, enum act_state state, struct span answer,
    int64_t not_before)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();

	store_write(s->store, &t);
	for (size_t i = 0; i < s->replay.n; i++) {
		struct span text = answer;
		struct act a;

		if (!store_act_get(&t, s->replay.acts[i], &arena, &a))
			continue;
		if (state == ACT_DONE && s->sel.is_known &&
		    !uidset_has(&s->sel.uids, a.uid.v))
			text = SPAN_LIT("the letter is no longer on the "
			    "server");
		store_act_set(&t, a.id, state, text, not_before, now);
	}
	return imap_session_commit(s, &t);
}

static bool
replay_is_passing(enum imap_code code)
{
	return code == IMAP_CODE_UNAVAILABLE || code == IMAP_CODE_INUSE ||
	    code == IMAP_CODE_SERVERBUG || code == IMAP_CODE_EXPUNGEISSUED;
}

/* All commands of the group were answered. */
static void
replay_finish(struct imap_session *s)
{
	struct imap_replay *r = &s->replay;
	struct span text = buf_span(&r->text);

	if (!imap_stage_flush(s))
		return;
	if (r->status == IMAP_OK) {
		r->one_by_one = false;
		replay_set(s, ACT_DONE, (struct span){ 0 }, DATE_NONE);
	} else if (replay_is_passing(r->code)) {
		replay_set(s, ACT_QUEUED, text, timer_wall_s() +
		    backoff_letter_s(r->attempts + 1));
	} else if (r->n > 1) {
		/* Only one of them may be at fault. */
		r->one_by_one = true;
		replay_set(s, ACT_QUEUED, text, DATE_NONE);
	} else {
		replay_set(s, ACT_FAILED, text, DATE_NONE);
	}
}

static void
replay_answered(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_replay *r = &s->replay;

	if (ev->status != IMAP_OK) {
		r->status = ev->status;
		r->code = ev->code;
		buf_reset(&r->text);
		text_clean(&r->text, ev->text);
	}
	if (--r->left == 0)
		replay_finish(s);
}

/*
 * SENT, durably, for those of the group that nobody changed or canceled
 * since they were chosen; the others drop out of it.
 */
static bool
replay_set_sent(struct imap_session *s, struct replay_group *g)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct imap_replay *r = &s->replay;
	int64_t now = timer_wall_s();

	uidset_clear(&g->uids);
	store_write(s->store, &t);
	for (size_t i = 0; i < g->n; i++) {
		struct act a;

		if (!store_act_get(&t, g->acts[i], &arena, &a) ||
		    !replay_is_due(&a, now) || a.add != g->add ||
		    a.remove != g->remove)
			continue;
		store_act_set(&t, a.id, ACT_SENT, (struct span){ 0 },
		    DATE_NONE, now);
		uidset_add(&g->uids, a.uid.v, a.uid.v);
		r->acts[r->n++] = a.id;
	}
	return imap_session_commit(s, &t);
}

static void
replay_send(struct imap_session *s, struct replay_group *g)
{
	struct imap_replay *r = &s->replay;

	arena_reset(&r->arena);
	r->acts = arena_array(&r->arena, g->n, sizeof *r->acts);
	r->n = 0;
	r->left = 0;
	r->status = IMAP_OK;
	r->code = IMAP_CODE_NONE;
	r->attempts = g->attempts;
	buf_reset(&r->text);
	if (!replay_set_sent(s, g) || r->n == 0)
		return;
	if (g->add) {
		r->left++;
		imap_await(s, imap_store(s->imap, &g->uids, true, g->add,
		    NULL, 0, 0), replay_answered);
	}
	if (g->remove) {
		r->left++;
		imap_await(s, imap_store(s->imap, &g->uids, false, g->remove,
		    NULL, 0, 0), replay_answered);
	}
	if (r->left == 0)
		replay_set(s, ACT_DONE, (struct span){ 0 }, DATE_NONE);
}

/* The folder is no longer there: nobody can do it. */
static void
replay_lost(struct imap_session *s, uint64_t act)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	store_act_set(&t, act, ACT_FAILED, SPAN_LIT("the folder is no longer "
	    "on the server"), DATE_NONE, timer_wall_s());
	imap_session_commit(s, &t);
}

bool
imap_replay(struct imap_session *s)
{
	struct replay_group g = { 0 };

	replay_choose(s, &g);
	if (g.lost)
		replay_lost(s, g.lost);	/* others of its kind next time */
	if (!g.box || s->is_failed) {
		uidset_fini(&g.uids);
		return false;
	}
	if (g.box != s->sel.box) {
		s->hurry = true;
		imap_visit(s, g.box);
	} else {
		replay_send(s, &g);
	}
	uidset_fini(&g.uids);
	return s->ncommands > 0;
}

bool
imap_replay_renumbered(struct imap_session *s, uint32_t folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct act *acts;
	size_t n;

	store_write(s->store, &t);
	n = store_acts(&t, s->worker->account, false, &arena, &acts);
	for (size_t i = 0; i < n; i++) {
		if (acts[i].kind != ACT_FLAGS || acts[i].folder != folder)
			continue;
		store_act_set(&t, acts[i].id, ACT_FAILED,
		    SPAN_LIT("the server gave the folder new numbers: surat "
		    "cannot tell which letter was meant"), DATE_NONE,
		    timer_wall_s());
	}
	return imap_session_commit(s, &t);
}
