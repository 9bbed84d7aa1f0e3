/* SPDX-License-Identifier: MIT */
/*
 * Order, filter and folds of a list.  Whatever is chosen, the cursor stays
 * on its letter and the letter on its line, where the new order has it at
 * all; else the next one takes its place.  It leaves its line where it would
 * hide the top of a list that was shown from its top, or what it answers.
 */
#include "ui/list_order.h"

#include "base/bug.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "ui/list_state.h"

static const struct {
	enum command command;
	enum view_order order;
	const char *name;	/* in the title, when it is not the usual one */
} orders[] = {
	{ COMMAND_ORDER_DATE, VIEW_BY_DATE, N_("by date") },
	{ COMMAND_ORDER_SENDER, VIEW_BY_SENDER, N_("by sender") },
	{ COMMAND_ORDER_SUBJECT, VIEW_BY_SUBJECT, N_("by subject") },
	{ COMMAND_ORDER_SIZE, VIEW_BY_SIZE, N_("by size") },
	{ COMMAND_ORDER_THREAD, VIEW_BY_THREAD, N_("threads") },
};

/* What is expected, and so not in the title. */
static enum view_order
usual(const struct list *l)
{
	return ui_settings(l->pane.ui)->order;
}

struct list_order
list_order_of_place(const struct list *l)
{
	for (size_t i = 0; i < l->nhabits; i++) {
		if (place_eq(l->habits[i].place, l->place))
			return l->habits[i].order;
	}
	return (struct list_order){ .order = usual(l) };
}

static void
remember(struct list *l, struct place place, struct list_order order)
{
	size_t i = 0;

	while (i < l->nhabits && !place_eq(l->habits[i].place, place))
		i++;
	if (i == l->nhabits) {
		l->habits = xreallocarray(l->habits, l->nhabits + 1,
		    sizeof l->habits[0]);
		l->habits[l->nhabits++].place = place;
	}
	l->habits[i].order = order;
}

void
list_filter_place(struct pane *pane, struct place place, unsigned filter)
{
	struct list *l = list_of(pane);

	remember(l, place, (struct list_order){
		.order = usual(l),
		.filter = filter,
	});
}

/* A letter in a tree is seen with what it answers, if the screen can. */
static void
show_root(struct list *l)
{
	size_t root = l->cursor;

	if (l->nrows == 0 || l->order.is_reversed)
		return;
	while (root > 0 && l->depths[root] > 0)
		root--;
	if (root < l->top && l->cursor - root < (size_t)list_height(l))
		list_settle(l, l->cursor - root);
}

/* Reads the list anew in an order, around the letter at the cursor. */
static void
show(struct list *l, struct list_order order)
{
	const struct message *m = list_current(l);
	struct view_position at = { 0 };
	bool was_at_top = l->has_top && l->top == 0;

	l->order = order;
	l->view.order = order.order;
	l->view.is_reversed = order.is_reversed;
	remember(l, l->place, order);
	if (m)
		at = store_view_position(&l->view, m);
	list_load_anew(l, m ? VIEW_AT : VIEW_TOP, at, l->cursor - l->top);
	if (was_at_top && l->has_top && l->cursor < (size_t)list_height(l))
		list_settle(l, l->cursor);
	else
		show_root(l);
}

static bool
choose_order(struct list *l, enum command command)
{
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct list_order order = l->order;

		if (orders[i].command != command)
			continue;
		order.order = orders[i].order;
		show(l, order);
		return true;
	}
	return false;
}

static void
filter(struct list *l, unsigned filter)
{
	struct list_order order = l->order;

	order.filter = filter;
	show(l, order);
}

static void
fold(struct list *l, bool is_folded)
{
	struct list_order order = l->order;

	if (order.order != VIEW_BY_THREAD) {
		ui_say(l->pane.ui, ROLE_DIM,
		    _("The list is not by thread; %s shows it so."),
		    keys_of(CONTEXT_LIST, COMMAND_ORDER_THREAD));
		return;
	}
	order.is_folded = is_folded;
	show(l, order);
}

static void
reverse(struct list *l)
{
	struct list_order order = l->order;

	order.is_reversed = !order.is_reversed;
	show(l, order);
}

bool
list_order_command(struct list *l, enum command command)
{
	if (command == COMMAND_REVERSE)
		reverse(l);
	else if (command == COMMAND_FILTER_UNREAD)
		filter(l, l->order.filter | VIEW_UNREAD);
	else if (command == COMMAND_FILTER_FLAGGED)
		filter(l, l->order.filter | VIEW_FLAGGED);
	else if (command == COMMAND_FILTER_NONE)
		filter(l, VIEW_ALL);
	else if (command == COMMAND_CLEAR && l->order.filter)
		filter(l, VIEW_ALL);
	else if (command == COMMAND_CLEAR)
		l->nmarked = 0;
	else if (command == COMMAND_FOLD)
		fold(l, !l->order.is_folded);
	else if (command == COMMAND_FOLD_ALL)
		fold(l, true);
	else if (command == COMMAND_UNFOLD_ALL)
		fold(l, false);
	else
		return choose_order(l, command);
	return true;
}

static void
put_part(const struct list *l, struct buf *out, const char *text)
{
	buf_printf(out, " %s %s", ui_sign(l->pane.ui, "·", "-"), text);
}

void
list_put_order(const struct list *l, struct buf *out)
{
	const struct list_order *order = &l->order;

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		if (orders[i].order == order->order &&
		    order->order != usual(l))
			put_part(l, out, _(orders[i].name));
	}
	if (order->order == VIEW_BY_THREAD && order->is_folded)
		put_part(l, out, _("folded"));
	if (order->is_reversed)
		put_part(l, out, _("reversed"));
	if (order->filter & VIEW_UNREAD)
		put_part(l, out, _("only unread"));
	if (order->filter & VIEW_FLAGGED)
		put_part(l, out, _("only flagged"));
}
