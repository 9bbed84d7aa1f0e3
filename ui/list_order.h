/* SPDX-License-Identifier: MIT */
/* How a list is shown: its order, its filter, and what is remembered. */
#pragma once

#include "ui/frame.h"

struct list;

struct list_order {
	enum view_order order;
	bool is_reversed, is_folded;
	unsigned filter;	/* enum view_filter, that the user asked for */
};

/* How a place was shown last, while surat runs. */
struct list_habit {
	struct place place;
	struct list_order order;
};

/* Does what the command says about order, filter or folds; else false. */
bool list_order_command(struct list *l, enum command command);
/* The order that the list's place was left in; at first the settings'. */
struct list_order list_order_of_place(const struct list *l);
/* " · by sender · reversed · only unread"; nothing for what is usual. */
void list_put_order(const struct list *l, struct buf *out);
