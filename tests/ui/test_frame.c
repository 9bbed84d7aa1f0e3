/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/date.h"
#include "base/flags.h"
#include "tests/ui/frame.h"
#include "ui/frame.h"

static void
set_state(struct frame *f, uint32_t account,
    const struct account_state *state)
{
	struct store_txn t;
	struct error e;

	store_write(f->store, &t);
	store_account_state_put(&t, account, state);
	cr_assert_eq(store_commit(&t, &e), ERR_OK);
}

Test(frame, shows_folders_beside_the_list_where_there_is_room)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_project, "x", "a", 60, 0);
	frame_start(&f, 16, 90);
	cr_expect(frame_shows(&f, "▸All inboxes"));
	cr_expect(frame_shows(&f, "   Proyek           1 │"));
	surface_resize(&f.ui.surface, 16, 79);
	ui_draw(&f.ui);
	cr_expect(!frame_shows(&f, "Proyek"));
	frame_type(&f, "h");
	cr_expect(frame_shows(&f, "Proyek"));
	frame_close(&f);
}

Test(frame, goes_to_folders_by_every_way)
{
	struct frame f;

	frame_open(&f);
	frame_add(&f, f.work_project, "x", "plan", 60, 0);
	frame_start(&f, 16, 90);
	frame_type(&f, "c");
	frame_text(&f, "proy");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, " kerja/Proyek"));
	cr_expect(frame_shows(&f, "plan"));
	frame_type(&f, "gi");
	cr_expect(frame_shows(&f, " kerja/Inbox"));
	frame_type(&f, "gu");
	cr_expect(strstr(frame_line(&f, 0), " All inboxes") != NULL);
	frame_type(&f, "J J");
	cr_expect(frame_shows(&f, " kerja/Inbox"));
	frame_type(&f, "K");
	cr_expect(strstr(frame_line(&f, 0), "Flagged") != NULL);
	frame_type(&f, "gt");
	cr_expect(frame_shows(&f, "There is no trash folder here."));
	frame_type(&f, "h G");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "the queue"));
	frame_type(&f, "c");
	frame_text(&f, "zzz");
	frame_type(&f, "Enter");
	cr_expect(frame_shows(&f, "No folder's name is like \"zzz\"."));
	frame_close(&f);
}

Test(frame, tells_what_may_follow_a_half_typed_sequence)
{
	struct frame f;

	frame_open(&f);
	frame_start(&f, 16, 100);
	frame_type(&f, "3 g");
	cr_expect(frame_shows(&f, "i inbox"));
	cr_expect(frame_shows(&f, "3g"));
	frame_type(&f, "Esc");
	cr_expect(!frame_shows(&f, "i inbox"));
	cr_expect(frame_shows(&f, "Enter open   m write"));
	frame_close(&f);
}

Test(frame, makes_its_help_from_the_keys)
{
	struct frame f;

	frame_open(&f);
	frame_start(&f, 60, 100);
	frame_type(&f, "?");
	cr_expect(frame_shows(&f, "Ctrl-D       half a page down"));
	cr_expect(frame_shows(&f, "gq           queue"));
	frame_type(&f, "G j k PgDn q");
	cr_expect(frame_shows(&f, "All inboxes"));
	frame_close(&f);
}

Test(frame, says_how_the_accounts_are_doing)
{
	struct frame f;
	struct account_state listening = { .link = LINK_LISTENING,
		.last_heard = FRAME_NOW - 5, .retry_at = DATE_NONE };
	struct account_state idle = { .link = LINK_IDLE,
		.last_heard = FRAME_NOW - 185, .retry_at = DATE_NONE };
	struct account_state busy = { .link = LINK_SYNCING,
		.last_heard = FRAME_NOW, .retry_at = DATE_NONE, .done = 3,
		.total = 8 };
	struct account_state refused = { .link = LINK_REFUSED,
		.last_heard = DATE_NONE, .retry_at = DATE_NONE,
		.error = SPAN("the server refused the password") };

	frame_open(&f);
	set_state(&f, f.work, &listening);
	set_state(&f, f.home, &idle);
	frame_start(&f, 12, 100);
	cr_expect(frame_shows(&f, "kerja ●  rumah ○ 3 min"));
	set_state(&f, f.home, &busy);
	frame_notice(&f);
	cr_expect(frame_shows(&f, "rumah 3/8 ▆▆▆▁▁▁▁▁"));
	set_state(&f, f.home, &refused);
	frame_notice(&f);
	cr_expect(frame_shows(&f, "rumah: the server refused the password"));
	frame_close(&f);
}

Test(frame, marks_an_account_that_talks_in_clear)
{
	struct account home = { .name = SPAN("rumah"),
		.address = SPAN("budi@rumah.example"), .kind = ACCOUNT_POP3,
		.keep = KEEP_OFFLINE, .is_insecure = true, .order = 1 };
	struct store_txn t;
	struct frame f;

	frame_open(&f);
	store_write(f.store, &t);
	store_account_put(&t, &home);
	cr_assert_eq(store_commit(&t, NULL), ERR_OK);
	frame_start(&f, 12, 100);
	cr_expect(frame_shows(&f, "rumah ○ not encrypted"));
	frame_close(&f);
}

static void
note_answer(void *ctx, char answer)
{
	*(char *)ctx = answer;
}

Test(frame, takes_only_the_answers_of_a_question)
{
	struct frame f;
	char got = '?';

	frame_open(&f);
	frame_start(&f, 12, 100);
	ui_ask(&f.ui, "Keep it? (y, n)", "yn", note_answer, &got);
	frame_type(&f, "x q j");
	cr_expect_eq(got, '?');
	cr_expect(frame_shows(&f, "Keep it? (y, n)"));
	frame_type(&f, "n");
	cr_expect_eq(got, 'n');
	ui_ask(&f.ui, "Keep it? (y, n)", "yn", note_answer, &got);
	frame_type(&f, "Esc");
	cr_expect_eq(got, '\0');
	frame_close(&f);
}

static void
note_line(void *ctx, const char *line)
{
	snprintf(ctx, 64, "%s", line ? line : "given up");
}

static void
complete_budi(void *ctx, struct span before, struct completion *out)
{
	static struct span budi = SPAN("Budi <b@x>");

	(void)ctx;
	(void)before;
	*out = (struct completion){ .candidates = &budi, .n = 1 };
}

Test(frame, says_beside_a_line_what_tab_does)
{
	struct frame f;
	char got[64] = "";

	frame_open(&f);
	frame_start(&f, 12, 60);
	ui_prompt(&f.ui, "To:", SPAN_LIT("b"), note_line, got);
	ui_prompt_completes(&f.ui, complete_budi);
	ui_draw(&f.ui);
	cr_expect_str_eq(frame_line(&f, 11), " To: b              "
	    "                          Tab completes");
	frame_type(&f, "Tab");
	cr_expect_str_eq(frame_line(&f, 11), " To: Budi <b@x>     "
	    "                                 1 of 1");
	/* A line that needs the room has it. */
	frame_text(&f, ", 2345678901234567890123456789012345");
	cr_expect(strstr(frame_line(&f, 11), "Tab") == NULL);
	frame_type(&f, "Enter");
	cr_expect_str_eq(got, "Budi <b@x>, 2345678901234567890123456789012345");
	ui_prompt(&f.ui, "Subject:", SPAN_LIT("b"), note_line, got);
	frame_type(&f, "Tab");
	cr_expect_str_eq(frame_line(&f, 11), " Subject: b");
	frame_close(&f);
}

Test(frame, draws_in_any_size)
{
	struct frame f;

	frame_open(&f);
	frame_add_many(&f, f.work_inbox, 30);
	frame_start(&f, 12, 100);
	for (int rows = 0; rows < 12; rows++) {
		for (int cols = 0; cols < 100; cols += 3) {
			surface_resize(&f.ui.surface, rows, cols);
			ui_draw(&f.ui);
			frame_type(&f, "j g Esc h k q");
		}
	}
	surface_resize(&f.ui.surface, 4, 30);
	ui_draw(&f.ui);
	cr_expect(frame_shows(&f, "needs 20 x 5"));
	frame_close(&f);
}

Test(frame, shortens_dates_by_their_age)
{
	static const struct {
		int64_t age_s;
		const char *want;
	} cases[] = {
		{ 60, "09:40" }, { 9 * 3600, "00:41" },
		{ 10 * 3600, "Sat 21" }, { 4 * 86400, "Wed 18" },
		{ 30 * 86400, "23 Oct" }, { 400 * 86400, "10.2025" },
		{ -3600, "10:41" }, { -3 * 86400, "25 Nov" },
	};
	struct frame f;

	frame_open(&f);
	frame_start(&f, 12, 100);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };

		ui_put_date(&f.ui, FRAME_NOW - cases[i].age_s, &out);
		cr_expect_str_eq(buf_str(&out), cases[i].want);
		buf_fini(&out);
	}
	frame_close(&f);
}

struct counted {
	struct pane pane;
	unsigned nread;
};

static void
count_reading(struct pane *pane)
{
	((struct counted *)pane)->nread++;
}

static void
draw_nothing(struct pane *pane, struct surface *s, struct rect r)
{
	(void)pane;
	(void)s;
	(void)r;
}

static bool
take_nothing(struct pane *pane, enum command command, unsigned count)
{
	(void)pane;
	(void)command;
	(void)count;
	return false;
}

static void
close_nothing(struct pane *pane)
{
	(void)pane;
}

static const struct pane_class counted_class = {
	.name = "counted", .context = CONTEXT_CONVERSATION,
	.draw = draw_nothing, .command = take_nothing,
	.changed = count_reading, .close = close_nothing,
};

Test(frame, reads_again_only_what_is_on_top)
{
	struct frame f;
	struct counted below = { .pane = { &counted_class, &f.ui, -1, false } };
	struct counted above = below;

	frame_open(&f);
	frame_start(&f, 14, 60);
	ui_push(&f.ui, &below.pane);
	frame_add(&f, f.work_inbox, "x", "one", 60, 0);
	frame_notice(&f);
	cr_expect_eq(below.nread, 1);
	ui_push(&f.ui, &above.pane);
	for (int i = 0; i < 3; i++) {
		frame_add(&f, f.work_inbox, "x", "more", 60, 0);
		frame_notice(&f);
	}
	cr_expect_eq(above.nread, 3);
	cr_expect_eq(below.nread, 1, "it is covered");
	ui_pop(&f.ui);
	cr_expect_eq(below.nread, 2, "what it missed, once");
	frame_notice(&f);
	cr_expect_eq(below.nread, 2, "nothing has changed since");
	ui_pop(&f.ui);
	frame_notice(&f);
	cr_expect(frame_shows(&f, "more"));
	frame_close(&f);
}

Test(frame, steps_through_a_covered_list_as_it_is_now)
{
	struct frame f;
	struct counted above = { .pane = { &counted_class, &f.ui, -1, false } };
	struct pane_class class = counted_class;
	uint64_t read, unread;

	frame_open(&f);
	frame_add(&f, f.work_inbox, "x", "first", 60, 0);
	read = frame_add(&f, f.work_inbox, "x", "second", 120, 0);
	unread = frame_add(&f, f.work_inbox, "x", "third", 180, 0);
	frame_start(&f, 14, 60);
	class.context = CONTEXT_PAGER;
	above.pane.class = &class;
	ui_push(&f.ui, &above.pane);
	frame_set_flags(&f, read, FLAG_SEEN);
	frame_notice(&f);
	cr_expect_eq(list_step(&f.ui, 1, true), unread);
	frame_close(&f);
}
