/* SPDX-License-Identifier: MIT */
/*
 * What the roof hands to the screen: the narrow way from ui/ to the rest of
 * the program.  Everything else goes through the store.
 */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "store/view.h"

struct ui_host {
	void *ctx;
	/*
	 * The journal has a new act, a body is wanted: look.  Returns at once.
	 */
	void (*wake)(void *ctx);
	/* Check this account (0: all) now, as the user asked for it. */
	void (*check)(void *ctx, uint32_t account);
	/*
	 * A signal-safe note that the program should end: SIGTERM, SIGHUP.
	 * The ui asks once a turn.
	 */
	bool (*should_stop)(void *ctx);
};

struct ui_settings {
	const char *theme;	/* name or path; NULL: by the terminal */
	const char *theme_dir;	/* where themes are installed */
	const char *editor;	/* NULL: $VISUAL, $EDITOR, vi */
	const char *draft_dir;	/* 0700; drafts survive a crash here */
	const char *save_dir;	/* where attachments are saved */
	bool ascii;		/* no line drawing, no symbols */
	/*
	 * What is listed at first: "kerja/Proyek", "kerja", a group, or all
	 * inboxes (NULL, "inbox").  With a place that is not there the reader
	 * opens on all inboxes and says so.
	 */
	const char *open;
	unsigned filter;	/* enum view_filter: of that list */
	enum view_order order;	/* of every list, until the user says */
};

/*
 * Blocks the signals that only the reader's wait may let in (SIGWINCH,
 * SIGCONT, SIGTERM, SIGHUP), in the calling thread and all it will start.
 * To be called before any thread is: a signal that another thread takes
 * would not wake the reader.  Handlers are the caller's, as before.
 */
void ui_block_signals(void);

/*
 * Runs the reader until the user leaves.  ERR_CONFIG when the terminal
 * cannot do it (unknown, no cursor movement, no terminal at all).
 */
enum err ui_run(struct store *store, const struct ui_host *host,
    const struct ui_settings *settings, struct error *e);
