/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <unistr.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/subject.h"
#include "base/text.h"

struct example {
	const char *subject, *base;
	bool is_reply;
};

static void
expect_bases(const struct example *examples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct example *x = &examples[i];
		CLEANUP(buf_fini) struct buf b = { 0 };
		bool is_reply = subject_base(&b, span_of(x->subject));

		cr_expect_str_eq(buf_str(&b), x->base, "'%s' gave '%s'",
		    x->subject, buf_str(&b));
		cr_expect_eq(is_reply, x->is_reply, "'%s'", x->subject);
	}
}

Test(subject, base_is_what_rfc_5256_says)
{
	static const struct example examples[] = {
		{ "", "", false },
		{ "Rapat", "rapat", false },
		{ " a \t\r\n b  ", "a b", false },
		{ "Re: rapat", "rapat", true },
		{ "re:re:RE : Re: rapat", "rapat", true },
		{ "Fw: rapat", "rapat", false },
		{ "Fwd: Re: rapat", "rapat", false },
		{ "Re [blob]: rapat", "rapat", true },
		{ "Re[2]: rapat", "rapat", true },
		{ "[a] [b] re: rapat", "rapat", true },
		{ "[a] rapat", "rapat", false },
		{ "[a][b] rapat", "rapat", false },
		{ "[a] re: [b] fw: [c] rapat", "rapat", true },
		{ "[a]", "[a]", false },
		{ "[a] [b]", "[b]", false },
		{ "[a] (fwd)", "[a]", false },
		{ "[] rapat", "rapat", false },
		{ "[a[b]] rapat", "[a[b]] rapat", false },
		{ "[a rapat", "[a rapat", false },
		{ "rapat (fwd)", "rapat", false },
		{ "rapat (fwd) (FWD)(fwd) ", "rapat", false },
		{ "(fwd)", "", false },
		{ "Re:", "", true },
		{ "Re: (fwd)", "", true },
		{ "[fwd: rapat]", "rapat", false },
		{ "[Fwd: Re: [x] rapat (fwd)]", "rapat", false },
		{ "Re: [fwd: [fwd: rapat]]", "rapat", true },
		{ "[a] [fwd: rapat] (fwd)", "rapat", false },
		{ "[fwd: rapat", "[fwd: rapat", false },
		{ "[fwd:]", "", false },
		{ "[fwd: a] b", "b", false },
		{ "Rest: a", "rest: a", false },
		{ "care: a", "care: a", false },
		{ "a re: b", "a re: b", false },
		{ "Re rapat", "re rapat", false },
		{ "Re[a: b", "re[a: b", false },
	};

	expect_bases(examples, ARRAY_LEN(examples));
}

Test(subject, base_is_without_the_marks_of_other_languages)
{
	static const struct example examples[] = {
		{ "AW: WG: Treffen", "treffen", true },
		{ "SV: m\xc3\xb6te", "m\xc3\xb6te", true },
		{ "VS: kokous", "kokous", true },
		{ "VB: m\xc3\xb6te", "m\xc3\xb6te", false },
		{ "Antw: vergadering", "vergadering", true },
		{ "RIF: incontro", "incontro", true },
		{ "RES: ENC: encontro", "encontro", true },
		{ "TR: r\xc3\xa9union", "r\xc3\xa9union", false },
		{ "Odp: spotkanie", "spotkanie", true },
		{ "YNT: toplant\xc4\xb1", "toplant\xc4\xb1", true },
		{ "BLS: Balas: TRS: Teruskan: rapat", "rapat", true },
		{ "\xd0\x9e\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82: a", "a", true },
		{ "\xd0\x9e\xd0\xa2\xd0\x92\xd0\x95\xd0\xa2: a", "a", true },
		{ "\xe5\x9b\x9e\xe5\xa4\x8d: a", "a", true },
		{ "\xe7\xad\x94\xe5\xa4\x8d\xef\xbc\x9a""a", "a", true },
		{ "\xe8\xbd\xac\xe5\x8f\x91\xef\xbc\x9a a", "a", false },
		{ "Re\xef\xbc\x9a""a", "a", true },
		{ "Re[2]: Re^3: re^4 : Re2: a", "a", true },
		{ "Re\xc2\xa0: a", "a", true },
		{ "\xe2\x80\x8fRe: a", "a", true },
	};

	expect_bases(examples, ARRAY_LEN(examples));
}

Test(subject, base_is_the_same_for_every_way_to_write_a_letter)
{
	static const struct example examples[] = {
		{ "STRASSE", "strasse", false },
		{ "Stra\xc3\x9f""e", "strasse", false },
		{ "CAF\xc3\x89", "caf\xc3\xa9", false },
		{ "cafe\xcc\x81", "caf\xc3\xa9", false },
		/* Folding makes "sv:" of it: no mark may be left behind. */
		{ "\xc5\xbfv: a", "a", true },
		{ "\xff a\xc3", "\xef\xbf\xbd a\xef\xbf\xbd", false },
		{ "a\xe3\x80\x80""b\xc2\xa0", "a b", false },
	};

	expect_bases(examples, ARRAY_LEN(examples));
}

Test(subject, answers_when_its_outermost_mark_is_that_of_an_answer)
{
	static const struct example examples[] = {
		{ "Re: Fwd: a", "a", true },
		{ "Fwd: Re: a", "a", false },
		{ "Re: a (fwd)", "a", true },
		{ "Re: [fwd: a]", "a", true },
		{ "[fwd: Re: a]", "a", false },
		{ "[b] AW: WG: a", "a", true },
		{ "WG: AW: a", "a", false },
	};

	expect_bases(examples, ARRAY_LEN(examples));
}

/* Into bytes of its own size, so that a sanitizer sees a step beyond. */
static void
expect_stable(struct span subject)
{
	CLEANUP(cleanup_free) char *exact = malloc(subject.n ? subject.n : 1);
	CLEANUP(buf_fini) struct buf once = { 0 }, twice = { 0 };

	if (subject.n > 0)
		memcpy(exact, subject.p, subject.n);
	subject_base(&once, (struct span){ exact, subject.n });
	cr_expect_leq(once.n, SUBJECT_BASE_MAX);
	cr_expect(text_is_utf8(buf_span(&once)));
	subject_base(&twice, buf_span(&once));
	cr_assert(span_eq(buf_span(&once), buf_span(&twice)),
	    "'%s' became '%s'", buf_str(&once), buf_str(&twice));
}

Test(subject, base_of_a_base_is_itself)
{
	static const char *const pieces[] = {
		"re", "Re:", "fwd", "[fwd:", "[", "]", "(fwd)", ":", " ", "\t",
		"[a]", "^", "2", "a", "\xc5\xbf", "v", "\xc3\x9f", "\xcc\x81",
		"\xe2\x80\x8f", "\xc2\xa0", "\xef\xbc\x9a", "\xff", "\xc3",
		"\xe5\x9b\x9e", "\xe5\xa4\x8d", "tr", "s:", "e", "=",
		"\xcc\xb8", "\xcd\x85", "\xce\xb1",
	};
	uint32_t random = 1;

	for (int i = 0; i < 20000; i++) {
		CLEANUP(buf_fini) struct buf b = { 0 };

		for (int j = 0; j < 1 + i % 24; j++) {
			random = random * 1664525 + 1013904223;
			buf_puts(&b, pieces[(random >> 8) %
			    ARRAY_LEN(pieces)]);
		}
		expect_stable(buf_span(&b));
	}
}

Test(subject, base_of_a_base_is_itself_for_every_character)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	for (ucs4_t c = 0; c < 0x110000; c++) {
		uint8_t octets[6];
		int n = u8_uctomb(octets, c, sizeof octets);

		if (n > 0) {
			buf_put(&b, (struct span){ (char *)octets, (size_t)n });
			buf_putc(&b, 'x');
		}
		if (b.n > 1000 || c == 0x10ffff) {
			expect_stable(buf_span(&b));
			buf_reset(&b);
		}
	}
}

Test(subject, base_of_the_longest_input_is_cut)
{
	static const char *const units[] = {
		"Re: ", "[a]", "[", "[fwd:", "(fwd)", "re ", "re[", "]", "\xff",
		"\xce\x90", "\xcc\x81", "Re[2]: [x] ", "\x80",
	};

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		CLEANUP(buf_fini) struct buf b = { 0 };

		while (b.n < 3 * SUBJECT_BASE_MAX)
			buf_puts(&b, units[i]);
		expect_stable(buf_span(&b));
		buf_puts(&b, "]");
		expect_stable(buf_span(&b));
	}
}

Test(subject, mark_is_taken_with_what_belongs_to_it)
{
	static const struct {
		const char *subject, *rest;
		enum subject_mark mark;
	} cases[] = {
		{ "Re: a", " a", SUBJECT_REPLY_MARK },
		{ "rE[12] :a", "a", SUBJECT_REPLY_MARK },
		{ "Trs:Re:a", "Re:a", SUBJECT_FORWARD_MARK },
		{ " Re: a", " Re: a", SUBJECT_NO_MARK },
		{ "Re", "Re", SUBJECT_NO_MARK },
		{ "", "", SUBJECT_NO_MARK },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct span s = span_of(cases[i].subject);

		cr_expect_eq(subject_take_mark(&s), cases[i].mark, "case %zu",
		    i);
		cr_expect(span_eq(s, span_of(cases[i].rest)), "case %zu", i);
	}
}
