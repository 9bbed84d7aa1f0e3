/* SPDX-License-Identifier: MIT */
/*
 * Keys and what they do.  One table (keys.c) binds sequences to commands,
 * context by context; the help screen, the hints of the status line and the
 * dispatch are all made from it, so they cannot disagree.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum context {		/* bits: a binding may hold in several */
	CONTEXT_LIST = 1 << 0,
	CONTEXT_PAGER = 1 << 1,
	CONTEXT_SIDEBAR = 1 << 2,
	CONTEXT_REVIEW = 1 << 3,
	CONTEXT_QUEUE = 1 << 4,
	CONTEXT_PARTS = 1 << 5,		/* attachments of a letter */
	CONTEXT_HELP = 1 << 6,
	CONTEXT_CONVERSATION = 1 << 7,
	CONTEXT_ALL = (1 << 8) - 1,
};

enum command {
	COMMAND_NONE,
	/* moving */
	COMMAND_DOWN, COMMAND_UP, COMMAND_FIRST, COMMAND_LAST,
	COMMAND_PAGE_DOWN, COMMAND_PAGE_UP, COMMAND_HALF_DOWN,
	COMMAND_HALF_UP, COMMAND_TOP, COMMAND_MIDDLE, COMMAND_BOTTOM,
	COMMAND_NEXT_UNREAD, COMMAND_PREVIOUS_UNREAD, COMMAND_OPEN,
	COMMAND_BACK, COMMAND_NEXT_MESSAGE, COMMAND_PREVIOUS_MESSAGE,
	COMMAND_NEXT_FOLDER, COMMAND_PREVIOUS_FOLDER, COMMAND_GOTO_FOLDER,
	COMMAND_GOTO_INBOX, COMMAND_GOTO_UNIFIED, COMMAND_GOTO_DRAFTS,
	COMMAND_GOTO_SENT, COMMAND_GOTO_ARCHIVE, COMMAND_GOTO_TRASH,
	COMMAND_GOTO_JUNK, COMMAND_GOTO_QUEUE, COMMAND_GOTO_DATE,
	COMMAND_FOCUS_SIDEBAR,
	COMMAND_TOGGLE_SIDEBAR,
	/* how the list is shown */
	COMMAND_ORDER_DATE, COMMAND_ORDER_SENDER, COMMAND_ORDER_SUBJECT,
	COMMAND_ORDER_SIZE, COMMAND_ORDER_THREAD, COMMAND_REVERSE,
	COMMAND_FILTER_UNREAD, COMMAND_FILTER_FLAGGED, COMMAND_FILTER_NONE,
	COMMAND_CLEAR, COMMAND_FOLD, COMMAND_FOLD_ALL, COMMAND_UNFOLD_ALL,
	COMMAND_CONVERSATION,
	/* acts */
	COMMAND_TOGGLE_READ, COMMAND_TOGGLE_FLAGGED, COMMAND_KEEP,
	COMMAND_DELETE, COMMAND_ARCHIVE, COMMAND_MOVE, COMMAND_COPY,
	COMMAND_KEYWORDS, COMMAND_PURGE,
	COMMAND_UNDO, COMMAND_REDO, COMMAND_MARK, COMMAND_UNMARK_ALL,
	/* writing */
	COMMAND_COMPOSE, COMMAND_REPLY, COMMAND_REPLY_ALL, COMMAND_FORWARD,
	COMMAND_SEND, COMMAND_EDIT, COMMAND_ATTACH, COMMAND_DETACH,
	COMMAND_EDIT_TO, COMMAND_EDIT_CC, COMMAND_EDIT_BCC,
	COMMAND_EDIT_SUBJECT, COMMAND_NEXT_IDENTITY, COMMAND_POSTPONE,
	/* the letter */
	COMMAND_HEADERS, COMMAND_SOURCE, COMMAND_ALTERNATIVE,
	COMMAND_FOLD_QUOTES, COMMAND_SKIP_QUOTE, COMMAND_PARTS,
	COMMAND_SAVE, COMMAND_SAVE_ALL, COMMAND_OPEN_LINK, COMMAND_COPY_LINK,
	/* folders */
	COMMAND_FOLDER_CREATE, COMMAND_FOLDER_RENAME, COMMAND_FOLDER_REMOVE,
	COMMAND_FOLDER_SUBSCRIBE,
	/* the queue */
	COMMAND_CANCEL, COMMAND_RETRY,
	/* the rest */
	COMMAND_SEARCH, COMMAND_SEARCH_NEXT, COMMAND_SEARCH_PREVIOUS,
	COMMAND_CHECK, COMMAND_CHECK_ALL, COMMAND_REDRAW, COMMAND_SUSPEND,
	COMMAND_HELP, COMMAND_QUIT,
	COMMAND_COUNT,
};

struct binding {
	unsigned contexts;		/* enum context bits */
	const char *keys;		/* "j", "gg", "Ctrl-D", "Down", "Alt-r" */
	enum command command;
	const char *help;		/* N_("next"); NULL: an alias, not listed */
	bool is_hint;			/* shown in the idle status line */
};

extern const struct binding bindings[];
extern const size_t nbindings;

/* What has been typed of a sequence, and the count before it. */
struct key_state {
	uint32_t typed[8];
	size_t n;
	unsigned count;		/* 0: none */
};

enum key_result {
	KEYS_COMMAND,	/* *command is to be done; the state is empty again */
	KEYS_MORE,	/* a prefix: show what may follow */
	KEYS_UNKNOWN,	/* nothing begins so; the state is empty again */
};

/* Adds one key (ui/term.h) in a context. */
enum key_result keys_feed(struct key_state *state, enum context context,
    uint32_t key, enum command *command, unsigned *count);
/* "g", "3g": what is typed so far, for the status line. */
void keys_describe(const struct key_state *state, char *out, size_t size);
/*
 * What may follow: up to max bindings that begin with what is typed, in the
 * order of the table, aliases left out.
 */
size_t keys_following(const struct key_state *state, enum context context,
    const struct binding **out, size_t max);
/* The first keys bound to a command in a context; "" when there are none. */
const char *keys_of(enum context context, enum command command);
/*
 * Reads keys as the table writes them ("gg", "Ctrl-W h", "Down") into up to
 * max codes of ui/term.h.  Returns how many; 0 when they cannot be read.
 */
size_t keys_parse(const char *keys, uint32_t *out, size_t max);
