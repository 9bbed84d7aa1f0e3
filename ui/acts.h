/* SPDX-License-Identifier: MIT */
/*
 * What the user does to letters and folders: an act, its words in the status
 * line, and the way back.  The list and the pager use the same ones.  Each is
 * one transaction and one step to take back, however many letters it is about.
 */
#pragma once

#include "base/buf.h"
#include "store/store.h"
#include "ui/ui.h"

/*
 * What an act is about.  Where a question comes first, all of it is copied;
 * ctx must outlive the pane that asks.
 */
struct acts_on {
	struct ui *ui;
	const uint64_t *ids;		/* borrowed */
	size_t n;			/* at least one */
	void (*left)(void *ctx);	/* letters have left their folder */
	void *ctx;
};

/*
 * As the accounts of the letters say (store_act_delete).  Returns how many
 * have left their folder; `left` was called when there are any.
 */
size_t acts_delete(const struct acts_on *on);
/* Into the archives of their accounts; returns as acts_delete. */
size_t acts_archive(const struct acts_on *on);
/*
 * Asks for a folder.  Letters of another account than the first go to the
 * folder of the same role or title there; where there is none they stay.
 */
void acts_ask_move(const struct acts_on *on, bool is_copy);
/* Asks for "+name -name": keywords, or flags by their words. */
void acts_ask_keywords(const struct acts_on *on);
/*
 * Shows which of the letters are marked as deleted and asks whether they are
 * to go for good.  purge_view.c
 */
void acts_ask_purge(const struct acts_on *on);
/* The same for all that a folder has; `on` names no letters. */
void acts_ask_purge_folder(const struct acts_on *on, uint32_t folder);

/* For the files of acts. */

/* A copy of `on` and its ids; free() frees both. */
struct acts_on *acts_keep_on(const struct acts_on *on);
/* Ends an act: ERR_OK, or the status line says why nothing was done. */
enum err acts_commit(struct ui *ui, struct store_txn *t);
/* Says what was done, and which key takes it back. */
void acts_say(struct ui *ui, const char *said);
/* Appends for the status line, with nothing in it that a terminal obeys. */
void acts_put_clean(struct buf *out, struct span text);
