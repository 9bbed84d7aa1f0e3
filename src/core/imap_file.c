/* SPDX-License-Identifier: MIT */
/*
 * ACT_FILE: a copy of a sent letter into the server's Sent folder.  Many
 * servers file by themselves, and after a cut nobody knows whether the
 * APPEND came through; so the folder is searched for the Message-ID first,
 * always.  PROTOCOLS.md 2.8; SECURITY.md 6.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "src/core/filing.h"
#include "src/net/conn.h"

enum { FILE_PIECE = 32 * 1024 };

void
imap_file_end(struct imap_session *s)
{
	struct imap_file_job *job = &s->file;

	if (job->reader)
		store_body_close(job->reader);
	arena_fini(&job->arena);
	*job = (struct imap_file_job){ 0 };
}

static bool
file_set(struct imap_session *s, enum act_state state, struct span answer,
    int64_t not_before)
{
	CLEANUP(store_end) struct store_txn t;

	store_write(s->store, &t);
	if (!store_act_set(&t, s->file.act.id, state, answer, not_before,
	    timer_wall_s()) && t.error.kind == ERR_OK) {
		/* The user has taken it back meanwhile. */
		imap_file_end(s);
		return false;
	}
	return imap_session_commit(s, &t);
}

static void
file_finish(struct imap_session *s, enum act_state state, struct span answer,
    int64_t not_before)
{
	if (file_set(s, state, answer, not_before))
		imap_file_end(s);
}

/* The oldest copy to be filed, into s->file.act. */
static bool
file_choose(struct imap_session *s)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	int64_t now = timer_wall_s();
	struct act a = { 0 };

	store_read(s->store, &t);
	for (; store_act_next(&t, s->worker->account, a.id, &arena, &a);
	    arena_reset(&arena))
		if (a.kind == ACT_FILE &&
		    (a.state == ACT_QUEUED || a.state == ACT_SENT) &&
		    (a.not_before == DATE_NONE || a.not_before <= now))
			return store_act_get(&t, a.id, &s->file.arena,
			    &s->file.act);
	return false;
}

/* The folder for copies; one that opens, where there is a choice. */
static struct imap_box *
file_box(struct imap_session *s)
{
	struct imap_box *any = NULL;

	for (size_t i = 0; i < s->nboxes; i++) {
		if (s->boxes[i].role != FOLDER_SENT)
			continue;
		any = &s->boxes[i];
		if (!any->is_broken)
			break;
	}
	return any;
}

static void
file_later(struct imap_session *s, struct span answer)
{
	file_finish(s, ACT_QUEUED, answer, timer_wall_s() +
	    backoff_letter_s(s->file.act.attempts + 1));
}

/* Refused for a reason that passes. */
static bool
is_passing(enum imap_code code)
{
	return code == IMAP_CODE_UNAVAILABLE || code == IMAP_CODE_INUSE ||
	    code == IMAP_CODE_LIMIT || code == IMAP_CODE_SERVERBUG;
}

static void
file_appended(struct imap_session *s, const struct imap_event *ev)
{
	CLEANUP(buf_fini) struct buf text = { 0 };

	if (ev->status == IMAP_OK) {
		s->sel.has_new = true;
		file_finish(s, ACT_DONE, (struct span){ 0 }, DATE_NONE);
		return;
	}
	text_clean(&text, ev->text);
	if (is_passing(ev->code))
		file_later(s, buf_span(&text));
	else
		file_finish(s, ACT_FAILED, buf_span(&text), DATE_NONE);
}

void
imap_file_writable(struct imap_session *s)
{
	struct imap_file_job *job = &s->file;
	CLEANUP(cleanup_free) char *piece = NULL;
	struct error e;

	while (imap_append_wants(s->imap) > 0 && job->at < job->source.size &&
	    link_queued(s->link) < CONN_HIGH) {
		size_t got = 0;

		if (!piece)
			piece = xcalloc(1, FILE_PIECE);
		if (job->source.read(job->source.ctx, job->at, piece,
		    FILE_PIECE, &got, &e) != ERR_OK || got == 0) {
			/* The literal was promised: only a cut ends it. */
			imap_session_fail(s, &e);
			return;
		}
		imap_append_data(s->imap, (struct span){ piece, got });
		job->at += got;
		link_flush(s->link);
	}
}

static void
file_append(struct imap_session *s)
{
	struct imap_file_job *job = &s->file;
	struct error e;

	if (store_body_open(s->store, job->act.body, &job->reader, &e) !=
	    ERR_OK) {
		file_finish(s, ACT_FAILED, span_of(e.text), DATE_NONE);
		return;
	}
	job->source = store_body_source(job->reader);
	if (!file_set(s, ACT_SENT, (struct span){ 0 }, DATE_NONE))
		return;
	job->is_active = true;
	imap_await(s, imap_append(s->imap, s->sel.box->name, FLAG_SEEN,
	    NULL, 0, job->act.created, job->source.size), file_appended);
	link_patience(s->link, IMAP_SLOW_S);
	link_flush(s->link);
	imap_file_writable(s);
}

/*
 * A server that cannot search is no reason not to file, but for a copy that
 * may be there already: a second one is worse than a question.
 */
static void
file_searched(struct imap_session *s, const struct imap_event *ev)
{
	if (ev->status == IMAP_OK && s->sel.found.n > 0)
		file_finish(s, ACT_DONE, SPAN_LIT("the server has it already"),
		    DATE_NONE);
	else if (ev->status != IMAP_OK && is_passing(ev->code))
		file_later(s, SPAN_LIT("the server cannot search now"));
	else if (ev->status != IMAP_OK && s->file.act.state == ACT_SENT)
		file_finish(s, ACT_FAILED, SPAN_LIT("the connection was cut, and "
		    "the server does not tell whether the copy came through"),
		    DATE_NONE);
	else
		file_append(s);
}

bool
imap_file(struct imap_session *s)
{
	CLEANUP(buf_fini) struct buf search = { 0 };
	struct imap_box *box;

	if (!s->has_list)
		return false;
	imap_file_end(s);
	if (!file_choose(s))
		return false;
	box = file_box(s);
	if (!box) {
		file_finish(s, ACT_DONE, SPAN_LIT("the server has no folder "
		    "for sent letters: the copy stays here"), DATE_NONE);
		return false;
	}
	if (box->is_broken) {
		file_later(s, SPAN_LIT("the folder of sent letters does not "
		    "open"));
		return false;
	}
	if (box != s->sel.box) {
		s->hurry = true;
		imap_visit(s, box);
	} else if (filing_put_search(&search, s->file.act.message_id)) {
		uidset_clear(&s->sel.found);
		imap_await(s, imap_search(s->imap, buf_span(&search)),
		    file_searched);
		link_patience(s->link, IMAP_SLOW_S);
	} else {
		file_append(s);
	}
	return s->ncommands > 0;
}
