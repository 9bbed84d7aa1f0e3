/* SPDX-License-Identifier: MIT */
/*
 * The reader as its screens see it.  Private to ui/.
 *
 * One thread, one loop (ui.c): wait for a key or a wake-up, hand it to the
 * pane on top, draw.  Panes lie on a stack; the list is at the bottom.  A
 * pane reads the store in short transactions and copies what it shows; it
 * never waits for anything.
 */
#pragma once

#include "ui/host.h"
#include "ui/keys.h"
#include "ui/prompt.h"
#include "ui/surface.h"
#include "ui/term.h"

struct ui;	/* opaque to panes */
struct pane;

struct pane_class {
	const char *name;
	enum context context;
	/*
	 * The title line: what is shown (left, cut where it does not fit) and
	 * how much there is (right).  NULL: the class's name.
	 */
	void (*title)(struct pane *pane, struct buf *left, struct buf *right);
	/*
	 * Draws into the rectangle, which is blank.  The title line, the
	 * rules and the status line are the frame's, not part of it.
	 */
	void (*draw)(struct pane *pane, struct surface *s, struct rect r);
	/* True when the command was taken. count 0: none was typed. */
	bool (*command)(struct pane *pane, enum command command,
	    unsigned count);
	/*
	 * The store has changed since it was read, and the pane is on top (or
	 * is asked for its letters): read again.  May be NULL.
	 */
	void (*changed)(struct pane *pane);
	/* wake_fd became readable: a worker has an answer.  May be NULL. */
	void (*woken)(struct pane *pane);
	/* Frees the pane. */
	void (*close)(struct pane *pane);
};

/* The first member of every pane's own struct. */
struct pane {
	const struct pane_class *class;
	struct ui *ui;		/* borrowed */
	int wake_fd;		/* -1: none */
	bool covers_all;	/* full screen; else the sidebar stays visible */
};

struct store *ui_store(const struct ui *ui);
const struct ui_settings *ui_settings(const struct ui *ui);
/* Tells the sync half that the store has work for it. */
void ui_wake(struct ui *ui);
void ui_check(struct ui *ui, uint32_t account);
/* Now, as base/date.h; and the local zone is date_local_offset. */
int64_t ui_now(const struct ui *ui);

/* Puts a pane on top (its owner is now the ui), or takes the top one off. */
void ui_push(struct ui *ui, struct pane *pane);
void ui_pop(struct ui *ui);
void ui_quit(struct ui *ui);
void ui_redraw(struct ui *ui);

/* What the last key did, in the status line, until the next key. */
void ui_say(struct ui *ui, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Says in the status line what becomes of a letter that was queued: sent,
 * refused, or not known.  The last one followed counts.
 */
void ui_follow_send(struct ui *ui, uint64_t act);

/* A line of input in the status line.  done gets NULL when given up. */
void ui_prompt(struct ui *ui, const char *label, struct span initial,
    void (*done)(void *ctx, const char *line), void *ctx);
/* The line that is asked for now is completed so, with the same ctx. */
void ui_prompt_completes(struct ui *ui, prompt_complete *complete);
/* A question with one-letter answers ("ynq"); done gets 0 when given up. */
void ui_ask(struct ui *ui, const char *question, const char *answers,
    void (*done)(void *ctx, char answer), void *ctx);

/*
 * Runs a child on the terminal and waits: argv, no shell.  The exit status,
 * or -1 when it could not start.
 */
int ui_run_child(struct ui *ui, char *const argv[]);
/* The user's editor on a file, modelines off where that is known. */
int ui_edit(struct ui *ui, const char *path);

/* Dates for lists: "09:41", "Tue 17", "12 Oct", "3.2019" by age. */
void ui_put_date(const struct ui *ui, int64_t when, struct buf *out);
/* The date of a letter in full: "Sun 22 Nov 2026 09:41". */
void ui_put_long_date(int64_t when, struct buf *out);

/*
 * Screens.  Each opens its pane and pushes it.
 */
void pager_open(struct ui *ui, uint64_t message);	/* pager_view.c */
void parts_open(struct ui *ui, uint64_t message);	/* parts_view.c */
void conversation_open(struct ui *ui, uint64_t message);
						/* list_conversation.c */
void queue_open(struct ui *ui);				/* queue_view.c */
void help_open(struct ui *ui, enum context of);		/* help_view.c */

enum compose_kind { COMPOSE_NEW, COMPOSE_REPLY, COMPOSE_REPLY_ALL, COMPOSE_FORWARD };
/* Editor, then the review screen.  message 0 for COMPOSE_NEW.  compose.c */
void compose_open(struct ui *ui, enum compose_kind kind, uint32_t account,
    uint64_t message);

/*
 * Acts with their words in the status line and their undo; acts.c.  The
 * pager and the list use the same ones.  said is what happened, without the
 * way back, which is appended ("Deleted 1 letter"); NULL: neither words nor
 * undo (an act that the user did not ask for by name).
 */
void acts_flags(struct ui *ui, const uint64_t *messages, size_t n,
    uint32_t add, uint32_t remove, const char *said);
/*
 * Keeps the letters on this computer whatever the disk budget, or no longer,
 * when the one at the cursor is kept; says so.
 */
void acts_keep(struct ui *ui, uint64_t cursor, const uint64_t *messages,
    size_t n);
/* Takes the last one back; false when nothing was. */
bool acts_undo(struct ui *ui);
/* Does again what was taken back last. */
bool acts_redo(struct ui *ui);

/*
 * The neighbours of a message in the list below the pager: the next older
 * (step 1) or newer (-1), only unread ones if asked; 0 at the end.  Moves
 * the list's cursor there.  list_view.c
 */
uint64_t list_step(struct ui *ui, int step, bool only_unread);
/* The letter that the list below is at; 0: it is empty.  list_view.c */
uint64_t list_here(struct ui *ui);
