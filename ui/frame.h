/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the frame (list, sidebar, acts, the commands that hold
 * everywhere) know of each other, beyond what every pane knows (ui/ui.h).
 */
#pragma once

#include "ui/place.h"
#include "ui/ui.h"

/* ui.c */
struct pane *ui_list(struct ui *ui);
/*
 * The same, or the conversation that lies nearest to the top; it has been
 * read since the store last changed.
 */
struct pane *ui_nearest_list(struct ui *ui);
struct pane *ui_sidebar(struct ui *ui);
const struct status *ui_status(const struct ui *ui);
/* The list is on top and nothing is being asked. */
bool ui_list_is_current(const struct ui *ui);
bool ui_sidebar_has_focus(const struct ui *ui);
void ui_focus_sidebar(struct ui *ui, bool has_focus);
void ui_toggle_sidebar(struct ui *ui);
/* The folder that letters were moved or copied to last; 0: none yet. */
uint32_t ui_last_target(const struct ui *ui);
void ui_set_last_target(struct ui *ui, uint32_t folder);
/* Closes what lies over the list and shows a place in it. */
void ui_show(struct ui *ui, struct place place);
/* The ui itself has written: everything is read again in this turn. */
void ui_changed(struct ui *ui);
void ui_suspend(struct ui *ui);
void ui_repaint(struct ui *ui);
/* "one", "1,204": by the locale. */
void ui_put_number(struct buf *out, uint64_t number);
/* A sign and what stands for it in ASCII mode. */
const char *ui_sign(const struct ui *ui, const char *sign, const char *ascii);

/* ui_command.c: what a pane did not take. */
void ui_command(struct ui *ui, enum command command, unsigned count);

/* list_view.c */
struct pane *list_new(struct ui *ui);
void list_show(struct pane *list, struct place place);
/* The place is filtered (enum view_filter) when it is shown first. */
void list_filter_place(struct pane *list, struct place place,
    unsigned filter);						/* list_order.c */
struct place list_place(const struct pane *list);
/* The account of the letter or folder at hand; 0: none. */
uint32_t list_account(const struct pane *list);

/* sidebar_view.c */
struct pane *sidebar_new(struct ui *ui);
/* Puts the cursor on a place, without opening it. */
void sidebar_follow(struct pane *sidebar, struct place place);
/* Opens the next (1) or previous (-1) place. */
void sidebar_step(struct pane *sidebar, int step);
/* Opens the place whose name fits best; false when none does. */
bool sidebar_open_by_name(struct pane *sidebar, struct span name);
