/* SPDX-License-Identifier: MIT */
/*
 * Which message became which: COPYUID in every way to write its sets, and of
 * a MOVE that went out as several commands.
 */
#include <criterion/criterion.h>

#include "base/cleanup.h"
#include "protocol/imap_parse.h"

enum { MESSAGES = 40, ROUNDS = 3000, FIRST_NEW = 1000 };

static uint32_t
draw(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % below;
}

/* A random order in which neighbours often stay together. */
static void
fill(uint64_t *state, uint32_t *list, uint32_t first)
{
	uint32_t n = 0, used[MESSAGES] = { 0 };

	while (n < MESSAGES) {
		uint32_t at = draw(state, MESSAGES), run = draw(state, 9);
		bool is_up = draw(state, 2);

		for (; run && at < MESSAGES && !used[at]; run--) {
			used[at] = 1;
			list[n++] = first + at;
			at = is_up ? at + 1 : at - 1;
		}
	}
}

/* The list as a set in that order, runs as ranges where chance wants it. */
static void
put_set(struct buf *out, uint64_t *state, const uint32_t *list)
{
	for (uint32_t i = 0; i < MESSAGES; i++) {
		uint32_t last = i, step;

		buf_printf(out, i ? ",%u" : "%u", list[i]);
		if (i + 1 == MESSAGES || draw(state, 4) == 0)
			continue;
		step = list[i + 1] - list[i];
		if (step != 1 && step != UINT32_MAX)
			continue;
		while (last + 1 < MESSAGES &&
		    list[last + 1] - list[last] == step)
			last++;
		buf_printf(out, ":%u", list[last]);
		i = last;
	}
}

/* The obvious twin: two lists, element by element. */
Test(imap_copied, pairs_as_two_lists_written_side_by_side)
{
	struct uidset asked = { &(struct uid_range){ 1, MESSAGES }, 1, 1 };

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		CLEANUP(imap_pairs_fini) struct imap_pairs pairs = { 0 };
		CLEANUP(buf_fini) struct buf args = { 0 };
		uint64_t state = seed * 0x9e3779b97f4a7c15;
		uint32_t old[MESSAGES], new[MESSAGES];
		struct imap_copied copied;

		fill(&state, old, 1);
		fill(&state, new, FIRST_NEW);
		buf_puts(&args, "7 ");
		put_set(&args, &state, old);
		buf_putc(&args, ' ');
		put_set(&args, &state, new);
		cr_assert(imap_parse_copyuid(buf_span(&args), &asked, &pairs),
		    "seed %ju: %s", (uintmax_t)seed, buf_str(&args));
		copied = (struct imap_copied){ pairs.uidvalidity, pairs.list,
			pairs.n };
		for (int i = 0; i < MESSAGES; i++)
			cr_assert_eq(imap_copied_to(&copied, (struct uid){
			    old[i] }), new[i], "seed %ju: %s, of %u",
			    (uintmax_t)seed, buf_str(&args), old[i]);
		cr_expect_eq(imap_copied_to(&copied, (struct uid){
		    MESSAGES + 1 }), 0);
	}
}

Test(imap_copied, takes_the_highest_numbers_there_are)
{
	CLEANUP(imap_pairs_fini) struct imap_pairs pairs = { 0 };
	struct uidset asked = { &(struct uid_range){ 1, UINT32_MAX }, 1, 1 };
	struct imap_copied copied;

	cr_assert(imap_parse_copyuid(SPAN_LIT("4294967295 "
	    "4294967294:4294967295 4294967295:4294967294"), &asked, &pairs));
	copied = (struct imap_copied){ pairs.uidvalidity, pairs.list,
		pairs.n };
	cr_expect_eq(imap_copied_to(&copied, (struct uid){ UINT32_MAX }),
	    UINT32_MAX - 1);
	cr_assert(imap_parse_copyuid(SPAN_LIT("1 1:4294967295 4294967295:1"),
	    &asked, &pairs));
	cr_expect_eq(pairs.n, 1);
	cr_expect_not(imap_parse_copyuid(SPAN_LIT("1 1:4294967296 1:2"),
	    &asked, &pairs));
	cr_expect_eq(pairs.n, 0);
}

static void
free_imap(struct imap **imap)
{
	imap_free(*imap);
}

/* Up to an IMAP_DONE, which is valid until the next step. */
static void
feed(struct imap *imap, struct span s, struct imap_event *done)
{
	struct imap_event event;

	while (imap_step(imap, &s, &event) == STEP_EVENT) {
		if (event.kind != IMAP_DONE)
			continue;
		*done = event;
		return;
	}
}

/* A session that has issued a MOVE of so many single UIDs. */
static struct imap *
new_move(uint32_t n)
{
	struct session_settings settings = { .channel = CHANNEL_TLS,
		.credentials = { SPAN("budi"), SPAN("rahasia") } };
	CLEANUP(uidset_fini) struct uidset uids = { 0 };
	struct imap *imap = imap_new(&settings);
	struct imap_event event;

	feed(imap, SPAN_LIT("* PREAUTH [CAPABILITY IMAP4rev1 MOVE]\r\n"),
	    &event);
	for (uint32_t i = 0; i < n; i++)
		uidset_add(&uids, 1 + 2 * i, 1 + 2 * i);
	imap_move(imap, &uids, SPAN_LIT("Arsip"));
	return imap;
}

/* Answers each part: all that it asked for got new UIDs. */
static unsigned
answer_parts(struct imap *imap, bool of_one_mailbox, struct imap_event *done)
{
	uint32_t next = FIRST_NEW;
	unsigned parts = 0;

	while (imap_output(imap).n) {
		CLEANUP(uidset_fini) struct uidset asked = { 0 };
		CLEANUP(buf_fini) struct buf line = { 0 };
		struct span out = imap_output(imap), set;
		uint32_t n;

		out = span_skip(out, span_find(out, SPAN_LIT("MOVE ")) + 5);
		cr_assert(span_split(&out, ' ', &set) &&
		    uidset_parse(&asked, set, 10000));
		n = (uint32_t)uidset_count(&asked);
		parts++;
		buf_printf(&line, "* OK [COPYUID %u ", of_one_mailbox ? 7 :
		    parts);
		uidset_put(&line, &asked);
		buf_printf(&line, " %u:%u]\r\nA%u OK\r\n", next, next + n - 1,
		    parts);
		next += n;
		imap_sent(imap, imap_output(imap).n);
		feed(imap, buf_span(&line), done);
	}
	return parts;
}

Test(imap_copied, joins_the_parts_of_a_long_move)
{
	CLEANUP(free_imap) struct imap *imap = new_move(5000);
	struct imap_event done = { .kind = IMAP_ALIVE };

	cr_expect_gt(answer_parts(imap, true, &done), 3);
	cr_assert_eq(done.kind, IMAP_DONE);
	cr_expect_eq(done.copied.uidvalidity, 7);
	for (uint32_t i = 0; i < 5000; i++)
		cr_assert_eq(imap_copied_to(&done.copied, (struct uid){
		    1 + 2 * i }), FIRST_NEW + i, "of %u", i);
}

Test(imap_copied, says_nothing_when_the_target_was_made_anew_meanwhile)
{
	CLEANUP(free_imap) struct imap *imap = new_move(5000);
	struct imap_event done = { .kind = IMAP_ALIVE };

	answer_parts(imap, false, &done);
	cr_assert_eq(done.kind, IMAP_DONE);
	cr_expect_eq(done.copied.npairs, 0);
}
