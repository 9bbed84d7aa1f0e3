/* SPDX-License-Identifier: MIT */
/*
 * A filter that few messages pass, in an order that is not its own: they
 * are read by the index of the filter and sorted here, where a walk of the
 * order would look at the whole mailbox to find them.  Only as many as the
 * page has lines are kept, however many are read.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/view_private.h"

struct few {
	const struct view_walk *walk;	/* what this stands for */
	struct view_entry *list;	/* owned */
	size_t n, size, max;
};

/* True when the walk, which begins at its start, comes by the entry. */
static bool
is_on_the_way(const struct view_walk *walk, const struct view_entry *e)
{
	int cmp = span_cmp(view_entry_span(e), walk->start);

	if (walk->start.n == 0)
		return true;
	if (cmp == 0)
		return walk->is_inclusive;
	return walk->is_ascending == (cmp > 0);
}

static int
by_sort(const void *a, const void *b)
{
	return span_cmp(view_entry_span(a), view_entry_span(b));
}

/* Sorts, and leaves those that the walk meets first. */
static void
cut(struct few *few)
{
	size_t over = few->n > few->max ? few->n - few->max : 0;

	if (few->n)
		qsort(few->list, few->n, sizeof *few->list, by_sort);
	few->n -= over;
	if (over && !few->walk->is_ascending)
		memmove(few->list, few->list + over,
		    few->n * sizeof *few->list);
}

static void
add(struct few *few, struct store_txn *t, const struct view_entry *found)
{
	struct view_entry e = { .folder = found->folder };
	struct row row;
	struct key key;
	struct span sort;

	if (!row_get(t, view_entry_spot(TABLE_BY_DATE, found).id, &row)) {
		txn_corrupt(t, TABLE_BY_DATE);
		return;
	}
	key = row_sort_key(few->walk->table, &row.m);
	sort = key_span(&key);
	key_take_u32(&sort);
	bug_on(!view_entry_set(&e, sort));
	if (!is_on_the_way(few->walk, &e))
		return;
	if (few->n / 2 >= few->max)
		cut(few);
	if (few->n == few->size) {
		few->size = few->size ? 2 * few->size : 64;
		few->list = xreallocarray(few->list, few->size,
		    sizeof *few->list);
	}
	few->list[few->n++] = e;
}

static void
collect(struct few *few, struct store_txn *t, const struct view *view)
{
	CLEANUP(view_merge_fini) struct view_merge m;
	enum table from = view_filter_table(t, view);
	struct view_entry e;

	view_merge_init(&m, t, view, &(struct view_walk){
		.table = from,
		.tests = view_tests_left(view, from),
		.is_ascending = true,
	});
	while (view_merge_take(&m, &e))
		add(few, t, &e);
	cut(few);
}

void
view_few(struct store_txn *t, const struct view *view,
    const struct view_walk *walk, struct view_lines *lines)
{
	struct few few = { .walk = walk, .max = lines->max };

	collect(&few, t, view);
	for (size_t i = 0; i < few.n; i++) {
		const struct view_entry *e = &few.list[walk->is_ascending ? i :
		    few.n - 1 - i];

		view_lines_add(lines, &(struct view_line){
		    .id = view_entry_spot(walk->table, e).id });
	}
	free(few.list);
}
