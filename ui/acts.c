/* SPDX-License-Identifier: MIT */
/*
 * Acts on letters, and taking them back.  One act is one transaction and one
 * step of the store, however many letters it is about; the store knows what
 * it changed (store/undo.h).
 */
#include "ui/acts.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "store/budget.h"
#include "store/journal.h"
#include "store/undo.h"
#include "ui/frame.h"

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

enum err
acts_commit(struct ui *ui, struct store_txn *t)
{
	struct error e = { 0 };
	enum err err = commit(ui, t, &e);

	if (err != ERR_OK)
		ui_say(ui, ROLE_ERROR, "%s", e.text);
	return err;
}

void
acts_say(struct ui *ui, const char *said)
{
	/* TRANSLATORS: "Deleted 1 letter", a dot, "u" */
	ui_say(ui, ROLE_NORMAL, _("%s %s %s takes it back"), said,
	    ui_sign(ui, "·", "-"), keys_of(CONTEXT_LIST, COMMAND_UNDO));
}

void
acts_put_clean(struct buf *out, struct span text)
{
	CLEANUP(buf_fini) struct buf clean = { 0 };

	text_clean(&clean, text);
	buf_put(out, buf_span(&clean));
}

struct acts_on *
acts_keep_on(const struct acts_on *on)
{
	size_t octets = on->n * sizeof on->ids[0];
	struct acts_on *kept = xcalloc(1, sizeof *kept + octets);
	uint64_t *ids = (uint64_t *)(kept + 1);

	*kept = *on;
	memcpy(ids, on->ids, octets);
	kept->ids = ids;
	return kept;
}

void
acts_flags(struct ui *ui, const uint64_t *messages, size_t n, uint32_t add,
    uint32_t remove, const char *said)
{
	CLEANUP(store_end) struct store_txn t;
	struct error e = { 0 };
	size_t nchanged = 0;

	/* A failure to begin is in the transaction, and comes out of commit. */
	if (store_write(ui_store(ui), &t) == ERR_OK) {
		if (said)
			store_undo_begin(&t, ui_now(ui));
		for (size_t i = 0; i < n; i++)
			nchanged += store_act_flags(&t, messages[i], add,
			    remove, ui_now(ui)) != 0;
	}
	if (commit(ui, &t, &e) != ERR_OK)
		ui_say(ui, ROLE_ERROR, "%s", e.text);
	else if (said && nchanged > 0)
		acts_say(ui, said);
}

void
acts_keep(struct ui *ui, uint64_t cursor, const uint64_t *messages, size_t n)
{
	CLEANUP(store_end) struct store_txn t;
	struct error e = { 0 };
	bool is_kept = false;

	if (store_write(ui_store(ui), &t) == ERR_OK) {
		is_kept = store_message_is_kept(&t, cursor);
		for (size_t i = 0; i < n; i++)
			store_message_keep(&t, messages[i], !is_kept);
	}
	if (commit(ui, &t, &e) != ERR_OK)
		ui_say(ui, ROLE_ERROR, "%s", e.text);
	else if (is_kept)
		ui_say(ui, ROLE_NORMAL, P_("%zu letter may leave this computer "
		    "when the disk budget is used up.", "%zu letters may leave "
		    "this computer when the disk budget is used up.", n), n);
	else
		ui_say(ui, ROLE_NORMAL, P_("%zu letter stays on this computer "
		    "%s %s lets it go", "%zu letters stay on this computer "
		    "%s %s lets them go", n), n, ui_sign(ui, "·", "-"),
		    keys_of(CONTEXT_LIST, COMMAND_KEEP));
}

/* What came of taking back what is no letter's. */
static const char *
folder_result(enum act_kind kind, bool is_again)
{
	if (kind == ACT_CREATE)
		return is_again ? _("The folder is made again.")
		    : _("The folder is not made.");
	if (kind == ACT_REMOVE)
		return is_again ? _("The folder is removed again.")
		    : _("The folder stays.");
	if (kind == ACT_RENAME)
		return is_again ? _("The folder has its new name again.")
		    : _("The folder has its old name again.");
	return is_again ? _("Done again to the folder.")
	    : _("The folder is as it was.");
}

/* The same for letters that went somewhere; false: they did not. */
static bool
say_way(struct ui *ui, const struct undo_result *r, bool is_again)
{
	size_t n = r->messages;

	if (r->kind == ACT_MOVE)
		ui_say(ui, ROLE_NORMAL, is_again
		    ? P_("Moved %zu letter again.",
			"Moved %zu letters again.", n)
		    : P_("%zu letter is back where it was.",
			"%zu letters are back where they were.", n), n);
	else if (r->kind == ACT_COPY)
		ui_say(ui, ROLE_NORMAL, is_again
		    ? P_("Copied %zu letter again.",
			"Copied %zu letters again.", n)
		    : P_("Took %zu copy away.", "Took %zu copies away.", n), n);
	else if (r->kind == ACT_PURGE)
		ui_say(ui, ROLE_NORMAL, is_again
		    ? P_("Purged %zu letter again.",
			"Purged %zu letters again.", n)
		    : P_("%zu letter is not purged.",
			"%zu letters are not purged.", n), n);
	else
		return false;
	return true;
}

/* What came of taking back, or of doing again. */
static void
say_result(struct ui *ui, const struct undo_result *r, bool is_again)
{
	if (act_is_of_folder(r->kind))
		ui_say(ui, ROLE_NORMAL, "%s",
		    folder_result(r->kind, is_again));
	else if (r->messages == 0 && r->not_undone > 0)
		ui_say(ui, ROLE_WARNING, P_("%zu letter is gone.",
		    "%zu letters are gone.", r->not_undone), r->not_undone);
	else if (r->kind == ACT_SEND)
		ui_say(ui, ROLE_NORMAL, "%s", is_again
		    ? _("The letter is in the queue again.")
		    : _("The letter is not sent."));
	else if (say_way(ui, r, is_again))
		return;
	else if (is_again)
		ui_say(ui, ROLE_NORMAL, P_("Done again for %zu letter.",
		    "Done again for %zu letters.", r->messages), r->messages);
	else
		ui_say(ui, ROLE_NORMAL, P_("Taken back for %zu letter.",
		    "Taken back for %zu letters.", r->messages), r->messages);
}

static bool
turn(struct ui *ui, bool is_again)
{
	CLEANUP(store_end) struct store_txn t;
	struct undo_result result = { 0 };
	struct error e = { 0 }, refused = { 0 };
	enum err err = ERR_OK;

	if (store_write(ui_store(ui), &t) == ERR_OK)
		err = (is_again ? store_redo_last : store_undo_last)(&t,
		    ui_now(ui), &result, &refused);
	if (err == ERR_NOTFOUND) {
		ui_say(ui, ROLE_DIM, "%s", is_again
		    ? _("Nothing to do again.") : _("Nothing to take back."));
		return false;
	}
	/* A step that is refused is dropped, which is written as well. */
	if (commit(ui, &t, &e) != ERR_OK)
		ui_say(ui, ROLE_ERROR, "%s", e.text);
	else if (err == ERR_REFUSED)
		ui_say(ui, ROLE_WARNING, "%s", result.kind == ACT_SEND
		    ? _("The letter has left, or may have.")
		    : _("The server knows it already, or may."));
	else
		say_result(ui, &result, is_again);
	return e.kind == ERR_OK && err == ERR_OK;
}

bool
acts_undo(struct ui *ui)
{
	return turn(ui, false);
}

bool
acts_redo(struct ui *ui)
{
	return turn(ui, true);
}
