/* SPDX-License-Identifier: MIT */
/* The pager drawn as text, and searching in it. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "ui/pager_view.h"
#include "ui/parts_view.h"

static struct doc_line lines[] = {
	{ .text = SPAN("Selamat pagi,") },
	{ .text = SPAN("") },
	{ .text = SPAN("rapat hari Senin kita pindahkan ke pukul 10.00, ruang "
	    "Merapi.") },
	{ .text = SPAN("") },
	{ .text = SPAN("Apakah rapatnya tetap jam 9?"), .role = DOC_QUOTE,
	    .quote = 1 },
	{ .text = SPAN("Ya."), .role = DOC_QUOTE, .quote = 2 },
	{ .role = DOC_RULE },
	{ .text = SPAN("田中 宏") },
};

static struct address ratna[] = { { SPAN("Ratna Wijaya"),
	SPAN("ratna@kantor.example") } };
static struct address recipients[] = { { SPAN("Budi"),
	SPAN("budi@kantor.example") }, { SPAN(""),
	SPAN("bambang@kantor.example") } };

static struct letter_part parts[] = {
	{ .type = SPAN("multipart/mixed"), .is_multipart = true },
	{ .depth = 1, .type = SPAN("text/plain"), .size = 512,
	    .is_shown = true },
	{ .depth = 1, .type = SPAN("application/pdf"),
	    .name = SPAN("agenda.pdf"), .size = 84000, .is_attachment = true },
	{ .depth = 1, .type = SPAN("image/png"), .name = SPAN("denah.png"),
	    .size = 1234567, .is_attachment = true },
};

static struct reading
reading_of(void)
{
	return (struct reading){
		.doc = { .lines = lines, .nlines = 8 },
		.envelope = { .from = { ratna, 1 }, .to = { recipients, 2 } },
		.parts = parts, .nparts = 4,
	};
}

static struct pager_state
state_of(const struct reading *reading)
{
	return (struct pager_state){
		.message = { .date = 1795340460,	/* 2026-11-22 */
		    .from_name = SPAN("Ratna Wijaya"),
		    .from_addr = SPAN("ratna@kantor.example"),
		    .to = SPAN("budi@kantor.example") },
		.reading = reading, .notice = "",
	};
}

static void
expect_drawn(struct pager_state *state, int rows, int cols,
    const char *expected)
{
	CLEANUP(surface_fini) struct surface s;
	CLEANUP(buf_fini) struct buf text = { 0 };

	surface_init(&s, rows, cols);
	pager_draw(state, &s, surface_all(&s));
	surface_dump(&s, &text);
	cr_assert_str_eq(buf_str(&text), expected, "%s", buf_str(&text));
}

Test(pager, shows_head_text_and_attachments)
{
	struct reading reading = reading_of();
	struct pager_state state = state_of(&reading);

	expect_drawn(&state, 14, 72,
	    " From      Ratna Wijaya <ratna@kantor.example>\n"
	    " To        Budi <budi@kantor.example>, bambang@\u2026  "
	    "Sun 22 Nov 2026 09:41\n"
	    "\n"
	    " Selamat pagi,\n"
	    "\n"
	    " rapat hari Senin kita pindahkan ke pukul 10.00, ruang Merapi.\n"
	    "\n"
	    " > Apakah rapatnya tetap jam 9?\n"
	    " > > Ya.\n"
	    " \u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	    "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	    "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	    "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	    "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	    "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	    "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\n"
	    " 田中 宏\n"
	    "\n"
	    "\n"
	    " + 1 agenda.pdf  84 KB    + 2 denah.png  1.2 MB\n");
	cr_assert_eq(pager_percent(&state), 100);
}

Test(pager, folds_quotes_and_wraps_on_a_small_screen)
{
	struct reading reading = reading_of();
	struct pager_state state = state_of(&reading);

	state.folds_quotes = true;
	reading.nparts = 0;
	expect_drawn(&state, 7, 36,
	    " From      Ratna Wijaya <ratna@kan\u2026\n"
	    " Selamat pagi,\n"
	    "\n"
	    " rapat hari Senin kita pindahkan ke\n"
	    " pukul 10.00, ruang Merapi.\n"
	    "\n"
	    " [2 quoted lines; T shows them]\n");
	cr_assert_eq(state.page, 6);
	cr_assert_lt(pager_percent(&state), 100);
}

Test(pager, says_what_it_waits_for)
{
	struct pager_state state = state_of(NULL);

	state.notice = "fetching from kerja ...";
	expect_drawn(&state, 8, 60,
	    " From      Ratna Wijaya <ratna@kantor.example>\n"
	    " To        budi@kantor.example        Sun 22 Nov 2026 09:41\n"
	    "\n"
	    " fetching from kerja ...\n"
	    "\n\n\n\n");
}

Test(pager, warns_of_a_link_that_lies_above_the_text)
{
	static struct doc_link links[] = {
		{ SPAN("https://good.example/"), false },
		{ SPAN("https://bank.example@evil.example/login"), true },
	};
	struct reading reading = reading_of();
	struct pager_state state = state_of(&reading);
	CLEANUP(surface_fini) struct surface s;
	CLEANUP(buf_fini) struct buf text = { 0 };

	reading.doc.links = links;
	reading.doc.nlinks = 2;
	surface_init(&s, 14, 72);
	pager_draw(&state, &s, surface_all(&s));
	surface_dump(&s, &text);
	cr_assert_neq(span_find(buf_span(&text), SPAN_LIT(" ! Link [2] leads to "
	    "evil.example, not where its text says\n")), SIZE_MAX, "%s",
	    buf_str(&text));
	/* In a colour that no letter's text can have. */
	cr_assert_eq(s.cells[2 * 72 + 1].role, ROLE_WARNING);
}

Test(pager, tells_where_an_answer_would_go)
{
	static struct address elsewhere[] = { { SPAN(""),
		SPAN("x@evil.example") } };
	struct reading reading = reading_of();
	struct pager_state state = state_of(&reading);
	CLEANUP(surface_fini) struct surface s;
	CLEANUP(buf_fini) struct buf text = { 0 };

	reading.envelope.reply_to = (struct addresses){ elsewhere, 1 };
	surface_init(&s, 14, 72);
	pager_draw(&state, &s, surface_all(&s));
	surface_dump(&s, &text);
	cr_assert_neq(span_find(buf_span(&text),
	    SPAN_LIT(" Reply to  x@evil.example\n")), SIZE_MAX, "%s",
	    buf_str(&text));
}

Test(pager, draws_on_any_surface_without_harm)
{
	struct reading reading = reading_of();

	for (int rows = 0; rows < 12; rows++)
		for (int cols = 0; cols < 40; cols++) {
			CLEANUP(surface_fini) struct surface s;
			struct pager_state state = state_of(&reading);
			struct parts_state tree = { .parts = parts,
				.nparts = 4 };

			surface_init(&s, rows, cols);
			pager_draw(&state, &s, surface_all(&s));
			parts_draw(&tree, &s, surface_all(&s));
		}
}

Test(pager, lights_up_every_match)
{
	struct reading reading = reading_of();
	struct pager_state state = state_of(&reading);
	CLEANUP(surface_fini) struct surface s;
	int hits = 0;

	state.needle = SPAN_LIT("RAPAT");
	surface_init(&s, 14, 72);
	pager_draw(&state, &s, surface_all(&s));
	for (int i = 0; i < 14 * 72; i++)
		hits += s.cells[i].role == ROLE_MATCH;
	cr_assert_eq(hits, 10);
}

Test(pager, searches_both_ways_and_around_the_ends)
{
	struct doc doc = { .lines = lines, .nlines = 8 };
	struct flow_position at = { 0, 0 };

	cr_assert(pager_search(&doc, SPAN_LIT("rapat"), 1, &at));
	cr_assert(at.line == 2 && at.start == 0);
	cr_assert(pager_search(&doc, SPAN_LIT("rapat"), 1, &at));
	cr_assert(at.line == 4 && at.start == 7);
	cr_assert(pager_search(&doc, SPAN_LIT("rapat"), 1, &at));
	cr_assert(at.line == 2 && at.start == 0);
	cr_assert(pager_search(&doc, SPAN_LIT("rapat"), -1, &at));
	cr_assert(at.line == 4 && at.start == 7);
	cr_assert_not(pager_search(&doc, SPAN_LIT("tidak ada"), 1, &at));
	cr_assert_not(pager_search(&doc, SPAN_LIT(""), 1, &at));
}

Test(parts, are_a_tree_with_sizes)
{
	struct parts_state state = { .parts = parts, .nparts = 4,
		.cursor = 2 };
	CLEANUP(surface_fini) struct surface s;
	CLEANUP(buf_fini) struct buf text = { 0 };

	surface_init(&s, 5, 60);
	parts_draw(&state, &s, surface_all(&s));
	surface_dump(&s, &text);
	cr_assert_str_eq(buf_str(&text),
	    "  multipart/mixed\n"
	    "    text/plain             (shown)                    512 B\n"
	    "    application/pdf        agenda.pdf                 84 KB\n"
	    "    image/png              denah.png                 1.2 MB\n"
	    "\n", "%s", buf_str(&text));
	cr_assert(s.cells[2 * 60].is_selected);
	cr_assert_not(s.cells[60].is_selected);
}
