/* SPDX-License-Identifier: MIT */
/* The ui itself.  Private to ui.c, ui_draw.c, ui_keys.c and ui_child.c. */
#pragma once

#include "ui/prompt.h"
#include "ui/status.h"
#include "ui/ui.h"

enum { PANES_MAX = 12, SIDEBAR_NEEDS_COLS = 80, SAID_MAX = 1024 };

enum asking {
	ASKING_NOTHING,
	ASKING_LINE,	/* ui_prompt */
	ASKING_LETTER,	/* ui_ask */
};

struct ui {
	struct store *store;			/* borrowed: the caller's */
	const struct ui_host *host;		/* borrowed: the same */
	const struct ui_settings *settings;	/* borrowed: the same */
	struct term *term;			/* owned */
	struct surface surface;
	bool is_ascii;
	bool is_over;
	int64_t now;				/* of this turn */

	struct pane *panes[PANES_MAX];		/* owned; [0] is the list */
	size_t npanes;
	uint64_t shown[PANES_MAX];	/* generation of each; 0: read it */
	struct pane **closed;			/* owned; freed after a turn */
	size_t nclosed;
	struct pane *sidebar;			/* owned */
	bool sidebar_is_shown, sidebar_has_focus;

	struct key_state keys;
	char said[SAID_MAX];			/* "": nothing */
	enum role said_role;
	uint64_t followed_send;			/* an act; 0: none */
	uint32_t last_target;			/* a folder; 0: none */

	enum asking asking;
	struct prompt prompt;
	char *label;				/* owned */
	char answers[16];
	void (*line_done)(void *ctx, const char *line);
	void (*letter_done)(void *ctx, char answer);
	void *asking_ctx;

	int watch_fd;				/* -1: generations are polled */
	bool has_changed;
	int64_t changes_due_ms;			/* of the monotonic clock */
	uint64_t generation;			/* that is shown */
	struct status status;
};

/* ui.c */
/* Everything but the terminal, which ui_run adds: so tests can do without. */
void ui_begin(struct ui *ui, struct store *store, const struct ui_host *host,
    const struct ui_settings *settings);
void ui_end(struct ui *ui);
/*
 * Reads again what is shown, when the store has changed and it is time.  A
 * pane that is covered is read when it comes back to the top.
 */
void ui_take_changes(struct ui *ui);
struct pane *ui_top(const struct ui *ui);
/* Takes the terminal's size over. */
void ui_fit(struct ui *ui);
/* ui_draw.c: the whole frame. */
void ui_draw(struct ui *ui);
/* ui_sent.c: says how the followed letter stands, when that is decided. */
void ui_look_after_send(struct ui *ui);
/* ui_keys.c */
enum context ui_context(const struct ui *ui);
void ui_take_key(struct ui *ui, uint32_t key);
/* Answers a pending question with "given up". */
void ui_give_up_asking(struct ui *ui);
