/* SPDX-License-Identifier: MIT */
/*
 * Acts on letters, and taking them back.  What an act really changed is kept
 * per letter, so that undo gives back what was there and no more.  One act
 * is one transaction, however many letters it is about.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/journal.h"
#include "ui/frame.h"

enum { UNDO_MAX = 100 };

/* How to give one letter back what an act took. */
struct reversal {
	uint64_t message;
	uint32_t add, remove;
};

struct deed {
	struct reversal *reversals;	/* owned */
	size_t n;
};

struct acts {
	struct deed deeds[UNDO_MAX];	/* the last one is undone first */
	size_t n;
};

struct acts *
acts_new(void)
{
	return xcalloc(1, sizeof(struct acts));
}

void
acts_free(struct acts *acts)
{
	if (!acts)
		return;
	for (size_t i = 0; i < acts->n; i++)
		free(acts->deeds[i].reversals);
	free(acts);
}

static void
remember(struct acts *acts, struct deed deed)
{
	if (acts->n == UNDO_MAX) {
		free(acts->deeds[0].reversals);
		acts->n--;
		memmove(&acts->deeds[0], &acts->deeds[1],
		    acts->n * sizeof acts->deeds[0]);
	}
	acts->deeds[acts->n++] = deed;
}

/* Writes the act for one letter and notes in *deed what it changed. */
static void
act_on(struct store_txn *t, uint64_t id, uint32_t add, uint32_t remove,
    int64_t now, struct arena *arena, struct deed *deed)
{
	struct message m;
	uint32_t added, removed;

	arena_reset(arena);
	if (!store_message_get(t, id, arena, &m))
		return;
	added = add & ~m.flags;
	removed = remove & m.flags;
	if (!added && !removed)
		return;
	store_act_flags(t, id, added, removed, now);
	deed->reversals[deed->n++] =
	    (struct reversal){ id, removed, added };
}

static enum err
commit(struct ui *ui, struct store_txn *t, struct error *e)
{
	enum err err = store_commit(t, e);

	if (err != ERR_OK)
		return err;
	ui_changed(ui);
	ui_wake(ui);
	return ERR_OK;
}

void
acts_flags(struct ui *ui, const uint64_t *messages, size_t n, uint32_t add,
    uint32_t remove, const char *said)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct deed deed = { xcalloc(n + 1, sizeof *deed.reversals), 0 };
	struct error e = { 0 };

	/* A failure to begin is in the transaction, and comes out of commit. */
	if (store_write(ui_store(ui), &t) == ERR_OK) {
		for (size_t i = 0; i < n; i++)
			act_on(&t, messages[i], add, remove, ui_now(ui),
			    &arena, &deed);
	}
	if (commit(ui, &t, &e) != ERR_OK) {
		ui_say(ui, ROLE_ERROR, "%s", e.text);
		deed.n = 0;
	} else if (said && deed.n > 0) {
		/* TRANSLATORS: "Deleted 1 letter", a dot, "u" */
		ui_say(ui, ROLE_NORMAL, _("%s %s %s takes it back"), said,
		    ui_sign(ui, "·", "-"),
		    keys_of(CONTEXT_LIST, COMMAND_UNDO));
	}
	if (said && deed.n > 0)
		remember(ui_acts(ui), deed);
	else
		free(deed.reversals);
}

bool
acts_undo(struct ui *ui)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct acts *acts = ui_acts(ui);
	struct error e = { 0 };
	struct deed deed;

	if (acts->n == 0) {
		ui_say(ui, ROLE_DIM, "%s", _("Nothing to take back."));
		return false;
	}
	deed = acts->deeds[acts->n - 1];
	if (store_write(ui_store(ui), &t) == ERR_OK) {
		for (size_t i = 0; i < deed.n; i++)
			store_act_flags(&t, deed.reversals[i].message,
			    deed.reversals[i].add, deed.reversals[i].remove,
			    ui_now(ui));
	}
	/* What could not be written stays to be tried again. */
	if (commit(ui, &t, &e) != ERR_OK) {
		ui_say(ui, ROLE_ERROR, "%s", e.text);
		return false;
	}
	acts->n--;
	ui_say(ui, ROLE_NORMAL, P_("Taken back for %zu letter.",
	    "Taken back for %zu letters.", deed.n), deed.n);
	free(deed.reversals);
	return true;
}
