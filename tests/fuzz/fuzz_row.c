/* SPDX-License-Identifier: MIT */
/*
 * A stored row.  The first octet says which half is fed: 'v' a value, with
 * its head and checksum; 'c' the content behind them, as if the checksum
 * had been right.  Whatever is read must lie within the input.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "store/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
expect_within(struct span whole, struct span part)
{
	if (part.n == 0)
		return;
	bug_on(part.p < whole.p || part.n > whole.n ||
	    (size_t)(part.p - whole.p) > whole.n - part.n);
}

static void
read_row(struct record *r, struct span whole)
{
	struct row row;
	const struct message *m = &row.m;

	if (!row_read(r, &row))
		return;
	expect_within(whole, m->uidl);
	expect_within(whole, m->from_name);
	expect_within(whole, m->from_addr);
	expect_within(whole, m->to);
	expect_within(whole, m->subject);
	expect_within(whole, m->snippet);
	expect_within(whole, m->message_id);
	expect_within(whole, row.references);
	expect_within(whole, row.subject_id);
	expect_within(whole, row.server_thread);
	bug_on(m->nkeywords > KEYWORDS_MAX || m->body_state > BODY_WHOLE);
	for (size_t i = 0; i < m->nkeywords; i++)
		expect_within(whole, m->keywords[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span input = { (const char *)p, n }, kind = span_take(&input, 1);
	struct record r = { .left = input, .version = RECORD_V1 };

	if (span_eq(kind, SPAN_LIT("v")) &&
	    !record_open(&r, TABLE_ROWS, SPAN_LIT("12345678"), input))
		return 0;
	read_row(&r, input);
	return 0;
}
