/* SPDX-License-Identifier: MIT */
/*
 * One timer of the thread's own GMainContext.  A zeroed one is not running.
 * `fire` may set it again.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef void timer_fire(void *ctx);

struct timer {
	GSource *source;	/* owned */
	timer_fire *fire;
	void *ctx;
};

/* Starts it, or starts it anew. */
void timer_set(struct timer *timer, unsigned ms, timer_fire *fire, void *ctx);
void timer_clear(struct timer *timer);

static inline bool
timer_is_set(const struct timer *timer)
{
	return timer->source;
}

/* Milliseconds of a clock that never goes back. */
int64_t timer_now_ms(void);
/* Seconds since 1970, as base/date.h. */
int64_t timer_wall_s(void);
