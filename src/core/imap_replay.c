/* SPDX-License-Identifier: MIT */
/*
 * The user's acts, told to the server: which of them next, and what became of
 * them.  Acts on one letter keep their order; those of many letters that ask
 * for the same go in one command.  SENT is durable before the bytes leave:
 * what is found SENT later was cut.  Flags and purges are then simply said
 * again, which does no harm; of moves and copies imap_verify finds out
 * whether they came through.  PROTOCOLS.md 2.7; SECURITY.md 6.
 */
#include "src/core/imap_private.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"

enum {
	REPLAY_GROUP = 200,	/* acts in one command */
	REPLAY_SCAN = 2000,	/* entries looked at for more of a group */
};

#define GONE SPAN_LIT(N_("the letter is no longer on the server"))
#define FOLLOWED SPAN_LIT(N_("another program moved the letter: done where " \
	"it is now"))
#define NO_FOLDER SPAN_LIT(N_("the folder is no longer on the server"))

/* What the walk over the journal has found. */
struct replay_choice {
	struct arena arena;
	GHashTable *passed;	/* owned: messages with an older act */
	bool passed_folder;	/* an older act on a folder waits */
	uint64_t last;		/* that was looked at */
	struct act act;		/* the first; id 0: none */
	struct imap_box *box;	/* where its letters are; NULL: of a folder */
	bool is_cut;		/* it was SENT, and cannot be said again */
	struct imap_replay_item items[REPLAY_GROUP];
	size_t n;
	struct uidset uids;
	uint32_t attempts;	/* the most of any */
	uint64_t gone;		/* an act whose letter is not here; or 0 */
	uint64_t homeless;	/* an act whose folder is gone; or 0 */
	uint64_t lost;		/* an act that nobody can do any more; or 0 */
	uint64_t lost_row;	/* its letter, which nobody has; or 0 */
	enum act_state lost_state;
	struct span lost_why;
};

static bool
is_due(const struct act *a, int64_t now)
{
	return (a->state == ACT_QUEUED || a->state == ACT_SENT) &&
	    (a->not_before == DATE_NONE || a->not_before <= now);
}

/* Said twice, it does something twice. */
static bool
is_once(enum act_kind kind)
{
	return kind == ACT_MOVE || kind == ACT_COPY;
}

static void
pass_by(struct replay_choice *c, uint64_t message)
{
	uint64_t *key = arena_alloc(&c->arena, sizeof *key);

	*key = message;
	g_hash_table_add(c->passed, key);
}

static void
lose(struct replay_choice *c, const struct act *a, enum act_state state,
    struct span why)
{
	if (c->lost)
		return;
	c->lost = a->id;
	c->lost_state = state;
	c->lost_why = why;
}

static bool
asks_the_same(const struct act *a, const struct act *b)
{
	return a->kind == b->kind && a->add == b->add &&
	    a->remove == b->remove && a->target == b->target &&
	    span_eq(a->keyword, b->keyword);
}

/* Where the letters of an act are to go to: there, or worth waiting for? */
static bool
has_target(struct imap_session *s, struct store_txn *t,
    struct replay_choice *c, const struct act *a)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const struct imap_box *box;
	struct folder target;

	if (!is_once(a->kind))
		return true;
	box = imap_box_of(s, a->target);
	if (box)
		return !box->is_broken;
	if (s->has_list && (!store_folder_get(t, a->target, &arena, &target) ||
	    !target.is_pending))
		lose(c, a, ACT_FAILED, NO_FOLDER);
	return false;
}

/*
 * The letter was moved, and in the target nobody has seen it.  A folder that
 * is wholly known does not have it; another one is looked at, once.
 */
static void
seek_unbound(struct imap_session *s, struct replay_choice *c,
    const struct act *a, struct imap_box *box)
{
	const struct imap_selected *sel = &s->sel;

	if (box == sel->box && sel->is_open && sel->is_known &&
	    !sel->has_new && !box->is_stale && !box->lacks_headers) {
		c->lost_row = c->lost ? c->lost_row : a->message;
		lose(c, a, ACT_DONE, GONE);
	} else if (!box->was_sought) {
		box->was_sought = box->is_stale = box->must_look = true;
	}
}

/* True when the act joins the group. */
static bool
take_mail_act(struct imap_session *s, struct store_txn *t,
    struct replay_choice *c, const struct act *a)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	size_t max = s->replay.one_by_one ? 1 : REPLAY_GROUP;
	bool is_cut = is_once(a->kind) && a->state == ACT_SENT;
	struct imap_box *box;
	struct message m;

	if (!store_message_get(t, a->message, &arena, &m)) {
		c->gone = c->gone ? c->gone : a->id;
		return false;
	}
	box = imap_box_of(s, m.server_folder);
	if (!box && s->has_list && c->homeless == 0)
		c->homeless = a->id;
	if (box && m.is_unbound)
		seek_unbound(s, c, a, box);
	if (!box || box->is_broken || m.uid.v == 0 || !has_target(s, t, c, a))
		return false;
	if (c->act.id && (c->box != box || is_cut || c->is_cut || c->n >= max ||
	    c->uids.n >= IMAP_SET_RANGES || !asks_the_same(&c->act, a)))
		return false;
	if (!c->act.id && !store_act_get(t, a->id, &c->arena, &c->act))
		return false;
	c->box = box;
	c->is_cut = is_cut;
	c->items[c->n++] = (struct imap_replay_item){ .act = a->id,
		.message = m.id, .uid = m.uid,
		.row = a->kind == ACT_COPY ? a->copy : m.id };
	uidset_add(&c->uids, m.uid.v, m.uid.v);
	if (a->attempts > c->attempts)
		c->attempts = a->attempts;
	return true;
}

/*
 * Letters that the server still has in the folder are to be moved out of it,
 * or could not be: it must not be removed with them.
 */
static bool
has_letters_to_save(struct store_txn *t, const struct act *remove)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act *acts;
	size_t n = store_acts_recent(t, remove->account, 0, &arena, &acts);

	for (size_t i = 0; i < n; i++) {
		struct message m;

		if (is_once(acts[i].kind) &&
		    store_message_get(t, acts[i].message, &arena, &m) &&
		    m.server_folder == remove->folder)
			return true;
	}
	return false;
}

/* True when the walk is over: an act on a folder goes alone. */
static bool
take_folder_act(struct store_txn *t, struct replay_choice *c,
    const struct act *a, int64_t now)
{
	if (c->act.id || c->passed_folder)
		return false;
	c->passed_folder = true;
	if (a->kind == ACT_REMOVE && has_letters_to_save(t, a))
		return false;
	return is_due(a, now) && store_act_get(t, a->id, &c->arena, &c->act);
}

/* The oldest act that can be done now, and those that can go with it. */
static void
choose(struct imap_session *s, struct replay_choice *c)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();
	uint64_t after = 0;
	size_t scanned = 0;
	struct act a;

	store_read(s->store, &t);
	for (; scanned < REPLAY_SCAN && c->n < REPLAY_GROUP &&
	    store_act_next(&t, s->worker->account, after, &arena, &a);
	    after = a.id, arena_reset(&arena)) {
		c->last = a.id;
		scanned += c->act.id != 0;
		if (act_is_of_folder(a.kind)) {
			if (take_folder_act(&t, c, &a, now))
				return;
			continue;
		}
		if (a.kind == ACT_COPY)	/* what is done to the copy waits */
			pass_by(c, a.copy);
		if (!act_is_of_message(a.kind) ||
		    g_hash_table_contains(c->passed, &a.message))
			continue;
		if (!is_due(&a, now) || !take_mail_act(s, &t, c, &a))
			pass_by(c, a.message);
	}
}

bool
imap_replay_set(struct imap_session *s, enum act_state state,
    struct span answer, int64_t not_before)
{
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();

	store_write(s->store, &t);
	for (size_t i = 0; i < s->replay.n; i++) {
		const struct imap_replay_item *item = &s->replay.items[i];
		struct span text = answer;
		uint32_t new = imap_copied_to(&s->replay.copied, item->uid);

		if (state == ACT_DONE && text.n == 0 && new == 0 &&
		    s->sel.is_known &&
		    !uidset_has(&s->sel.uids, item->uid.v) &&
		    !is_once(s->replay.act.kind) &&
		    s->replay.act.kind != ACT_PURGE)
			text = GONE;
		if (store_act_set(&t, item->act, state, text, not_before,
		    now) && state == ACT_DONE && new)
			store_message_bind(&t, item->row,
			    s->replay.act.target, (struct uid){ new });
	}
	return imap_session_commit(s, &t);
}

static bool
is_passing(enum imap_code code)
{
	return code == IMAP_CODE_UNAVAILABLE || code == IMAP_CODE_INUSE ||
	    code == IMAP_CODE_SERVERBUG || code == IMAP_CODE_EXPUNGEISSUED;
}

void
imap_replay_note(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_replay *r = &s->replay;

	if (ev->status == IMAP_OK || r->status == IMAP_BAD)
		return;
	r->status = ev->status;
	r->code = ev->code;
	buf_reset(&r->text);
	text_clean(&r->text, ev->text);
}

void
imap_replay_finish(struct imap_session *s)
{
	struct imap_replay *r = &s->replay;
	struct span text = buf_span(&r->text);

	if (!imap_stage_flush(s))
		return;
	if (r->status == IMAP_OK) {
		r->one_by_one = false;
		imap_replay_set(s, ACT_DONE, text, DATE_NONE);
	} else if (is_passing(r->code)) {
		imap_replay_set(s, ACT_QUEUED, text, timer_wall_s() +
		    backoff_letter_s(r->attempts + 1));
	} else if (r->n > 1) {
		/* Only one of them may be at fault. */
		r->one_by_one = true;
		imap_replay_set(s, ACT_QUEUED, text, DATE_NONE);
	} else {
		imap_replay_set(s, ACT_FAILED, text, DATE_NONE);
	}
	/* A target that went: what folders are there? */
	if (r->code == IMAP_CODE_TRYCREATE || r->code == IMAP_CODE_NONEXISTENT)
		s->list_due_ms = 0;
}

/*
 * SENT, durably, for those of the group that nobody changed or canceled
 * since they were chosen; the others drop out of it.
 */
static bool
set_sent(struct imap_session *s, const struct replay_choice *c)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct imap_replay *r = &s->replay;
	int64_t now = timer_wall_s();

	store_write(s->store, &t);
	for (size_t i = 0; i < c->n; i++) {
		struct message m;
		struct act a;

		if (!store_act_get(&t, c->items[i].act, &arena, &a) ||
		    !is_due(&a, now) || !asks_the_same(&a, &r->act) ||
		    !store_message_get(&t, a.message, &arena, &m) ||
		    m.server_folder != c->box->id ||
		    m.uid.v != c->items[i].uid.v)
			continue;
		store_act_set(&t, a.id, ACT_SENT, (struct span){ 0 },
		    DATE_NONE, now);
		uidset_add(&r->uids, m.uid.v, m.uid.v);
		r->items[r->n++] = c->items[i];
	}
	return imap_session_commit(s, &t);
}

static void
begin_group(struct imap_session *s, const struct act *act, size_t n,
    uint32_t attempts)
{
	struct imap_replay *r = &s->replay;

	arena_reset(&r->arena);
	uidset_clear(&r->uids);
	buf_reset(&r->text);
	r->act = *act;
	r->act.keyword = arena_copy(&r->arena, act->keyword);
	r->items = arena_array(&r->arena, n, sizeof *r->items);
	r->n = 0;
	r->left = 0;
	r->status = IMAP_OK;
	r->code = IMAP_CODE_NONE;
	r->attempts = attempts;
	r->copied = (struct imap_copied){ 0 };
}

void
imap_replay_take(struct imap_session *s, const struct act *act,
    const struct message *m)
{
	struct imap_replay *r = &s->replay;

	begin_group(s, act, 1, act->attempts);
	r->items[r->n++] = (struct imap_replay_item){ .act = act->id,
		.message = m->id, .uid = m->uid,
		.row = act->kind == ACT_COPY ? act->copy : m->id };
	uidset_add(&r->uids, m->uid.v, m->uid.v);
}

/* Nobody can do it any more; the user is told why. */
static bool
settle_lost(struct imap_session *s, const struct replay_choice *c)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	store_act_set(&t, c->lost, c->lost_state, c->lost_why, DATE_NONE,
	    timer_wall_s());
	if (c->lost_row)
		store_message_remove(&t, c->lost_row);
	return imap_session_commit(s, &t);
}

/* Every folder is as the server has it. */
static bool
is_in_step(const struct imap_session *s)
{
	for (size_t i = 0; i < s->nboxes; i++) {
		const struct imap_box *box = &s->boxes[i];

		if (!box->is_broken && !box->is_watched &&
		    (box->is_stale || box->lacks_headers))
			return false;
	}
	return s->has_list && !s->sel.has_new;
}

/*
 * The letter is not here any more.  Perhaps another program has moved it, and
 * it is (or will be) somewhere else: then the act follows it.
 */
static bool
settle_gone(struct imap_session *s, const struct replay_choice *c)
{
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();

	store_write(s->store, &t);
	if (store_act_elsewhere(&t, c->gone, now))
		store_act_set(&t, c->gone, ACT_DONE, FOLLOWED, DATE_NONE, now);
	else if (is_in_step(s))
		store_act_set(&t, c->gone, ACT_DONE, GONE, DATE_NONE, now);
	else
		return true;	/* once everything is known */
	return imap_session_commit(s, &t);
}

/* The same, of a folder that another program removed or renamed. */
static bool
settle_homeless(struct imap_session *s, const struct replay_choice *c)
{
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();

	store_write(s->store, &t);
	if (store_act_elsewhere(&t, c->homeless, now))
		store_act_set(&t, c->homeless, ACT_CANCELED, FOLLOWED,
		    DATE_NONE, now);
	else if (is_in_step(s))
		store_act_set(&t, c->homeless, ACT_FAILED, NO_FOLDER,
		    DATE_NONE, now);
	else
		return true;
	return imap_session_commit(s, &t);
}

static void
send_group(struct imap_session *s, const struct replay_choice *c)
{
	begin_group(s, &c->act, c->n, c->attempts);
	if (set_sent(s, c) && s->replay.n > 0)
		imap_mail_acts_send(s);
}

/* What was chosen; others of its kind next time. */
static bool
act_on(struct imap_session *s, const struct replay_choice *c)
{
	if ((c->lost && !settle_lost(s, c)) ||
	    (c->gone && !settle_gone(s, c)) ||
	    (c->homeless && !settle_homeless(s, c)))
		return false;
	if (!c->act.id) {
		/* What is left cannot be done now: no errand by itself. */
		s->stuck_act = c->last;
		s->stuck_s = timer_wall_s();
		return false;
	}
	if (act_is_of_folder(c->act.kind))
		return imap_folder_act(s, c->act.id);
	if (c->is_cut)
		return imap_verify(s, c->act.id);
	if (c->box != s->sel.box) {
		s->hurry = true;
		imap_visit(s, c->box);
	} else {
		send_group(s, c);
	}
	return s->ncommands > 0;
}

bool
imap_replay(struct imap_session *s)
{
	struct replay_choice c = { 0 };
	bool is_busy;

	c.passed = g_hash_table_new(g_int64_hash, g_int64_equal);
	choose(s, &c);
	is_busy = act_on(s, &c);
	g_hash_table_destroy(c.passed);
	uidset_fini(&c.uids);
	arena_fini(&c.arena);
	return is_busy;
}

void
imap_replay_fini(struct imap_session *s)
{
	arena_fini(&s->replay.arena);
	uidset_fini(&s->replay.uids);
	uidset_fini(&s->replay.marked);
	buf_fini(&s->replay.text);
}
