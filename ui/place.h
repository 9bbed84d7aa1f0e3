/* SPDX-License-Identifier: MIT */
/* What a list can show: a folder, or several merged. */
#pragma once

#include <string.h>

#include "store/group.h"

enum place_kind {
	PLACE_ROLE,	/* the folders of a role of all accounts, merged */
	PLACE_GROUP,	/* the folders of a group, merged */
	PLACE_FLAGGED,	/* what is flagged in every folder */
	PLACE_FOLDER,
};

struct place {
	enum place_kind kind;
	enum folder_role role;	/* PLACE_ROLE; FOLDER_INBOX: all inboxes */
	uint32_t folder;	/* PLACE_FOLDER */
	/*
	 * PLACE_GROUP: its name.  A copy, since a place outlives what the
	 * sidebar has read, and the group itself.
	 */
	char group[GROUP_NAME_OCTETS + 1];
};

static inline bool
place_eq(struct place a, struct place b)
{
	if (a.kind != b.kind)
		return false;
	switch (a.kind) {
	case PLACE_ROLE:
		return a.role == b.role;
	case PLACE_GROUP:
		return strcmp(a.group, b.group) == 0;
	case PLACE_FLAGGED:
		return true;
	case PLACE_FOLDER:
		return a.folder == b.folder;
	}
	return false;
}

/*
 * By name: "kerja/Proyek", "kerja" (its inbox), a group, "inbox" (all of
 * them).  False when there is no such place.
 */
bool place_find(struct store_txn *t, struct span name, struct place *out);
