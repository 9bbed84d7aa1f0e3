/* SPDX-License-Identifier: MIT */
/*
 * With a filter on, a letter that is read, deleted or loses its flag must not
 * vanish under the cursor.  What was in the window and is no longer passed
 * is kept below the letter that it stood below, until the list is read
 * anew: by a change of order or filter, or when one comes back to it.  That
 * needs no comparing, so it holds in every order.
 *
 * Kept are at most KEPT_MAX letters; of more the first are let go.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "ui/list_state.h"

enum { KEPT_MAX = 1000 };

static bool
passes(const struct list *l, uint32_t flags)
{
	return (!(l->view.filter & VIEW_UNREAD) || message_is_unread(flags)) &&
	    (!(l->view.filter & VIEW_FLAGGED) || (flags & FLAG_FLAGGED));
}

static bool
is_of_place(const struct list *l, const struct message *m)
{
	for (size_t i = 0; i < l->view.nfolders; i++)
		if (l->view.folders[i] == m->folder)
			return true;
	return false;
}

/* How the letter stands now; what was moved elsewhere is gone from here. */
static bool
is_there(const struct list *l, struct store_txn *t, uint64_t id,
    uint32_t *flags)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	if (!store_message_get(t, id, &arena, &m) || !is_of_place(l, &m))
		return false;
	*flags = m.flags;
	return true;
}

static bool
is_passed(const struct list *l, struct store_txn *t, const struct message *m)
{
	uint32_t flags;

	return is_there(l, t, m->id, &flags) && passes(l, flags);
}

struct view_position
list_anchor(const struct list *l, struct store_txn *t,
    const struct message *rows, size_t n, struct view_position at)
{
	size_t cursor = 0;
	uint32_t flags;

	if (!is_there(l, t, at.id, &flags) || passes(l, flags))
		return at;
	while (cursor < n && rows[cursor].id != at.id)
		cursor++;
	if (cursor == n)
		return at;
	for (size_t i = cursor; i-- > 0;)
		if (is_passed(l, t, &rows[i]))
			return store_view_position(&l->view, &rows[i]);
	for (size_t i = cursor + 1; i < n; i++)
		if (is_passed(l, t, &rows[i]))
			return store_view_position(&l->view, &rows[i]);
	return (struct view_position){ 0 };
}

static void
forget(struct list *l, size_t i)
{
	l->nkept--;
	memmove(&l->kept[i], &l->kept[i + 1],
	    (l->nkept - i) * sizeof l->kept[0]);
}

static void
forget_message(struct list *l, uint64_t id)
{
	for (size_t i = 0; i < l->nkept; i++) {
		if (l->kept[i].id == id) {
			forget(l, i);
			return;
		}
	}
}

static void
remember(struct list *l, const struct message *m, uint64_t after)
{
	size_t i = 0;

	while (i < l->nkept && l->kept[i].id != m->id)
		i++;
	if (i == KEPT_MAX) {
		forget(l, 0);
		i--;
	}
	if (i == l->nkept) {
		l->kept = xreallocarray(l->kept, ++l->nkept,
		    sizeof l->kept[0]);
		l->kept[i].below = 0;
	}
	l->kept[i].id = m->id;
	l->kept[i].after = after;
	l->kept[i].thread = m->thread;
	l->kept[i].thread_total = m->thread_total;
	l->kept[i].depth = m->depth;
}

static bool
is_row(const struct list *l, uint64_t id)
{
	for (size_t i = 0; i < l->nrows; i++)
		if (l->rows[i].id == id)
			return true;
	return false;
}

/* The list has the letter, or a folded line of its thread. */
static bool
is_listed(const struct list *l, const struct message *m)
{
	if (is_row(l, m->id))
		return true;
	for (size_t i = 0; i < l->nrows && l->view.is_folded; i++)
		if (l->rows[i].thread == m->thread)
			return true;
	return false;
}

static bool
was_shown(const struct message *before, size_t n, uint64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (before[i].id == id)
			return true;
	return false;
}

/*
 * What stood at the top stays above what it stood above; what has come since
 * goes before it.  Without a row that was there it is the last.
 */
static void
set_top(struct list *l, const struct message *before, size_t n)
{
	uint64_t first_listed = 0;

	for (size_t i = 0; i < l->nrows && !first_listed; i++)
		if (was_shown(before, n, l->rows[i].id))
			first_listed = l->rows[i].id;
	for (size_t i = 0; i < l->nkept; i++) {
		struct kept *kept = &l->kept[i];

		if (kept->after == 0 && !is_row(l, kept->below))
			kept->below = first_listed;
	}
}

/* Takes note of what was shown and is no longer passed. */
static void
notice(struct list *l, struct store_txn *t, const struct message *before,
    size_t n, bool had_top)
{
	bool is_known = had_top;	/* what stands above the next row */
	uint64_t above = 0;

	for (size_t i = 0; i < n; i++) {
		const struct message *m = &before[i];
		uint32_t flags = 0;
		bool is_gone = !is_there(l, t, m->id, &flags);

		if (is_gone || passes(l, flags) || is_listed(l, m))
			forget_message(l, m->id);
		else if (is_known)
			remember(l, m, above);
		if (is_gone)
			continue;
		above = m->id;
		is_known = true;
	}
	if (had_top && l->has_top)
		set_top(l, before, n);
}

struct placing {
	struct list *list;
	struct store_txn *t;
	struct message *rows;	/* room for those listed and all kept */
	size_t n;
};

/* Puts a kept letter as the next row; false when it is not to be shown. */
static bool
place(struct placing *p, struct kept *kept)
{
	struct message *m = &p->rows[p->n];

	kept->is_placed = true;
	if (!store_message_get(p->t, kept->id, &p->list->arena, m) ||
	    !is_of_place(p->list, m) || passes(p->list, m->flags))
		return false;
	m->depth = kept->depth;
	m->thread = kept->thread;
	m->thread_total = kept->thread_total;
	p->n++;
	return true;
}

/* Places what is kept below the last row, and below that, and so on. */
static void
place_below(struct placing *p, uint64_t id)
{
	size_t first = p->n;

	for (bool is_found = true; is_found;) {
		is_found = false;
		for (size_t i = 0; i < p->list->nkept; i++) {
			struct kept *kept = &p->list->kept[i];
			bool is_here = kept->after == id;

			for (size_t k = first; k < p->n && !is_here; k++)
				is_here = p->rows[k].id == kept->after;
			if (is_here && !kept->is_placed)
				is_found = place(p, kept) || is_found;
		}
	}
}

/* Places what was at the top above a row, or (0) above none. */
static void
place_first(struct placing *p, uint64_t below)
{
	for (size_t i = 0; i < p->list->nkept; i++) {
		struct kept *kept = &p->list->kept[i];

		if (kept->after == 0 && kept->below == below &&
		    !kept->is_placed && place(p, kept))
			place_below(p, kept->id);
	}
}

void
list_keep(struct list *l, struct store_txn *t, const struct message *before,
    size_t nbefore, bool had_top)
{
	struct placing p = { .list = l, .t = t };

	notice(l, t, before, nbefore, had_top);
	if (l->nkept == 0)
		return;
	p.rows = arena_array(&l->arena, l->nrows + l->nkept + 1,
	    sizeof p.rows[0]);
	for (size_t i = 0; i < l->nkept; i++)
		l->kept[i].is_placed = false;
	for (size_t i = 0; i < l->nrows; i++) {
		place_first(&p, l->rows[i].id);
		p.rows[p.n++] = l->rows[i];
		place_below(&p, l->rows[i].id);
	}
	if (l->has_top)
		place_first(&p, 0);
	l->rows = p.rows;
	l->nrows = p.n;
}
