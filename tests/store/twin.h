/* SPDX-License-Identifier: MIT */
/*
 * The slow and obvious twin of a store: an array of messages that is
 * searched from end to end.  Random acts of servers and users go to both.
 */
#pragma once

#include "store/thread_tree.h"
#include "store/view_private.h"
#include "tests/store/scratch.h"

enum { TWIN_FOLDERS = 4, TWIN_MESSAGES = 400 };

struct twin_message {
	uint64_t id;
	uint32_t folder, uid, flags;
	int64_t date;
	uint64_t size;
	size_t sender, subject;		/* twin_senders, twin_subjects */
	bool is_there;
	/* What a page by thread said last. */
	uint64_t thread;
	struct message_spot thread_newest;
	uint32_t thread_index;
};

/* A text, and what of it counts in an order. */
struct twin_text {
	const char *text, *sort;
};

struct twin {
	struct scratch s;
	/* The first two of an IMAP account, the others of a POP3 one. */
	uint32_t folders[TWIN_FOLDERS];
	uint32_t uids[TWIN_FOLDERS];
	struct twin_message m[TWIN_MESSAGES];
	size_t n;
};

/* One line of a list. */
struct twin_line {
	struct twin_message m;
	/* By thread: where the thread stands, its place in the tree. */
	struct message_spot newest;
	uint32_t index, depth;
	uint32_t total, unread;		/* of the thread, in its first line */
};

/* A random number below that; and a claim that is true once in n times. */
uint32_t twin_any(uint32_t below);
bool twin_once_in(uint32_t n);

void twin_init(struct twin *w);
void twin_fini(struct twin *w);
/* Something happens to both. */
void twin_act(struct twin *w, struct store_txn *t);

bool twin_is_in(const struct view *v, const struct twin_message *m);
/* The message as a page would give it, as far as positions need it. */
struct message twin_message_of(const struct twin_message *m);

/* Every line of the view from the top down; out has TWIN_MESSAGES. */
size_t twin_list(const struct twin *w, struct store_txn *t,
    const struct view *v, struct twin_line *out);
/*
 * How many lines are above the position of a message of the twin, there or
 * not; *here is how many are at it.
 */
size_t twin_above(const struct twin *w, struct store_txn *t,
    const struct view *v, const struct twin_message *m,
    const struct twin_line *list, size_t n, size_t *here);
