/* SPDX-License-Identifier: MIT */
#include "ui/compose_work.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/body.h"
#include "store/journal.h"
#include "store/undo.h"

static void
quote_free(struct job *job)
{
	struct quote_job *j = (struct quote_job *)job;

	arena_fini(&j->arena);
	free(j);
}

static void
quote_letter(struct quote_job *j, struct letter *letter)
{
	if (j->kind == COMPOSE_FORWARD)
		draft_forward(letter, &j->who, &j->arena, &j->draft);
	else
		draft_reply(letter, j->kind == COMPOSE_REPLY_ALL, &j->who,
		    /* TRANSLATORS: %d is the date, %n the name of the writer;
		       xgettext:no-c-format */
		    _("On %d, %n wrote:"), &j->arena, &j->draft);
}

static struct span *
spans_own(const struct span *list, size_t n, struct arena *arena)
{
	struct span *out = arena_array(arena, n, sizeof *out);

	for (size_t i = 0; i < n; i++)
		out[i] = arena_copy(arena, list[i]);
	return out;
}

static void
address_own(struct address *a, struct arena *arena)
{
	a->name = arena_copy(arena, a->name);
	a->addr = arena_copy(arena, a->addr);
}

static void
addresses_own(struct addresses *a, struct arena *arena)
{
	struct address *list = arena_array(arena, a->n, sizeof *list);

	for (size_t i = 0; i < a->n; i++) {
		list[i] = a->list[i];
		address_own(&list[i], arena);
	}
	a->list = list;
}

/* A draft may point into the letter that it quotes, which goes now. */
static void
draft_own(struct draft *d, struct arena *arena)
{
	address_own(&d->from, arena);
	addresses_own(&d->to, arena);
	addresses_own(&d->cc, arena);
	addresses_own(&d->bcc, arena);
	d->subject = arena_copy(arena, d->subject);
	d->in_reply_to = arena_copy(arena, d->in_reply_to);
	d->references = spans_own(d->references, d->nreferences, arena);
	d->text = arena_copy(arena, d->text);
	d->attachments = spans_own(d->attachments, d->nattachments, arena);
}

static void
quote_run(struct job *job)
{
	struct quote_job *j = (struct quote_job *)job;
	struct letter *letter;

	if (loader_open_letter(job, j->store, j->body, &letter, &j->error))
		return;
	quote_letter(j, letter);
	draft_own(&j->draft, &j->arena);
	letter_close(letter);
}

struct quote_job *
quote_job_new(struct store *store, enum compose_kind kind, uint64_t body,
    const struct compose_letter *c)
{
	struct quote_job *j = xcalloc(1, sizeof *j);
	struct address self = compose_letter_blank(c).from;

	j->job.run = quote_run;
	j->job.free = quote_free;
	j->job.is_optional = true;
	j->store = store;
	j->kind = kind;
	j->body = body;
	j->who.self = (struct address){ arena_copy(&j->arena, self.name),
		arena_copy(&j->arena, self.addr) };
	j->who.own = arena_array(&j->arena, c->naccounts,
	    sizeof *j->who.own);
	for (size_t i = 0; i < c->naccounts; i++)
		j->who.own[j->who.nown++] = arena_copy(&j->arena,
		    c->accounts[i].address);
	return j;
}

bool
is_quote_job(const struct job *job)
{
	return job->run == quote_run;
}

static void
build_free(struct job *job)
{
	struct build_job *j = (struct build_job *)job;

	arena_fini(&j->arena);
	free(j);
}

static void
build_run(struct job *job)
{
	struct build_job *j = (struct build_job *)job;
	struct body_writer *w;

	if (draft_parse(j->text, &j->base, &j->arena, &j->draft, &j->error) ||
	    compose_build(&j->draft, j->now, &j->arena, &j->built,
	    &j->error) || store_body_begin(j->store, &w, &j->error))
		return;
	store_body_write(w, j->built.bytes);
	store_body_finish(w, &j->body, &j->error);
}

enum err
build_job_new(struct store *store, const struct compose_letter *c,
    int64_t now, struct build_job **out, struct error *e)
{
	struct build_job *j = xcalloc(1, sizeof *j);
	enum err err;

	j->job.run = build_run;
	j->job.free = build_free;
	j->store = store;
	j->now = now;
	j->base.in_reply_to = arena_copy(&j->arena, c->about.in_reply_to);
	j->base.nreferences = c->about.nreferences;
	j->base.references = spans_own(c->about.references,
	    c->about.nreferences, &j->arena);
	err = compose_file_read(&c->file, &j->arena, &j->text, e);
	if (err) {
		build_free(&j->job);
		return err;
	}
	*out = j;
	return ERR_OK;
}

bool
is_build_job(const struct job *job)
{
	return job->run == build_run;
}

enum err
compose_queue(struct store *store, const struct compose_letter *c,
    const struct build_job *j, int64_t now, uint64_t *id, struct error *e)
{
	CLEANUP(store_end) struct store_txn t;
	struct act act = {
		.account = c->accounts[c->sender].id,
		.kind = ACT_SEND,
		.body = j->body,
		.from = j->draft.from.addr,
		.recipients = j->built.recipients,
		.nrecipients = j->built.nrecipients,
		.subject = j->draft.subject,
		.message_id = j->built.message_id,
		.answered = c->about.is_reply ? c->about.answered : 0,
		.not_before = DATE_NONE,
	};

	*id = 0;
	if (store_write(store, &t) == ERR_OK) {
		store_undo_begin(&t, now);
		*id = store_act_send(&t, &act, now);
	}
	if (*id == 0 && t.error.kind == ERR_OK)
		return error_set(e, ERR_DATA,
		    _("the letter could not be put into the queue"));
	return store_commit(&t, e);
}
