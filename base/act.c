/* SPDX-License-Identifier: MIT */
#include "base/act.h"

#include "base/bug.h"

const char *
act_kind_word(enum act_kind kind)
{
	static const char *const words[] = {
		[ACT_FLAGS] = "flags",
		[ACT_SEND] = "send",
		[ACT_FILE] = "file",
		[ACT_MOVE] = "move",
		[ACT_COPY] = "copy",
		[ACT_PURGE] = "purge",
		[ACT_KEYWORD] = "keyword",
		[ACT_CREATE] = "create",
		[ACT_RENAME] = "rename",
		[ACT_REMOVE] = "remove",
		[ACT_SUBSCRIBE] = "subscribe",
	};

	bug_on(kind == 0 || (size_t)kind >= ARRAY_LEN(words));
	return words[kind];
}

bool
act_is_of_message(enum act_kind kind)
{
	switch (kind) {
	case ACT_FLAGS:
	case ACT_MOVE:
	case ACT_COPY:
	case ACT_PURGE:
	case ACT_KEYWORD:
		return true;
	case ACT_SEND:
	case ACT_FILE:
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_REMOVE:
	case ACT_SUBSCRIBE:
		break;
	}
	return false;
}

bool
act_is_of_folder(enum act_kind kind)
{
	switch (kind) {
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_REMOVE:
	case ACT_SUBSCRIBE:
		return true;
	case ACT_FLAGS:
	case ACT_SEND:
	case ACT_FILE:
	case ACT_MOVE:
	case ACT_COPY:
	case ACT_PURGE:
	case ACT_KEYWORD:
		break;
	}
	return false;
}

const char *
act_state_word(enum act_state state)
{
	switch (state) {
	case ACT_QUEUED:
		return "queued";
	case ACT_SENT:
		return "sent";
	case ACT_DONE:
		return "done";
	case ACT_FAILED:
		return "failed";
	case ACT_UNKNOWN:
		return "unknown";
	case ACT_CANCELED:
		return "canceled";
	}
	bug_on(state);
	return "";
}
