/* SPDX-License-Identifier: MIT */
/*
 * What a user can do to mail, as the journal keeps it.  The numbers are
 * stored: never reuse one.
 */
#pragma once

#include "base/span.h"

enum act_kind {
	ACT_FLAGS = 1,	/* add and remove flags of one message */
	ACT_SEND = 2,	/* hand one letter to the account's SMTP server */
	ACT_FILE = 3,	/* put a copy of a sent letter into Sent (IMAP) */
};

enum act_state {
	ACT_QUEUED = 1,		/* nothing has left this machine */
	ACT_SENT = 2,		/* bytes may have left, no answer yet */
	ACT_DONE = 3,
	ACT_FAILED = 4,		/* refused for good; answer says why */
	ACT_UNKNOWN = 5,	/* cut between request and answer */
	ACT_CANCELED = 6,
};

/* "flags", "send", "file"; "queued", ...: the words of JSON. */
const char *act_kind_word(enum act_kind kind);
const char *act_state_word(enum act_state state);
