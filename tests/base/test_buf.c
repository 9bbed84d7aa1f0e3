/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/crc32c.h"
#include "base/err.h"
#include "base/text.h"

Test(buf, overflow_sticks_and_nothing_is_written_after_it)
{
	CLEANUP(buf_fini) struct buf b = { .max = 4 };

	buf_puts(&b, "abc");
	buf_puts(&b, "de");
	buf_puts(&b, "f");
	cr_expect(b.overflow);
	cr_expect_str_eq(buf_str(&b), "abc");
}

Test(buf, consume_keeps_the_rest_terminated)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	buf_printf(&b, "%s-%d", "surat", 42);
	buf_consume(&b, 6);
	cr_expect_str_eq(buf_str(&b), "42");
	buf_reset(&b);
	cr_expect_str_eq(buf_str(&b), "");
	buf_puts(&b, "42");
	buf_consume(&b, 2);
	cr_expect_eq(buf_span(&b).n, 0);
}

Test(arena, hands_out_zeroed_memory_also_after_a_reset)
{
	CLEANUP(arena_fini) struct arena a = { 0 };

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 2000; i++) {
			char *p = arena_alloc(&a, 40);

			for (int k = 0; k < 40; k++)
				cr_assert_eq(p[k], 0);
			memset(p, 0xff, 40);
		}
		cr_assert_not_null(arena_alloc(&a, 1 << 20));
		arena_reset(&a);
	}
}

Test(crc32c, gives_the_check_value_however_the_input_is_cut)
{
	struct span all = SPAN("123456789");

	for (size_t cut = 0; cut <= all.n; cut++) {
		struct span rest = all, head = span_take(&rest, cut);

		cr_expect_eq(crc32c(crc32c(0, head), rest), 0xe3069283u,
		    "cut at %zu", cut);
	}
}

Test(error, text_is_clean_whatever_a_server_said)
{
	struct error e;
	char flood[400];

	cr_expect_eq(error_set(&e, ERR_REFUSED, "%s said \"%s\"", "mail",
	    "no\x1b[2J\x9b\xc2\x9b\xe2\x80\xae"), ERR_REFUSED);
	cr_expect(text_is_clean(span_of(e.text)), "%s", e.text);
	for (size_t shift = 0; shift < 3; shift++) {
		memset(flood, 0, sizeof flood);
		memset(flood, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof flood; i += 3)
			memcpy(flood + i, "\xe7\x94\xb0", 3);
		error_set(&e, ERR_REFUSED, "%s", flood);
		cr_expect(text_is_clean(span_of(e.text)), "%s", e.text);
		memset(flood, '\x1b', sizeof flood - 1);
		error_set(&e, ERR_REFUSED, "%s", flood);
		cr_expect(text_is_clean(span_of(e.text)), "%s", e.text);
	}
}
