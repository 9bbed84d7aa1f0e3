/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#include <criterion/criterion.h>

#include "ui/term.h"

enum { SEQUENCE_MAX = 8 };

/* What the last key of a sequence does; COMMAND_NONE when it is unknown. */
static enum command
type(enum context context, const char *keys, unsigned *count)
{
	struct key_state state = { .n = 0 };
	uint32_t sequence[SEQUENCE_MAX];
	size_t n = keys_parse(keys, sequence, SEQUENCE_MAX);
	enum command command = COMMAND_NONE;

	for (size_t i = 0; i < n; i++) {
		enum key_result r = keys_feed(&state, context, sequence[i],
		    &command, count);

		if (r == KEYS_COMMAND)
			return i + 1 == n ? command : COMMAND_NONE;
		if (r == KEYS_UNKNOWN)
			return COMMAND_NONE;
	}
	return COMMAND_NONE;
}

Test(keys, are_all_readable)
{
	uint32_t sequence[SEQUENCE_MAX];

	for (size_t i = 0; i < nbindings; i++) {
		cr_expect(keys_parse(bindings[i].keys, sequence,
		    SEQUENCE_MAX) > 0, "%s", bindings[i].keys);
		cr_expect(bindings[i].contexts != 0 &&
		    (bindings[i].contexts & ~(unsigned)CONTEXT_ALL) == 0);
		cr_expect(bindings[i].command != COMMAND_NONE);
		cr_expect(sequence[0] < '0' || sequence[0] > '9',
		    "%s begins as a count does", bindings[i].keys);
	}
}

Test(keys, never_begin_one_another_in_a_context)
{
	for (size_t i = 0; i < nbindings; i++) {
		for (size_t j = 0; j < nbindings; j++) {
			uint32_t a[SEQUENCE_MAX], b[SEQUENCE_MAX];
			size_t na = keys_parse(bindings[i].keys, a,
			    SEQUENCE_MAX);
			size_t nb = keys_parse(bindings[j].keys, b,
			    SEQUENCE_MAX);

			if (i == j || na > nb ||
			    !(bindings[i].contexts & bindings[j].contexts))
				continue;
			cr_expect(memcmp(a, b, na * sizeof a[0]) != 0,
			    "\"%s\" and \"%s\"", bindings[i].keys,
			    bindings[j].keys);
		}
	}
}

Test(keys, reach_every_command)
{
	for (enum command c = COMMAND_NONE + 1; c < COMMAND_COUNT; c++) {
		bool is_bound = false, is_told = false;

		for (size_t i = 0; i < nbindings; i++) {
			is_bound = is_bound || bindings[i].command == c;
			is_told = is_told || (bindings[i].command == c &&
			    bindings[i].help);
		}
		cr_expect(is_bound && is_told, "command %d", c);
	}
}

Test(keys, do_what_is_documented)
{
	static const struct {
		enum context context;
		const char *keys;
		enum command command;
	} cases[] = {
		{ CONTEXT_LIST, "j", COMMAND_DOWN },
		{ CONTEXT_LIST, "Down", COMMAND_DOWN },
		{ CONTEXT_LIST, "k", COMMAND_UP },
		{ CONTEXT_LIST, "Up", COMMAND_UP },
		{ CONTEXT_LIST, "gg", COMMAND_FIRST },
		{ CONTEXT_LIST, "Home", COMMAND_FIRST },
		{ CONTEXT_LIST, "G", COMMAND_LAST },
		{ CONTEXT_LIST, "End", COMMAND_LAST },
		{ CONTEXT_LIST, "Ctrl-D", COMMAND_HALF_DOWN },
		{ CONTEXT_LIST, "Ctrl-U", COMMAND_HALF_UP },
		{ CONTEXT_LIST, "Ctrl-F", COMMAND_PAGE_DOWN },
		{ CONTEXT_LIST, "Ctrl-B", COMMAND_PAGE_UP },
		{ CONTEXT_LIST, "PgDn", COMMAND_PAGE_DOWN },
		{ CONTEXT_LIST, "PgUp", COMMAND_PAGE_UP },
		{ CONTEXT_LIST, "H", COMMAND_TOP },
		{ CONTEXT_LIST, "M", COMMAND_MIDDLE },
		{ CONTEXT_LIST, "L", COMMAND_BOTTOM },
		{ CONTEXT_LIST, "Enter", COMMAND_OPEN },
		{ CONTEXT_LIST, "Space", COMMAND_OPEN },
		{ CONTEXT_LIST, "Tab", COMMAND_NEXT_UNREAD },
		{ CONTEXT_LIST, "Shift-Tab", COMMAND_PREVIOUS_UNREAD },
		{ CONTEXT_LIST, "/", COMMAND_SEARCH },
		{ CONTEXT_LIST, "n", COMMAND_SEARCH_NEXT },
		{ CONTEXT_LIST, "N", COMMAND_SEARCH_PREVIOUS },
		{ CONTEXT_LIST, "t", COMMAND_MARK },
		{ CONTEXT_LIST, "Ctrl-T", COMMAND_UNMARK_ALL },
		{ CONTEXT_LIST, "d", COMMAND_DELETE },
		{ CONTEXT_LIST, "u", COMMAND_UNDO },
		{ CONTEXT_LIST, "I", COMMAND_TOGGLE_READ },
		{ CONTEXT_LIST, "F", COMMAND_TOGGLE_FLAGGED },
		{ CONTEXT_LIST, "m", COMMAND_COMPOSE },
		{ CONTEXT_LIST, "r", COMMAND_REPLY },
		{ CONTEXT_LIST, "R", COMMAND_REPLY_ALL },
		{ CONTEXT_LIST, "f", COMMAND_FORWARD },
		{ CONTEXT_LIST, "c", COMMAND_GOTO_FOLDER },
		{ CONTEXT_LIST, "J", COMMAND_NEXT_FOLDER },
		{ CONTEXT_LIST, "K", COMMAND_PREVIOUS_FOLDER },
		{ CONTEXT_LIST, "gi", COMMAND_GOTO_INBOX },
		{ CONTEXT_QUEUE, "gi", COMMAND_GOTO_INBOX },
		{ CONTEXT_LIST, "gu", COMMAND_GOTO_UNIFIED },
		{ CONTEXT_LIST, "gd", COMMAND_GOTO_DRAFTS },
		{ CONTEXT_LIST, "gs", COMMAND_GOTO_SENT },
		{ CONTEXT_LIST, "ga", COMMAND_GOTO_ARCHIVE },
		{ CONTEXT_LIST, "gt", COMMAND_GOTO_TRASH },
		{ CONTEXT_LIST, "gx", COMMAND_GOTO_JUNK },
		{ CONTEXT_LIST, "gq", COMMAND_GOTO_QUEUE },
		{ CONTEXT_LIST, "v", COMMAND_PARTS },
		{ CONTEXT_LIST, "F5", COMMAND_CHECK },
		{ CONTEXT_LIST, "gr", COMMAND_CHECK },
		{ CONTEXT_LIST, "gR", COMMAND_CHECK_ALL },
		{ CONTEXT_LIST, "`", COMMAND_TOGGLE_SIDEBAR },
		{ CONTEXT_LIST, "?", COMMAND_HELP },
		{ CONTEXT_LIST, "q", COMMAND_QUIT },
		{ CONTEXT_LIST, "Ctrl-L", COMMAND_REDRAW },
		{ CONTEXT_LIST, "Ctrl-Z", COMMAND_SUSPEND },

		{ CONTEXT_PAGER, "j", COMMAND_DOWN },
		{ CONTEXT_PAGER, "Enter", COMMAND_DOWN },
		{ CONTEXT_PAGER, "Backspace", COMMAND_UP },
		{ CONTEXT_PAGER, "Space", COMMAND_PAGE_DOWN },
		{ CONTEXT_PAGER, "-", COMMAND_PAGE_UP },
		{ CONTEXT_PAGER, "Ctrl-D", COMMAND_HALF_DOWN },
		{ CONTEXT_PAGER, "J", COMMAND_NEXT_MESSAGE },
		{ CONTEXT_PAGER, "K", COMMAND_PREVIOUS_MESSAGE },
		{ CONTEXT_PAGER, "h", COMMAND_HEADERS },
		{ CONTEXT_PAGER, "H", COMMAND_SOURCE },
		{ CONTEXT_PAGER, "t", COMMAND_ALTERNATIVE },
		{ CONTEXT_PAGER, "T", COMMAND_FOLD_QUOTES },
		{ CONTEXT_PAGER, "S", COMMAND_SKIP_QUOTE },
		{ CONTEXT_PAGER, "go", COMMAND_OPEN_LINK },
		{ CONTEXT_PAGER, "gy", COMMAND_COPY_LINK },
		{ CONTEXT_PAGER, "w", COMMAND_SAVE },
		{ CONTEXT_PAGER, "W", COMMAND_SAVE_ALL },
		{ CONTEXT_PAGER, "v", COMMAND_PARTS },
		{ CONTEXT_PAGER, "i", COMMAND_BACK },
		{ CONTEXT_PAGER, "q", COMMAND_BACK },
		{ CONTEXT_PAGER, "r", COMMAND_REPLY },
		{ CONTEXT_PAGER, "R", COMMAND_REPLY_ALL },
		{ CONTEXT_PAGER, "f", COMMAND_FORWARD },
		{ CONTEXT_PAGER, "d", COMMAND_DELETE },
		{ CONTEXT_PAGER, "F", COMMAND_TOGGLE_FLAGGED },
		{ CONTEXT_PAGER, "I", COMMAND_TOGGLE_READ },
		{ CONTEXT_PAGER, "u", COMMAND_UNDO },
		{ CONTEXT_PAGER, "m", COMMAND_COMPOSE },
		{ CONTEXT_PAGER, "gi", COMMAND_GOTO_INBOX },

		{ CONTEXT_SIDEBAR, "j", COMMAND_DOWN },
		{ CONTEXT_SIDEBAR, "k", COMMAND_UP },
		{ CONTEXT_SIDEBAR, "Enter", COMMAND_OPEN },
		{ CONTEXT_SIDEBAR, "q", COMMAND_BACK },

		{ CONTEXT_REVIEW, "y", COMMAND_SEND },
		{ CONTEXT_REVIEW, "q", COMMAND_BACK },
		{ CONTEXT_REVIEW, "P", COMMAND_POSTPONE },
		{ CONTEXT_REVIEW, "p", COMMAND_POSTPONE },
		{ CONTEXT_REVIEW, "e", COMMAND_EDIT },
		{ CONTEXT_REVIEW, "t", COMMAND_EDIT_TO },
		{ CONTEXT_REVIEW, "c", COMMAND_EDIT_CC },
		{ CONTEXT_REVIEW, "b", COMMAND_EDIT_BCC },
		{ CONTEXT_REVIEW, "s", COMMAND_EDIT_SUBJECT },
		{ CONTEXT_REVIEW, "Alt-f", COMMAND_NEXT_IDENTITY },
		{ CONTEXT_REVIEW, "a", COMMAND_ATTACH },
		{ CONTEXT_REVIEW, "D", COMMAND_DETACH },

		{ CONTEXT_QUEUE, "x", COMMAND_CANCEL },
		{ CONTEXT_QUEUE, "r", COMMAND_RETRY },
		{ CONTEXT_QUEUE, "Enter", COMMAND_OPEN },
		{ CONTEXT_PARTS, "w", COMMAND_SAVE },
		{ CONTEXT_PARTS, "Enter", COMMAND_OPEN },
		{ CONTEXT_HELP, "q", COMMAND_BACK },
		{ CONTEXT_HELP, "Ctrl-D", COMMAND_HALF_DOWN },
	};
	unsigned count;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect_eq(type(cases[i].context, cases[i].keys, &count),
		    cases[i].command, "\"%s\" in context %d", cases[i].keys,
		    cases[i].context);
}

Test(keys, take_a_count_before_them)
{
	unsigned count = 99;

	cr_expect_eq(type(CONTEXT_LIST, "5j", &count), COMMAND_DOWN);
	cr_expect_eq(count, 5);
	cr_expect_eq(type(CONTEXT_PAGER, "30go", &count), COMMAND_OPEN_LINK);
	cr_expect_eq(count, 30);
	cr_expect_eq(type(CONTEXT_LIST, "j", &count), COMMAND_DOWN);
	cr_expect_eq(count, 0);
	cr_expect_eq(type(CONTEXT_LIST, "0", &count), COMMAND_NONE);
}

Test(keys, bound_a_count_that_runs_away)
{
	struct key_state state = { .n = 0 };
	enum command command;
	unsigned count;

	for (int i = 0; i < 100; i++)
		cr_assert_eq(keys_feed(&state, CONTEXT_LIST, '9', &command,
		    &count), KEYS_MORE);
	cr_assert_eq(keys_feed(&state, CONTEXT_LIST, 'j', &command, &count),
	    KEYS_COMMAND);
	cr_expect(count >= 999999 && count <= 1000000);
}

Test(keys, forget_what_leads_nowhere)
{
	struct key_state state = { .n = 0 };
	enum command command;
	unsigned count;

	cr_expect_eq(keys_feed(&state, CONTEXT_LIST, 'g', &command, &count),
	    KEYS_MORE);
	cr_expect_eq(keys_feed(&state, CONTEXT_LIST, 'z', &command, &count),
	    KEYS_UNKNOWN);
	cr_expect_eq(keys_feed(&state, CONTEXT_LIST, 'j', &command, &count),
	    KEYS_COMMAND);
	cr_expect_eq(keys_feed(&state, CONTEXT_LIST, K_F12, &command, &count),
	    KEYS_UNKNOWN);
}

Test(keys, tell_what_is_typed_and_what_may_follow)
{
	struct key_state state = { .n = 0 };
	const struct binding *next[32];
	enum command command;
	unsigned count;
	char text[16];
	size_t n;

	keys_feed(&state, CONTEXT_LIST, '3', &command, &count);
	keys_feed(&state, CONTEXT_LIST, 'g', &command, &count);
	keys_describe(&state, text, sizeof text);
	cr_expect_str_eq(text, "3g");
	n = keys_following(&state, CONTEXT_LIST, next, 32);
	cr_expect(n >= 10, "%zu", n);
	for (size_t i = 0; i < n; i++)
		cr_expect_eq(next[i]->keys[0], 'g');
}

Test(keys, are_told_by_their_first_binding)
{
	cr_expect_str_eq(keys_of(CONTEXT_LIST, COMMAND_UNDO), "u");
	cr_expect_str_eq(keys_of(CONTEXT_LIST, COMMAND_DOWN), "j");
	cr_expect_str_eq(keys_of(CONTEXT_HELP, COMMAND_SEND), "");
}

Test(keys, hint_at_no_more_than_five_in_a_context)
{
	for (unsigned c = 1; c < CONTEXT_ALL; c <<= 1) {
		int hints = 0;

		for (size_t i = 0; i < nbindings; i++)
			hints += bindings[i].contexts & c &&
			    bindings[i].is_hint;
		cr_expect(hints >= 1 && hints <= 5, "context %u: %d", c,
		    hints);
	}
}
