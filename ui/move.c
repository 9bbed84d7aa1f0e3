/* SPDX-License-Identifier: MIT */
#include "ui/move.h"

#include "base/bug.h"

static const struct {
	enum command command;
	int lines, half_pages;
	bool is_first, is_last;
} moves[] = {
	{ COMMAND_DOWN, 1, 0, false, false },
	{ COMMAND_UP, -1, 0, false, false },
	{ COMMAND_HALF_DOWN, 0, 1, false, false },
	{ COMMAND_HALF_UP, 0, -1, false, false },
	{ COMMAND_PAGE_DOWN, 0, 2, false, false },
	{ COMMAND_PAGE_UP, 0, -2, false, false },
	{ COMMAND_FIRST, 0, 0, true, false },
	{ COMMAND_LAST, 0, 0, false, true },
};

bool
move_by(enum command command, unsigned count, int page, int last, int *at)
{
	int64_t n = count ? count : 1, to = *at;

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (moves[i].command != command)
			continue;
		to += n * moves[i].lines;
		to += n * moves[i].half_pages * (page > 1 ? page : 2) / 2;
		if (moves[i].is_first)
			to = 0;
		if (moves[i].is_last)
			to = last;
		*at = to < 0 || last < 0 ? 0 : to > last ? last : (int)to;
		return true;
	}
	return false;
}
