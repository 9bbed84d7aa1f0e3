/* SPDX-License-Identifier: MIT */
#include "base/date.h"

#include <time.h>

static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char weekdays[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat" };

/* Days since 1970-01-01 of a proleptic Gregorian date (era arithmetic). */
static int64_t
days_from_civil(int64_t y, int m, int d)
{
	int64_t era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

int64_t
date_from_civil(const struct civil *c)
{
	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 ||
	    c->day < 1 || c->day > 31 || c->hour < 0 || c->hour > 23 ||
	    c->minute < 0 || c->minute > 59 || c->second < 0 ||
	    c->second > 60)
		return DATE_NONE;
	return days_from_civil(c->year, c->month, c->day) * 86400 +
	    c->hour * 3600 + c->minute * 60 + c->second -
	    (int64_t)c->offset_min * 60;
}

struct civil
date_to_civil(int64_t when, int offset_min)
{
	int64_t t = when + (int64_t)offset_min * 60;
	int64_t days = t / 86400 - (t % 86400 < 0);
	int rest = (int)(t - days * 86400);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = rest / 3600,
		.minute = rest / 60 % 60,
		.second = rest % 60,
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
		.offset_min = offset_min,
	};
}

int
date_local_offset(int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!localtime_r(&t, &tm))
		return 0;
	return (int)(tm.tm_gmtoff / 60);
}

/* The next token of a date: a word, a number, a sign with its digits. */
static struct span
token(struct span *s)
{
	int depth = 0;
	size_t n = 0;

	while (s->n) {
		char c = s->p[0];

		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (depth == 0 && c != ' ' && c != '\t' && c != ',' &&
		    c != '\r' && c != '\n' && c != ')')
			break;
		span_take(s, 1);
	}
	while (n < s->n && !memchr(" \t,\r\n()", s->p[n], 7))
		n++;
	return span_take(s, n);
}

static int
month_of(struct span w)
{
	for (int i = 0; i < 12; i++)
		if (span_istarts(w, (struct span){ months[i], 3 }))
			return i + 1;
	return 0;
}

static bool
small_number(struct span s, int *out)
{
	uint32_t v;

	if (s.n > 6 || !span_u32(s, &v))
		return false;
	*out = (int)v;
	return true;
}

/* hh:mm[:ss], also with dots. */
static bool
parse_clock(struct span w, struct civil *c)
{
	char sep = span_chr(w, ':') != SIZE_MAX ? ':' : '.';
	struct span h, m, s;

	if (!span_split(&w, sep, &h) || !span_split(&w, sep, &m))
		return false;
	if (!small_number(h, &c->hour) || !small_number(m, &c->minute))
		return false;
	c->second = 0;
	if (span_split(&w, sep, &s))
		return small_number(s, &c->second);
	return true;
}

static int
zone_minutes(struct span w)
{
	static const struct { struct span name; int hours; } zones[] = {
		{ SPAN("EDT"), -4 }, { SPAN("EST"), -5 }, { SPAN("CDT"), -5 },
		{ SPAN("CST"), -6 }, { SPAN("MDT"), -6 }, { SPAN("MST"), -7 },
		{ SPAN("PDT"), -7 }, { SPAN("PST"), -8 }, { SPAN("CET"), 1 },
		{ SPAN("CEST"), 2 }, { SPAN("MSK"), 3 }, { SPAN("WIB"), 7 },
		{ SPAN("WITA"), 8 }, { SPAN("WIT"), 9 }, { SPAN("JST"), 9 },
	};
	int digits, sign;

	if (w.n >= 5 && (w.p[0] == '+' || w.p[0] == '-')) {
		sign = w.p[0] == '-' ? -1 : 1;
		if (!small_number((struct span){ w.p + 1, 4 }, &digits) ||
		    digits / 100 > 14 || digits % 100 > 59)
			return 0;
		return sign * (digits / 100 * 60 + digits % 100);
	}
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (span_ieq(w, zones[i].name))
			return zones[i].hours * 60;
	return 0;
}

static int
full_year(int y, size_t digits)
{
	if (digits == 2)
		return y < 50 ? y + 2000 : y + 1900;
	return digits == 3 ? y + 1900 : y;
}

int64_t
date_parse_rfc5322(struct span s, int *offset_min)
{
	struct civil c = { .day = 0 };
	struct span w = token(&s);
	int64_t when;

	if (offset_min)
		*offset_min = 0;
	if (w.n && (w.p[0] < '0' || w.p[0] > '9') && !month_of(w))
		w = token(&s);			/* the weekday */
	if (month_of(w)) {			/* asctime: Nov 22 09:41:00 2026 */
		struct span clock;

		c.month = month_of(w);
		w = token(&s);
		clock = token(&s);
		if (!small_number(w, &c.day) || !parse_clock(clock, &c))
			return DATE_NONE;
		w = token(&s);
		if (!small_number(w, &c.year)) {	/* a zone before the year */
			c.offset_min = zone_minutes(w);
			w = token(&s);
			if (!small_number(w, &c.year))
				return DATE_NONE;
		}
	} else {
		struct span month, year;

		if (span_chr(w, '-') != SIZE_MAX) {	/* 22-Nov-2026 */
			struct span day;

			span_split(&w, '-', &day);
			if (!small_number(day, &c.day) ||
			    !span_split(&w, '-', &month))
				return DATE_NONE;
			year = w;
		} else {
			if (!small_number(w, &c.day))
				return DATE_NONE;
			month = token(&s);
			year = token(&s);
		}
		c.month = month_of(month);
		if (!small_number(year, &c.year))
			return DATE_NONE;
		c.year = full_year(c.year, year.n);
		w = token(&s);
		if (w.n && !parse_clock(w, &c))
			return DATE_NONE;
		c.offset_min = zone_minutes(token(&s));
	}
	when = date_from_civil(&c);
	if (when != DATE_NONE && offset_min)
		*offset_min = c.offset_min;
	return when;
}

int64_t
date_parse_imap(struct span s)
{
	return date_parse_rfc5322(s, NULL);
}

void
date_put_rfc3339(struct buf *out, int64_t when)
{
	struct civil c = date_to_civil(when, 0);

	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month,
	    c.day, c.hour, c.minute, c.second);
}

static void
put_clock(struct buf *out, const struct civil *c)
{
	int off = c->offset_min < 0 ? -c->offset_min : c->offset_min;

	buf_printf(out, "%02d:%02d:%02d %c%02d%02d", c->hour, c->minute,
	    c->second, c->offset_min < 0 ? '-' : '+', off / 60, off % 60);
}

void
date_put_rfc5322(struct buf *out, int64_t when, int offset_min)
{
	struct civil c = date_to_civil(when, offset_min);

	buf_printf(out, "%s, %02d %s %04d ", weekdays[c.weekday], c.day,
	    months[c.month - 1], c.year);
	put_clock(out, &c);
}

void
date_put_imap(struct buf *out, int64_t when, int offset_min)
{
	struct civil c = date_to_civil(when, offset_min);

	buf_printf(out, "%2d-%s-%04d ", c.day, months[c.month - 1], c.year);
	put_clock(out, &c);
}
