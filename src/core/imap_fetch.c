/* SPDX-License-Identifier: MIT */
/* FETCH answers and departures: what becomes of them, and when. */
#include "src/core/imap_private.h"

#include <glib.h>

#include "base/cleanup.h"

void
imap_stage_drop(struct imap_session *s)
{
	ingest_drop(&s->ingest);
}

static bool
stage_ended(struct imap_session *s, const struct error *e)
{
	if (e->kind != ERR_OK)
		imap_session_fail(s, e);
	return !s->is_failed;
}

/* The state goes with the rows that it tells of. */
static void
stage_state(struct imap_session *s)
{
	if (!s->sel.state_dirty)
		return;
	s->sel.state_dirty = false;
	ingest_put_state(&s->ingest, &s->sel.folder);
}

bool
imap_stage_flush(struct imap_session *s)
{
	struct error e = { 0 };

	if (s->is_failed)
		return false;
	if (!s->sel.is_open)
		return true;
	stage_state(s);
	ingest_flush(&s->ingest, &e);
	return stage_ended(s, &e);
}

bool
imap_stage_give(struct imap_session *s)
{
	struct error e = { 0 };

	if (s->is_failed)
		return false;
	if (!s->sel.is_open)
		return true;
	stage_state(s);
	ingest_give(&s->ingest, &e);
	return stage_ended(s, &e);
}

/* Makes room; false when the answer must be dropped. */
static bool
stage_room(struct imap_session *s)
{
	if (s->sel.is_open)
		return !ingest_is_full(&s->ingest) || imap_stage_give(s);
	if (s->ingest.filling.n < IMAP_STAGE_HELD)
		return true;
	/* Not checked yet, so not stored: asked for again later. */
	s->overflowed = true;
	return false;
}

void
imap_stage_fetch(struct imap_session *s, const struct imap_fetch *f)
{
	struct imap_selected *sel = &s->sel;
	struct imap_fetch named = *f;

	if (!sel->box)
		return;
	if (!(f->has & IMAP_FETCHED_UID))
		named.uid.v = sel->is_known ?
		    uids_nth(&sel->uids, f->seqno.v) : 0;
	if (f->has & IMAP_FETCHED_BODY)
		imap_body_named(s, &named);
	if (s->is_failed || named.uid.v == 0 || imap_relink_take(s, &named))
		return;
	if (f->has & IMAP_FETCHED_MODSEQ && f->modseq > sel->highest_seen)
		sel->highest_seen = f->modseq;
	/* Flags may be told of a letter that is still to be fetched. */
	if (sel->is_open && (f->has & IMAP_FETCHED_HEADER) &&
	    named.uid.v > sel->highest_uid)
		sel->highest_uid = named.uid.v;
	if (sel->is_known)
		uidset_add(&sel->uids, named.uid.v, named.uid.v);
	if (!(f->has & (IMAP_FETCHED_HEADER | IMAP_FETCHED_FLAGS)))
		return;
	if (stage_room(s))
		ingest_add(&s->ingest, sel->box->id, &named);
}

/* Removes rows for a few ms; the rest stays in *set. */
static void
gone_some(struct imap_session *s, struct uidset *set)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	do {
		struct uid uid = { uids_highest(set) };
		uint64_t id = store_message_by_uid(&t, s->sel.box->id, uid);

		/* What we are moving ourselves is where it goes to. */
		if (id && !store_message_is_leaving(&t, id))
			store_message_remove(&t, id);
		uids_remove(set, uid.v);
	} while (set->n && !store_write_is_long(&t));
	imap_session_commit(s, &t);
}

/* Those of the UIDs that have rows: a server may name all that could be. */
static bool
gone_local(struct imap_session *s, const struct uidset *uids,
    struct uidset *out)
{
	CLEANUP(uidset_fini) struct uidset local = { 0 };
	CLEANUP(store_end) struct store_txn t = { 0 };

	if (uids->n == 1 && uids->ranges[0].first == uids->ranges[0].last) {
		uids_copy(out, uids);
		return true;
	}
	store_read(s->store, &t);
	store_message_uids(&t, s->sel.box->id, &local);
	if (t.error.kind != ERR_OK) {
		imap_session_fail(s, &t.error);
		return false;
	}
	uids_and(out, &local, uids);
	return true;
}

bool
imap_gone_uids(struct imap_session *s, const struct uidset *uids)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(uidset_fini) struct uidset set = { 0 };

	if (!imap_stage_flush(s))
		return false;
	if (sel->is_known) {
		uint64_t before = uidset_count(&sel->uids);

		uids_minus(&set, &sel->uids, uids);
		uids_copy(&sel->uids, &set);
		sel->exists -= (uint32_t)(before - uidset_count(&set));
	} else {
		sel->recheck = true;
	}
	uids_minus(&set, &sel->missing, uids);
	uids_copy(&sel->missing, &set);
	if (!gone_local(s, uids, &set))
		return false;
	while (set.n && !s->is_failed)
		gone_some(s, &set);
	return !s->is_failed;
}

void
imap_gone_seqno(struct imap_session *s, uint32_t seqno)
{
	struct imap_selected *sel = &s->sel;
	CLEANUP(uidset_fini) struct uidset set = { 0 };
	uint32_t uid;

	if (!sel->box || seqno == 0 || sel->exists == 0)
		return;
	sel->exists--;
	sel->is_counted = true;
	if (!sel->is_open)
		return;
	uid = sel->is_known ? uids_nth(&sel->uids, seqno) : 0;
	if (uid == 0) {
		/* Which one it was, SEARCH will tell. */
		sel->recheck = true;
		sel->box->is_stale = true;
		return;
	}
	sel->exists++;		/* counted down with the UID */
	uidset_add(&set, uid, uid);
	imap_gone_uids(s, &set);
}
