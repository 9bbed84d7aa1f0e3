/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "src/core/idle_pace.h"

enum { MINUTE = 60 };

Test(idle_pace, starts_at_fourteen_minutes)
{
	struct idle_pace pace = { 0 };

	cr_expect_eq(idle_pace_s(&pace), 14 * MINUTE);
}

Test(idle_pace, halves_at_each_death_but_stays_above_four_minutes)
{
	static const unsigned want[] = { 7 * MINUTE, 4 * MINUTE, 4 * MINUTE };
	struct idle_pace pace = { 0 };

	for (int i = 0; i < 3; i++) {
		idle_pace_died(&pace, idle_pace_s(&pace));
		cr_expect_eq(idle_pace_s(&pace), want[i], "death %d", i);
	}
}

Test(idle_pace, grows_by_a_quarter_to_twenty_four_minutes)
{
	static const unsigned want[] = { 1050, 1312, 24 * MINUTE,
		24 * MINUTE };
	struct idle_pace pace = { 0 };

	for (int i = 0; i < 4; i++) {
		idle_pace_lived(&pace, idle_pace_s(&pace));
		cr_expect_eq(idle_pace_s(&pace), want[i], "renewal %d", i);
	}
}

Test(idle_pace, learns_nothing_from_an_idle_that_was_ended_early)
{
	struct idle_pace pace = { 0 };

	idle_pace_lived(&pace, 14 * MINUTE - 1);
	cr_expect_eq(idle_pace_s(&pace), 14 * MINUTE);
	/* A network that is gone takes young connections, too. */
	idle_pace_died(&pace, 4 * MINUTE - 1);
	cr_expect_eq(idle_pace_s(&pace), 14 * MINUTE);
}

/* One that forgets what was silent for `limit`, seen `hours` long. */
static unsigned
deaths_behind_a_router(struct idle_pace *pace, unsigned limit, unsigned hours)
{
	unsigned deaths = 0;

	for (unsigned at = 0; at < hours * 60 * MINUTE;) {
		unsigned stood = idle_pace_s(pace);

		at += stood;
		if (stood < limit) {
			idle_pace_lived(pace, stood);
			continue;
		}
		idle_pace_died(pace, stood);
		deaths++;
	}
	return deaths;
}

Test(idle_pace, stops_dying_behind_every_router)
{
	for (unsigned limit = 4 * MINUTE + 1; limit < 30 * MINUTE; limit++) {
		struct idle_pace pace = { 0 };

		cr_expect_leq(deaths_behind_a_router(&pace, limit, 6), 6,
		    "limit %u", limit);
		cr_expect_eq(deaths_behind_a_router(&pace, limit, 24), 0,
		    "limit %u", limit);
		cr_expect_geq(idle_pace_s(&pace), IDLE_PACE_MIN_S);
	}
}

Test(idle_pace, tries_longer_ones_again_on_another_network)
{
	struct idle_pace pace = { 0 };

	deaths_behind_a_router(&pace, 5 * MINUTE, 6);
	cr_expect_lt(idle_pace_s(&pace), 5 * MINUTE);
	idle_pace_moved(&pace);
	cr_expect_lt(idle_pace_s(&pace), 5 * MINUTE);
	cr_expect_eq(deaths_behind_a_router(&pace, 60 * MINUTE, 6), 0);
	cr_expect_eq(idle_pace_s(&pace), IDLE_PACE_MAX_S);
}
