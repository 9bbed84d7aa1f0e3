/* SPDX-License-Identifier: MIT */
/*
 * Small letters for tests of threads, in folders of two accounts, and the
 * slow and obvious twin of threads: who is with whom, and in which tree.
 */
#pragma once

#include "store/thread_tree.h"
#include "tests/store/scratch.h"

enum {
	LETTERS_MAX = 64,
	LETTER_FOLDERS = 4,	/* two an account */
	LETTER_REFS_MAX = LETTERS_MAX,
	LETTER_IDS = 200,
	DAY = 86400,
};

/* Numbers stand for texts; 0: there is none. */
struct letter {
	int id;
	int refs[LETTER_REFS_MAX];
	size_t nrefs;
	int64_t date;
	int folder;		/* from 0 */
	int subject, from, to;
	bool is_reply;
	bool is_forward;	/* what it answers, or else itself */
	int server_thread;
	uint64_t stored;	/* the message; 0: not there (yet) */
};

struct letters {
	struct scratch s;
	uint32_t folders[LETTER_FOLDERS];
	struct letter l[LETTERS_MAX];
	size_t n;
};

/* An empty store with the folders. */
void letters_init(struct letters *w);
void letters_fini(struct letters *w);
/* Adds one to the store. */
void letter_add(struct letters *w, struct store_txn *t, struct letter *l);
/* The letter that a message is. */
size_t letter_of(const struct letters *w, uint64_t stored);
uint32_t any_below(uint32_t n);

/* Gives each letter a label: those of one thread have the same. */
void twin_partition(const struct letters *w, int labels[LETTERS_MAX]);

struct twin_node {
	size_t letter;
	int depth;
};

/* The tree of those that have the label and are stored in wanted folders. */
size_t twin_tree(const struct letters *w, const int labels[LETTERS_MAX],
    int label, const bool wanted[LETTER_FOLDERS],
    struct twin_node out[LETTERS_MAX]);
