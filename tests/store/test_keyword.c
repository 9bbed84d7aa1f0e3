/* SPDX-License-Identifier: MIT */
/* Keywords that the user puts on letters and takes off. */
#include "tests/store/moves.h"

static struct moves w;
static uint64_t id;

static void
setup(void)
{
	moves_init(&w);
	id = moves_letter(&w, w.inbox, 7, 0);
}

static void
teardown(void)
{
	moves_fini(&w);
}

TestSuite(keyword, .init = setup, .fini = teardown);

static uint64_t
wish(const char *keyword, bool add)
{
	struct store_txn t = scratch_write(&w.s);
	uint64_t act = store_act_keyword(&t, id, span_of(keyword), add,
	    MOVES_NOW);

	scratch_commit(&t);
	scratch_check(&w.s);
	return act;
}

/* "a b" as the server has them now. */
static bool
server_says(const char *keywords)
{
	struct span list[KEYWORDS_MAX], rest = span_of(keywords);
	struct store_txn t = scratch_write(&w.s);
	size_t n = 0;
	bool is_other;

	while (n < KEYWORDS_MAX && span_split(&rest, ' ', &list[n]))
		n++;
	is_other = store_message_server_flags(&t, id, 0, list, n);
	scratch_commit(&t);
	scratch_check(&w.s);
	return is_other;
}

static void
expect(const char *keywords)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf text = { 0 };
	struct message m = scratch_get(&w.s, id, &arena);

	for (size_t i = 0; i < m.nkeywords; i++) {
		buf_puts(&text, i ? " " : "");
		buf_put(&text, m.keywords[i]);
	}
	cr_expect(span_eq(buf_span(&text), span_of(keywords)), "\"%.*s\", not "
	    "\"%s\"", SPAN_ARG(buf_span(&text)), keywords);
}

Test(keyword, is_seen_at_once_and_then_the_servers)
{
	uint64_t act = wish("Proyek", true);

	cr_assert_neq(act, 0);
	expect("Proyek");
	server_says("a");
	expect("a Proyek");
	moves_become(&w, act, ACT_DONE);
	expect("a Proyek");
	server_says("a");
	expect("a");
}

Test(keyword, that_fails_or_is_canceled_is_not_seen)
{
	uint64_t act;

	server_says("a b");
	act = wish("a", false);
	expect("b");
	moves_become(&w, act, ACT_FAILED);
	expect("a b");
	cr_expect_eq(moves_retry(&w, act), ERR_OK);
	expect("b");
	cr_expect_eq(moves_cancel(&w, act), ERR_OK);
	expect("a b");
}

Test(keyword, is_the_same_in_any_case_and_stays_as_it_was_written_first)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t act;

	server_says("Proyek");
	cr_expect_eq(wish("PROYEK", true), 0);
	act = wish("proyek", false);
	cr_assert_neq(act, 0);
	expect("");
	cr_expect(span_eq(scratch_act(&w.s, act, &arena).keyword,
	    SPAN_LIT("Proyek")));
	cr_expect_eq(wish("proyek", false), 0);
}

Test(keyword, is_canceled_by_the_opposite_that_follows_at_once)
{
	uint64_t act = wish("a", true);

	cr_expect_eq(wish("A", false), act);
	cr_expect_eq(moves_state(&w, act), ACT_CANCELED);
	expect("");
	act = wish("a", true);
	/* The server has it by itself now: taking it off is to be told. */
	server_says("a");
	cr_expect_gt(wish("a", false), act);
	cr_expect_eq(moves_state(&w, act), ACT_QUEUED);
	expect("");
}

Test(keyword, says_whether_the_user_sees_what_the_server_changed)
{
	cr_expect(server_says("a"));
	cr_expect_not(server_says("a"));
	wish("b", true);
	/* The server has now what is seen already. */
	cr_expect_not(server_says("a b"));
	expect("a b");
	cr_expect(server_says("c"));
	expect("c b");
}

Test(keyword, must_be_one_that_imap_can_say)
{
	static const char *const bad[] = { "", "\\Seen", "\\Other", "a b",
		"a(b", "a]b", "a*", "a%", "a\"b", "{3}", "\x80", "a\x7f",
		"$Forwarded", "$junk" };
	char longest[KEYWORD_MAX_OCTETS + 2];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_eq(wish(bad[i], true), 0, "%s", bad[i]);
	memset(longest, 'a', sizeof longest);
	longest[KEYWORD_MAX_OCTETS + 1] = '\0';
	cr_expect_eq(wish(longest, true), 0);
	longest[KEYWORD_MAX_OCTETS] = '\0';
	cr_expect_neq(wish(longest, true), 0);
	cr_expect_neq(wish("$Label1", true), 0);
}

Test(keyword, has_room_for_so_many)
{
	char name[16];

	for (int i = 0; i < KEYWORDS_MAX; i++) {
		struct store_txn t = scratch_write(&w.s);

		snprintf(name, sizeof name, "k%d", i);
		cr_assert_neq(store_act_keyword(&t, id, span_of(name), true,
		    MOVES_NOW), 0);
		scratch_commit(&t);
	}
	cr_expect_eq(wish("more", true), 0);
	cr_expect_neq(wish("k50", false), 0);
	cr_expect_neq(wish("more", true), 0);
}

Test(keyword, is_the_servers_at_once_in_a_local_folder)
{
	uint32_t local = scratch_folder(&w.s, w.account, "Lokal", FOLDER_NONE,
	    true);
	struct store_txn t = scratch_write(&w.s);
	uint64_t act;

	id = scratch_message(&t, local, 0, 1, 0);
	scratch_commit(&t);
	act = wish("a", true);
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	expect("a");
	act = wish("a", false);
	cr_expect_eq(moves_state(&w, act), ACT_DONE);
	expect("");
}

Test(keyword, goes_along_with_a_copy)
{
	uint64_t copy;

	server_says("a b");
	wish("a", false);
	wish("c", true);
	copy = moves_copy_of(&w, moves_copy(&w, id, w.archive));
	expect("b c");
	id = copy;
	expect("b c");
}
