/* SPDX-License-Identifier: MIT */
/*
 * The bindings: vim's motions, mutt's verbs, g for going somewhere.  In a
 * context no sequence is the beginning of another.  The first line of a
 * command is the one that messages name; lines without help are aliases.
 */
#include "ui/keys.h"

#include "base/bug.h"
#include "base/i18n.h"

#define LIST CONTEXT_LIST
#define PAGER CONTEXT_PAGER
#define SIDEBAR CONTEXT_SIDEBAR
#define REVIEW CONTEXT_REVIEW
#define QUEUE CONTEXT_QUEUE
#define PARTS CONTEXT_PARTS
#define HELP CONTEXT_HELP
#define ALL CONTEXT_ALL
#define CONVERSATION CONTEXT_CONVERSATION
#define LISTS (LIST | CONVERSATION)	/* where a line is a letter */
#define MAIL (LISTS | PAGER)		/* where a letter is at hand */
#define MAIN (MAIL | SIDEBAR)		/* where one reads */
#define GO (MAIN | QUEUE)		/* where folders are one step away */
#define ROWS (LISTS | SIDEBAR | QUEUE | PARTS)
#define TEXT (PAGER | REVIEW | HELP)

const struct binding bindings[] = {
	{ ROWS, "j", COMMAND_DOWN, N_("next"), false },
	{ ROWS, "k", COMMAND_UP, N_("previous"), false },
	{ TEXT, "j", COMMAND_DOWN, N_("a line down"), false },
	{ TEXT, "k", COMMAND_UP, N_("a line up"), false },
	{ ALL, "Down", COMMAND_DOWN, NULL, false },
	{ ALL, "Up", COMMAND_UP, NULL, false },
	{ PAGER | HELP, "Enter", COMMAND_DOWN, NULL, false },
	{ PAGER | HELP, "Backspace", COMMAND_UP, NULL, false },
	{ ALL, "gg", COMMAND_FIRST, N_("first"), false },
	{ ALL, "G", COMMAND_LAST, N_("last"), false },
	{ ALL, "Home", COMMAND_FIRST, NULL, false },
	{ ALL, "End", COMMAND_LAST, NULL, false },
	{ PAGER | HELP, "Space", COMMAND_PAGE_DOWN, N_("a page down"), true },
	{ PAGER | HELP, "-", COMMAND_PAGE_UP, N_("a page up"), false },
	{ ALL, "Ctrl-F", COMMAND_PAGE_DOWN, N_("a page down"), false },
	{ ALL, "Ctrl-B", COMMAND_PAGE_UP, N_("a page up"), false },
	{ ALL, "PgDn", COMMAND_PAGE_DOWN, NULL, false },
	{ ALL, "PgUp", COMMAND_PAGE_UP, NULL, false },
	{ ALL, "Ctrl-D", COMMAND_HALF_DOWN, N_("half a page down"), false },
	{ ALL, "Ctrl-U", COMMAND_HALF_UP, N_("half a page up"), false },
	{ LISTS, "H", COMMAND_TOP, N_("top of the screen"), false },
	{ LISTS, "M", COMMAND_MIDDLE, N_("middle of the screen"), false },
	{ LISTS, "L", COMMAND_BOTTOM, N_("bottom of the screen"), false },

	{ LISTS | SIDEBAR, "Enter", COMMAND_OPEN, N_("open"), true },
	{ QUEUE | PARTS, "Enter", COMMAND_OPEN, N_("open"), true },
	{ LISTS, "Space", COMMAND_OPEN, NULL, false },
	{ SIDEBAR, "l", COMMAND_OPEN, NULL, false },
	{ SIDEBAR, "Right", COMMAND_OPEN, NULL, false },
	{ PAGER, "J", COMMAND_NEXT_MESSAGE, N_("next letter"), true },
	{ PAGER, "K", COMMAND_PREVIOUS_MESSAGE, N_("previous letter"),
	    false },
	{ MAIL, "Tab", COMMAND_NEXT_UNREAD, N_("next unread"), false },
	{ MAIL, "Shift-Tab", COMMAND_PREVIOUS_UNREAD,
	    N_("previous unread"), false },
	{ PAGER, "i", COMMAND_BACK, N_("back to the list"), false },

	{ LIST | SIDEBAR, "J", COMMAND_NEXT_FOLDER, N_("next folder"),
	    false },
	{ LIST | SIDEBAR, "K", COMMAND_PREVIOUS_FOLDER,
	    N_("previous folder"), false },
	{ GO, "c", COMMAND_GOTO_FOLDER, N_("go to a folder"), false },
	{ GO, "gi", COMMAND_GOTO_INBOX, N_("inbox"), false },
	{ GO, "gu", COMMAND_GOTO_UNIFIED, N_("all inboxes"), false },
	{ GO, "gd", COMMAND_GOTO_DRAFTS, N_("drafts"), false },
	{ GO, "gs", COMMAND_GOTO_SENT, N_("sent"), false },
	{ GO, "ga", COMMAND_GOTO_ARCHIVE, N_("archive"), false },
	{ GO, "gt", COMMAND_GOTO_TRASH, N_("trash"), false },
	{ GO, "gx", COMMAND_GOTO_JUNK, N_("spam"), false },
	{ MAIN, "gq", COMMAND_GOTO_QUEUE, N_("queue"), false },
	{ LIST, "gD", COMMAND_GOTO_DATE, N_("go to a date"), false },
	{ LIST, "h", COMMAND_FOCUS_SIDEBAR, N_("to the folders"), false },
	{ LIST, "Left", COMMAND_FOCUS_SIDEBAR, NULL, false },
	{ LIST, "Ctrl-W h", COMMAND_FOCUS_SIDEBAR, NULL, false },
	{ SIDEBAR, "Ctrl-W l", COMMAND_BACK, NULL, false },
	{ LIST | SIDEBAR, "`", COMMAND_TOGGLE_SIDEBAR,
	    N_("folders on or off"), false },

	{ LIST, "od", COMMAND_ORDER_DATE, N_("by date"), false },
	{ LIST, "of", COMMAND_ORDER_SENDER, N_("by sender"), false },
	{ LIST, "os", COMMAND_ORDER_SUBJECT, N_("by subject"), false },
	{ LIST, "oz", COMMAND_ORDER_SIZE, N_("by size"), false },
	{ LIST, "ot", COMMAND_ORDER_THREAD, N_("by thread"), false },
	{ LIST, "O", COMMAND_REVERSE, N_("upside down"), false },
	{ LIST, "ou", COMMAND_FILTER_UNREAD, N_("only unread"), false },
	{ LIST, "oF", COMMAND_FILTER_FLAGGED, N_("only flagged"), false },
	{ LIST, "oa", COMMAND_FILTER_NONE, N_("all letters"), false },
	{ LIST, "za", COMMAND_FOLD, N_("fold threads, or unfold"), false },
	{ LIST, "zM", COMMAND_FOLD_ALL, N_("fold threads: acts are on the "
	    "letter shown"), false },
	{ LIST, "zR", COMMAND_UNFOLD_ALL, N_("unfold threads"), false },
	{ LIST | PAGER, "gc", COMMAND_CONVERSATION,
	    N_("whole conversation"), false },

	{ LIST, "m", COMMAND_COMPOSE, N_("write"), true },
	{ MAIN & ~LIST, "m", COMMAND_COMPOSE, N_("write"), false },
	{ MAIL, "r", COMMAND_REPLY, N_("reply"), true },
	{ MAIL, "R", COMMAND_REPLY_ALL, N_("reply to all"), false },
	{ MAIL, "f", COMMAND_FORWARD, N_("forward"), false },
	{ MAIL, "d", COMMAND_DELETE, N_("delete"), true },
	{ MAIL, "a", COMMAND_ARCHIVE, N_("archive"), false },
	{ MAIL, "s", COMMAND_MOVE, N_("move to a folder"), false },
	{ MAIL, "C", COMMAND_COPY, N_("copy to a folder"), false },
	{ MAIL, "*", COMMAND_KEYWORDS, N_("keywords and flags by name"),
	    false },
	{ MAIL, "$", COMMAND_PURGE, N_("remove for good what is deleted"),
	    false },
	{ MAIL, "I", COMMAND_TOGGLE_READ, N_("read or unread"), false },
	{ MAIL, "F", COMMAND_TOGGLE_FLAGGED, N_("flag"), false },
	{ MAIL, "=", COMMAND_KEEP, N_("keep on this computer, or not"),
	    false },
	{ MAIN | QUEUE, "u", COMMAND_UNDO, N_("undo"), false },
	{ MAIN | QUEUE, "Ctrl-R", COMMAND_REDO, N_("do again"), false },
	{ LISTS, "t", COMMAND_MARK, N_("mark"), false },
	{ LISTS, "Ctrl-T", COMMAND_UNMARK_ALL, N_("unmark all"), false },
	{ LIST, "Esc", COMMAND_CLEAR, N_("all letters again, then unmark"),
	    false },

	{ PAGER, "h", COMMAND_HEADERS, N_("all headers"), false },
	{ PAGER, "H", COMMAND_SOURCE, N_("source"), false },
	{ PAGER, "t", COMMAND_ALTERNATIVE, N_("text or HTML"), false },
	{ PAGER, "T", COMMAND_FOLD_QUOTES, N_("fold quotes"), false },
	{ PAGER, "S", COMMAND_SKIP_QUOTE, N_("skip the quote"), false },
	{ MAIL, "v", COMMAND_PARTS, N_("attachments"), false },
	{ PAGER | PARTS, "w", COMMAND_SAVE, N_("save attachment"), false },
	{ PAGER | PARTS, "W", COMMAND_SAVE_ALL, N_("save all"), false },
	{ PAGER, "go", COMMAND_OPEN_LINK, N_("open link (3go: the third)"),
	    false },
	{ PAGER, "gy", COMMAND_COPY_LINK, N_("copy link"), false },

	{ REVIEW, "y", COMMAND_SEND, N_("send"), true },
	{ REVIEW, "e", COMMAND_EDIT, N_("edit"), true },
	{ REVIEW, "t", COMMAND_EDIT_TO, N_("to"), true },
	{ REVIEW, "c", COMMAND_EDIT_CC, N_("copy to"), false },
	{ REVIEW, "b", COMMAND_EDIT_BCC, N_("blind copy to"), false },
	{ REVIEW, "s", COMMAND_EDIT_SUBJECT, N_("subject"), false },
	{ REVIEW, "a", COMMAND_ATTACH, N_("attach"), true },
	{ REVIEW, "D", COMMAND_DETACH, N_("take an attachment off"), false },
	{ REVIEW, "Alt-f", COMMAND_NEXT_IDENTITY, N_("another sender"),
	    false },
	{ REVIEW, "Alt-n", COMMAND_NEXT_IDENTITY, NULL, false },
	{ REVIEW, "P", COMMAND_POSTPONE, N_("postpone"), false },
	{ REVIEW, "p", COMMAND_POSTPONE, NULL, false },

	{ SIDEBAR, "C", COMMAND_FOLDER_CREATE, N_("make a folder"), false },
	{ SIDEBAR, "r", COMMAND_FOLDER_RENAME, N_("rename"), false },
	{ SIDEBAR, "d", COMMAND_FOLDER_REMOVE, N_("remove"), false },
	{ SIDEBAR, "s", COMMAND_FOLDER_SUBSCRIBE,
	    N_("subscribe or no longer"), false },

	{ QUEUE, "x", COMMAND_CANCEL, N_("cancel"), true },
	{ QUEUE, "r", COMMAND_RETRY, N_("try again"), true },

	{ MAIL, "/", COMMAND_SEARCH, N_("search"), false },
	{ MAIL, "n", COMMAND_SEARCH_NEXT, N_("next hit"), false },
	{ MAIL, "N", COMMAND_SEARCH_PREVIOUS, N_("previous hit"),
	    false },
	{ MAIN, "gr", COMMAND_CHECK, N_("check this account"), false },
	{ MAIN, "F5", COMMAND_CHECK, NULL, false },
	{ MAIN, "gR", COMMAND_CHECK_ALL, N_("check all accounts"), false },
	{ ALL, "Ctrl-L", COMMAND_REDRAW, N_("draw again"), false },
	{ ALL, "Ctrl-Z", COMMAND_SUSPEND, N_("suspend"), false },
	{ ALL & ~HELP, "?", COMMAND_HELP, N_("help"), true },
	{ ALL & ~HELP, "F1", COMMAND_HELP, NULL, false },
	{ LIST, "q", COMMAND_QUIT, N_("quit"), false },
	{ ROWS & ~LIST, "q", COMMAND_BACK, N_("back"), true },
	{ HELP, "q", COMMAND_BACK, N_("back"), true },
	{ PAGER | REVIEW, "q", COMMAND_BACK, N_("back"), false },
	{ SIDEBAR | QUEUE | PARTS | HELP | CONVERSATION, "Esc", COMMAND_BACK,
	    NULL, false },
};

const size_t nbindings = ARRAY_LEN(bindings);
