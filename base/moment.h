/* SPDX-License-Identifier: MIT */
/*
 * Moments as people type them, in the time zone of this machine: "2019",
 * "2019-03", "2019-03-12", "2019-03-12T10:00" (or a blank for the T, with
 * seconds, with Z or +07:00), "10:00" of today; and from now, "30d" or "+2h".
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"

/* As long as it was typed: a year, a month, a day, a minute or a second. */
struct moment {
	int64_t begin, end;	/* of base/date.h; end: the first second after */
};

/* "10:00" needs to know when today is.  False, and *out untouched: no date. */
bool moment_parse(struct span typed, int64_t now, struct moment *out);
/* "2h", "30d", "6w", "3y" before now, to the second; a year is 365 days. */
bool moment_parse_ago(struct span typed, int64_t now, struct moment *out);
/* "+30m" (minutes), "+2h", "+1d" after now. */
bool moment_parse_ahead(struct span typed, int64_t now, struct moment *out);
