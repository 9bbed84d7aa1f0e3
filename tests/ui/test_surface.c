/* SPDX-License-Identifier: MIT */
#include "ui/surface.h"

#include <criterion/criterion.h>

#include "base/text.h"

static void
expect_dump(const struct surface *s, const char *want, const char *what)
{
	struct buf got = { 0 };

	surface_dump(s, &got);
	cr_expect_str_eq(buf_str(&got), want, "%s", what);
	buf_fini(&got);
}

/* Wide cells are whole, the rest is one column, and every text is clean. */
static void
expect_sound(const struct surface *s, const char *what)
{
	for (int y = 0; y < s->rows; y++) {
		for (int x = 0; x < s->cols; x++) {
			const struct cell *c = &s->cells[y * s->cols + x];

			cr_expect(text_is_clean(span_of(c->text)),
			    "%s: %d,%d is not clean", what, y, x);
			if (c->width == 2)
				cr_expect(x + 1 < s->cols && c[1].width == 0,
				    "%s: %d,%d is half", what, y, x);
			if (c->width == 0)
				cr_expect(x > 0 && c[-1].width == 2 &&
				    c->text[0] == '\0',
				    "%s: %d,%d is an orphan", what, y, x);
		}
	}
}

Test(surface, puts_text_and_says_where_it_ends)
{
	struct surface s;

	surface_init(&s, 2, 10);
	cr_expect_eq(surface_puts(&s, 0, 2, 8, ROLE_NORMAL, "surat"), 7);
	cr_expect_eq(surface_puts(&s, 1, 0, 10, ROLE_DIM, "田中"), 4);
	expect_dump(&s, "  surat\n田中\n", "plain");
	cr_expect_eq(s.cells[10].role, ROLE_DIM);
	expect_sound(&s, "plain");
	surface_fini(&s);
}

Test(surface, ends_what_does_not_fit_in_an_ellipsis)
{
	static const struct {
		const char *text, *want;
		int cols;
	} cases[] = {
		{ "surat", "surat\n", 5 },
		{ "surat", "sur…\n", 4 },
		{ "surat", "…\n", 1 },
		{ "surat", "\n", 0 },
		{ "田中宏", "田中…\n", 5 },
		{ "田中宏", "田…\n", 4 },
		{ "田", "…\n", 1 },
		{ "ae\u0301iou", "ae\u0301…\n", 3 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct surface s;

		surface_init(&s, 1, 12);
		surface_puts(&s, 0, 0, cases[i].cols, ROLE_NORMAL,
		    cases[i].text);
		expect_dump(&s, cases[i].want, cases[i].text);
		expect_sound(&s, cases[i].text);
		surface_fini(&s);
	}
}

Test(surface, cuts_with_a_plain_sign_in_ascii_mode)
{
	struct surface s;

	surface_init(&s, 1, 12);
	s.is_ascii = true;
	surface_puts(&s, 0, 0, 4, ROLE_NORMAL, "surat");
	expect_dump(&s, "sur~\n", "ascii");
	surface_fini(&s);
}

Test(surface, aligns_to_the_right)
{
	struct surface s;

	surface_init(&s, 3, 8);
	cr_expect_eq(surface_put_right(&s, 0, 0, 8, ROLE_NORMAL,
	    SPAN_LIT("12")), 6);
	surface_put_right(&s, 1, 0, 8, ROLE_NORMAL, SPAN_LIT("田"));
	surface_put_right(&s, 2, 2, 4, ROLE_NORMAL, SPAN_LIT("123456"));
	expect_dump(&s, "      12\n      田\n  123…\n", "right");
	surface_fini(&s);
}

Test(surface, never_leaves_half_of_a_wide_cell)
{
	for (int at = 0; at < 8; at++) {
		for (int width = 1; width <= 2; width++) {
			struct surface s;

			surface_init(&s, 1, 8);
			surface_puts(&s, 0, 0, 8, ROLE_NORMAL, "田中宏見");
			surface_puts(&s, 0, at, width, ROLE_NORMAL,
			    width == 1 ? "x" : "書");
			expect_sound(&s, "overwritten");
			surface_clear(&s, (struct rect){ 0, at, 1, 1 });
			expect_sound(&s, "cleared");
			surface_fini(&s);
		}
	}
}

Test(surface, cuts_off_what_lies_outside)
{
	for (int y = -2; y < 4; y++) {
		for (int x = -9; x < 9; x++) {
			struct surface s;
			struct rect r = { y, x, 3, 3 };

			surface_init(&s, 2, 6);
			surface_puts(&s, y, x, 20, ROLE_NORMAL, "a田中b宏c");
			expect_sound(&s, "outside");
			surface_put_right(&s, y, x, 4, ROLE_NORMAL,
			    SPAN_LIT("宏"));
			surface_fill(&s, y, x, 20, ROLE_RULE, "─");
			surface_select(&s, y, x, 20);
			surface_clear(&s, r);
			expect_sound(&s, "outside");
			surface_fini(&s);
		}
	}
}

Test(surface, lets_no_control_byte_into_a_cell)
{
	for (int first = 0; first < 256; first++) {
		for (int second = 0; second < 256; second++) {
			char text[] = { 'a', (char)first, (char)second, 'z' };
			struct surface s;

			surface_init(&s, 1, 12);
			surface_put(&s, 0, 0, 12, ROLE_NORMAL, 0,
			    (struct span){ text, sizeof text });
			for (int x = 0; x < 12; x++) {
				const char *p = s.cells[x].text;

				for (; *p; p++)
					cr_assert((unsigned char)*p >= 0x20 &&
					    *p != 0x7f, "%02x %02x", first,
					    second);
				cr_assert(text_is_clean(
				    span_of(s.cells[x].text)), "%02x %02x",
				    first, second);
			}
			surface_fini(&s);
		}
	}
}

Test(surface, shows_bidirectional_overrides_instead_of_obeying)
{
	struct surface s;

	surface_init(&s, 1, 12);
	surface_puts(&s, 0, 0, 12, ROLE_NORMAL, "a\u202eb\u200fc");
	expect_dump(&s, "a\ufffdb\ufffdc\n", "bidi");
	surface_fini(&s);
}

Test(surface, keeps_a_pile_of_marks_within_its_cell)
{
	struct buf pile = { 0 };
	struct surface s;

	buf_puts(&pile, "x");
	for (int i = 0; i < 5000; i++)
		buf_puts(&pile, "\u0301");
	surface_init(&s, 1, 8);
	surface_put(&s, 0, 0, 8, ROLE_NORMAL, 0, buf_span(&pile));
	cr_expect(strlen(s.cells[0].text) < CELL_OCTETS);
	expect_sound(&s, "marks");
	buf_fini(&pile);
	surface_fini(&s);
}

Test(surface, keeps_emoji_and_flags_in_one_cell)
{
	struct surface s;

	surface_init(&s, 1, 12);
	cr_expect_eq(surface_puts(&s, 0, 0, 12, ROLE_NORMAL, "🇮🇩👩‍👧x"), 5);
	cr_expect_str_eq(s.cells[0].text, "🇮🇩");
	cr_expect_str_eq(s.cells[2].text, "👩‍👧");
	expect_sound(&s, "emoji");
	surface_fini(&s);
}

Test(surface, marks_a_selection_that_a_later_text_ends)
{
	struct surface s;

	surface_init(&s, 1, 4);
	surface_select(&s, 0, 1, 2);
	cr_expect(!s.cells[0].is_selected && s.cells[1].is_selected &&
	    s.cells[2].is_selected && !s.cells[3].is_selected);
	surface_clear(&s, surface_all(&s));
	cr_expect(!s.cells[1].is_selected);
	surface_fini(&s);
}
