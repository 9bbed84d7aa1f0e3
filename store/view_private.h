/* SPDX-License-Identifier: MIT */
/*
 * What the files of views share.  An order of lines is an order of keys:
 * what stands behind the folder in a key of its table, compared octet by
 * octet, tells which of two lines comes first, also of different folders.
 *
 * view.c		pages
 * view_merge.c		a table of several folders, walked as one
 * view_few.c		what few lines pass a filter, sorted in memory
 * view_thread.c	pages by thread
 * view_tree.c		the threads that a page has looked at
 */
#pragma once

#include "store/row.h"
#include "store/txn.h"

enum {
	VIEW_SORT_OCTETS = 48,	/* of a key, behind the folder */
	/*
	 * With a filter and an order that is not the filter's, this many
	 * rows are rather sorted than looked for in the whole order.
	 */
	VIEW_FEW_MAX = 5000,
};

struct view_entry {
	uint64_t thread;	/* of TABLE_THREADS */
	uint32_t folder;
	uint8_t nsort;
	char sort[VIEW_SORT_OCTETS];
};

/* The message of an entry. */
struct view_spot {
	int64_t date;	/* of TABLE_BY_SIZE: 0 */
	uint64_t id;
};

/* Which way through which table, and from where. */
struct view_walk {
	enum table table;
	unsigned tests;		/* of the filter: what the table leaves open */
	bool is_ascending;	/* in the order of keys */
	struct span start;	/* behind the folder; empty: from the end */
	bool is_inclusive;	/* with what stands at the start */
};

/* Puts what is behind the folder in a key; false when it is too long. */
bool view_entry_set(struct view_entry *e, struct span key);
struct view_spot view_entry_spot(enum table table,
    const struct view_entry *e);
static inline struct span
view_entry_span(const struct view_entry *e)
{
	return (struct span){ e->sort, e->nsort };
}

/* The message passes these tests (enum view_filter). */
bool view_passes(struct store_txn *t, uint32_t folder, struct view_spot spot,
    unsigned tests);
/* Of the tables of the filter (not VIEW_ALL) the one that has less. */
enum table view_filter_table(struct store_txn *t, const struct view *view);
/* What is left to test for those that stand in the table. */
unsigned view_tests_left(const struct view *view, enum table table);

struct view_run;	/* one folder */

struct view_merge {
	struct store_txn *t;
	struct view_walk walk;
	struct view_run *runs;	/* owned */
	size_t nruns;
};

void view_merge_init(struct view_merge *m, struct store_txn *t,
    const struct view *view, const struct view_walk *walk);
void view_merge_fini(struct view_merge *m);	/* also for CLEANUP */
/* The next entry of all folders, or false at the end. */
bool view_merge_take(struct view_merge *m, struct view_entry *out);

/*
 * The same walk, up to max ids, for a table of a sort order: by what passes
 * the filter, all of which is read and sorted.
 */
size_t view_few(struct store_txn *t, const struct view *view,
    const struct view_walk *walk, size_t max, uint64_t *out);

/* store_view_page with VIEW_FEW_MAX replaced, for tests. */
size_t view_page(struct store_txn *t, const struct view *view,
    enum view_from from, const struct view_position *position, size_t max,
    uint64_t few_max, struct arena *arena, struct message **out);

/* The same of a view by thread; max is at most the number of rows. */
size_t view_thread_page(struct store_txn *t, const struct view *view,
    enum view_from from, const struct view_position *position, size_t max,
    struct arena *arena, struct message **out);
