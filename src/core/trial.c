/* SPDX-License-Identifier: MIT */
/*
 * sync_test_account: logs in to both servers of an account and out again.
 * A context of its own, so that it can be called from any thread.
 */
#include "src/core/sync.h"

#include <glib.h>

#include "src/core/link.h"
#include "src/core/timer.h"

enum { TRIAL_S = 90 };	/* password command, connecting and log-in */

/* One half of an account. */
struct trial {
	const struct dialect *dialect;
	GMainLoop *loop;	/* owned */
	struct link *link;	/* owned */
	struct timer limit;
	struct error *error;	/* borrowed: the answer */
	bool is_in;
};

static bool
trial_is_ready(const struct dialect *dialect, const union dialect_event *ev)
{
	if (dialect == &dialect_imap)
		return ev->imap.kind == IMAP_READY;
	if (dialect == &dialect_pop3)
		return ev->pop3.kind == POP3_READY;
	return ev->smtp.kind == SMTP_READY;
}

static void
trial_bye(const struct dialect *dialect, void *engine)
{
	if (dialect == &dialect_imap)
		imap_logout(engine);
	else if (dialect == &dialect_pop3)
		pop3_quit(engine);
	else
		smtp_quit(engine);
}

static void
trial_event(void *ctx, const union dialect_event *event)
{
	struct trial *trial = ctx;

	if (trial->is_in || !trial_is_ready(trial->dialect, event))
		return;
	trial->is_in = true;
	trial_bye(trial->dialect, link_engine(trial->link));
	link_patience(trial->link, 2);
}

static void
trial_quiet(void *ctx)
{
	(void)ctx;
}

static void
trial_closed(void *ctx, const struct error *error)
{
	struct trial *trial = ctx;

	if (!trial->is_in) {
		*trial->error = *error;
		/* Hanging up before the log-in is no success. */
		if (error->kind == ERR_OK)
			trial->error->kind = ERR_PROTO;
	}
	g_main_loop_quit(trial->loop);
}

static void
trial_late(void *ctx)
{
	struct trial *trial = ctx;

	if (!trial->is_in)
		error_set(trial->error, ERR_TIMEOUT,
		    "no log-in within %d seconds", TRIAL_S);
	g_main_loop_quit(trial->loop);
}

static const struct dialect *
trial_dialect(const struct config_server *server)
{
	switch (server->protocol) {
	case CONFIG_IMAP:
		return &dialect_imap;
	case CONFIG_POP3:
		return &dialect_pop3;
	case CONFIG_SMTP:
		return &dialect_smtp;
	case CONFIG_NONE:
		break;
	}
	return NULL;
}

static void
trial_run(const struct config_account *account, bool for_send,
    struct error *error)
{
	static const struct link_events events = {
		.event = trial_event,
		.quiet = trial_quiet,
		.closed = trial_closed,
	};
	struct trial trial = {
		.dialect = trial_dialect(for_send ? &account->send :
		    &account->receive),
		.error = error,
	};
	GMainContext *context;

	*error = (struct error){ 0 };
	if (!trial.dialect) {
		error_set(error, ERR_CONFIG, "%s has no %s in the "
		    "configuration", account->name,
		    for_send ? "\"send\"" : "\"receive\"");
		return;
	}
	context = g_main_context_new();
	g_main_context_push_thread_default(context);
	trial.loop = g_main_loop_new(context, FALSE);
	timer_set(&trial.limit, TRIAL_S * 1000, trial_late, &trial);
	trial.link = link_open(&(struct link_settings){ .account = account,
	    .for_send = for_send }, trial.dialect, &events, &trial);
	g_main_loop_run(trial.loop);
	timer_clear(&trial.limit);
	link_free(trial.link);
	g_main_loop_unref(trial.loop);
	g_main_context_pop_thread_default(context);
	g_main_context_unref(context);
}

void
sync_test_account(const struct config_account *account,
    struct error *receive, struct error *send)
{
	trial_run(account, false, receive);
	trial_run(account, true, send);
}
