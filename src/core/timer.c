/* SPDX-License-Identifier: MIT */
/* Timers; see timer.h. */
#include "src/core/timer.h"

static gboolean
timer_ready(gpointer ctx)
{
	struct timer *timer = ctx;
	timer_fire *fire = timer->fire;
	void *fire_ctx = timer->ctx;

	timer_clear(timer);
	fire(fire_ctx);
	return G_SOURCE_REMOVE;
}

void
timer_set(struct timer *timer, unsigned ms, timer_fire *fire, void *ctx)
{
	timer_clear(timer);
	timer->fire = fire;
	timer->ctx = ctx;
	timer->source = g_timeout_source_new(ms);
	g_source_set_callback(timer->source, timer_ready, timer, NULL);
	g_source_attach(timer->source, g_main_context_get_thread_default());
}

void
timer_clear(struct timer *timer)
{
	if (!timer->source)
		return;
	g_source_destroy(timer->source);
	g_source_unref(timer->source);
	timer->source = NULL;
}

int64_t
timer_now_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

int64_t
timer_wall_s(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}
