/* SPDX-License-Identifier: MIT */
/*
 * The list itself.  Private to list_view.c (the window on the store),
 * list_draw.c, list_keys.c and list_search.c.
 */
#pragma once

#include "ui/frame.h"
#include "ui/status.h"

struct list {
	struct pane pane;		/* first: a pane is cast to its list */
	struct place place;
	struct view view;		/* the folders of the place */
	enum folder_role role;		/* of the place; NONE: mixed */
	uint32_t account;		/* of PLACE_FOLDER */
	struct buf name;		/* of PLACE_FOLDER: "kerja/Masuk" */
	struct view_counts counts;

	struct arena arena;		/* owns the rows */
	struct message *rows;		/* newest first */
	size_t nrows;
	bool is_newest_here, is_oldest_here;	/* the window's ends */
	size_t top, cursor;		/* indexes into rows */
	int height;			/* lines; 0: not drawn yet */
	bool is_touched;		/* a key of the list was pressed */
	bool follows;			/* the last one led to the newest */

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
void list_go_newest(struct list *l);
void list_go_oldest(struct list *l);
struct view_position list_neighbour(struct list *l, int step,
    bool only_unread);

/* list_draw.c */
void list_put_name(struct list *l, struct store_txn *t,
    const struct folder *folder);
void list_title(struct pane *pane, struct buf *left, struct buf *right);
void list_draw(struct list *l, struct surface *s, struct rect r);

/* list_keys.c */
bool list_command(struct pane *pane, enum command command, unsigned count);
bool list_is_marked(const struct list *l, uint64_t id);

/* list_search.c */
void list_search_ask(struct list *l, unsigned count);
void list_search_next(struct list *l, unsigned count);
void list_search_previous(struct list *l, unsigned count);
