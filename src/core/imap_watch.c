/* SPDX-License-Identifier: MIT */
/*
 * More than one folder is pushed: IDLE tells of the selected mailbox alone, so
 * each further one that the user wants watched has a connection of its own,
 * within the account's budget.  A watcher is a session with one box.  It keeps
 * that box in step; letters, acts and the list of folders stay with the
 * account's own session, its owner, which leaves the box alone meanwhile.
 *
 * A watcher that cannot be had costs nothing but time: its folder is asked for
 * with all the others.  PROTOCOLS.md 2.5.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"

enum {
	WATCH_AGAIN_MIN_MS = 60 * 1000,	/* after "too many connections" */
	WATCH_AGAIN_MAX_MS = 30 * 60 * 1000,
};

struct imap_watcher {
	struct imap_session *owner;	/* borrowed */
	uint32_t folder;
	struct imap_session *session;	/* owned; NULL: waits */
	struct backoff backoff;
	struct timer timer;		/* to connect, or to bury the session */
	bool is_lost;			/* the session has failed */
	bool is_unwanted;		/* its folder is gone */
	bool is_in_step;
};

struct imap_watchers {
	struct imap_watcher list[IMAP_CONNECTIONS_MAX];
	size_t n;
};

static struct imap_watcher *
watcher_of(struct imap_session *owner, uint32_t folder)
{
	struct imap_watchers *w = owner->watchers;

	for (size_t i = 0; w && i < w->n; i++)
		if (w->list[i].folder == folder)
			return &w->list[i];
	return NULL;
}

static void watch_bury(void *ctx);

/* Its folder is not there any more: it ends, from the loop. */
static void
watch_unwanted(struct imap_watcher *w)
{
	w->is_unwanted = !imap_box_of(w->owner, w->folder);
	if (!w->is_unwanted || !w->session || w->is_lost)
		return;
	w->is_lost = true;
	w->is_in_step = false;
	timer_set(&w->timer, 0, watch_bury, w);
}

void
imap_watch_mark(struct imap_session *s)
{
	for (size_t i = 0; i < s->nboxes; i++) {
		const struct imap_watcher *w = watcher_of(s, s->boxes[i].id);

		s->boxes[i].is_watched = w && w->is_in_step;
	}
	for (size_t i = 0; s->watchers && i < s->watchers->n; i++)
		watch_unwanted(&s->watchers->list[i]);
}

static void
watch_connect(void *ctx)
{
	struct imap_watcher *w = ctx;

	timer_clear(&w->timer);
	w->is_lost = false;
	if (w->is_unwanted) {	/* perhaps it comes back */
		timer_set(&w->timer, WATCH_AGAIN_MAX_MS, watch_connect, w);
		return;
	}
	w->session = imap_session_new(w->owner->worker, w->owner, w->folder);
}

/* "Too many connections" may come in many words: all wait for a minute. */
static unsigned
watch_pause_ms(struct imap_watcher *w, enum err kind)
{
	unsigned ms = backoff_fail(&w->backoff, g_random_int());

	if (kind == ERR_AGAIN || kind == ERR_AUTH || kind == ERR_REFUSED)
		ms = backoff_jitter(w->backoff.failures > 2 ?
		    WATCH_AGAIN_MAX_MS : WATCH_AGAIN_MIN_MS, 30,
		    g_random_int());
	return ms;
}

static void
watch_bury(void *ctx)
{
	struct imap_watcher *w = ctx;
	struct error why = w->session->error;

	imap_session_free(w->session);
	w->session = NULL;
	timer_set(&w->timer, watch_pause_ms(w, why.kind), watch_connect, w);
	if (w->is_unwanted)
		return;
	log_info("imap", "a watched folder is polled for now: %s", why.text);
	/* What it missed, the owner finds. */
	imap_wake(w->owner);
}

void
imap_watch_lost(struct imap_session *s)
{
	struct imap_session *owner = s->owner;
	struct imap_watcher *w = watcher_of(owner, s->only);
	struct imap_box *box = imap_box_of(owner, s->only);

	if (!w || w->is_lost)
		return;
	w->is_lost = true;
	w->is_in_step = false;
	if (box) {
		box->is_watched = false;
		box->is_stale = true;
	}
	timer_set(&w->timer, 0, watch_bury, w);
}

/* What the owner is to know of the letters that came. */
static void
watch_tell(struct imap_session *s)
{
	struct imap_watcher *w = watcher_of(s->owner, s->only);
	struct imap_box *box = imap_box_of(s->owner, s->only);
	bool is_news = s->home->lacks_bodies;

	w->is_in_step = true;
	backoff_reset(&w->backoff);
	s->home->lacks_bodies = false;
	if (!box)
		return;
	box->is_watched = true;
	box->is_stale = box->lacks_headers = false;
	if (!is_news)
		return;
	imap_bodies_due(box);
	imap_wake(s->owner);
}

void
imap_watch_turn(struct imap_session *s)
{
	struct imap_box *home = s->home;

	if (timer_now_ms() >= s->list_due_ms) {
		/* Not every server tells of flags. */
		s->list_due_ms = timer_now_ms() + IMAP_POLL_S * 1000;
		home->is_stale |= timer_now_ms() - home->stepped_ms >
		    IMAP_POLL_S * 1000 / 2;
	}
	if (s->sel.box != home)
		imap_visit(s, home);
	else if (s->sel.has_new)
		imap_visit_new(s);
	else if (home->is_stale)
		imap_visit_again(s);
	else if (home->lacks_headers)
		imap_visit_fill(s);
	else {
		imap_listen(s);
		watch_tell(s);
	}
}

/* Push folders beside home, as many as the budget allows. */
static size_t
watch_wanted(struct imap_session *s, uint32_t *folders, size_t max)
{
	const struct config_account *config = s->worker->config;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t;
	struct folder *list;
	size_t nlist, n = 0;

	store_read(s->store, &t);
	nlist = store_folders(&t, s->worker->account, &arena, &list);
	for (size_t i = 0; i < config->npush; i++)
		for (size_t k = 0; k < nlist && n < max; k++) {
			const struct imap_box *box =
			    imap_box_of(s, list[k].id);

			if (box && box != s->home && !box->is_broken &&
			    span_ieq(list[k].title, span_of(config->push[i])))
				folders[n++] = box->id;
		}
	return n;
}

void
imap_watch_begin(struct imap_session *s)
{
	uint32_t wanted[IMAP_CONNECTIONS_MAX];
	size_t n, max = s->worker->config->connections - 1;

	if (!imap_session_can(s, IMAP_CAP_IDLE) || !s->has_list ||
	    s->is_notified || max == 0)
		return;
	n = watch_wanted(s, wanted, max);
	if (n > 0 && !s->watchers)
		s->watchers = xcalloc(1, sizeof *s->watchers);
	for (size_t i = 0; i < n; i++) {
		struct imap_watchers *all = s->watchers;
		struct imap_watcher *w;

		if (watcher_of(s, wanted[i]) || all->n == max)
			continue;
		w = &all->list[all->n++];
		w->owner = s;
		w->folder = wanted[i];
		timer_set(&w->timer, 0, watch_connect, w);
	}
}

void
imap_watch_free(struct imap_session *s)
{
	struct imap_watchers *all = s->watchers;

	if (!all)
		return;
	s->watchers = NULL;
	for (size_t i = 0; i < all->n; i++) {
		timer_clear(&all->list[i].timer);
		if (all->list[i].session)
			imap_session_free(all->list[i].session);
	}
	free(all);
}
