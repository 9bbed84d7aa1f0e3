/* SPDX-License-Identifier: MIT */
/*
 * The list itself.  Private to the files of the list:
 *
 * list_view.c		moving in the window on the store, and the pane
 * list_load.c		reading the window
 * list_kept.c		what is still shown although a filter has let it go
 * list_order.c		order, filter, folds
 * list_thread.c	the tree that a thread is drawn as
 * list_draw.c		a line
 * list_title.c		the title
 * list_keys.c		commands
 * list_search.c	searching
 * list_date.c		going to a date
 * list_conversation.c	a conversation as a list
 */
#pragma once

#include "ui/frame.h"
#include "ui/list_order.h"
#include "ui/status.h"

/* A letter that the filter no longer passes, and where it is shown. */
struct kept {
	uint64_t id;
	uint64_t after;		/* the letter above it; 0: it was the first */
	uint64_t below;		/* then, the letter below; 0: none */
	uint64_t thread;
	uint32_t thread_total;
	uint16_t depth;
	bool is_placed;
};

struct list {
	struct pane pane;		/* first: a pane is cast to its list */
	struct place place;
	uint64_t conversation;		/* of this message; 0: of the place */
	bool has_more;			/* a conversation that was cut */
	struct view view;		/* the folders of the place */
	struct list_order order;
	struct list_habit *habits;	/* owned; one a place */
	size_t nhabits;
	enum folder_role role;		/* of the place; NONE: mixed */
	uint32_t account;		/* of PLACE_FOLDER */
	struct buf name;		/* of PLACE_FOLDER: "kerja/Masuk" */
	struct view_counts counts;

	struct arena arena;		/* owns the rows */
	struct message *rows;		/* from the top down */
	size_t nrows;
	uint16_t *depths;		/* that the rows are drawn at */
	struct span *folders;		/* of a conversation's rows */
	bool has_top, has_bottom;	/* the window's ends */
	size_t top, cursor;		/* indexes into rows */
	int height;			/* lines; 0: not drawn yet */
	bool is_touched;		/* a key of the list was pressed */
	bool follows;			/* the last one led to the first line */
	struct kept *kept;		/* owned */
	size_t nkept;

	struct view_position seen_newest;	/* was on the screen */
	size_t nabove;			/* came since, above the screen */

	uint64_t *marked;		/* owned; ids, ascending */
	size_t nmarked;
	struct buf needle;		/* of the last search, case folded */
	struct view_position searched;	/* how far; id 0: from the cursor */
	uint64_t searched_from;		/* the cursor's letter then */
	enum view_from searched_direction;
};

struct list *list_of(struct pane *pane);
/* NULL when the list is empty. */
const struct message *list_current(const struct list *l);
void list_move(struct list *l, int64_t by);
void list_scroll(struct list *l, int64_t by);
void list_go(struct list *l, struct view_position at);
void list_go_top(struct list *l);
void list_go_bottom(struct list *l);
struct view_position list_neighbour(struct list *l, int step,
    bool only_unread);
/* What a pane does with its list, whatever the class. */
void list_draw_pane(struct pane *pane, struct surface *s, struct rect r);
void list_changed(struct pane *pane);
void list_close(struct pane *pane);

/* list_load.c */
/* Lines on the screen; a guess before it was drawn. */
int list_height(const struct list *l);
/*
 * Reads the window around a position, whose letter comes to the given line
 * of the screen.  On an error the list is empty and the status line says
 * why.
 */
void list_load(struct list *l, enum view_from from, struct view_position at,
    size_t offset);
/* The same, without what was only kept. */
void list_load_anew(struct list *l, enum view_from from,
    struct view_position at, size_t offset);
/* Brings the cursor's line to `offset`, as far as there are rows. */
void list_settle(struct list *l, size_t offset);

/* list_kept.c */
/*
 * Where to read from so that the letter of `at` is in the window again:
 * itself, or the nearest of the rows that the filter still passes.  id 0:
 * there is none.
 */
struct view_position list_anchor(const struct list *l, struct store_txn *t,
    const struct message *rows, size_t n, struct view_position at);
/*
 * Puts back between the new rows what was shown before and is no longer
 * passed.  had_top: `before` began at the top of the list.
 */
void list_keep(struct list *l, struct store_txn *t,
    const struct message *before, size_t nbefore, bool had_top);

/* list_thread.c */
/* How deep each row is drawn: below those above it that are listed. */
void list_measure(struct list *l);
/*
 * "│ └─" for a row, at most so many levels; "│ └→" when it is bare: nothing
 * follows.
 */
void list_put_branch(const struct list *l, size_t i, int levels, bool is_bare,
    struct buf *out);
/* The row answers a listed one and says nothing new in its subject. */
bool list_repeats_subject(const struct list *l, size_t i);

/* list_title.c */
void list_put_name(struct list *l, struct store_txn *t,
    const struct folder *folder);
void list_title(struct pane *pane, struct buf *left, struct buf *right);

/* list_draw.c */
void list_draw(struct list *l, struct surface *s, struct rect r);

/* list_keys.c */
bool list_command(struct pane *pane, enum command command, unsigned count);
bool list_is_marked(const struct list *l, uint64_t id);

/* list_search.c */
void list_search_ask(struct list *l, unsigned count);
void list_search_next(struct list *l, unsigned count);
void list_search_previous(struct list *l, unsigned count);

/* list_date.c */
void list_date_ask(struct list *l, unsigned count);

/* list_conversation.c */
/* Reads all rows of the list, and the names of their folders. */
void list_read_conversation(struct list *l, struct store_txn *t,
    const struct message *before, size_t nbefore);
