/* SPDX-License-Identifier: MIT */
/*
 * Taking back what the user did.  A step is what one command changed, on
 * one letter or thousands.  The newest UNDO_STEPS are kept in the store: they
 * outlive the process, and another one can take them back.
 *
 * A step of flags is taken back by the opposite wish, which cancels an act
 * that has not left and follows one that has.  It gives the flags that the
 * step changed what they had before, whatever happened to them since, and
 * leaves the others alone.  So it is with keywords; what was moved goes back,
 * and a copy is taken away, by a purge where the server has it already.  A
 * folder that was made is removed, and one that was renamed or subscribed to
 * gets back what it had.  A step that sent a letter, purged one or removed a
 * folder is taken back as long as nothing of it may have left.
 *
 * Taking back goes from the newest step to older ones, and doing again the
 * other way; a new step ends what could be done again.
 */
#pragma once

#include "base/act.h"
#include "store/store.h"

enum { UNDO_STEPS = 100 };

/*
 * The acts that follow in this transaction are one step.  Without it they
 * are not kept for taking back.  A transaction in which nothing changes
 * makes no step.  Returns the number that the step will have.
 */
uint64_t store_undo_begin(struct store_txn *t, int64_t now);

struct undo_result {
	uint64_t step;
	enum act_kind kind;	/* of the step; what to say about it */
	/* Or folders; are as they were (or will be sent again). */
	size_t messages;
	size_t not_undone;	/* are gone, or have left */
};

/*
 * Takes the newest step back that is not yet, or does the one again that was
 * taken back last.  ERR_NOTFOUND: there is none.  ERR_REFUSED: all of it has
 * left, or may have; the step is dropped, so that the next call looks at the
 * one before: commit also then.
 */
enum err store_undo_last(struct store_txn *t, int64_t now,
    struct undo_result *out, struct error *e);
enum err store_redo_last(struct store_txn *t, int64_t now,
    struct undo_result *out, struct error *e);
