/* SPDX-License-Identifier: MIT */
/*
 * The sync thread; see sync.h.  What other threads ask for is posted into
 * its GMainContext and runs there; nothing else is shared but the store.
 */
#include "src/core/sync.h"

#include <glib-unix.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "src/core/care.h"
#include "src/core/local.h"
#include "src/core/worker.h"
#include "src/net/wake.h"
#include "store/folder.h"
#include "store/group.h"

enum {
	SYNC_LOOK_MS = 50,	/* between looks that other commits cause */
	SYNC_STOP_MS = 2000,
	SYNC_ATTEND_MS = 1000,	/* from the start to minding the network */
	SYNC_SETTLE_MS = 1000,	/* from its change to what is done about it */
};

struct sync {
	const struct config *config;	/* borrowed */
	struct store *store;		/* borrowed */
	struct sync_settings settings;
	uint32_t *ids;			/* owned; of the accounts, in order */
	GMainContext *context;		/* owned */
	GMainLoop *loop;		/* owned */
	GThread *thread;		/* owned; NULL once joined */

	/* the sync thread's own */
	struct worker **workers;	/* owned */
	size_t nworkers, ndone;
	bool is_stopping;
	int watch;			/* wakes at every commit; or -1 */
	GSource *watching;
	struct timer look, attend, deadline;
	struct wake *wake;		/* owned; or NULL */
	struct error worst;		/* read by others after the join */
};

struct sync_post {
	struct sync *sync;
	void (*run)(struct sync *sync, uint32_t account);
	uint32_t account;
};

static gboolean
sync_posted(gpointer ctx)
{
	const struct sync_post *post = ctx;

	post->run(post->sync, post->account);
	return G_SOURCE_REMOVE;
}

/* Runs in the sync thread, soon; never within the call. */
static void
sync_tell(struct sync *sync, void (*run)(struct sync *, uint32_t),
    uint32_t account)
{
	struct sync_post *post = xcalloc(1, sizeof *post);
	GSource *source = g_idle_source_new();

	*post = (struct sync_post){ sync, run, account };
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, sync_posted, post, free);
	g_source_attach(source, sync->context);
	g_source_unref(source);
}

static void
sync_look_all(struct sync *sync, uint32_t account)
{
	(void)account;
	for (size_t i = 0; i < sync->nworkers; i++)
		worker_look(sync->workers[i]);
}

static void
sync_look_later(void *ctx)
{
	sync_look_all(ctx, 0);
}

static void
sync_check_some(struct sync *sync, uint32_t account)
{
	for (size_t i = 0; i < sync->nworkers; i++)
		if (account == 0 || sync->workers[i]->account == account)
			worker_check(sync->workers[i]);
}

static void
sync_quit(void *ctx)
{
	struct sync *sync = ctx;

	g_main_loop_quit(sync->loop);
}

static void
sync_stop(struct sync *sync, uint32_t account)
{
	(void)account;
	if (sync->is_stopping)
		return;
	sync->is_stopping = true;
	timer_set(&sync->deadline, SYNC_STOP_MS, sync_quit, sync);
	for (size_t i = 0; i < sync->nworkers; i++)
		worker_stop(sync->workers[i]);
	if (sync->ndone == sync->nworkers)
		g_main_loop_quit(sync->loop);
}

/* A refused password is worse news than a server that does not answer. */
static int
sync_rank(enum err kind)
{
	switch (kind) {
	case ERR_OK:
		return 0;
	case ERR_BUSY:
	case ERR_AGAIN:
		return 1;
	case ERR_AUTH:
		return 3;
	case ERR_FULL:
	case ERR_CORRUPT:
		return 4;
	case ERR_NOTFOUND:
	case ERR_REFUSED:
	case ERR_PROTO:
	case ERR_LIMIT:
	case ERR_IO:
	case ERR_UNREACHABLE:
	case ERR_TLS:
	case ERR_TIMEOUT:
	case ERR_VERSION:
	case ERR_CONFIG:
	case ERR_USAGE:
	case ERR_DATA:
	case ERR_CANCELED:
		break;
	}
	return 2;
}

static void
sync_worker_done(void *ctx, struct worker *worker, const struct error *error)
{
	struct sync *sync = ctx;

	sync->ndone++;
	if (sync_rank(error->kind) > sync_rank(sync->worst.kind))
		sync->worst = *error;
	if (sync->settings.mode == SYNC_ONCE && sync->settings.pass_ended &&
	    !sync->is_stopping)
		sync->settings.pass_ended(sync->settings.ctx, worker->config,
		    error);
	if (sync->ndone == sync->nworkers)
		g_main_loop_quit(sync->loop);
}

/*
 * Somebody committed, perhaps ourselves.  The screen's own acts come by
 * sync_wake; this is for other processes, so it need not be at once.
 */
static gboolean
sync_committed(gint fd, GIOCondition condition, gpointer ctx)
{
	struct sync *sync = ctx;

	(void)condition;
	store_watch_drain(fd);
	if (!timer_is_set(&sync->look))
		timer_set(&sync->look, SYNC_LOOK_MS, sync_look_later, sync);
	return G_SOURCE_CONTINUE;
}

static void
sync_watch(struct sync *sync)
{
	sync->watch = store_watch_open(sync->store);
	if (sync->watch < 0)
		return;
	sync->watching = g_unix_fd_source_new(sync->watch, G_IO_IN);
	/* Its callback is a GUnixFDSourceFunc, cast as GLib wants it. */
	g_source_set_callback(sync->watching,
	    G_SOURCE_FUNC(sync_committed), sync, NULL);
	g_source_attach(sync->watching, sync->context);
}

static void
sync_woken(void *ctx)
{
	struct sync *sync = ctx;

	log_info("sync", "the network changed, or the machine was asleep");
	for (size_t i = 0; i < sync->nworkers; i++)
		worker_wake(sync->workers[i]);
}

/*
 * Not at the start: GLib may ask another process about the network, and the
 * first connection does not wait for that.
 */
static void
sync_attend(void *ctx)
{
	struct sync *sync = ctx;

	sync->wake = wake_new(SYNC_SETTLE_MS, sync_woken, sync);
}

static bool
sync_has(const struct sync *sync, const struct config_account *account)
{
	const char *only = sync->settings.only_account;

	return !only || strcmp(only, account->name) == 0;
}

static void
sync_hire(struct sync *sync)
{
	sync->workers = xcalloc(sync->config->naccounts + 1,
	    sizeof *sync->workers);
	for (size_t i = 0; i < sync->config->naccounts; i++) {
		const struct worker_settings settings = {
			.config = &sync->config->accounts[i],
			.store = sync->store,
			.account = sync->ids[i],
			.is_once = sync->settings.mode == SYNC_ONCE,
			.done = sync_worker_done,
			.ctx = sync,
		};

		if (sync_has(sync, settings.config))
			sync->workers[sync->nworkers++] =
			    worker_new(&settings);
	}
}

static gpointer
sync_main(gpointer ctx)
{
	struct sync *sync = ctx;
	bool is_once = sync->settings.mode == SYNC_ONCE;
	struct care *care = is_once ? NULL
	    : care_new(sync->config, sync->store, sync->ids);

	g_main_context_push_thread_default(sync->context);
	sync_watch(sync);
	sync_hire(sync);
	if (!is_once)
		timer_set(&sync->attend, SYNC_ATTEND_MS, sync_attend, sync);
	if (sync->nworkers > 0)
		g_main_loop_run(sync->loop);
	for (size_t i = 0; i < sync->nworkers; i++)
		worker_free(sync->workers[i]);
	wake_free(sync->wake);
	timer_clear(&sync->look);
	timer_clear(&sync->attend);
	timer_clear(&sync->deadline);
	if (sync->watching) {
		g_source_destroy(sync->watching);
		g_source_unref(sync->watching);
		close(sync->watch);
	}
	g_main_context_pop_thread_default(sync->context);
	care_free(care);
	if (is_once && !sync->is_stopping)
		care_once(sync->config, sync->store, sync->ids);
	return NULL;
}

static struct account
sync_account(const struct config_account *config, size_t order)
{
	struct account account = {
		.name = span_of(config->name),
		.full_name = span_of(config->full_name),
		.address = span_of(config->address),
		.kind = ACCOUNT_LOCAL,
		.keep = config->keep.is_offline ? KEEP_OFFLINE : KEEP_LIVE,
		.sends = config->send.protocol == CONFIG_SMTP,
		.order = (uint32_t)order,
		.moves_deleted = config->moves_deleted,
	};

	if (config->receive.protocol == CONFIG_IMAP)
		account.kind = ACCOUNT_IMAP;
	if (config->receive.protocol == CONFIG_POP3) {
		account.kind = ACCOUNT_POP3;
		account.keep = KEEP_OFFLINE;
	}
	account.is_insecure =
	    (config->receive.protocol != CONFIG_NONE &&
	    config->receive.security == SECURITY_INSECURE) ||
	    (account.sends && config->send.security == SECURITY_INSECURE);
	return account;
}

static void
sync_write_groups(const struct config *config, struct store_txn *t)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span *names = arena_array(&arena, config->ngroups,
	    sizeof *names);

	for (size_t i = 0; i < config->ngroups; i++) {
		const struct config_folders *c = &config->groups[i];
		struct span *folders = arena_array(&arena, c->nfolders,
		    sizeof *folders);

		names[i] = span_of(c->name);
		for (size_t k = 0; k < c->nfolders; k++)
			folders[k] = span_of(c->folders[k]);
		store_group_put(t, &(struct group){ .name = names[i],
		    .order = (uint32_t)i, .folders = folders,
		    .nfolders = c->nfolders });
	}
	store_group_keep_only(t, names, config->ngroups);
}

/* The accounts and groups of the configuration into the store. */
static enum err
sync_write_accounts(struct sync *sync, struct error *e)
{
	struct store_txn t;

	store_write(sync->store, &t);
	for (size_t i = 0; i < sync->config->naccounts; i++) {
		struct account account =
		    sync_account(&sync->config->accounts[i], i);

		sync->ids[i] = store_account_put(&t, &account);
		if (account.kind == ACCOUNT_POP3)
			local_inbox(&t, sync->ids[i]);
	}
	store_account_keep_only(&t, sync->ids, sync->config->naccounts);
	sync_write_groups(sync->config, &t);
	return store_commit(&t, e);
}

static void
sync_release(struct sync *sync)
{
	g_main_loop_unref(sync->loop);
	g_main_context_unref(sync->context);
	free(sync->workers);
	free(sync->ids);
	free(sync);
}

enum err
sync_start(const struct config *config, struct store *store,
    const struct sync_settings *settings, struct sync **out, struct error *e)
{
	struct sync *sync = xcalloc(1, sizeof *sync);
	enum err err;

	sync->config = config;
	sync->store = store;
	sync->settings = *settings;
	sync->watch = -1;
	sync->ids = xcalloc(config->naccounts + 1, sizeof *sync->ids);
	sync->context = g_main_context_new();
	sync->loop = g_main_loop_new(sync->context, FALSE);
	if (settings->only_account &&
	    !config_account(config, settings->only_account))
		err = error_set(e, ERR_NOTFOUND, "no account is called %s",
		    settings->only_account);
	else
		err = sync_write_accounts(sync, e);
	if (err != ERR_OK) {
		sync_release(sync);
		return err;
	}
	sync->thread = g_thread_new("sync", sync_main, sync);
	*out = sync;
	return ERR_OK;
}

void
sync_wake(struct sync *sync)
{
	sync_tell(sync, sync_look_all, 0);
}

void
sync_check(struct sync *sync, uint32_t account)
{
	sync_tell(sync, sync_check_some, account);
}

static void
sync_join(struct sync *sync)
{
	if (sync->thread)
		g_thread_join(sync->thread);
	sync->thread = NULL;
}

enum err
sync_wait(struct sync *sync, struct error *e)
{
	bug_on(sync->settings.mode != SYNC_ONCE);
	sync_join(sync);
	if (e)
		*e = sync->worst;
	return sync->worst.kind;
}

void
sync_free(struct sync *sync)
{
	if (!sync)
		return;
	if (sync->thread)
		sync_tell(sync, sync_stop, 0);
	sync_join(sync);
	sync_release(sync);
}
