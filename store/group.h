/* SPDX-License-Identifier: MIT */
/*
 * Groups: folders under one name ("Work", "Private") that are read as one
 * inbox.  They are what the configuration says, written at every start like
 * the accounts; a folder in one need not be there yet.
 */
#pragma once

#include "store/view.h"

struct group {
	struct span name;	/* 1 to GROUP_NAME_OCTETS; the key */
	uint32_t order;		/* as configured, from 0 */
	const struct span *folders;	/* "kerja/Proyek", "kerja": its inbox */
	size_t nfolders;
};

/* Folders are written one by one, and looked up so. */
enum { GROUP_NAME_OCTETS = 64, GROUP_FOLDERS_MAX = 256 };

/* Adds or replaces; ERR_LIMIT for a name or a list that is too long. */
void store_group_put(struct store_txn *t, const struct group *group);
/* All others go. */
void store_group_keep_only(struct store_txn *t, const struct span *names,
    size_t n);
/* In their order. */
size_t store_groups(struct store_txn *t, struct arena *arena,
    struct group **out);

/*
 * The folders of a group that are there, each once, in its order: neither
 * they nor their accounts are gone.  False when there is no such group.
 */
bool store_view_group(struct store_txn *t, struct span name,
    struct view *out);

/*
 * The id of "account/folder", the folder by its title or by the server's
 * name; the inbox is INBOX in any case, or nothing.  Neither account nor
 * folder is gone; 0 when there is none.
 */
uint32_t store_folder_by_path(struct store_txn *t, struct span path);
