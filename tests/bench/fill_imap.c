/* SPDX-License-Identifier: MIT */
/*
 * Puts letters FIRST to LAST of tests/bench/letter.h into INBOX, many with
 * one APPEND (RFC 3502): into Dovecot's mdbox some 20,000 a second, where
 * importing an mbox makes 4,000 and writing files for Maildir 1,500.
 *
 *   fill_imap small|real FIRST LAST PORT USER PASSWORD
 *
 * Prints, of the letters: median, mean and largest size in octets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "tests/bench/bare.h"
#include "tests/bench/letter.h"

enum { BATCH = 1000, BATCH_OCTETS = 8 << 20 };

static uint32_t
number(const char *text)
{
	uint32_t n;

	if (!span_u32(span_of(text), &n))
		wire_die("a number is missing");
	return n;
}

static void
put_one(struct buf *out, const struct letter *letter)
{
	buf_printf(out, " (%s) \"", letter->is_seen ? "\\Seen" : "");
	date_put_imap(out, letter->date, 0);
	buf_printf(out, "\" {%zu+}\r\n", letter->text.n);
	buf_put(out, buf_span(&letter->text));
}

/* Letters from `at` to at most `last`; returns the next. */
static uint32_t
append_some(struct wire *wire, enum letter_kind kind, uint32_t at,
    uint32_t last, uint32_t *sizes)
{
	CLEANUP(buf_fini) struct buf out = { 0 };
	CLEANUP(letter_fini) struct letter letter = { 0 };

	buf_puts(&out, "y APPEND INBOX");
	for (uint32_t n = 0; n < BATCH && at <= last &&
	    out.n < BATCH_OCTETS; n++) {
		letter_make(&letter, kind, at++);
		sizes[n] = (uint32_t)letter.text.n;
		put_one(&out, &letter);
	}
	buf_puts(&out, "\r\n");
	wire_say(wire, buf_span(&out));
	if (!span_starts(wire_line(wire), SPAN_LIT("y OK ")))
		wire_die("the server refused letters");
	return at;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
print_sizes(uint32_t *sizes, size_t n)
{
	uint64_t sum = 0;

	qsort(sizes, n, sizeof *sizes, by_size);
	for (size_t i = 0; i < n; i++)
		sum += sizes[i];
	if (n)
		printf("%" PRIu32 " %" PRIu64 " %" PRIu32 "\n", sizes[n / 2],
		    sum / n, sizes[n - 1]);
}

int
main(int argc, char **argv)
{
	static struct wire wire;
	enum letter_kind kind;
	uint32_t first, last, *sizes;

	if (argc != 7)
		wire_die("usage: fill_imap small|real FIRST LAST PORT USER "
		    "PASSWORD");
	kind = strcmp(argv[1], "real") == 0 ? LETTER_REAL : LETTER_SMALL;
	first = number(argv[2]);
	last = number(argv[3]);
	wire_open(&wire, number(argv[4]));
	bare_imap_login(&wire, argv[5], argv[6], false);
	sizes = xcalloc((size_t)last + BATCH, sizeof *sizes);
	for (uint32_t at = first; at <= last; )
		at = append_some(&wire, kind, at, last, sizes + (at - first));
	print_sizes(sizes, last >= first ? last - first + 1 : 0);
	free(sizes);
	return 0;
}
