/* SPDX-License-Identifier: MIT */
/* Waiting and pacing; see backoff.h. */
#include "src/core/backoff.h"

#include "base/bug.h"

unsigned
backoff_jitter(unsigned ms, unsigned percent, uint32_t dice)
{
	uint64_t width = (uint64_t)ms * percent / 100;
	uint64_t low = ms - width;

	return (unsigned)(low + dice % (2 * width + 1));
}

unsigned
backoff_fail(struct backoff *b, uint32_t dice)
{
	static const unsigned wait_s[] = { 2, 5, 15, 60, 300 };
	size_t i = b->failures < ARRAY_LEN(wait_s) ? b->failures :
	    ARRAY_LEN(wait_s) - 1;

	if (b->failures < ARRAY_LEN(wait_s))
		b->failures++;
	return backoff_jitter(wait_s[i] * 1000, 30, dice);
}

void
backoff_reset(struct backoff *b)
{
	b->failures = 0;
}

int64_t
backoff_letter_s(unsigned attempts)
{
	static const int64_t wait_s[] = { 60, 300, 900, 3600 };
	size_t i = attempts > 0 ? attempts - 1 : 0;

	return wait_s[i < ARRAY_LEN(wait_s) ? i : ARRAY_LEN(wait_s) - 1];
}

unsigned
pace_next(unsigned size, int64_t ms)
{
	unsigned next = size;

	if (ms < PACE_GOAL_MS / 2)
		next = size * 2;
	else if (ms > PACE_GOAL_MS * 2)
		next = size / 2;
	return next < PACE_MIN ? PACE_MIN : next > PACE_MAX ? PACE_MAX : next;
}
