/* SPDX-License-Identifier: MIT */
/* One account at work; see worker.h. */
#include "src/core/worker.h"

#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "src/core/outbox.h"

enum {
	LOCK_RETRY_MS = 10 * 1000,
	LATER_MIN_MS = 60 * 1000,	/* the server said "later" */
};

static void worker_connect(void *ctx);

static uint32_t
worker_dice(void)
{
	return g_random_int();
}

static void
worker_wait(struct worker *w, enum link_state link, unsigned ms,
    const struct error *error)
{
	timer_set(&w->retry, ms, worker_connect, w);
	report_link(&w->report, link, timer_wall_s() + (ms + 999) / 1000,
	    error);
}

static void
worker_unlock(struct worker *w)
{
	if (w->lock >= 0)
		close(w->lock);
	w->lock = -1;
}

static void
worker_tell_done(void *ctx)
{
	struct worker *w = ctx;

	w->settings.done(w->settings.ctx, w, &w->ended);
}

/* Out of work for good; told from the loop, never within a call. */
static void
worker_finish(struct worker *w, const struct error *error)
{
	if (w->is_done)
		return;
	w->is_done = true;
	w->ended = *error;
	timer_clear(&w->retry);
	/* In one pass, why it failed stays to be read; else all is well. */
	report_link(&w->report,
	    error->kind == ERR_AUTH ? LINK_REFUSED : LINK_OFFLINE, DATE_NONE,
	    error->kind == ERR_OK ? NULL : error);
	worker_unlock(w);
	timer_set(&w->deferred, 0, worker_tell_done, w);
}

/*
 * One process talks to a server.  Another one that holds the lock also
 * writes the account's state: what we would say of ourselves is not what
 * the reader wants to know.
 */
static bool
worker_lock(struct worker *w)
{
	struct error e = { 0 };

	if (w->lock >= 0)
		return true;
	if (store_lock_account(w->store, span_of(w->config->name), &w->lock,
	    &e) == ERR_OK) {
		w->report.is_mute = false;
		return true;
	}
	w->lock = -1;
	w->report.is_mute = e.kind == ERR_BUSY;
	if (e.kind == ERR_BUSY)
		error_set(&e, ERR_BUSY, "another surat is talking to the "
		    "server of %s", w->config->name);
	log_info("sync", "%s: %s", w->config->name, e.text);
	if (w->settings.is_once)
		worker_finish(w, &e);
	else
		worker_wait(w, LINK_WAITING, backoff_jitter(LOCK_RETRY_MS, 30,
		    worker_dice()), &e);
	return false;
}

static void
worker_connect(void *ctx)
{
	struct worker *w = ctx;

	timer_clear(&w->retry);
	if (w->is_done || w->is_stopping || w->session)
		return;
	if (!worker_lock(w))
		return;
	if (w->outbox)
		outbox_start(w->outbox);
	w->is_in_step = false;
	if (!w->ops) {
		report_link(&w->report, LINK_IDLE, DATE_NONE, NULL);
		worker_in_step(w, false);
		return;
	}
	if (w->report.link != LINK_SYNCING)
		report_link(&w->report, LINK_CONNECTING, DATE_NONE, NULL);
	w->session = w->ops->begin(w);
}

static const struct session_ops *
worker_ops(const struct config_account *config)
{
	switch (config->receive.protocol) {
	case CONFIG_IMAP:
		return &imap_session;
	case CONFIG_POP3:
		return &pop3_session;
	case CONFIG_SMTP:
	case CONFIG_NONE:
		break;
	}
	return NULL;
}

struct worker *
worker_new(const struct worker_settings *settings)
{
	struct worker *w = xcalloc(1, sizeof *w);

	w->settings = *settings;
	w->config = settings->config;
	w->store = settings->store;
	w->account = settings->account;
	w->lock = -1;
	w->ops = worker_ops(w->config);
	w->resume = resume_new();
	report_init(&w->report, w->store, w->account);
	if (w->config->send.protocol == CONFIG_SMTP)
		w->outbox = outbox_new(w);
	/* From the loop: the owner is still making its list of workers. */
	timer_set(&w->retry, 0, worker_connect, w);
	return w;
}

void
worker_free(struct worker *w)
{
	if (!w)
		return;
	timer_clear(&w->retry);
	timer_clear(&w->deferred);
	timer_clear(&w->settle);
	if (w->session)
		w->ops->free(w->session);
	resume_free(w->resume);
	outbox_free(w->outbox);
	worker_unlock(w);
	report_fini(&w->report);
	buf_fini(&w->names.prefix);
	free(w);
}

void
worker_look(struct worker *w)
{
	if (w->is_done || w->is_stopping || w->lock < 0)
		return;
	if (w->outbox)
		outbox_look(w->outbox);
	if (w->session)
		w->ops->look(w->session);
}

void
worker_check(struct worker *w)
{
	if (w->is_done || w->is_stopping)
		return;
	backoff_reset(&w->backoff);
	if (w->outbox && w->lock >= 0)
		outbox_check(w->outbox);
	if (w->session)
		w->ops->check(w->session);
	else
		worker_connect(w);
}

/*
 * A server that said "later" means it on every network; a POP3 account's
 * rest is over when its time came while the machine was asleep.
 */
static bool
worker_waits_in_vain(const struct worker *w)
{
	if (!timer_is_set(&w->retry))
		return false;
	if (w->report.link == LINK_WAITING)
		return w->ended.kind != ERR_AGAIN;
	return w->report.retry_at != DATE_NONE &&
	    timer_wall_s() >= w->report.retry_at;
}

void
worker_wake(struct worker *w)
{
	if (w->is_done || w->is_stopping)
		return;
	if (w->outbox && w->lock >= 0)
		outbox_wake(w->outbox);
	if (w->session && w->ops->prove) {
		w->is_doubted = true;
		w->ops->prove(w->session);
	} else if (!w->session && worker_waits_in_vain(w)) {
		backoff_reset(&w->backoff);
		worker_connect(w);
	}
}

void
worker_stop(struct worker *w)
{
	struct error none = { 0 };

	if (w->is_stopping || w->is_done)
		return;
	w->is_stopping = true;
	timer_clear(&w->retry);
	if (w->outbox)
		outbox_stop(w->outbox);
	if (w->session)
		w->ops->end(w->session);
	else if (!w->outbox || outbox_is_idle(w->outbox))
		worker_finish(w, &none);
}

void
worker_online(struct worker *w)
{
	w->is_in_step = false;
	report_link(&w->report, LINK_SYNCING, DATE_NONE, NULL);
}

/* After the session or the outbox came to rest. */
static void
worker_settled(void *ctx)
{
	struct worker *w = ctx;
	struct error none = { 0 };

	if (w->is_done || (w->outbox && !outbox_is_idle(w->outbox)))
		return;
	if (w->is_stopping) {
		if (!w->session)
			worker_finish(w, &none);
		return;
	}
	if (!w->settings.is_once || !w->is_in_step)
		return;
	if (w->session)
		w->ops->end(w->session);
	else if (w->result.kind == ERR_OK && w->outbox)
		worker_finish(w, outbox_error(w->outbox));
	else
		worker_finish(w, &w->result);
}

void
worker_settle(struct worker *w)
{
	timer_set(&w->settle, 0, worker_settled, w);
}

void
worker_in_step(struct worker *w, bool is_listening)
{
	backoff_reset(&w->backoff);
	w->is_doubted = false;
	w->is_in_step = true;
	if (is_listening)
		report_link(&w->report, LINK_LISTENING, DATE_NONE, NULL);
	worker_settle(w);
}

/* A POP3 account hangs up and comes back. */
static void
worker_rest(struct worker *w)
{
	unsigned every = w->config->check_every_s;

	if (every && every < w->pause_s)
		every = w->pause_s;
	if (every)
		worker_wait(w, LINK_IDLE, backoff_jitter(every * 1000, 10,
		    worker_dice()), NULL);
	else
		report_link(&w->report, LINK_IDLE, DATE_NONE, NULL);
}

static void
worker_retry(struct worker *w)
{
	unsigned ms = backoff_fail(&w->backoff, worker_dice());

	if (w->ended.kind == ERR_AGAIN && ms < LATER_MIN_MS)
		ms = backoff_jitter(LATER_MIN_MS, 30, worker_dice());
	worker_wait(w, LINK_WAITING, ms, &w->ended);
}

/* A session that was doubted is dead: that is no reason to wait, once. */
static bool
worker_was_right(struct worker *w)
{
	bool was_doubted = w->is_doubted;

	w->is_doubted = false;
	return was_doubted && (w->ended.kind == ERR_TIMEOUT ||
	    w->ended.kind == ERR_UNREACHABLE);
}

static void
worker_session_over(void *ctx)
{
	struct worker *w = ctx;
	bool is_at_once = worker_was_right(w);

	w->ops->free(w->session);
	w->session = NULL;
	if (w->is_stopping || w->settings.is_once) {
		w->result = w->ended;
		w->is_in_step = true;
		worker_settle(w);
	} else if (w->ended.kind == ERR_OK) {
		worker_rest(w);
	} else if (w->ended.kind == ERR_AUTH || w->ended.kind == ERR_CONFIG) {
		report_link(&w->report, LINK_REFUSED, DATE_NONE, &w->ended);
	} else if (is_at_once) {
		worker_connect(w);
	} else {
		worker_retry(w);
	}
}

void
worker_ended(struct worker *w, const struct error *error)
{
	w->ended = *error;
	timer_set(&w->deferred, 0, worker_session_over, w);
}
