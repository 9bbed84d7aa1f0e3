/* SPDX-License-Identifier: MIT */
#include "src/core/idle_pace.h"

static unsigned
smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
idle_pace_s(const struct idle_pace *pace)
{
	return pace->s ? pace->s : IDLE_PACE_START_S;
}

void
idle_pace_lived(struct idle_pace *pace, unsigned stood_s)
{
	unsigned now = idle_pace_s(pace), next = now + now / 4;

	/* It died somewhere between the last that lived and died_s. */
	if (stood_s < now || (pace->died_s && next > pace->died_s / 4 * 3))
		return;
	pace->s = smaller(next, IDLE_PACE_MAX_S);
}

void
idle_pace_died(struct idle_pace *pace, unsigned stood_s)
{
	unsigned now = idle_pace_s(pace);

	if (stood_s < IDLE_PACE_MIN_S)
		return;
	pace->died_s = smaller(now, stood_s);
	pace->s = now / 2 > IDLE_PACE_MIN_S ? now / 2 : IDLE_PACE_MIN_S;
}

void
idle_pace_moved(struct idle_pace *pace)
{
	pace->died_s = 0;
}
