/* SPDX-License-Identifier: MIT */
#include "base/act.h"

#include "base/bug.h"

const char *
act_kind_word(enum act_kind kind)
{
	switch (kind) {
	case ACT_FLAGS:
		return "flags";
	case ACT_SEND:
		return "send";
	case ACT_FILE:
		return "file";
	}
	bug_on(kind);
	return "";
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
