/* SPDX-License-Identifier: MIT */
/*
 * Views: ordered walks over messages, read a page at a time from wherever
 * the screen stands.  Nothing is held between two pages but a position, so
 * the cost of a page does not depend on the mailbox.  The unified inbox is
 * a merge of one cursor a folder; nothing is stored for it.
 */
#pragma once

#include "store/folder.h"
#include "store/message.h"

/* Where a message stands: newest first by date, then by id. */
struct view_position {
	int64_t date;
	uint64_t id;	/* 0: no position */
};

enum view_filter {
	VIEW_ALL = 0,
	VIEW_UNREAD = 1 << 0,
	VIEW_FLAGGED = 1 << 1,
};

enum { VIEW_FOLDERS_MAX = 256 };

struct view {
	uint32_t folders[VIEW_FOLDERS_MAX];
	size_t nfolders;
	unsigned filter;	/* enum view_filter; both: unread and flagged */
};

/* All folders with the role; neither they nor their accounts are gone. */
void store_view_role(struct store_txn *t, enum folder_role role,
    struct view *out);
void store_view_folder(uint32_t folder, struct view *out);

enum view_from {
	VIEW_NEWEST,	/* from the top down; position is not looked at */
	VIEW_OLDEST,	/* the last page, still given newest first */
	VIEW_AT,	/* the position itself (or the next older) and older */
	VIEW_OLDER,	/* strictly older than the position */
	VIEW_NEWER,	/* strictly newer, the nearest ones, newest first */
};

/* Up to max rows into *out (in the arena), newest first. */
size_t store_view_page(struct store_txn *t, const struct view *view,
    enum view_from from, struct view_position position, size_t max,
    struct arena *arena, struct message **out);

static inline struct view_position
view_position_of(const struct message *m)
{
	return (struct view_position){ m->date, m->id };
}

struct view_counts {
	uint64_t total, unread, flagged;
};

/* From the folders' counters: costs a read a folder. */
struct view_counts store_view_counts(struct store_txn *t,
    const struct view *view);
