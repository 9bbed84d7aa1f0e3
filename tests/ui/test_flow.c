/* SPDX-License-Identifier: MIT */
/*
 * Wrapping, against a twin that is slow and plain: it asks of every place
 * in the line whether a row could end there.
 */
#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "ui/flow.h"

static struct doc
doc_of(struct arena *arena, const char *const *texts, size_t n)
{
	struct doc doc = { .nlines = n };

	doc.lines = arena_array(arena, n, sizeof *doc.lines);
	for (size_t i = 0; i < n; i++) {
		struct span text = span_of(texts[i]);

		while (span_starts(text, SPAN_LIT(">"))) {
			span_take(&text, 1);
			doc.lines[i].quote++;
		}
		doc.lines[i].text = text;
	}
	return doc;
}

static bool
closing(struct span g)
{
	return span_eq(g, SPAN_LIT("、")) || span_eq(g, SPAN_LIT("。")) ||
	    span_eq(g, SPAN_LIT("」"));
}

static bool
blank(struct span g)
{
	return span_eq(g, SPAN_LIT(" "));
}

static struct span
trimmed(struct span s)
{
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* May a row end between the graphemes a and b? */
static bool
may_break(struct span a, struct span b)
{
	if (blank(b))
		return false;
	return blank(a) || ((text_width(a) == 2 || text_width(b) == 2) &&
	    !closing(b));
}

static uint32_t
slow_end(struct span text, uint32_t start, int cols)
{
	struct span rest = span_skip(text, start), last = { 0 };
	uint32_t end = start, hard = start, at = start;

	if (text_width(trimmed(rest)) <= cols)
		return (uint32_t)text.n;
	while (rest.n) {
		struct span g = text_grapheme(&rest, NULL);
		struct span row = { text.p + start, at - start };

		if (last.n && may_break(last, g) && trimmed(row).n &&
		    text_width(trimmed(row)) <= cols)
			end = at;
		at += (uint32_t)g.n;
		row.n = at - start;
		if (text_width(row) <= cols || hard == start)
			hard = at;
		last = g;
	}
	return end > start ? end : hard;
}

static void
check_against_twin(const char *text, int cols)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct doc raw = doc_of(&arena, &text, 1);
	struct doc doc = flow_prepare(&raw, &arena);
	struct flow f = { .doc = &doc, .cols = cols };
	struct flow_position at = { 0, 0 };
	uint32_t expected = 0;

	for (;;) {
		struct flow_row row = flow_row(&f, at);

		cr_assert_eq(row.start, expected, "a gap in '%s'", text);
		expected = slow_end(doc.lines[0].text, row.start, cols);
		cr_assert_eq(row.end, expected, "'%s' at %u in %d: %u, not %u",
		    text, row.start, cols, row.end, expected);
		cr_assert_leq(text_width(row.text), cols, "'%s'", text);
		if (!flow_next(&f, &at))
			break;
	}
	cr_assert_eq(expected, doc.lines[0].text.n, "'%s'", text);
}

static const char *const samples[] = {
	"",
	" ",
	"                    ",
	"word",
	"two words",
	"    indented far and then on",
	"blanks   between    the      words  and after   ",
	"https://example.org/a/very/long/path?with=many&things=in#it end",
	"a https://example.org/a/very/long/path b",
	"rapat hari Senin kita pindahkan ke pukul 10.00, ruang Merapi.",
	"見積書の件についてご連絡いたします。よろしく、お願い」します。",
	"mixed 見積書 and words の件 again",
	"e\xcc\x81 combining e\xcc\x81\xcc\x81 marks a\xcc\x88o\xcc\x88u",
	("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9 family "
	"\xf0\x9f\x87\xae\xf0\x9f\x87\xa9 flag"),
	"tab\there\t\tand there",
	"bad \xff\xfe bytes \x1b[31m and escapes",
};

Test(flow, breaks_lines_where_its_slow_twin_does)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		for (int cols = 2; cols < 40; cols++)
			check_against_twin(samples[i], cols);
}

Test(flow, breaks_random_lines_where_its_slow_twin_does)
{
	static const char *const pieces[] = { " ", " ", "a", "b", "sehari",
		"件", "。", "e\xcc\x81", "-", "\t", "\xf0\x9f\x98\x80" };
	uint32_t seed = 4711;

	for (int round = 0; round < 300; round++) {
		CLEANUP(buf_fini) struct buf text = { 0 };

		for (int i = 0; i < 40; i++) {
			seed = seed * 1664525u + 1013904223u;
			buf_puts(&text, pieces[(seed >> 16) % 11]);
		}
		check_against_twin(buf_str(&text), 2 + round % 30);
	}
}

/* Every way of walking meets the same rows. */
static void
check_walks(const struct flow *f)
{
	struct flow_position rows[500], at = { 0, 0 };
	size_t n = 0;

	do {
		cr_assert_lt(n, 500);
		rows[n++] = at;
	} while (flow_next(f, &at));
	for (size_t i = n; i-- > 0;) {
		struct flow_row row = flow_row(f, at);
		struct flow_position inside = at;

		cr_assert_eq(at.line, rows[i].line);
		cr_assert_eq(at.start, rows[i].start);
		if (row.end > row.start)
			inside.start = row.end - 1;
		inside = flow_align(f, inside);
		cr_assert_eq(inside.line, at.line);
		cr_assert_eq(inside.start, at.start);
		cr_assert_eq(flow_previous(f, &at), i > 0);
	}
	at = flow_last_page(f, 3);
	cr_assert_eq(at.line, rows[n > 3 ? n - 3 : 0].line);
	cr_assert_eq(at.start, rows[n > 3 ? n - 3 : 0].start);
}

static const char *const letter[] = {
	"Selamat pagi,", "",
	"rapat hari Senin kita pindahkan ke pukul 10.00, ruang Merapi.", "",
	">Apakah rapatnya tetap jam 9?", ">>Ya.", ">Baik.", "",
	"見積書の件についてご連絡いたします。", "Salam",
};

Test(flow, walks_back_over_the_rows_that_it_walked_down)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct doc doc = doc_of(&arena, letter, 10);

	for (int cols = 2; cols < 80; cols++) {
		check_walks(&(struct flow){ &doc, cols, false });
		check_walks(&(struct flow){ &doc, cols, true });
	}
}

Test(flow, keeps_its_place_when_the_width_changes)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct doc doc = doc_of(&arena, letter, 10);
	struct flow wide = { &doc, 70, false }, narrow = { &doc, 10, false };
	struct flow_position at = { 2, 0 };

	while (flow_row(&narrow, at).end < 40)
		flow_next(&narrow, &at);
	at = flow_align(&wide, at);
	cr_assert_eq(at.line, 2);
	cr_assert_eq(at.start, 0);
}

Test(flow, folds_a_quote_into_one_row)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct doc doc = doc_of(&arena, letter, 10);
	struct flow f = { &doc, 70, true };
	struct flow_position at = flow_align(&f,
	    (struct flow_position){ 5, 2 });

	cr_assert_eq(at.line, 4);
	cr_assert_eq(flow_row(&f, at).folded, 3);
	cr_assert(flow_next(&f, &at));
	cr_assert_eq(at.line, 7);
}

Test(flow, keeps_half_of_a_narrow_screen_for_the_text)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const char *text = "deeply quoted";
	struct doc doc = doc_of(&arena, &text, 1);

	doc.lines[0].quote = 200;
	doc.lines[0].indent = 200;
	for (int cols = 1; cols < 60; cols++) {
		struct flow f = { &doc, cols, false };
		struct flow_row row = flow_row(&f,
		    (struct flow_position){ 0, 0 });

		cr_assert_gt(row.text.n, 0);
		cr_assert_leq(row.quote * 2 + row.indent +
		    text_width(row.text), cols < 2 ? 2 : cols);
	}
}

Test(flow, has_no_rows_in_an_empty_document)
{
	struct doc doc = { 0 };
	struct flow f = { &doc, 80, false };
	struct flow_position at = flow_last_page(&f, 10);

	cr_assert_null(flow_row(&f, at).line);
	cr_assert_not(flow_next(&f, &at));
	cr_assert_not(flow_previous(&f, &at));
}

Test(flow_prepare, moves_runs_with_their_text_and_labels_links)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const char *text = "\x1b the page\tis here";
	struct doc_run run = { 2, 10, DOC_LINK, 2 };
	struct doc raw = doc_of(&arena, &text, 1), doc;

	raw.lines[0].runs = &run;
	raw.lines[0].nruns = 1;
	doc = flow_prepare(&raw, &arena);
	cr_assert_eq(doc.nlines, 1);
	cr_assert(span_eq(doc.lines[0].text,
	    SPAN_LIT("\u241b the page [3]  is here")));
	run = doc.lines[0].runs[0];
	cr_assert(span_eq((struct span){ doc.lines[0].text.p + run.start,
	    run.end - run.start }, SPAN_LIT("the page [3]")));
}

Test(flow_prepare, does_not_label_a_link_that_has_its_number)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const char *text = "the page [1] here";
	struct doc_run run = { 0, 12, DOC_LINK, 0 };
	struct doc raw = doc_of(&arena, &text, 1);

	raw.lines[0].runs = &run;
	raw.lines[0].nruns = 1;
	cr_assert(span_eq(flow_prepare(&raw, &arena).lines[0].text,
	    span_of(text)));
}

Test(flow_prepare, cuts_a_monstrous_line_and_loses_nothing_of_it)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf text = { 0 }, joined = { 0 };
	struct doc_run runs[1000];
	const char *p;
	struct doc raw, doc;
	size_t marked = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		runs[i] = (struct doc_run){ (uint32_t)text.n + 3,
			(uint32_t)text.n + 39, DOC_STRONG, 0 };
		buf_puts(&text, i % 7 ? "the quick brown fox jumps over "
		    "the lazy dog, " : "見積書の件についてご連絡いたします。");
	}
	p = buf_str(&text);
	raw = doc_of(&arena, &p, 1);
	raw.lines[0].runs = runs;
	raw.lines[0].nruns = 1000;
	doc = flow_prepare(&raw, &arena);
	cr_assert_gt(doc.nlines, 4);
	for (size_t i = 0; i < doc.nlines; i++) {
		cr_assert_leq(doc.lines[i].text.n, FLOW_LINE_MAX);
		buf_put(&joined, doc.lines[i].text);
		for (size_t j = 0; j < doc.lines[i].nruns; j++) {
			struct doc_run run = doc.lines[i].runs[j];

			cr_assert_leq(run.end, doc.lines[i].text.n);
			cr_assert_leq(run.start, run.end);
			marked += run.end - run.start;
		}
	}
	cr_assert(span_eq(buf_span(&joined), buf_span(&text)));
	cr_assert_eq(marked, 1000 * 36);
}
