/* SPDX-License-Identifier: MIT */
/*
 * The frame: one loop, one stack of panes, one frame a turn.  A turn waits
 * for a key or a wake-up, does what is pending of both, then draws once.
 *
 * Panes that are closed are freed at the end of the turn, so that a pane may
 * close itself from within its own command.
 */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/frame.h"
#include "ui/ui_state.h"

enum {
	KEYS_A_TURN = 256,	/* a flood of keys still lets frames through */
	MINUTE_MS = 60 * 1000,
	POLL_MS = 500,		/* where the system cannot tell of commits */
	CHANGES_EVERY_MS = 16,	/* a busy store is read once a frame */
};

struct store *
ui_store(const struct ui *ui)
{
	return ui->store;
}

const struct ui_settings *
ui_settings(const struct ui *ui)
{
	return ui->settings;
}

void
ui_wake(struct ui *ui)
{
	if (ui->host->wake)
		ui->host->wake(ui->host->ctx);
}

void
ui_check(struct ui *ui, uint32_t account)
{
	if (ui->host->check)
		ui->host->check(ui->host->ctx, account);
}

int64_t
ui_now(const struct ui *ui)
{
	return ui->now;
}

struct pane *
ui_top(const struct ui *ui)
{
	return ui->panes[ui->npanes - 1];
}

struct pane *
ui_list(struct ui *ui)
{
	return ui->panes[0];
}

/* Has a pane read the store again, unless it shows it as it is. */
static void
freshen(struct ui *ui, size_t i)
{
	uint64_t generation = store_generation(ui->store);

	if (ui->shown[i] == generation)
		return;
	ui->shown[i] = generation;
	if (ui->panes[i]->class->changed)
		ui->panes[i]->class->changed(ui->panes[i]);
}

struct pane *
ui_nearest_list(struct ui *ui)
{
	size_t i = ui->npanes;

	do
		i--;
	while (i > 0 && ui->panes[i]->class->context != CONTEXT_CONVERSATION);
	freshen(ui, i);
	return ui->panes[i];
}

uint32_t
ui_last_target(const struct ui *ui)
{
	return ui->last_target;
}

void
ui_set_last_target(struct ui *ui, uint32_t folder)
{
	ui->last_target = folder;
}

struct pane *
ui_sidebar(struct ui *ui)
{
	return ui->sidebar;
}

const struct status *
ui_status(const struct ui *ui)
{
	return &ui->status;
}

bool
ui_list_is_current(const struct ui *ui)
{
	return ui->npanes == 1 && !ui->sidebar_has_focus &&
	    ui->asking == ASKING_NOTHING;
}

bool
ui_sidebar_has_focus(const struct ui *ui)
{
	return ui->sidebar_has_focus;
}

void
ui_focus_sidebar(struct ui *ui, bool has_focus)
{
	ui->sidebar_has_focus = has_focus;
	if (has_focus)
		ui->sidebar_is_shown = true;
}

void
ui_toggle_sidebar(struct ui *ui)
{
	ui->sidebar_is_shown = !ui->sidebar_is_shown;
	if (!ui->sidebar_is_shown)
		ui->sidebar_has_focus = false;
}

void
ui_push(struct ui *ui, struct pane *pane)
{
	if (ui->npanes == PANES_MAX) {
		pane->class->close(pane);
		ui_say(ui, ROLE_WARNING, "%s",
		    _("Too much is open; go back first."));
		return;
	}
	ui->shown[ui->npanes] = 0;
	ui->panes[ui->npanes++] = pane;
	ui->sidebar_has_focus = false;
}

void
ui_pop(struct ui *ui)
{
	if (ui->npanes == 1)
		return;
	ui->npanes--;
	ui->closed = xreallocarray(ui->closed, ui->nclosed + 1,
	    sizeof ui->closed[0]);
	ui->closed[ui->nclosed++] = ui->panes[ui->npanes];
	freshen(ui, ui->npanes - 1);
}

void
ui_show(struct ui *ui, struct place place)
{
	while (ui->npanes > 1)
		ui_pop(ui);
	list_show(ui_list(ui), place);
	sidebar_follow(ui->sidebar, place);
	ui->sidebar_has_focus = false;
}

void
ui_quit(struct ui *ui)
{
	ui->is_over = true;
}

void
ui_redraw(struct ui *ui)
{
	(void)ui;	/* every turn ends in a frame */
}

void
ui_changed(struct ui *ui)
{
	ui->has_changed = true;
	ui->changes_due_ms = 0;
}

void
ui_repaint(struct ui *ui)
{
	term_suspend(ui->term);
	term_resume(ui->term);
	ui_fit(ui);
}

void
ui_suspend(struct ui *ui)
{
	term_suspend(ui->term);
	/* The whole group, so that a script around the reader stops, too. */
	kill(0, SIGTSTP);
	term_resume(ui->term);
	ui_fit(ui);
}

void
ui_say(struct ui *ui, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ui->said, sizeof ui->said, fmt, ap);
	va_end(ap);
	ui->said_role = role;
}

void
ui_fit(struct ui *ui)
{
	int rows, cols;

	term_size(ui->term, &rows, &cols);
	surface_resize(&ui->surface, rows, cols);
}

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
ui_take_changes(struct ui *ui)
{
	uint64_t generation;

	if (!ui->has_changed || clock_ms() < ui->changes_due_ms)
		return;
	ui->has_changed = false;
	ui->changes_due_ms = clock_ms() + CHANGES_EVERY_MS;
	generation = store_generation(ui->store);
	if (generation == ui->generation)
		return;
	ui->generation = generation;
	status_read(&ui->status, ui->store);
	ui_look_after_send(ui);
	ui->sidebar->class->changed(ui->sidebar);
	freshen(ui, ui->npanes - 1);
}

/* Until something is due by itself: a clock on the screen, a late reading. */
static int
patience_ms(const struct ui *ui)
{
	int64_t left = MINUTE_MS - ui->now % 60 * 1000;

	if (ui->has_changed) {
		left = ui->changes_due_ms - clock_ms();
		return left > 0 ? (int)left : 0;
	}
	if (ui->watch_fd < 0 && left > POLL_MS)
		left = POLL_MS;
	return (int)left;
}

static void
wake_panes(struct ui *ui, const struct pollfd *fds, const size_t *owners,
    size_t n)
{
	struct pane *woken[PANES_MAX];
	size_t nwoken = 0;

	/* Collected first: a woken pane may open or close others. */
	for (size_t i = 0; i < n; i++) {
		if (fds[i].revents && ui->panes[owners[i]]->class->woken)
			woken[nwoken++] = ui->panes[owners[i]];
	}
	for (size_t i = 0; i < nwoken; i++)
		woken[i]->class->woken(woken[i]);
}

/* Waits for one key or wake-up; K_NONE when there was no key. */
static uint32_t
wait_once(struct ui *ui, int timeout_ms)
{
	struct pollfd fds[PANES_MAX + 1];
	size_t owners[PANES_MAX], n = 0;
	struct pollfd *watch;
	uint32_t key;

	for (size_t i = 0; i < ui->npanes; i++) {
		if (ui->panes[i]->wake_fd < 0)
			continue;
		owners[n] = i;
		fds[n++] = (struct pollfd){ .fd = ui->panes[i]->wake_fd,
			.events = POLLIN };
	}
	watch = &fds[n];
	*watch = (struct pollfd){ .fd = ui->watch_fd, .events = POLLIN };
	key = term_wait(ui->term, fds, n + 1, timeout_ms);
	if (ui->watch_fd < 0) {
		ui->has_changed = true;
	} else if (watch->revents) {
		store_watch_drain(ui->watch_fd);
		ui->has_changed = true;
	}
	wake_panes(ui, fds, owners, n);
	return key;
}

static void
take_keys(struct ui *ui, uint32_t key)
{
	if (key != K_NONE)
		store_expect_writes(ui->store);
	for (int i = 0; key != K_NONE && !ui->is_over; i++) {
		if (key == K_HANGUP)
			ui->is_over = true;
		else if (key == K_RESIZED)
			ui_fit(ui);
		else
			ui_take_key(ui, key);
		/* What is left of a flood is taken after the next frame. */
		key = i < KEYS_A_TURN ? wait_once(ui, 0) : K_NONE;
	}
}

static void
free_closed(struct ui *ui)
{
	for (size_t i = 0; i < ui->nclosed; i++)
		ui->closed[i]->class->close(ui->closed[i]);
	ui->nclosed = 0;
}

static bool
is_told_to_stop(const struct ui *ui)
{
	return ui->host->should_stop &&
	    ui->host->should_stop(ui->host->ctx);
}

static void
run(struct ui *ui)
{
	while (!ui->is_over && !is_told_to_stop(ui)) {
		uint32_t key;

		ui->now = time(NULL);
		ui_take_changes(ui);
		ui_draw(ui);
		term_draw(ui->term, &ui->surface);
		key = wait_once(ui, patience_ms(ui));
		ui->now = time(NULL);
		take_keys(ui, key);
		free_closed(ui);
	}
}

/* A name is looked for where themes are installed; a path is a path. */
static enum err
load_theme(const struct ui_settings *settings, struct theme *out,
    struct error *e)
{
	CLEANUP(cleanup_free) char *path = NULL;
	const char *name = settings->theme;
	const char *background = getenv("COLORFGBG");
	bool is_light = background &&
	    (span_ends(span_of(background), SPAN_LIT(";15")) ||
	    span_ends(span_of(background), SPAN_LIT(";7")));

	if (name && strchr(name, '/'))
		return theme_load(name, out, e);
	path = xasprintf("%s/%s.theme",
	    settings->theme_dir ? settings->theme_dir : SURAT_DATADIR "/themes",
	    name ? name : is_light ? "dawn" : "dusk");
	if (name)
		return theme_load(path, out, e);
	/* Nobody asked for one, so a missing file is no error. */
	if (theme_load(path, out, NULL) != ERR_OK)
		theme_mono(out);
	return ERR_OK;
}

/* Where the settings say that the reader begins. */
static struct place
first_place(struct ui *ui)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	struct place inboxes = { .kind = PLACE_ROLE, .role = FOLDER_INBOX };
	struct place place = inboxes;
	const char *name = ui->settings->open;

	if (!name || store_read(ui->store, &t) != ERR_OK)
		return inboxes;
	if (place_find(&t, span_of(name), &place))
		return place;
	ui_say(ui, ROLE_WARNING, _("There is no folder \"%s\"; these are all "
	    "inboxes."), name);
	return inboxes;
}

void
ui_begin(struct ui *ui, struct store *store, const struct ui_host *host,
    const struct ui_settings *settings)
{
	struct place place;

	ui->store = store;
	ui->host = host;
	ui->settings = settings;
	ui->now = time(NULL);
	ui->sidebar_is_shown = true;
	ui->surface.is_ascii = ui->is_ascii;
	ui->watch_fd = store_watch_open(store);
	ui->generation = store_generation(store);
	status_read(&ui->status, store);
	ui->sidebar = sidebar_new(ui);
	ui->panes[ui->npanes++] = list_new(ui);
	place = first_place(ui);
	if (settings->filter)
		list_filter_place(ui_list(ui), place, settings->filter);
	ui_show(ui, place);
}

void
ui_end(struct ui *ui)
{
	ui_give_up_asking(ui);
	while (ui->npanes > 1)
		ui_pop(ui);
	free_closed(ui);
	free(ui->closed);
	ui->panes[0]->class->close(ui->panes[0]);
	ui->sidebar->class->close(ui->sidebar);
	status_fini(&ui->status);
	prompt_fini(&ui->prompt);
	free(ui->label);
	surface_fini(&ui->surface);
	if (ui->watch_fd >= 0)
		close(ui->watch_fd);
}

enum err
ui_run(struct store *store, const struct ui_host *host,
    const struct ui_settings *settings, struct error *e)
{
	struct ui ui = { .store = store };
	struct theme theme;
	enum err err = load_theme(settings, &theme, e);

	if (err == ERR_OK)
		err = term_open(&theme, &ui.term, e);
	if (err != ERR_OK)
		return err;
	ui.is_ascii = settings->ascii || !term_has_unicode(ui.term);
	ui_begin(&ui, store, host, settings);
	ui_fit(&ui);
	run(&ui);
	ui_end(&ui);
	term_close(ui.term);
	return ERR_OK;
}
