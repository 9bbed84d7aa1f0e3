/* SPDX-License-Identifier: MIT */
/* Commands that mean the same wherever they are typed. */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "store/folder.h"
#include "ui/frame.h"
#include "ui/ui_state.h"

static const struct {
	enum command command;
	enum folder_role role;
	const char *missing;
} gotos[] = {
	{ COMMAND_GOTO_INBOX, FOLDER_INBOX, N_("There is no inbox here.") },
	{ COMMAND_GOTO_DRAFTS, FOLDER_DRAFTS,
	    N_("There is no folder for drafts here.") },
	{ COMMAND_GOTO_SENT, FOLDER_SENT,
	    N_("There is no folder for sent letters here.") },
	{ COMMAND_GOTO_ARCHIVE, FOLDER_ARCHIVE,
	    N_("There is no archive here.") },
	{ COMMAND_GOTO_TRASH, FOLDER_TRASH,
	    N_("There is no trash folder here.") },
	{ COMMAND_GOTO_JUNK, FOLDER_JUNK,
	    N_("There is no spam folder here.") },
};

/* The folder of a role of this account; 0: it has none. */
static uint32_t
folder_of_role(struct ui *ui, uint32_t account, enum folder_role role)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder folder;

	if (store_read(ui_store(ui), &t) != ERR_OK ||
	    !store_folder_find_role(&t, account, role, &arena, &folder))
		return 0;
	return folder.id;
}

static bool
has_role(struct ui *ui, enum folder_role role)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct view view = { .nfolders = 0 };

	if (store_read(ui_store(ui), &t) == ERR_OK)
		store_view_role(&t, role, &view);
	return view.nfolders > 0;
}

/* From a folder to its account's; from a merged view to the merged one. */
static void
goto_role(struct ui *ui, enum command command)
{
	for (size_t i = 0; i < ARRAY_LEN(gotos); i++) {
		struct place place = { .kind = PLACE_ROLE,
			.role = gotos[i].role };
		bool is_merged = list_place(ui_list(ui)).kind !=
		    PLACE_FOLDER && command != COMMAND_GOTO_INBOX;

		if (gotos[i].command != command)
			continue;
		if (!is_merged) {
			place.kind = PLACE_FOLDER;
			place.folder = folder_of_role(ui,
			    list_account(ui_list(ui)), gotos[i].role);
		}
		if (is_merged ? has_role(ui, place.role) : place.folder > 0)
			ui_show(ui, place);
		else
			ui_say(ui, ROLE_WARNING, "%s", _(gotos[i].missing));
		return;
	}
}

static void
goto_named(void *ctx, const char *line)
{
	struct ui *ui = ctx;

	if (!line || !*line)
		return;
	if (!sidebar_open_by_name(ui->sidebar, span_of(line)))
		ui_say(ui, ROLE_WARNING,
		    _("No folder's name is like \"%s\"."), line);
}

static void
goto_folder(struct ui *ui, unsigned count)
{
	(void)count;
	ui_prompt(ui, _("Go to folder:"), SPAN_LIT(""), goto_named, ui);
}

static void
goto_unified(struct ui *ui, unsigned count)
{
	(void)count;
	ui_show(ui, (struct place){ .kind = PLACE_ROLE,
	    .role = FOLDER_INBOX });
}

static void
goto_queue(struct ui *ui, unsigned count)
{
	(void)count;
	queue_open(ui);
}

static void
next_folder(struct ui *ui, unsigned count)
{
	sidebar_step(ui->sidebar, count ? (int)count : 1);
}

static void
previous_folder(struct ui *ui, unsigned count)
{
	sidebar_step(ui->sidebar, count ? -(int)count : -1);
}

static void
focus_sidebar(struct ui *ui, unsigned count)
{
	(void)count;
	ui_focus_sidebar(ui, true);
}

static void
toggle_sidebar(struct ui *ui, unsigned count)
{
	(void)count;
	ui_toggle_sidebar(ui);
}

static void
compose(struct ui *ui, unsigned count)
{
	(void)count;
	compose_open(ui, COMPOSE_NEW, list_account(ui_list(ui)), 0);
}

static void
undo(struct ui *ui, unsigned count)
{
	for (unsigned i = 0; i < (count ? count : 1); i++) {
		if (!acts_undo(ui))
			break;
	}
}

static void
redo(struct ui *ui, unsigned count)
{
	for (unsigned i = 0; i < (count ? count : 1); i++) {
		if (!acts_redo(ui))
			break;
	}
}

static void
check_account(struct ui *ui, unsigned count)
{
	(void)count;
	ui_check(ui, list_account(ui_list(ui)));
	ui_say(ui, ROLE_NORMAL, "%s", _("Checking for new mail."));
}

static void
check_all(struct ui *ui, unsigned count)
{
	(void)count;
	ui_check(ui, 0);
	ui_say(ui, ROLE_NORMAL, "%s",
	    _("Checking every account for new mail."));
}

static void
redraw(struct ui *ui, unsigned count)
{
	(void)count;
	ui_repaint(ui);
}

static void
suspend(struct ui *ui, unsigned count)
{
	(void)count;
	ui_suspend(ui);
}

static void
help(struct ui *ui, unsigned count)
{
	(void)count;
	help_open(ui, ui_context(ui));
}

static void
back(struct ui *ui, unsigned count)
{
	(void)count;
	if (ui->sidebar_has_focus)
		ui_focus_sidebar(ui, false);
	else
		ui_pop(ui);
}

static void
quit(struct ui *ui, unsigned count)
{
	(void)count;
	ui_quit(ui);
}

static const struct {
	enum command command;
	void (*run)(struct ui *ui, unsigned count);
} commands[] = {
	{ COMMAND_GOTO_FOLDER, goto_folder },
	{ COMMAND_GOTO_UNIFIED, goto_unified },
	{ COMMAND_GOTO_QUEUE, goto_queue },
	{ COMMAND_NEXT_FOLDER, next_folder },
	{ COMMAND_PREVIOUS_FOLDER, previous_folder },
	{ COMMAND_FOCUS_SIDEBAR, focus_sidebar },
	{ COMMAND_TOGGLE_SIDEBAR, toggle_sidebar },
	{ COMMAND_COMPOSE, compose },
	{ COMMAND_UNDO, undo },
	{ COMMAND_REDO, redo },
	{ COMMAND_CHECK, check_account },
	{ COMMAND_CHECK_ALL, check_all },
	{ COMMAND_REDRAW, redraw },
	{ COMMAND_SUSPEND, suspend },
	{ COMMAND_HELP, help },
	{ COMMAND_BACK, back },
	{ COMMAND_QUIT, quit },
};

void
ui_command(struct ui *ui, enum command command, unsigned count)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (commands[i].command == command) {
			commands[i].run(ui, count);
			return;
		}
	}
	goto_role(ui, command);
}
