/* SPDX-License-Identifier: MIT */
#include "src/core/care.h"

#include <glib.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "store/body.h"
#include "store/budget.h"

enum {
	CARE_FIRST_S = 60,	/* a start has better things to do */
	CARE_EVERY_S = 3600,
	/*
	 * Bodies between looks at is_stopping; each step looks again at what
	 * has to stay.
	 */
	CARE_STEP = 1024,
};

struct care {
	const struct config *config;	/* borrowed */
	struct store *store;		/* borrowed */
	const uint32_t *ids;		/* borrowed */
	GThread *thread;		/* owned; NULL for care_once */
	GMutex lock;			/* of the sleep */
	GCond wake;
	atomic_bool is_stopping;
};

static void
evict(struct care *care, size_t i)
{
	const struct config_account *account = &care->config->accounts[i];
	struct evicted step = { .messages = 1 };
	size_t messages = 0;
	struct error e = { 0 };

	while (account->disk_budget && step.messages > 0 &&
	    !care->is_stopping) {
		enum err err = store_evict(care->store, care->ids[i],
		    account->disk_budget, CARE_STEP, &step, &e);

		messages += step.messages;
		if (err == ERR_OK)
			continue;
		log_warning("care", "%s: %s", account->name, e.text);
		break;
	}
	if (messages > 0)
		log_info("care", "%s: %zu letters are only on the server now",
		    account->name, messages);
}

static void
collect(struct care *care)
{
	struct error e = { 0 };
	size_t dropped;

	do {
		if (store_body_collect(care->store, CARE_STEP, &dropped,
		    &e) != ERR_OK) {
			log_warning("care", "%s", e.text);
			return;
		}
	} while (dropped > 0 && !care->is_stopping);
}

static void
work(struct care *care)
{
	for (size_t i = 0; i < care->config->naccounts; i++)
		evict(care, i);
	collect(care);
}

/* False: it is time to end. */
static bool
sleep_for(struct care *care, int64_t seconds)
{
	gint64 until = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;

	g_mutex_lock(&care->lock);
	while (!care->is_stopping &&
	    g_cond_wait_until(&care->wake, &care->lock, until))
		;
	g_mutex_unlock(&care->lock);
	return !care->is_stopping;
}

static gpointer
care_main(gpointer ctx)
{
	struct care *care = ctx;

	for (int64_t s = CARE_FIRST_S; sleep_for(care, s); s = CARE_EVERY_S)
		work(care);
	return NULL;
}

struct care *
care_new(const struct config *config, struct store *store,
    const uint32_t *ids)
{
	struct care *care = xcalloc(1, sizeof *care);

	care->config = config;
	care->store = store;
	care->ids = ids;
	g_mutex_init(&care->lock);
	g_cond_init(&care->wake);
	care->thread = g_thread_new("care", care_main, care);
	return care;
}

void
care_free(struct care *care)
{
	if (!care)
		return;
	g_mutex_lock(&care->lock);
	care->is_stopping = true;
	g_cond_signal(&care->wake);
	g_mutex_unlock(&care->lock);
	g_thread_join(care->thread);
	g_cond_clear(&care->wake);
	g_mutex_clear(&care->lock);
	free(care);
}

void
care_once(const struct config *config, struct store *store,
    const uint32_t *ids)
{
	struct care care = { .config = config, .store = store, .ids = ids };

	work(&care);
}
