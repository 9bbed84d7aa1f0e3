/* SPDX-License-Identifier: MIT */
/* What becomes of news; that they come is tests/servers/test_wake.sh's. */
#include <criterion/criterion.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <unistd.h>

#include "src/net/sleep.h"
#include "src/net/wake.h"

struct told {
	GMainContext *context;
	struct wake *wake;
	int count;
	bool is_over;
};

static void
count(void *ctx)
{
	struct told *told = ctx;

	told->count++;
}

static gboolean
over(gpointer ctx)
{
	struct told *told = ctx;

	told->is_over = true;
	return G_SOURCE_REMOVE;
}

static struct told *
told_new(unsigned settle_ms)
{
	struct told *told = g_new0(struct told, 1);

	told->context = g_main_context_new();
	g_main_context_push_thread_default(told->context);
	told->wake = wake_new(settle_ms, count, told);
	return told;
}

/* Runs the loop until all that was due before a timer of `ms` has run. */
static void
pass(struct told *told, unsigned ms)
{
	GSource *source = g_timeout_source_new(ms);

	told->is_over = false;
	g_source_set_priority(source, G_PRIORITY_LOW);
	g_source_set_callback(source, over, told, NULL);
	g_source_attach(source, told->context);
	while (!told->is_over)
		g_main_context_iteration(told->context, TRUE);
	g_source_unref(source);
}

static void
told_free(struct told *told)
{
	wake_free(told->wake);
	g_main_context_pop_thread_default(told->context);
	g_main_context_unref(told->context);
	g_free(told);
}

Test(wake, a_burst_of_news_is_told_once)
{
	struct told *told = told_new(20);

	for (int i = 0; i < 5; i++)
		wake_news(told->wake, true);
	cr_expect_eq(told->count, 0);
	pass(told, 50);
	cr_expect_eq(told->count, 1);
	wake_news(told->wake, true);
	pass(told, 50);
	cr_expect_eq(told->count, 2);
	told_free(told);
}

Test(wake, a_network_that_has_gone_again_is_not_told)
{
	struct told *told = told_new(20);

	wake_news(told->wake, true);
	wake_news(told->wake, false);
	pass(told, 50);
	cr_expect_eq(told->count, 0);
	wake_news(told->wake, false);
	wake_news(told->wake, true);
	pass(told, 50);
	cr_expect_eq(told->count, 1);
	told_free(told);
}

Test(wake, nothing_is_told_behind_its_end)
{
	struct told *told = told_new(20);

	wake_news(told->wake, true);
	wake_free(told->wake);
	told->wake = NULL;
	pass(told, 50);
	cr_expect_eq(told->count, 0);
	told_free(told);
}

Test(wake, a_machine_that_stays_awake_is_not_taken_for_asleep)
{
	int64_t before = sleep_total_ms();
	int fd = sleep_watch();
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	cr_expect_lt(sleep_total_ms() - before, 1000);
	if (fd < 0)
		return;
	cr_expect_eq(poll(&ready, 1, 0), 0);
	sleep_watch_again(fd);
	cr_expect_eq(poll(&ready, 1, 0), 0);
	close(fd);
}
