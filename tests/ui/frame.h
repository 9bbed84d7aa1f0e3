/* SPDX-License-Identifier: MIT */
/*
 * A reader without a terminal: a real store in a directory of its own, keys
 * by name, the screen as text.  What would open a letter is noted instead.
 */
#pragma once

#include "ui/ui_state.h"

enum { FRAME_NOW = 1795340460 };	/* Sun 22 Nov 2026 09:41 UTC */

struct frame {
	char dir[64];
	struct store *store;
	struct ui_host host;
	struct ui_settings settings;
	struct ui ui;
	uint32_t work, home;		/* accounts */
	uint32_t work_inbox, work_sent, work_project, home_inbox;
	uint32_t next_uid;
};

/* Two accounts, four folders, no letters. */
void frame_open(struct frame *f);
void frame_close(struct frame *f);
/* After the letters are in: the reader, rows x cols. */
void frame_start(struct frame *f, int rows, int cols);
/* A letter so many seconds old; returns its id. */
uint64_t frame_add(struct frame *f, uint32_t folder, const char *from,
    const char *subject, int64_t age_s, uint32_t flags);
/* One with a number that answers another (0: none); unread. */
uint64_t frame_answer(struct frame *f, uint32_t folder, const char *from,
    const char *subject, int64_t age_s, int number, int answered);
void frame_set_flags(struct frame *f, uint64_t id, uint32_t flags);
/* n letters "s1", "s2", ..., s1 the newest, a minute apart. */
void frame_add_many(struct frame *f, uint32_t folder, int n);
/* Keys as the table writes them, one word a sequence: "3j gg /". */
void frame_type(struct frame *f, const char *keys);
/* Characters as they are. */
void frame_text(struct frame *f, const char *text);
/* What another thread wrote is noticed, as at the start of a turn. */
void frame_notice(struct frame *f);
/* The flags of a letter as the store has them. */
uint32_t frame_flags(struct frame *f, uint64_t id);
/* True when a line of the screen holds the text. */
bool frame_shows(struct frame *f, const char *text);
/* The text of a line, until the next call. */
const char *frame_line(struct frame *f, int y);
/* The line with the selection; -1: none. */
int frame_selected(struct frame *f);
/* The letter that was opened last; 0. */
uint64_t frame_opened(void);
