/* SPDX-License-Identifier: MIT */
/*
 * Dates as numbers: seconds since 1970-01-01T00:00:00Z, int64_t, no clock.
 * The civil arithmetic is pure; only date_local_offset asks the C library
 * for the time zone of this machine.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* No date: sorts before every real one. */
#define DATE_NONE INT64_MIN

struct civil {
	int year, month, day;		/* month 1-12, day 1-31 */
	int hour, minute, second;	/* second 0-60 */
	int weekday;			/* 0 Sunday; ignored by date_from_civil */
	int offset_min;			/* east of UTC, in minutes */
};

/* The instant of a civil date; fields out of range give DATE_NONE. */
int64_t date_from_civil(const struct civil *c);
/* The civil date of an instant, seen offset_min east of UTC. */
struct civil date_to_civil(int64_t when, int offset_min);
/* Minutes east of UTC on this machine at that instant. */
int date_local_offset(int64_t when);

/*
 * RFC 5322 3.3 with its obsolete forms and what is met in the wild (no
 * weekday, no seconds, two-digit years, zone names, comments, +9900).
 * DATE_NONE when no date can be read; *offset_min may be NULL.
 */
int64_t date_parse_rfc5322(struct span s, int *offset_min);
/* RFC 9051 date-time: "17-Jul-1996 02:44:25 -0700"; else DATE_NONE. */
int64_t date_parse_imap(struct span s);

/* "2026-11-22T09:41:00Z" */
void date_put_rfc3339(struct buf *out, int64_t when);
/* "Sun, 22 Nov 2026 09:41:00 +0700" */
void date_put_rfc5322(struct buf *out, int64_t when, int offset_min);
/* "22-Nov-2026 09:41:00 +0700" with a space-padded day */
void date_put_imap(struct buf *out, int64_t when, int offset_min);
