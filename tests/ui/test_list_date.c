/* SPDX-License-Identifier: MIT */
/* Going to a date, from Sun 22 Nov 2026 09:41. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/ui/frame.h"
#include "ui/frame.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static void
start(struct frame *f, int rows, int cols)
{
	setenv("TZ", "UTC", 1);
	tzset();
	frame_start(f, rows, cols);
}

/* Two of 22 Nov, one of each of 20 and 19 Nov, two of October. */
static void
add_few(struct frame *f)
{
	frame_add(f, f->work_inbox, "Ratna", "today.", HOUR, 0);
	frame_add(f, f->work_inbox, "Ratna", "early.", 9 * HOUR, 0);
	frame_add(f, f->work_inbox, "Ratna", "friday.", 2 * DAY, 0);
	frame_add(f, f->work_inbox, "Ratna", "thursday.", 3 * DAY, 0);
	frame_add(f, f->work_inbox, "Ratna", "october.", 24 * DAY, 0);
	frame_add(f, f->work_inbox, "Ratna", "oldest.", 40 * DAY, 0);
}

static void
go_to(struct frame *f, const char *date)
{
	frame_type(f, "gD");
	frame_text(f, date);
	frame_type(f, "Enter");
}

static void
expect_at(struct frame *f, const char *subject)
{
	int y = frame_selected(f);

	cr_assert_geq(y, 0);
	cr_expect(strstr(frame_line(f, y), subject), "\"%s\" is not in: %s",
	    subject, frame_line(f, y));
}

Test(list_date, is_met_at_its_newest_letter)
{
	static const struct {
		const char *date, *subject, *said;
	} cases[] = {
		{ "2026-11-20", "friday.", "" },
		{ "2026-10", "october.", "" },
		{ "2026", "today.", "" },
		{ "2026-11-22", "today.", "" },
		{ "2026-11-22T05:00", "early.", "" },
		{ "05:00", "early.", "" },
		{ "2d", "friday.", "" },
		{ "1w", "october.", "" },
		{ " 2026-10-13 ", "oldest.", "" },
		{ "2026-11-21", "friday.",
		    "Nothing of 2026-11-21; this is the next older one." },
		{ "2030", "today.",
		    "Nothing of 2030; this is the next older one." },
		{ "2019-03", "oldest.",
		    "Nothing is as old as that; this is the oldest." },
	};
	struct frame f;

	frame_open(&f);
	add_few(&f);
	start(&f, 14, 70);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		go_to(&f, cases[i].date);
		expect_at(&f, cases[i].subject);
		cr_expect(frame_shows(&f, cases[i].said), "%s: %s",
		    cases[i].date, frame_line(&f, 13));
		if (!cases[i].said[0])
			cr_expect(!frame_shows(&f, "Nothing"), "%s: %s",
			    cases[i].date, frame_line(&f, 13));
	}
	frame_close(&f);
}

Test(list_date, is_met_at_its_oldest_letter_upside_down)
{
	struct frame f;

	frame_open(&f);
	add_few(&f);
	start(&f, 14, 70);
	frame_type(&f, "O");
	go_to(&f, "2026-11");
	expect_at(&f, "thursday.");
	go_to(&f, "2026-11-22");
	expect_at(&f, "early.");
	go_to(&f, "2026-11-21");
	expect_at(&f, "early.");
	cr_expect(frame_shows(&f,
	    "Nothing of 2026-11-21; this is the next newer one."));
	go_to(&f, "2030");
	expect_at(&f, "today.");
	cr_expect(frame_shows(&f,
	    "Nothing is as new as that; this is the newest."));
	go_to(&f, "2001");
	expect_at(&f, "oldest.");
	frame_close(&f);
}

Test(list_date, is_reached_far_outside_of_what_was_read)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 3000);	/* a minute apart */
	start(&f, 14, 70);
	go_to(&f, "2026-11-21");
	expect_at(&f, " s582.");
	go_to(&f, "2026-11-22T08:41");
	expect_at(&f, " s60.");
	go_to(&f, "2d");
	expect_at(&f, " s2880.");
	frame_type(&f, "j");
	expect_at(&f, " s2881.");
	frame_close(&f);
}

Test(list_date, is_of_the_newest_letter_by_thread)
{
	struct frame f;

	frame_open(&f);
	frame_answer(&f, f.work_inbox, "Ratna", "new.", HOUR, 1, 0);
	frame_answer(&f, f.work_inbox, "Ratna", "plan.", 30 * DAY, 2, 0);
	frame_answer(&f, f.work_inbox, "Budi", "Re: plan.", 2 * DAY, 3, 2);
	frame_answer(&f, f.work_inbox, "Ratna", "old.", 40 * DAY, 4, 0);
	start(&f, 14, 70);
	frame_type(&f, "ot");
	go_to(&f, "2026-11-20");
	expect_at(&f, "plan.");
	cr_expect(!frame_shows(&f, "Nothing"));
	go_to(&f, "2026-10");
	expect_at(&f, "old.");
	frame_close(&f);
}

Test(list_date, keeps_to_a_filter)
{
	struct frame f;

	frame_open(&f);
	add_few(&f);
	frame_add(&f, f.work_inbox, "Ratna", "read.", 2 * DAY - HOUR,
	    FLAG_SEEN);
	start(&f, 14, 70);
	frame_type(&f, "ou");
	go_to(&f, "2026-11-20");
	expect_at(&f, "friday.");
	frame_close(&f);
}

Test(list_date, is_not_asked_for_where_the_list_is_not_by_date)
{
	struct frame f;

	frame_open(&f);
	start(&f, 14, 70);
	frame_type(&f, "gD");
	cr_expect(frame_shows(&f, "Nothing is here."));
	add_few(&f);
	frame_notice(&f);
	frame_type(&f, "os gD");
	cr_expect(frame_shows(&f, "The list is not by date; od shows it so."));
	frame_close(&f);
}

Test(list_date, that_is_none_leaves_the_cursor)
{
	struct frame f;

	frame_open(&f);
	add_few(&f);
	start(&f, 14, 70);
	frame_type(&f, "j");
	go_to(&f, "12.3.2019");
	expect_at(&f, "early.");
	cr_expect(frame_shows(&f, "\"12.3.2019\" is no date: say 2019-03, "
	    "2019-03-12 or 30d."));
	go_to(&f, "");
	expect_at(&f, "early.");
	frame_type(&f, "gD Esc");
	expect_at(&f, "early.");
	frame_close(&f);
}
