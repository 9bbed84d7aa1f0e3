/* SPDX-License-Identifier: MIT */
#include "base/moment.h"

enum { DAY_S = 24 * 60 * 60 };

/* How exact a moment is. */
enum unit { UNIT_YEAR, UNIT_MONTH, UNIT_DAY, UNIT_MINUTE, UNIT_SECOND };

static bool
take_char(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	span_take(s, 1);
	return true;
}

/* So many digits, no fewer. */
static bool
take_number(struct span *s, size_t digits, int *out)
{
	struct span rest = *s, number = span_take(&rest, digits);
	uint32_t value;

	/* span_u32 takes digits alone. */
	if (number.n < digits || !span_u32(number, &value))
		return false;
	*s = rest;
	*out = (int)value;
	return true;
}

static bool
take_date(struct span *s, struct civil *c, enum unit *unit)
{
	if (!take_number(s, 4, &c->year))
		return false;
	*unit = UNIT_YEAR;
	if (!take_char(s, '-'))
		return true;
	if (!take_number(s, 2, &c->month))
		return false;
	*unit = UNIT_MONTH;
	if (!take_char(s, '-'))
		return true;
	*unit = UNIT_DAY;
	return take_number(s, 2, &c->day);
}

static bool
take_clock(struct span *s, struct civil *c, enum unit *unit)
{
	if (!take_number(s, 2, &c->hour) || !take_char(s, ':') ||
	    !take_number(s, 2, &c->minute))
		return false;
	*unit = UNIT_MINUTE;
	if (!take_char(s, ':'))
		return true;
	*unit = UNIT_SECOND;
	return take_number(s, 2, &c->second);
}

/* "Z", "+07:00", "+0700". */
static bool
take_zone(struct span *s, int *offset_min)
{
	bool is_west = s->n > 0 && s->p[0] == '-';
	int hours, minutes;

	*offset_min = 0;
	if (take_char(s, 'Z'))
		return true;
	if (!take_char(s, is_west ? '-' : '+') || !take_number(s, 2, &hours))
		return false;
	take_char(s, ':');
	if (!take_number(s, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*offset_min = (is_west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

/* DATE_NONE for what no calendar has, as 31 February. */
static int64_t
instant(const struct civil *c)
{
	int64_t when = date_from_civil(c);

	return when != DATE_NONE &&
	    date_to_civil(when, c->offset_min).day == c->day ? when :
	    DATE_NONE;
}

/* The same by the clocks of this machine, whatever c says of its zone. */
static int64_t
local_instant(const struct civil *c)
{
	struct civil at = *c;
	int64_t when;

	at.offset_min = 0;
	when = instant(&at);
	/* The zone of an instant that is at most a day away, then its own. */
	for (int i = 0; i < 2 && when != DATE_NONE; i++) {
		at.offset_min = date_local_offset(when);
		when = instant(&at);
	}
	return when;
}

/* The first second after a stretch that is longer than the clock's. */
static int64_t
local_end(const struct civil *c, enum unit unit)
{
	struct civil next = *c;

	if (unit == UNIT_DAY) {
		next.offset_min = 0;
		next = date_to_civil(date_from_civil(&next) + DAY_S, 0);
	} else if (unit == UNIT_MONTH && c->month < 12) {
		next.month++;
	} else {
		next.month = 1;
		next.year++;
	}
	return local_instant(&next);
}

static bool
finish(const struct civil *c, enum unit unit, bool has_zone,
    struct moment *out)
{
	int64_t begin = has_zone ? instant(c) : local_instant(c), end;

	if (begin == DATE_NONE)
		return false;
	end = unit == UNIT_SECOND ? begin + 1 : unit == UNIT_MINUTE ?
	    begin + 60 : local_end(c, unit);
	if (end == DATE_NONE)
		return false;
	*out = (struct moment){ begin, end };
	return true;
}

bool
moment_parse(struct span typed, int64_t now, struct moment *out)
{
	struct civil c = { .month = 1, .day = 1 };
	struct span s = span_trim(typed);
	bool has_zone = false;
	enum unit unit;

	if (s.n == 5 && s.p[2] == ':') {
		struct civil today = date_to_civil(now,
		    date_local_offset(now));

		c = (struct civil){ .year = today.year,
			.month = today.month, .day = today.day };
		if (!take_clock(&s, &c, &unit))
			return false;
	} else if (!take_date(&s, &c, &unit)) {
		return false;
	} else if (unit == UNIT_DAY && s.n > 0) {
		if (!take_char(&s, 'T') && !take_char(&s, ' '))
			return false;
		if (!take_clock(&s, &c, &unit))
			return false;
		has_zone = s.n > 0;
		if (has_zone && !take_zone(&s, &c.offset_min))
			return false;
	}
	return s.n == 0 && finish(&c, unit, has_zone, out);
}

/* "30d" in seconds; -1: it is nothing like it. */
static int64_t
parse_distance(struct span s, const char *units)
{
	static const struct {
		char unit;
		int seconds;
	} lengths[] = {
		{ 'm', 60 }, { 'h', 60 * 60 }, { 'd', DAY_S },
		{ 'w', 7 * DAY_S }, { 'y', 365 * DAY_S },
	};
	struct span number = { s.p, s.n ? s.n - 1 : 0 };
	uint64_t n;

	if (!span_u64(number, &n) || n >= 100000)
		return -1;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		if (s.p[s.n - 1] == lengths[i].unit &&
		    strchr(units, lengths[i].unit))
			return (int64_t)n * lengths[i].seconds;
	return -1;
}

bool
moment_parse_ago(struct span typed, int64_t now, struct moment *out)
{
	/* No minutes: who types "3m" here may well mean months. */
	int64_t distance = parse_distance(span_trim(typed), "hdwy");

	if (distance < 0)
		return false;
	*out = (struct moment){ now - distance, now - distance + 1 };
	return true;
}

bool
moment_parse_ahead(struct span typed, int64_t now, struct moment *out)
{
	struct span s = span_trim(typed);
	int64_t distance = take_char(&s, '+') ? parse_distance(s, "mhd") : -1;

	if (distance < 0)
		return false;
	*out = (struct moment){ now + distance, now + distance + 1 };
	return true;
}
