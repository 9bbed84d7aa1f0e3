/* SPDX-License-Identifier: MIT */
/* Dates as short as their age allows: SCREENS principle 5. */
#include "base/bug.h"
#include "base/date.h"
#include "base/i18n.h"
#include "ui/ui.h"

enum { DAY = 24 * 60 * 60, WEEK_DAYS = 7 };

static const char *
weekday_name(int weekday)
{
	static const char *const names[] = { N_("Sun"), N_("Mon"), N_("Tue"),
		N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat") };

	bug_on(weekday < 0 || weekday > 6);
	return _(names[weekday]);
}

static const char *
month_name(int month)
{
	static const char *const names[] = { N_("Jan"), N_("Feb"), N_("Mar"),
		N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
		N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec") };

	bug_on(month < 1 || month > 12);
	return _(names[month - 1]);
}

void
ui_put_date(const struct ui *ui, int64_t when, struct buf *out)
{
	int64_t now = ui_now(ui);
	struct civil then, today;

	if (when == DATE_NONE)
		return;
	then = date_to_civil(when, date_local_offset(when));
	today = date_to_civil(now, date_local_offset(now));
	if (then.year == today.year && then.month == today.month &&
	    then.day == today.day)
		/* TRANSLATORS: hour and minute, 24 hours */
		buf_printf(out, _("%02d:%02d"), then.hour, then.minute);
	else if (when < now && now - when < (WEEK_DAYS - 1) * (int64_t)DAY)
		/* TRANSLATORS: weekday and day of the month, "Tue 17" */
		buf_printf(out, _("%s %d"), weekday_name(then.weekday),
		    then.day);
	else if (then.year == today.year)
		/* TRANSLATORS: day and month, "12 Oct" */
		buf_printf(out, _("%d %s"), then.day, month_name(then.month));
	else
		/* TRANSLATORS: month and year, "3.2019" */
		buf_printf(out, _("%d.%d"), then.month, then.year);
}

void
ui_put_long_date(int64_t when, struct buf *out)
{
	struct civil c;

	if (when == DATE_NONE)
		return;
	c = date_to_civil(when, date_local_offset(when));
	/* TRANSLATORS: weekday, day, month, year, hour and minute */
	buf_printf(out, _("%s %2d %s %d %02d:%02d"), weekday_name(c.weekday),
	    c.day, month_name(c.month), c.year, c.hour, c.minute);
}
