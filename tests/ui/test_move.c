/* SPDX-License-Identifier: MIT */
#include "ui/move.h"

#include <criterion/criterion.h>

Test(move, stays_within_the_lines_there_are)
{
	static const struct {
		enum command command;
		unsigned count;
		int at, last, want;
	} cases[] = {
		{ COMMAND_DOWN, 0, 3, 50, 4 },
		{ COMMAND_DOWN, 1000000, 3, 50, 50 },
		{ COMMAND_UP, 2, 3, 50, 1 },
		{ COMMAND_UP, 1000000, 3, 50, 0 },
		{ COMMAND_PAGE_DOWN, 0, 3, 50, 13 },
		{ COMMAND_PAGE_UP, 0, 3, 50, 0 },
		{ COMMAND_HALF_DOWN, 0, 3, 50, 8 },
		{ COMMAND_HALF_DOWN, 1000000, 3, 50, 50 },
		{ COMMAND_FIRST, 0, 3, 50, 0 },
		{ COMMAND_LAST, 0, 3, 50, 50 },
		{ COMMAND_LAST, 0, 0, -1, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int at = cases[i].at;

		cr_expect(move_by(cases[i].command, cases[i].count, 10,
		    cases[i].last, &at));
		cr_expect_eq(at, cases[i].want, "case %zu: %d", i, at);
	}
}

Test(move, leaves_other_commands_alone)
{
	int at = 3;

	cr_expect(!move_by(COMMAND_DELETE, 1, 10, 50, &at));
	cr_expect_eq(at, 3);
}
