/* SPDX-License-Identifier: MIT */
#include "ui/prompt.h"

#include <criterion/criterion.h>

#include "ui/keys.h"
#include "ui/term.h"

/* Types characters and "<Named>" keys; the last result. */
static enum prompt_result
type(struct prompt *p, const char *keys)
{
	enum prompt_result result = PROMPT_GOING;

	while (*keys) {
		uint32_t key = (unsigned char)*keys++;

		if (key == '<') {
			const char *end = strchr(keys, '>');
			char name[16] = "";

			memcpy(name, keys, (size_t)(end - keys));
			cr_assert_eq(keys_parse(name, &key, 1), 1, "%s", name);
			keys = end + 1;
		}
		result = prompt_key(p, key);
	}
	return result;
}

Test(prompt, edits_as_readline_does)
{
	static const struct {
		const char *keys, *text;
		size_t cursor;
	} cases[] = {
		{ "surat", "surat", 5 },
		{ "surat<Backspace><Backspace>", "sur", 3 },
		{ "surat<Left><Left>X", "surXat", 4 },
		{ "surat<Home>X<End>Y", "XsuratY", 7 },
		{ "surat<Ctrl-A><Delete>", "urat", 0 },
		{ "surat<Ctrl-A><Ctrl-D>", "urat", 0 },
		{ "a bc de<Ctrl-W>", "a bc ", 5 },
		{ "a bc de<Ctrl-W><Ctrl-W>", "a ", 2 },
		{ "a bc<Alt-b>X", "a Xbc", 3 },
		{ "a bc<Ctrl-A><Alt-f>X", "aX bc", 2 },
		{ "a bc<Ctrl-A><Alt-d>", " bc", 0 },
		{ "surat<Left><Ctrl-K>", "sura", 4 },
		{ "surat<Left><Ctrl-U>", "t", 0 },
		{ "<Backspace><Left><Delete><Ctrl-W>a<Right>", "a", 1 },
		{ "a<PgUp><Tab><F5>b", "ab", 2 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct prompt p = { 0 };

		prompt_begin(&p, SPAN_LIT(""));
		cr_expect_eq(type(&p, cases[i].keys), PROMPT_GOING);
		cr_expect_str_eq(buf_str(&p.text), cases[i].text, "%s",
		    cases[i].keys);
		cr_expect_eq(p.cursor, cases[i].cursor, "%s", cases[i].keys);
		prompt_fini(&p);
	}
}

Test(prompt, ends_with_enter_and_gives_up_with_escape)
{
	struct prompt p = { 0 };

	prompt_begin(&p, SPAN_LIT("ya"));
	cr_expect_eq(type(&p, "<Enter>"), PROMPT_DONE);
	cr_expect_eq(type(&p, "<Esc>"), PROMPT_GIVEN_UP);
	cr_expect_eq(type(&p, "<Ctrl-C>"), PROMPT_GIVEN_UP);
	prompt_fini(&p);
}

Test(prompt, moves_by_whole_clusters)
{
	struct prompt p = { 0 };

	prompt_begin(&p, SPAN_LIT("a田e\u0301"));
	type(&p, "<Backspace>");
	cr_expect_str_eq(buf_str(&p.text), "a田");
	type(&p, "<Left>x");
	cr_expect_str_eq(buf_str(&p.text), "ax田");
	prompt_key(&p, 0x5b8f);
	cr_expect_str_eq(buf_str(&p.text), "ax宏田");
	prompt_fini(&p);
}

Test(prompt, keeps_a_pasted_text_on_one_line)
{
	struct prompt p = { 0 };

	prompt_begin(&p, SPAN_LIT(""));
	prompt_insert(&p, SPAN_LIT("a\nb\tc\r\033d"));
	cr_expect_str_eq(buf_str(&p.text), "a b cd");
	prompt_fini(&p);
}

Test(prompt, takes_no_more_than_it_may)
{
	struct prompt p = { 0 };

	prompt_begin(&p, SPAN_LIT(""));
	for (int i = 0; i < PROMPT_MAX + 10; i++)
		prompt_key(&p, 'a');
	cr_expect_eq(p.text.n, (size_t)PROMPT_MAX);
	prompt_fini(&p);
}

Test(prompt, shows_what_is_around_the_cursor)
{
	struct prompt p = { 0 };
	struct surface s;
	struct buf got = { 0 };

	surface_init(&s, 1, 20);
	prompt_begin(&p, SPAN_LIT("0123456789"));
	prompt_draw(&p, &s, 0, 2, 6);
	surface_dump(&s, &got);
	cr_expect_str_eq(buf_str(&got), "  56789\n");
	cr_expect_eq(s.cursor_x, 7);
	surface_clear(&s, surface_all(&s));
	buf_reset(&got);
	type(&p, "<Home>");
	prompt_draw(&p, &s, 0, 2, 6);
	surface_dump(&s, &got);
	cr_expect_str_eq(buf_str(&got), "  01234…\n");
	cr_expect_eq(s.cursor_x, 2);
	buf_fini(&got);
	prompt_fini(&p);
	surface_fini(&s);
}

/* "b" has two candidates, "m" more than there is room for, others none. */
static void
complete(void *ctx, struct span before, struct completion *out)
{
	static const struct span candidates[] = { SPAN("budi"),
		SPAN("bambang") };
	int *asked = ctx;

	(*asked)++;
	out->from = before.n - 1;
	if (before.p[before.n - 1] != 'b' && before.p[before.n - 1] != 'm')
		return;
	out->candidates = arena_array(&out->arena, 2, sizeof *candidates);
	memcpy(out->candidates, candidates, sizeof candidates);
	out->n = 2;
	out->has_more = before.p[before.n - 1] == 'm';
}

Test(prompt, completes_with_tab_and_goes_on_around)
{
	static const struct {
		const char *keys, *text, *note;
	} cases[] = {
		{ "a, b", "a, b", "Tab completes" },
		{ "a, b<Tab>", "a, budi", "1 of 2" },
		{ "a, b<Tab><Tab>", "a, bambang", "2 of 2" },
		{ "a, b<Tab><Tab><Tab>", "a, b", "as typed" },
		{ "a, b<Tab><Tab><Tab><Tab>", "a, budi", "1 of 2" },
		{ "a, b<Tab><Tab><Shift-Tab>", "a, budi", "1 of 2" },
		{ "a, b<Tab><Shift-Tab>", "a, b", "as typed" },
		{ "a, b<Shift-Tab>", "a, bambang", "2 of 2" },
		{ "m<Tab>", "budi", "1 of 2, and more" },
		{ "x<Tab><Tab>", "x", "nothing begins so" },
		/* Typing on takes what is shown. */
		{ "b<Tab>, b<Tab><Tab>", "budi, bambang", "2 of 2" },
		{ "b<Tab><Backspace>", "bud", "Tab completes" },
		/* What stands behind the cursor stays. */
		{ "bz<Left><Tab><Tab>!", "bambang!z", "Tab completes" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct prompt p = { 0 };
		struct buf note = { 0 };
		int asked = 0;

		prompt_begin(&p, SPAN_LIT(""));
		p.complete = complete;
		p.complete_ctx = &asked;
		cr_expect_eq(type(&p, cases[i].keys), PROMPT_GOING);
		prompt_put_note(&p, &note);
		cr_expect_str_eq(buf_str(&p.text), cases[i].text, "%s",
		    cases[i].keys);
		cr_expect_str_eq(buf_str(&note), cases[i].note, "%s",
		    cases[i].keys);
		cr_expect_leq(asked, 2, "%s", cases[i].keys);
		buf_fini(&note);
		prompt_fini(&p);
	}
}

Test(prompt, completes_nothing_where_nobody_said_how)
{
	struct prompt p = { 0 };
	struct buf note = { 0 };
	int asked = 0;

	prompt_begin(&p, SPAN_LIT("b"));
	p.complete = complete;
	p.complete_ctx = &asked;
	type(&p, "<Tab>");
	prompt_begin(&p, SPAN_LIT("b"));
	cr_expect_eq(type(&p, "<Tab><Shift-Tab>"), PROMPT_GOING);
	prompt_put_note(&p, &note);
	cr_expect_str_eq(buf_str(&p.text), "b");
	cr_expect_str_eq(buf_str(&note), "");
	cr_expect_eq(asked, 1);
	buf_fini(&note);
	prompt_fini(&p);
}

Test(prompt, gives_up_and_is_done_while_it_completes)
{
	struct prompt p = { 0 };
	int asked = 0;

	prompt_begin(&p, SPAN_LIT("b"));
	p.complete = complete;
	p.complete_ctx = &asked;
	cr_expect_eq(type(&p, "<Tab><Esc>"), PROMPT_GIVEN_UP);
	cr_expect_eq(type(&p, "<Ctrl-U>b<Tab><Enter>"), PROMPT_DONE);
	cr_expect_str_eq(buf_str(&p.text), "budi");
	prompt_fini(&p);
}

Test(prompt, shows_no_candidate_that_is_too_long)
{
	struct prompt p = { 0 };
	struct buf note = { 0 };
	int asked = 0;

	prompt_begin(&p, SPAN_LIT(""));
	for (int i = 0; i < PROMPT_MAX - 4; i++)
		prompt_key(&p, 'a');
	p.complete = complete;
	p.complete_ctx = &asked;
	type(&p, "b<Tab>");
	cr_expect_eq(p.text.n, (size_t)PROMPT_MAX - 4 + 4);
	type(&p, "<Tab><Tab>");
	cr_expect_eq(p.text.n, (size_t)PROMPT_MAX);
	prompt_put_note(&p, &note);
	cr_expect_str_eq(buf_str(&note), "1 of 2");
	buf_fini(&note);
	prompt_fini(&p);
}
