/* SPDX-License-Identifier: MIT */
/*
 * What a user can do to mail, as the journal keeps it.  The numbers are
 * stored: never reuse one.
 */
#pragma once

#include <stdbool.h>

#include "base/span.h"

enum act_kind {
	ACT_FLAGS = 1,	/* add and remove flags of one message */
	ACT_SEND = 2,	/* hand one letter to the account's SMTP server */
	ACT_FILE = 3,	/* put a copy of a sent letter into Sent (IMAP) */
	ACT_MOVE = 4,	/* one message into another folder */
	ACT_COPY = 5,	/* a second one of it, in another folder */
	ACT_PURGE = 6,	/* remove one message for good */
	ACT_KEYWORD = 7,	/* add or remove a keyword of one message */
	ACT_CREATE = 8,	/* make a folder */
	ACT_RENAME = 9,	/* give a folder another name */
	ACT_REMOVE = 10,	/* remove a folder */
	ACT_SUBSCRIBE = 11,	/* or unsubscribe: whether a folder is listed */
	ACT_KIND_LAST = ACT_SUBSCRIBE,
};

enum act_state {
	ACT_QUEUED = 1,		/* nothing has left this machine */
	ACT_SENT = 2,		/* bytes may have left, no answer yet */
	ACT_DONE = 3,
	ACT_FAILED = 4,		/* refused for good; answer says why */
	ACT_UNKNOWN = 5,	/* cut between request and answer */
	ACT_CANCELED = 6,
};

/* "flags", "send", "move"; "queued", ...: the words of JSON. */
const char *act_kind_word(enum act_kind kind);
const char *act_state_word(enum act_state state);
/* It is of one message: struct act, message. */
bool act_is_of_message(enum act_kind kind);
/* It makes, changes or removes a folder. */
bool act_is_of_folder(enum act_kind kind);
