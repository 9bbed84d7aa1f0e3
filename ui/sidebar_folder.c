/* SPDX-License-Identifier: MIT */
#include "ui/sidebar_folder.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "store/account.h"
#include "store/journal.h"
#include "store/undo.h"
#include "ui/acts.h"
#include "ui/folder_pick.h"
#include "ui/frame.h"

/* What a question is about while it is open. */
struct asked {
	struct ui *ui;
	uint32_t account, folder;
	char *title;		/* owned; the one it has */
};

static void
asked_free(struct asked *a)
{
	free(a->title);
	free(a);
}

static bool
begin(struct ui *ui, struct store_txn *t)
{
	if (store_write(ui_store(ui), t) != ERR_OK)
		return false;
	store_undo_begin(t, ui_now(ui));
	return true;
}

/* Ends with a sentence about a folder; refused: why there was no act. */
static bool
end(struct ui *ui, struct store_txn *t, uint64_t act, const char *said,
    const char *refused)
{
	if (!act && t->error.kind == ERR_OK) {
		ui_say(ui, ROLE_WARNING, "%s", refused);
		return false;
	}
	if (acts_commit(ui, t) != ERR_OK)
		return false;
	acts_say(ui, said);
	return true;
}

static void
say_of(struct buf *out, const char *fmt, struct span title)
{
	CLEANUP(buf_fini) struct buf clean = { 0 };

	acts_put_clean(&clean, title);
	buf_printf(out, fmt, buf_str(&clean));
}

static void
create(void *ctx, const char *line)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(buf_fini) struct buf said = { 0 };
	struct asked *a = ctx;
	uint64_t act = 0;

	if (line && *line) {
		if (begin(a->ui, &t))
			act = store_act_create(&t, a->account,
			    span_trim(span_of(line)), ui_now(a->ui));
		say_of(&said, _("Made the folder %s"), span_of(line));
		end(a->ui, &t, act, buf_str(&said), _("There is a folder of "
		    "that name, or it is no name."));
	}
	asked_free(a);
}

static void
rename_it(void *ctx, const char *line)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(buf_fini) struct buf said = { 0 };
	struct asked *a = ctx;
	uint64_t act = 0;

	if (line && *line && strcmp(line, a->title) != 0) {
		if (begin(a->ui, &t))
			act = store_act_rename(&t, a->folder,
			    span_trim(span_of(line)), ui_now(a->ui));
		say_of(&said, _("The folder is %s now"), span_of(line));
		end(a->ui, &t, act, buf_str(&said), _("There is a folder of "
		    "that name, it is no name, or this is the inbox."));
	}
	asked_free(a);
}

/* A folder that went is not to stay on the screen. */
static void
leave(struct ui *ui, uint32_t folder)
{
	struct place place = { .kind = PLACE_FOLDER, .folder = folder };

	if (place_eq(list_place(ui_list(ui)), place))
		ui_show(ui, (struct place){ .kind = PLACE_ROLE,
		    .role = FOLDER_INBOX });
}

static void
remove_it(void *ctx, char answer)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(buf_fini) struct buf said = { 0 };
	struct asked *a = ctx;
	uint64_t act = 0;

	if (answer == 'y') {
		if (begin(a->ui, &t))
			act = store_act_remove(&t, a->folder, ui_now(a->ui));
		say_of(&said, _("Removed the folder %s"), span_of(a->title));
		if (end(a->ui, &t, act, buf_str(&said),
		    _("The inbox cannot be removed.")))
			leave(a->ui, a->folder);
	}
	asked_free(a);
}

static void
subscribe(struct ui *ui, const struct folder *f)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(buf_fini) struct buf said = { 0 };
	uint64_t act = 0;

	if (begin(ui, &t))
		act = store_act_subscribe(&t, f->id, !f->is_subscribed,
		    ui_now(ui));
	say_of(&said, f->is_subscribed ? _("No longer subscribed to %s")
	    : _("Subscribed to %s"), folder_pick_name(f));
	end(ui, &t, act, buf_str(&said), _("Nothing was changed."));
}

static void
ask_remove(struct asked *a, const struct folder *f)
{
	CLEANUP(buf_fini) struct buf question = { 0 }, name = { 0 };

	/* Nobody would clear it, and its letters would be nowhere. */
	if (f->is_local && f->total > 0) {
		ui_say(a->ui, ROLE_WARNING, P_("It has %u letter that no "
		    "server has; move or purge that first.", "It has %u "
		    "letters that no server has; move or purge them first.",
		    f->total), f->total);
		asked_free(a);
		return;
	}
	acts_put_clean(&name, folder_pick_name(f));
	buf_printf(&question, P_("Remove %s with its %u letter? y: yes, "
	    "n: no", "Remove %s with its %u letters? y: yes, n: no",
	    f->total), buf_str(&name), f->total);
	ui_ask(a->ui, buf_str(&question), "yn", remove_it, a);
}

static struct asked *
asked_new(struct ui *ui, uint32_t account, const struct folder *f)
{
	struct asked *a = xcalloc(1, sizeof *a);

	*a = (struct asked){ .ui = ui, .account = account, .folder = f->id,
		.title = span_dup(f->title) };
	return a;
}

static void
ask_create(struct ui *ui, struct store_txn *t, uint32_t account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf label = { 0 };
	struct account of;

	if (!store_account_get(t, account, &arena, &of)) {
		ui_say(ui, ROLE_WARNING, "%s",
		    _("Go to an account first, or to one of its folders."));
		return;
	}
	say_of(&label, _("New folder in %s:"), of.name);
	ui_prompt(ui, buf_str(&label), SPAN_LIT(""), create,
	    asked_new(ui, account, &(struct folder){ 0 }));
}

bool
sidebar_folder_command(struct ui *ui, enum command command, uint32_t account,
    uint32_t folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct folder f;

	if (command != COMMAND_FOLDER_CREATE &&
	    command != COMMAND_FOLDER_RENAME &&
	    command != COMMAND_FOLDER_REMOVE &&
	    command != COMMAND_FOLDER_SUBSCRIBE)
		return false;
	if (store_read(ui_store(ui), &t) != ERR_OK)
		return true;
	if (command == COMMAND_FOLDER_CREATE) {
		ask_create(ui, &t, account);
		return true;
	}
	if (!store_folder_get(&t, folder, &arena, &f)) {
		ui_say(ui, ROLE_WARNING, "%s", _("This is no folder of an "
		    "account."));
		return true;
	}
	store_end(&t);
	if (command == COMMAND_FOLDER_SUBSCRIBE)
		subscribe(ui, &f);
	else if (f.role == FOLDER_INBOX)
		ui_say(ui, ROLE_WARNING, "%s", _("The inbox stays as it is."));
	else if (command == COMMAND_FOLDER_REMOVE)
		ask_remove(asked_new(ui, account, &f), &f);
	else
		ui_prompt(ui, _("New name:"), f.title, rename_it,
		    asked_new(ui, account, &f));
	return true;
}
