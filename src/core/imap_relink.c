/* SPDX-License-Identifier: MIT */
/*
 * Letters that lost their UIDs, and the UIDs that lost their letters.
 *
 * When UIDVALIDITY changes, the numbers that the store has mean nothing any
 * more, but the letters are most likely the same.  So every row of the folder
 * is unbound, which keeps it with its body and with what the user wants done
 * to it, and the server is asked for what tells letters apart: the newest page
 * with its headers, as always, and of all others Message-ID and size.  What
 * matches is bound again; only what is left is fetched, and only rows that
 * nothing was found for go.  PROTOCOLS.md 2.3.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "mail/header.h"

enum {
	RELINK_CLEAR = 200,	/* rows in one transaction */
	RELINK_BATCH = 1000,	/* identities in one command */
};

/* Rows lose their UIDs for a few ms; false when that failed. */
static bool
unbind_some(struct imap_session *s, bool *has_more)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	*has_more = store_folder_unbind(&t, sel->box->id, RELINK_CLEAR);
	if (!*has_more) {
		sel->folder.uidvalidity = sel->facts.uidvalidity;
		store_folder_put_state(&t, &sel->folder);
	}
	return imap_session_commit(s, &t);
}

bool
imap_relink_begin(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	bool has_more = true;

	log_info("imap", "%.*s has new numbers: its letters are matched again",
	    SPAN_ARG(sel->box->name));
	/* 0 is no validity: cut in the middle, this begins anew. */
	sel->folder.uidvalidity = 0;
	sel->folder.uidnext = 0;
	sel->folder.highestmodseq = 0;
	sel->folder.complete_from = UID_MAX;
	{
		CLEANUP(store_end) struct store_txn t;

		store_write(s->store, &t);
		store_folder_put_state(&t, &sel->folder);
		if (!imap_session_commit(s, &t))
			return false;
	}
	while (has_more)
		if (!unbind_some(s, &has_more))
			return false;
	return true;
}

bool
imap_relink_has_left(struct imap_session *s)
{
	CLEANUP(store_end) struct store_txn t;
	uint64_t id;

	store_read(s->store, &t);
	return store_message_unbound(&t, s->sel.box->id, &id, 1) > 0;
}

void
imap_relink_plan(struct imap_session *s)
{
	struct imap_relink *r = &s->relink;

	uidset_clear(&r->todo);
	if (s->sel.missing.n > 0 && imap_relink_has_left(s))
		uids_copy(&r->todo, &s->sel.missing);
}

/* Binds what was told, for a few ms at a time; false when it failed. */
static bool
bind_all(struct imap_session *s)
{
	struct imap_relink *r = &s->relink;
	size_t at = 0;

	while (at < r->n) {
		CLEANUP(store_end) struct store_txn t;

		store_write(s->store, &t);
		do {
			const struct imap_identity *i = &r->rows[at++];

			if (store_message_rebind(&t, s->sel.box->id, i->uid,
			    i->message_id, i->size))
				uids_remove(&s->sel.missing, i->uid.v);
		} while (at < r->n && !store_write_is_long(&t));
		if (!imap_session_commit(s, &t))
			return false;
	}
	r->n = 0;
	arena_reset(&r->arena);
	return true;
}

bool
imap_relink_take(struct imap_session *s, const struct imap_fetch *f)
{
	struct imap_relink *r = &s->relink;
	struct envelope e;

	if (!r->is_asking || !(f->has & IMAP_FETCHED_HEADER) ||
	    (f->has & IMAP_FETCHED_FLAGS))
		return false;
	if (f->uid.v == 0 || (r->n == IMAP_IDENTITIES_MAX && !bind_all(s)))
		return true;
	header_parse_envelope(arena_copy(&r->arena, f->header), &r->arena, &e);
	r->rows[r->n++] = (struct imap_identity){ .uid = f->uid,
		.message_id = e.message_id,
		.size = f->has & IMAP_FETCHED_SIZE ? f->size : 0 };
	return true;
}

static void
flagged(struct imap_session *s, const struct imap_event *ev)
{
	(void)ev;
	if (imap_stage_flush(s) && !imap_is_interrupted(s))
		imap_visit_fill(s);
}

static void
identified(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_relink *r = &s->relink;

	r->is_asking = false;
	if (ev->status != IMAP_OK) {
		/* Then all of it is fetched: more to carry, nothing lost. */
		log_warning("imap", "letters could not be matched: %.*s",
		    SPAN_ARG(ev->text));
		uidset_clear(&r->todo);
	}
	/* What was marked meanwhile nobody will tell again. */
	if (bind_all(s))
		imap_await(s, imap_fetch_flags(s->imap, &r->batch, 0),
		    flagged);
}

bool
imap_relink_more(struct imap_session *s)
{
	struct imap_relink *r = &s->relink;

	if (r->todo.n == 0)
		return false;
	uids_take_highest(&r->todo, RELINK_BATCH, IMAP_SET_RANGES, &r->batch);
	r->is_asking = true;
	imap_await(s, imap_fetch_identity(s->imap, &r->batch), identified);
	return true;
}

void
imap_relink_fini(struct imap_session *s)
{
	arena_fini(&s->relink.arena);
	uidset_fini(&s->relink.todo);
	uidset_fini(&s->relink.batch);
}

void
imap_ghosts_note(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(store_end) struct store_txn t;

	store_read(s->store, &t);
	sel->nghosts = store_message_unbound(&t, sel->box->id, sel->ghosts,
	    IMAP_GHOSTS_MAX);
}

bool
imap_ghosts_drop(struct imap_session *s)
{
	struct imap_selected *sel = &s->sel;
	size_t at = 0;

	while (at < sel->nghosts) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(store_end) struct store_txn t;

		store_write(s->store, &t);
		do {
			uint64_t id = sel->ghosts[at++];
			struct message m;

			if (store_message_get(&t, id, &arena, &m) &&
			    m.is_unbound && m.server_folder == sel->box->id)
				store_message_remove(&t, id);
		} while (at < sel->nghosts && !store_write_is_long(&t));
		if (!imap_session_commit(s, &t))
			return false;
	}
	/* There may be more of them than were noted: the next time. */
	sel->box->is_stale |= sel->nghosts == IMAP_GHOSTS_MAX;
	sel->nghosts = 0;
	return true;
}
