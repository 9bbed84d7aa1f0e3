/* SPDX-License-Identifier: MIT */
/*
 * Folders made, renamed, removed and subscribed: one act at a time, in their
 * order.  After a cut nobody knows whether the server did it; so a refusal is
 * not believed before STATUS has told whether the folder is there as it was
 * wanted.  What the user did goes with its subscription: another client that
 * lists only those shall see it.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "src/core/imap_names.h"

enum { CLEAR_ROWS = 200 };	/* in one transaction */

static bool
set_act(struct imap_session *s, enum act_state state, struct span answer,
    int64_t not_before)
{
	struct imap_folder_job *job = &s->folder_job;
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	if (state == ACT_DONE && job->key.n)
		store_folder_renamed(&t, job->act.folder, buf_span(&job->key));
	store_act_set(&t, job->act.id, state, answer, not_before,
	    timer_wall_s());
	return imap_session_commit(s, &t);
}

void
imap_folder_acts_fini(struct imap_session *s)
{
	arena_fini(&s->folder_job.arena);
	buf_fini(&s->folder_job.key);
	buf_fini(&s->folder_job.new);
	buf_fini(&s->folder_job.old);
	buf_fini(&s->folder_job.words);
	s->folder_job = (struct imap_folder_job){ 0 };
}

/* Everything that the server had in it is no longer here either. */
static bool
clear_rows(struct imap_session *s, uint32_t folder)
{
	bool has_more = true;

	while (has_more) {
		CLEANUP(store_end) struct store_txn t;

		store_write(s->store, &t);
		has_more = store_folder_clear(&t, folder, CLEAR_ROWS);
		if (!imap_session_commit(s, &t))
			return false;
	}
	return true;
}

static void
finish(struct imap_session *s)
{
	struct imap_folder_job *job = &s->folder_job;

	/* Rows first: cut in between, DELETE is said again and this is too. */
	if (job->act.kind == ACT_REMOVE && !clear_rows(s, job->act.folder))
		return;
	if (!set_act(s, ACT_DONE, (struct span){ 0 }, DATE_NONE))
		return;
	/* Names, roles and counts as the server has them now. */
	if (job->act.kind != ACT_SUBSCRIBE)
		imap_folders_load(s);
	s->list_due_ms = 0;
}

/* That it could not be subscribed does not undo what was done. */
static void
subscribed(struct imap_session *s, const struct imap_event *ev)
{
	if (ev->status != IMAP_OK)
		log_info("imap", "a folder could not be subscribed: %.*s",
		    SPAN_ARG(ev->text));
	finish(s);
}

static void
unsubscribed_old(struct imap_session *s, const struct imap_event *ev)
{
	(void)s;
	(void)ev;
}

static void
succeeded(struct imap_session *s)
{
	struct imap_folder_job *job = &s->folder_job;

	switch (job->act.kind) {
	case ACT_RENAME:
		if (job->folder.is_subscribed)
			imap_await(s, imap_subscribe(s->imap,
			    buf_span(&job->old), false), unsubscribed_old);
		/* fall through */
	case ACT_CREATE:
		imap_await(s, imap_subscribe(s->imap, buf_span(&job->new),
		    true), subscribed);
		return;
	case ACT_REMOVE:
		imap_await(s, imap_subscribe(s->imap,
		    buf_span(&job->old), false),
		    subscribed);
		return;
	default:
		finish(s);
		return;
	}
}

static bool
is_passing(enum imap_code code)
{
	return code == IMAP_CODE_UNAVAILABLE || code == IMAP_CODE_INUSE ||
	    code == IMAP_CODE_SERVERBUG;
}

/* Is the folder there, as it was wanted? */
static void
looked(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_folder_job *job = &s->folder_job;
	bool is_there = ev->status == IMAP_OK;

	if (ev->status == IMAP_BAD || is_passing(ev->code)) {
		set_act(s, ACT_QUEUED, buf_span(&job->words), timer_wall_s() +
		    backoff_letter_s(job->act.attempts + 1));
		return;
	}
	if (is_there == (job->act.kind != ACT_REMOVE)) {
		succeeded(s);
		return;
	}
	if (set_act(s, ACT_FAILED, buf_span(&job->words), DATE_NONE))
		s->list_due_ms = 0;
}

static void
answered(struct imap_session *s, const struct imap_event *ev)
{
	struct imap_folder_job *job = &s->folder_job;

	if (ev->status == IMAP_OK) {
		succeeded(s);
		return;
	}
	text_clean(&job->words, ev->text);
	if (is_passing(ev->code)) {
		set_act(s, ACT_QUEUED, buf_span(&job->words), timer_wall_s() +
		    backoff_letter_s(job->act.attempts + 1));
	} else if (job->act.kind == ACT_SUBSCRIBE ||
	    job->act.state != ACT_SENT) {
		/* It was said once, and this is the answer. */
		set_act(s, ACT_FAILED, buf_span(&job->words), DATE_NONE);
	} else {
		imap_await(s, imap_status(s->imap,
		    buf_span(job->act.kind == ACT_REMOVE ? &job->old :
		    &job->new)), looked);
	}
}

static void
send_act(struct imap_session *s)
{
	struct imap_folder_job *job = &s->folder_job;
	struct span name = buf_span(&job->old), new = buf_span(&job->new);
	uint32_t tag;

	if (!set_act(s, ACT_SENT, (struct span){ 0 }, DATE_NONE))
		return;
	switch (job->act.kind) {
	case ACT_CREATE:
		tag = imap_create(s->imap, new, 0);
		break;
	case ACT_RENAME:
		tag = imap_rename(s->imap, name, new);
		break;
	case ACT_REMOVE:
		tag = imap_delete(s->imap, name);
		break;
	default:
		tag = imap_subscribe(s->imap, name, job->act.add != 0);
		break;
	}
	imap_await(s, tag, answered);
	link_patience(s->link, IMAP_SLOW_S);
}

/* Nothing of the mailbox is under way; not every server lets it be moved. */
static void
left(struct imap_session *s, const struct imap_event *ev)
{
	(void)ev;
	send_act(s);
}

static bool
load(struct imap_session *s, uint64_t act)
{
	struct imap_folder_job *job = &s->folder_job;
	CLEANUP(store_end) struct store_txn t;

	imap_folder_acts_fini(s);
	store_read(s->store, &t);
	return store_act_get(&t, act, &job->arena, &job->act) &&
	    store_folder_get(&t, job->act.folder, &job->arena, &job->folder);
}

bool
imap_folder_act(struct imap_session *s, uint64_t act)
{
	struct imap_folder_job *job = &s->folder_job;

	if (!s->has_list)	/* delimiter and prefix are not known yet */
		return false;
	if (!load(s, act)) {
		set_act(s, ACT_FAILED, SPAN_LIT(N_("the folder is no longer "
		    "here")), DATE_NONE);
		return false;
	}
	if ((job->act.kind == ACT_CREATE || job->act.kind == ACT_RENAME) &&
	    !imap_names_encode(s, job->act.title, &job->key)) {
		set_act(s, ACT_FAILED, SPAN_LIT(N_("the server cannot have a "
		    "folder of this name")), DATE_NONE);
		return false;
	}
	imap_names_wire(s, buf_span(&job->key), &job->new);
	imap_names_wire(s, job->folder.name, &job->old);
	if (s->sel.box && s->sel.box->id == job->act.folder &&
	    job->act.kind != ACT_SUBSCRIBE) {
		if (!imap_visit_save(s))
			return false;
		imap_visit_leave(s);
		imap_await(s, imap_unselect(s->imap), left);
	} else {
		send_act(s);
	}
	return s->ncommands > 0;
}
