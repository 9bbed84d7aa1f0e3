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
 * view_tree.c		one thread as the view has it
 */
#pragma once

#include "store/row.h"
#include "store/thread_tree.h"
#include "store/txn.h"
#include "store/view.h"

enum {
	VIEW_SORT_OCTETS = 48,	/* of a key, behind the folder */
	/*
	 * To read a row and sort it costs as much as to look in a walk at
	 * this many entries that do not pass.
	 */
	VIEW_SORT_COST = 4,
	VIEW_COUNT_MAX = 5000,	/* that pass both filters; more are many */
	VIEW_TREE_MAX = 1000,	/* members of a thread; more are listed flat */
};

struct view_entry {
	uint64_t thread;	/* of TABLE_THREADS */
	uint32_t folder;
	uint8_t nsort;
	char sort[VIEW_SORT_OCTETS];
};

/* Which way through which table, and from where. */
struct view_walk {
	enum table table;
	unsigned tests;		/* of the filter: what the table leaves open */
	bool is_ascending;	/* in the order of keys */
	struct span start;	/* behind the folder; empty: from the end */
	bool is_inclusive;	/* with what stands at the start */
	uint64_t thread;	/* of TABLE_THREAD_MEMBERS: which one's */
	/* By sender, subject, size: it gives up after so many; 0: never. */
	uint64_t fails_max;
};

/* A message of a page; all but the id are of a view by thread. */
struct view_line {
	uint64_t id;
	struct message_spot newest;	/* where the thread stands */
	uint32_t index;
	uint16_t depth;
	uint32_t total, unread;		/* in the first line */
};

/* The lines of a page, those nearest to where it begins first. */
struct view_lines {
	struct view_line *list;		/* owned */
	size_t n, size, max;
};

static inline bool
view_lines_are_full(const struct view_lines *lines)
{
	return lines->n == lines->max;
}

void view_lines_add(struct view_lines *lines, const struct view_line *line);

/* Puts what is behind the folder in a key; false when it is too long. */
bool view_entry_set(struct view_entry *e, struct span key);
/* The message of an entry; of TABLE_BY_SIZE without its date. */
struct message_spot view_entry_spot(enum table table,
    const struct view_entry *e);
static inline struct span
view_entry_span(const struct view_entry *e)
{
	return (struct span){ e->sort, e->nsort };
}

/* The message passes these tests (enum view_filter). */
bool view_passes(struct store_txn *t, uint32_t folder, struct message_spot spot,
    unsigned tests);

enum view_verdict {
	VIEW_PASSES,
	VIEW_FAILS,
	VIEW_LEAP,	/* it fails, and so do all up to another spot */
	VIEW_NONE,	/* it fails, and so do all others on the way */
};

/* The same for walks by date; VIEW_LEAP moves *spot on in the folder. */
enum view_verdict view_leap(struct store_txn *t, uint32_t folder,
    unsigned tests, bool is_ascending, struct message_spot *spot);
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
	uint64_t nfails;
	bool has_given_up;	/* see fails_max */
};

void view_merge_init(struct view_merge *m, struct store_txn *t,
    const struct view *view, const struct view_walk *walk);
void view_merge_fini(struct view_merge *m);	/* also for CLEANUP */
/* The next entry of all folders, or false at the end. */
bool view_merge_take(struct view_merge *m, struct view_entry *out);

/*
 * The same walk for a table of a sort order, by what passes the filter: all
 * of that is read, and the nearest lines->max are sorted.
 */
void view_few(struct store_txn *t, const struct view *view,
    const struct view_walk *walk, struct view_lines *lines);

enum { VIEW_PLACES = 256 };

/* Threads as a view has them: by its folders and its filter. */
struct view_threads {
	struct store_txn *t;
	const struct view *view;
	/* What was found out, by number of the thread; may be overwritten. */
	struct view_thread_place {
		uint64_t thread;
		struct message_spot newest;
	} places[VIEW_PLACES];

	uint64_t thread;		/* the one at hand */
	struct message_spot newest;
	bool is_flat;			/* too large: read where it is shown */
	struct arena arena;		/* its tree: */
	struct thread_node *nodes;	/* of the folders, passing or not */
	size_t n, first;		/* the first one that passes */
};

/* The newest message that passes; id 0: the view does not have it. */
struct message_spot view_thread_newest(struct view_threads *w, uint64_t thread);
/* The newest one of those that pass which is unread; id 0: none. */
struct message_spot view_thread_newest_unread(struct view_threads *w,
    uint64_t thread);
/* Takes it in hand; the view has the thread. */
void view_thread_open(struct view_threads *w, uint64_t thread);
/* The node passes the filter. */
bool view_thread_shows(struct view_threads *w, size_t index);
/* What of the thread is in the folders and passes the tests. */
uint32_t view_thread_count(struct view_threads *w, uint64_t thread,
    unsigned tests);
/* The message is of the thread. */
bool view_thread_has(struct view_threads *w, uint64_t thread, uint32_t folder,
    struct message_spot spot);

/*
 * Lines by thread.  Position NULL: from the end.  is_down is the direction,
 * of the list as it is without is_reversed.
 */
void view_thread_walk(struct store_txn *t, const struct view *view,
    const struct view_position *position, bool is_down, bool is_inclusive,
    struct view_lines *lines);

/*
 * store_view_page, for tests with a number of entries that may fail before
 * what passes is sorted; 0: it is sorted at once.
 */
size_t view_page(struct store_txn *t, const struct view *view,
    enum view_from from, const struct view_position *position, size_t max,
    uint64_t fails, struct arena *arena, struct message **out);
