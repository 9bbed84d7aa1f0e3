/* SPDX-License-Identifier: MIT */
/* Moving by lines, pages and to the ends: the same in every pane. */
#pragma once

#include "ui/keys.h"

/*
 * Where a moving command leads from `at`, within 0..last, on a page of so
 * many lines.  False when the command is no such move.
 */
bool move_by(enum command command, unsigned count, int page, int last,
    int *at);
