/* SPDX-License-Identifier: MIT */
/*
 * How long one IDLE may stand before it is renewed (PROTOCOLS.md 2.5).  RFC
 * 2177 allows 29 minutes; many a router forgets a silent connection after
 * five to fifteen, and then nothing is pushed and nobody is told.  So the
 * interval learns: it is halved when a connection was found dead, and grows
 * again while renewals are answered, but not near to where it died.
 *
 * Pure: the caller has the clock.  A zeroed one has learned nothing.
 */
#pragma once

enum {
	IDLE_PACE_MIN_S = 4 * 60,
	IDLE_PACE_START_S = 14 * 60,
	IDLE_PACE_MAX_S = 24 * 60,
};

struct idle_pace {
	unsigned s;		/* 0: as at the start */
	unsigned died_s;	/* did not live so long; 0: not known */
};

/* Seconds from IDLE to the DONE that renews it. */
unsigned idle_pace_s(const struct idle_pace *pace);
/*
 * An IDLE that stood for so long was ended, and the server answered.  One
 * that was ended early, for whatever there was to do, teaches nothing.
 */
void idle_pace_lived(struct idle_pace *pace, unsigned stood_s);
/*
 * The connection was found dead after so long an IDLE.  Below the shortest
 * interval it is not the silence that killed it.
 */
void idle_pace_died(struct idle_pace *pace, unsigned stood_s);
/* On another network: other routers.  The interval itself stays. */
void idle_pace_moved(struct idle_pace *pace);
