/* SPDX-License-Identifier: MIT */
/*
 * Going to a date in a list that is by date, or by thread, where a thread
 * stands at its newest letter.  A month or a day is met at the end that comes
 * first from the top.
 */
#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/moment.h"
#include "ui/list_state.h"

static bool
is_by_date(const struct list *l)
{
	return l->view.order == VIEW_BY_DATE ||
	    l->view.order == VIEW_BY_THREAD;
}

/* The first letter from there on; false when there is none. */
static bool
find(struct list *l, struct view_position from, struct view_position *out)
{
	CLEANUP(store_end) struct store_txn t = { .handle = NULL };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *found;

	if (store_read(ui_store(l->pane.ui), &t) != ERR_OK ||
	    store_view_page(&t, &l->view, VIEW_AT, from, 1, &arena,
	    &found) == 0)
		return false;
	*out = store_view_position(&l->view, found);
	return true;
}

static void
go_to_end(struct list *l)
{
	list_go_bottom(l);
	ui_say(l->pane.ui, ROLE_DIM, "%s", l->view.is_reversed ?
	    _("Nothing is as new as that; this is the newest.") :
	    _("Nothing is as old as that; this is the oldest."));
}

/* What was typed is a stretch of days, and there is no letter of it. */
static void
tell_of_another(const struct list *l, const struct moment *m,
    struct view_position at, const char *typed)
{
	int64_t date = l->view.order == VIEW_BY_THREAD ?
	    at.thread_newest.date : at.date;

	if (m->end - m->begin <= 60 || (date >= m->begin && date < m->end))
		return;
	ui_say(l->pane.ui, ROLE_DIM, l->view.is_reversed ?
	    _("Nothing of %s; this is the next newer one.") :
	    _("Nothing of %s; this is the next older one."), typed);
}

static void
typed(void *ctx, const char *line)
{
	struct list *l = ctx;
	struct span text = span_of(line ? line : "");
	int64_t now = ui_now(l->pane.ui);
	struct view_position at;
	struct moment m;

	if (span_trim(text).n == 0)
		return;
	if (!moment_parse(text, now, &m) && !moment_parse_ago(text, now, &m)) {
		ui_say(l->pane.ui, ROLE_WARNING, _("\"%s\" is no date: say "
		    "2019-03, 2019-03-12 or 30d."), line);
		return;
	}
	if (find(l, store_view_position_at(&l->view, l->view.is_reversed ?
	    m.begin : m.end - 1), &at)) {
		list_go(l, at);
		tell_of_another(l, &m, at, line);
	} else {
		go_to_end(l);
	}
	l->follows = l->has_top && l->cursor == 0;
}

void
list_date_ask(struct list *l, unsigned count)
{
	(void)count;
	if (!is_by_date(l))
		ui_say(l->pane.ui, ROLE_DIM,
		    _("The list is not by date; %s shows it so."),
		    keys_of(CONTEXT_LIST, COMMAND_ORDER_DATE));
	else if (!list_current(l))
		ui_say(l->pane.ui, ROLE_DIM, "%s", _("Nothing is here."));
	else
		/* TRANSLATORS: 30d is 30 days ago; the letter stays */
		ui_prompt(l->pane.ui, _("Go to (2019, 2019-03-12, 30d):"),
		    SPAN_LIT(""), typed, l);
}
