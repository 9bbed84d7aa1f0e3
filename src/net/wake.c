/* SPDX-License-Identifier: MIT */
#include "src/net/wake.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "src/net/sleep.h"

enum { SLEPT_MS = 1000 };	/* less is no sleep to speak of */

struct wake {
	unsigned settle_ms;
	wake_fire *fire;
	void *ctx;			/* borrowed: the owner's */
	GNetworkMonitor *monitor;	/* borrowed: the one of GLib */
	gulong handler;			/* on it */
	GSource *settling;		/* owned; or NULL */
	int sleep;			/* owned; -1: none */
	GSource *sleeping;		/* owned; on sleep, or NULL */
	int64_t asleep_ms;		/* in all, when last looked */
};

static void
source_drop(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_source_unref(*source);
	*source = NULL;
}

static void
source_attach(GSource *source, GSourceFunc run, struct wake *wake)
{
	g_source_set_callback(source, run, wake, NULL);
	g_source_attach(source, g_main_context_get_thread_default());
}

static gboolean
wake_settled(gpointer ctx)
{
	struct wake *wake = ctx;

	source_drop(&wake->settling);
	wake->fire(wake->ctx);
	return G_SOURCE_REMOVE;
}

void
wake_news(struct wake *wake, bool is_online)
{
	if (!is_online) {
		source_drop(&wake->settling);
		return;
	}
	if (wake->settling)
		return;
	wake->settling = g_timeout_source_new(wake->settle_ms);
	source_attach(wake->settling, wake_settled, wake);
}

static void
wake_network(GNetworkMonitor *monitor, gboolean is_online, gpointer ctx)
{
	(void)monitor;
	wake_news(ctx, is_online);
}

/* Awake again, or the clock was set: only the first stops one clock. */
static gboolean
wake_clock(gint fd, GIOCondition condition, gpointer ctx)
{
	struct wake *wake = ctx;
	int64_t asleep_ms = sleep_total_ms();

	(void)condition;
	sleep_watch_again(fd);
	if (asleep_ms - wake->asleep_ms >= SLEPT_MS)
		wake_news(wake, true);
	wake->asleep_ms = asleep_ms;
	return G_SOURCE_CONTINUE;
}

struct wake *
wake_new(unsigned settle_ms, wake_fire *fire, void *ctx)
{
	struct wake *wake = xcalloc(1, sizeof *wake);

	wake->settle_ms = settle_ms;
	wake->fire = fire;
	wake->ctx = ctx;
	wake->monitor = g_network_monitor_get_default();
	wake->handler = g_signal_connect(wake->monitor, "network-changed",
	    G_CALLBACK(wake_network), wake);
	wake->asleep_ms = sleep_total_ms();
	wake->sleep = sleep_watch();
	if (wake->sleep >= 0) {
		wake->sleeping = g_unix_fd_source_new(wake->sleep, G_IO_IN);
		/* Its callback is a GUnixFDSourceFunc, cast as GLib wants. */
		source_attach(wake->sleeping, G_SOURCE_FUNC(wake_clock), wake);
	}
	return wake;
}

void
wake_free(struct wake *wake)
{
	if (!wake)
		return;
	g_signal_handler_disconnect(wake->monitor, wake->handler);
	source_drop(&wake->settling);
	source_drop(&wake->sleeping);
	if (wake->sleep >= 0)
		close(wake->sleep);
	free(wake);
}
