/* SPDX-License-Identifier: MIT */
/*
 * How long to wait after a failure: 2, 5, 15, 60, 300 s, each +-30 % so that
 * many clients of one server do not come back together.  PROTOCOLS.md 2.1.
 * And how large the next piece of work may be, so that one takes about the
 * same time on every link.  Pure: the caller has the clock and the dice.
 */
#pragma once

#include <stdint.h>

/* A zeroed one has seen no failure. */
struct backoff {
	unsigned failures;
};

/* Counts a failure; the wait in ms.  `dice` is any random number. */
unsigned backoff_fail(struct backoff *b, uint32_t dice);
void backoff_reset(struct backoff *b);
/* Any interval, +-percent. */
unsigned backoff_jitter(unsigned ms, unsigned percent, uint32_t dice);
/*
 * When to try a letter again that the server does not want now: 1, 5, 15,
 * 60 minutes, then hourly; in seconds.  attempts counts from 1.
 */
int64_t backoff_letter_s(unsigned attempts);

enum { PACE_MIN = 10, PACE_MAX = 5000, PACE_GOAL_MS = 400 };
/* The next batch size, after one of `size` took ms. */
unsigned pace_next(unsigned size, int64_t ms);
