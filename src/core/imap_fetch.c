/* SPDX-License-Identifier: MIT */
/*
 * FETCH answers and departures into the store.  Answers are staged in
 * memory and written many at a time; each transaction is bounded by time,
 * so that nobody waits for the writer's lock.
 */
#include "src/core/imap_private.h"

#include <glib.h>

#include "base/cleanup.h"
#include "mail/header.h"

enum { STAGE_HELD_MAX = 50000 };

void
imap_stage_drop(struct imap_session *s)
{
	s->stage.n = 0;
	arena_reset(&s->stage.arena);
}

static void
stage_write(struct imap_session *s, struct store_txn *t,
    const struct imap_staged *row)
{
	const struct imap_fetch *f = &row->fetch;
	uint64_t id;

	if (row->envelope) {
		const struct message_new m = {
			.folder = s->sel.box->id,
			.uid = f->uid,
			.flags = f->flags,
			.keywords = f->keywords,
			.nkeywords = f->nkeywords,
			.arrived = f->has & IMAP_FETCHED_INTERNALDATE ?
			    f->internaldate : DATE_NONE,
			.size = f->size,
			.envelope = row->envelope,
		};

		store_message_add(t, &m);
		return;
	}
	id = store_message_by_uid(t, s->sel.box->id, f->uid);
	if (id)
		store_message_server_flags(t, id, f->flags, f->keywords,
		    f->nkeywords);
}

/* Writes rows from `at` on for a few ms; returns the next one. */
static size_t
stage_write_some(struct imap_session *s, size_t at)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	while (at < s->stage.n) {
		stage_write(s, &t, &s->stage.rows[at++]);
		if (store_write_is_long(&t))
			break;
	}
	if (at == s->stage.n && s->sel.state_dirty) {
		s->sel.state_dirty = false;
		store_folder_put_state(&t, &s->sel.folder);
	}
	imap_session_commit(s, &t);
	return at;
}

bool
imap_stage_flush(struct imap_session *s)
{
	size_t at = 0;

	if (s->is_failed)
		return false;
	if (!s->sel.is_open)
		return true;
	while (at < s->stage.n || s->sel.state_dirty) {
		at = stage_write_some(s, at);
		if (s->is_failed)
			return false;
	}
	imap_stage_drop(s);
	return true;
}

/* Makes room; false when the answer must be dropped. */
static bool
stage_room(struct imap_session *s)
{
	if (s->stage.n < IMAP_STAGE_ROWS &&
	    s->stage.arena.total < IMAP_STAGE_OCTETS)
		return true;
	if (!s->sel.is_open) {
		/* Not checked yet, so not stored: asked for again later. */
		s->stage.overflowed = true;
		return false;
	}
	return imap_stage_flush(s);
}

static void
stage_copy(struct imap_stage *stage, const struct imap_fetch *f,
    struct uid uid)
{
	struct imap_staged *row = &stage->rows[stage->n++];
	struct span *keywords;

	*row = (struct imap_staged){ .fetch = *f };
	row->fetch.uid = uid;
	keywords = arena_array(&stage->arena, f->nkeywords + 1,
	    sizeof *keywords);
	for (size_t i = 0; i < f->nkeywords; i++)
		keywords[i] = arena_copy(&stage->arena, f->keywords[i]);
	row->fetch.keywords = keywords;
	if (f->has & IMAP_FETCHED_HEADER) {
		struct span block = arena_copy(&stage->arena, f->header);

		row->envelope = arena_alloc(&stage->arena,
		    sizeof *row->envelope);
		header_parse_envelope(block, &stage->arena, row->envelope);
	}
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
	if (s->is_failed || named.uid.v == 0)
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
		stage_copy(&s->stage, f, named.uid);
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

		if (id)
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
