/* SPDX-License-Identifier: MIT */
/* Folders: a mailbox of a server, or a local one.  RFC 9051 5.1. */
#pragma once

#include "store/store.h"

enum folder_role {
	FOLDER_NONE = 0,
	FOLDER_INBOX = 1,
	FOLDER_SENT = 2,
	FOLDER_DRAFTS = 3,
	FOLDER_TRASH = 4,
	FOLDER_JUNK = 5,
	FOLDER_ARCHIVE = 6,
	FOLDER_ALL = 7,
	FOLDER_FLAGGED = 8,
};

/* "inbox", "sent", ...; "" for none: the words of JSON. */
const char *folder_role_word(enum folder_role role);

struct folder {
	uint32_t id;		/* 0: not yet stored */
	uint32_t account;
	struct span name;	/* as the server writes it: the key */
	struct span title;	/* UTF-8, for people */
	char delimiter;		/* 0: flat */
	enum folder_role role;
	bool is_selectable;
	bool is_subscribed;
	bool is_local;		/* no server has it */
	bool is_gone;		/* the server no longer lists it */
	/*
	 * Made here, not yet on the server: the name is one that no server
	 * can have, and the folder is to be found by its id.  Without an open
	 * ACT_CREATE it will never be there.
	 */
	bool is_pending;

	/* What the server said last; 0 is unknown.  RFC 9051 2.3.1, 7162. */
	uint32_t uidvalidity, uidnext;
	uint64_t highestmodseq;
	uint32_t server_total, server_unseen;
	/*
	 * Headers are here for every UID from this one up: the download goes
	 * on below it.  UID_MAX: nothing yet; 1: complete.
	 */
	uint32_t complete_from;

	/* Kept by the store with every change of a row, as the user sees it. */
	uint32_t total, unread, flagged;
};

/*
 * Finds by account and name or makes; updates title, delimiter, role and
 * the is_ fields but is_pending; leaves the server's state alone.  Returns
 * the id.  What a folder act shows that is still open (store/journal.h) stays
 * on top: the titles of a rename, that a folder is made or removed, and
 * whether it is subscribed.  A new name with the title of a folder that is
 * pending is that folder, which is pending no longer.
 */
uint32_t store_folder_put(struct store_txn *t, const struct folder *folder);
/* Writes uidvalidity ... complete_from, nothing else. */
void store_folder_put_state(struct store_txn *t, const struct folder *folder);
bool store_folder_get(struct store_txn *t, uint32_t id, struct arena *arena,
    struct folder *out);
/* FOLDER_NONE also when there is no such folder. */
enum folder_role store_folder_role(struct store_txn *t, uint32_t id);
bool store_folder_find(struct store_txn *t, uint32_t account,
    struct span name, struct arena *arena, struct folder *out);
bool store_folder_find_role(struct store_txn *t, uint32_t account,
    enum folder_role role, struct arena *arena, struct folder *out);
/* Of one account, or of all (account 0): inbox first, roles, then by title. */
size_t store_folders(struct store_txn *t, uint32_t account,
    struct arena *arena, struct folder **out);
/*
 * The server knows it by this name from now on (its inferiors too, where
 * prefix and delimiter match).  It is no longer pending nor gone, but for a
 * removal that waits.  Another folder of such a name gives it up and is gone.
 * The titles stay what they are.
 */
void store_folder_renamed(struct store_txn *t, uint32_t folder,
    struct span name);
/*
 * Every row that the server has in the folder becomes unbound, since its
 * UIDs mean nothing any more (UIDVALIDITY changed); bounded: true when there
 * is more to do.
 */
bool store_folder_unbind(struct store_txn *t, uint32_t folder, size_t max);
/*
 * Removes every row that the server has in the folder, bounded: true when
 * there is more to do.  Those that wait to be moved into it stay.
 */
bool store_folder_clear(struct store_txn *t, uint32_t folder, size_t max);
