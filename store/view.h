/* SPDX-License-Identifier: MIT */
/*
 * Views: ordered walks over messages, read a page at a time from wherever
 * the screen stands.  Nothing is held between two pages but a position.  The
 * unified inbox is a merge of one cursor a folder; nothing is stored for it.
 *
 * The cost of a page follows its lines and not the mailbox, but for these:
 *
 * - By sender, subject or size there is no index of what passes a filter.
 *   What passes is sorted for each page or looked for in the order, as is
 *   expected to be less: if it lies evenly, it takes 4,000 rows at most, by
 *   size 8,000, for 50 lines of a million messages.  If it stands together,
 *   far from the page, up to twice what it takes to read and sort it all.
 * - With both filters, whole runs are leapt over that pass one of them.
 *   Where these alternate, as many as pass the rarer filter are looked at.
 * - By thread and with a filter, those that pass are met one by one also
 *   where they are of a thread that was listed: in a folded list, a thread
 *   with 100,000 unread messages has them all passed over.
 */
#pragma once

#include "store/folder.h"
#include "store/message.h"

/*
 * What comes first.  Texts are compared casefolded and cut, subjects without
 * their "Re:"; a sender without a name goes by the address.
 */
enum view_order {
	VIEW_BY_DATE = 0,	/* newest first */
	VIEW_BY_SENDER,		/* A first; of one sender the newest first */
	VIEW_BY_SUBJECT,	/* the same */
	VIEW_BY_SIZE,		/* largest first */
	/*
	 * The thread with the newest message first; its messages as a tree,
	 * parents before children.  A thread stands where its newest message
	 * that passes the filter stands; only those that pass are listed.
	 * One of more than 1,000 messages is not a tree but oldest first.
	 */
	VIEW_BY_THREAD,
};

/* What is listed: the letters that pass every test named. */
enum view_filter {
	VIEW_ALL = 0,
	VIEW_UNREAD = 1 << 0,	/* message_is_unread: not read, not deleted */
	VIEW_FLAGGED = 1 << 1,	/* deleted or not */
};

enum { VIEW_FOLDERS_MAX = 1024 };

struct view {
	uint32_t folders[VIEW_FOLDERS_MAX];	/* each once */
	size_t nfolders;
	unsigned filter;	/* enum view_filter; both: unread and flagged */
	enum view_order order;
	bool is_reversed;	/* the whole list upside down */
	/*
	 * By thread: one line a thread, which is the newest unread message
	 * of those that would be listed, or the newest when all are read.
	 */
	bool is_folded;
};

/* All folders with the role; neither they nor their accounts are gone. */
void store_view_role(struct store_txn *t, enum folder_role role,
    struct view *out);
void store_view_folder(uint32_t folder, struct view *out);

/*
 * A place in the list of one view, which is there whether its message still
 * is or not: pages go on from what is next to it.  Made by the functions
 * below, for a view of the same order; all zeros is no position.
 */
struct view_position {
	int64_t date;
	uint64_t id;		/* of the message; 0: no position */
	/* By sender, subject or size: what it is sorted by. */
	uint8_t nsort;
	char sort[40];
	/* By thread: its thread, where that stood, its place in the tree. */
	uint64_t thread;
	struct message_spot thread_newest;
	uint32_t thread_index;
};

/* Where a message stands; best one that was read by a page of the view. */
struct view_position store_view_position(const struct view *view,
    const struct message *m);
/*
 * By date and by thread: where the messages of that moment begin, from the
 * top; to be used with VIEW_AT.  In other orders no position.
 */
struct view_position store_view_position_at(const struct view *view,
    int64_t date);

enum view_from {
	VIEW_TOP,	/* from the top down; position is not looked at */
	VIEW_BOTTOM,	/* the last page */
	VIEW_AT,	/* the position itself, or else the next, and down */
	VIEW_DOWN,	/* strictly below the position */
	VIEW_UP,	/* strictly above it, the nearest ones */
};

/*
 * Up to max rows into *out (in the arena), always from the top downwards.
 * No position (id 0) is above the top for VIEW_AT and VIEW_DOWN, and below
 * the bottom for VIEW_UP.
 *
 * By thread, a position follows its message: when its thread has moved, it
 * has moved along.  Where the message is gone it is what came next in its
 * thread, and where the thread is gone the next thread.
 */
size_t store_view_page(struct store_txn *t, const struct view *view,
    enum view_from from, struct view_position position, size_t max,
    struct arena *arena, struct message **out);

struct view_counts {
	uint64_t total, unread, flagged;
};

/*
 * Messages, in every order and whatever the filter.  From the folders'
 * counters: costs a read a folder.
 */
struct view_counts store_view_counts(struct store_txn *t,
    const struct view *view);
