/* SPDX-License-Identifier: MIT */
/*
 * Pages.  A page is a walk of an index from a position on, in one of the
 * orders of this table, and a read of each of its rows; never more.
 */
#include "store/view.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/account.h"
#include "store/counts.h"
#include "store/view_private.h"

/* Orders that are one of keys; by thread it is more than that. */
static const struct order {
	enum table table;
	bool is_descending;	/* the first line has the highest key */
	bool is_dated;		/* the date, downwards, comes before the id */
	void (*put_sort)(struct key *key, const struct message *m);
} orders[] = {
	[VIEW_BY_DATE] = { TABLE_BY_DATE, true, false, NULL },
	[VIEW_BY_SENDER] = { TABLE_BY_SENDER, false, true, row_key_sender },
	[VIEW_BY_SUBJECT] = { TABLE_BY_SUBJECT, false, true, row_key_subject },
	[VIEW_BY_SIZE] = { TABLE_BY_SIZE, true, false, row_key_size },
};

static_assert(SORT_SUBJECT_OCTETS < sizeof (struct view_position){ 0 }.sort,
    "what is sorted by fits a position");

enum table
view_filter_table(struct store_txn *t, const struct view *view)
{
	bool is_both = view->filter == (VIEW_UNREAD | VIEW_FLAGGED);
	struct view_counts c;

	if (!is_both)
		return view->filter & VIEW_UNREAD ? TABLE_UNREAD :
		    TABLE_FLAGGED;
	c = store_view_counts(t, view);
	return c.unread < c.flagged ? TABLE_UNREAD : TABLE_FLAGGED;
}

unsigned
view_tests_left(const struct view *view, enum table table)
{
	if (table == TABLE_UNREAD)
		return view->filter & ~(unsigned)VIEW_UNREAD;
	if (table == TABLE_FLAGGED)
		return view->filter & ~(unsigned)VIEW_FLAGGED;
	return view->filter;
}

struct view_position
store_view_position(const struct view *view, const struct message *m)
{
	struct view_position at = { .date = m->date, .id = m->id };
	struct key key = { 0 };

	if (view->order == VIEW_BY_THREAD) {
		at.thread = m->thread;
		at.thread_date = m->thread_newest ? m->thread_date : m->date;
		at.thread_newest = m->thread_newest ? m->thread_newest : m->id;
		at.thread_index = m->thread_index;
		return at;
	}
	if (orders[view->order].put_sort)
		orders[view->order].put_sort(&key, m);
	memcpy(at.sort, key.p, key.n);
	at.nsort = (uint8_t)key.n;
	return at;
}

struct view_position
store_view_position_at(const struct view *view, int64_t date)
{
	/* Before or behind whatever stands at that date. */
	uint64_t id = view->is_reversed ? 1 : UINT64_MAX;

	date = key_date_cut(date);
	if (view->order == VIEW_BY_DATE)
		return (struct view_position){ .date = date, .id = id };
	if (view->order != VIEW_BY_THREAD)
		return (struct view_position){ 0 };
	return (struct view_position){
		.date = date,
		.id = UINT64_MAX,
		.thread_date = date,
		.thread_newest = id,
		.thread_index = view->is_reversed ? UINT32_MAX : 0,
	};
}

/* The key of a position, behind the folder; empty for none. */
static struct key
key_of_position(const struct order *order, const struct view_position *at)
{
	struct key key = { 0 };

	if (at->id == 0)
		return key;
	bug_on(at->nsort > sizeof at->sort);
	if (order->put_sort)
		key_bytes(&key, (struct span){ at->sort, at->nsort });
	else
		key_date(&key, key_date_cut(at->date));
	if (order->is_dated)
		key_date_down(&key, key_date_cut(at->date));
	key_u64(&key, at->id);
	return key;
}

static bool
are_few(struct store_txn *t, const struct view *view, uint64_t few_max)
{
	struct view_counts c = store_view_counts(t, view);

	return ((view->filter & VIEW_UNREAD) && c.unread <= few_max) ||
	    ((view->filter & VIEW_FLAGGED) && c.flagged <= few_max);
}

/* Ids of a page, nearest to where it begins first. */
static size_t
find_page(struct store_txn *t, const struct view *view, enum view_from from,
    const struct view_position *position, size_t max, uint64_t few_max,
    uint64_t *out)
{
	const struct order *order = &orders[view->order];
	struct key start = { 0 };
	struct view_walk walk = {
		.table = order->table,
		.is_ascending = (from == VIEW_UP || from == VIEW_BOTTOM) !=
		    (order->is_descending == view->is_reversed),
		.is_inclusive = from == VIEW_AT,
	};
	struct view_entry e;
	size_t n = 0;

	if (from != VIEW_TOP && from != VIEW_BOTTOM)
		start = key_of_position(order, position);
	walk.start = key_span(&start);
	if (view->filter && view->order == VIEW_BY_DATE)
		walk.table = view_filter_table(t, view);
	else if (view->filter && are_few(t, view, few_max))
		return view_few(t, view, &walk, max, out);
	walk.tests = view_tests_left(view, walk.table);

	CLEANUP(view_merge_fini) struct view_merge m;
	view_merge_init(&m, t, view, &walk);
	while (n < max && view_merge_take(&m, &e))
		out[n++] = view_entry_spot(walk.table, &e).id;
	return n;
}

/* A page is never longer than the mailbox, so neither is what it takes. */
static size_t
row_limit(struct store_txn *t, size_t max)
{
	uint64_t all = txn_count(t, TABLE_ROWS);

	return all < max ? (size_t)all : max;
}

size_t
view_page(struct store_txn *t, const struct view *view, enum view_from from,
    const struct view_position *position, size_t max, uint64_t few_max,
    struct arena *arena, struct message **out)
{
	size_t room = row_limit(t, max), n;
	CLEANUP(cleanup_free) uint64_t *ids = NULL;

	bug_on(view->order == VIEW_BY_THREAD);
	ids = xcalloc(room + 1, sizeof *ids);
	n = find_page(t, view, from, position, room, few_max, ids);
	*out = arena_array(arena, n, sizeof **out);
	for (size_t i = 0; i < n && !txn_failed(t); i++) {
		bool is_up = from == VIEW_UP || from == VIEW_BOTTOM;
		struct message *m = &(*out)[is_up ? n - 1 - i : i];

		if (!store_message_get(t, ids[i], arena, m))
			txn_corrupt(t, orders[view->order].table);
	}
	return txn_failed(t) ? 0 : n;
}

size_t
store_view_page(struct store_txn *t, const struct view *view,
    enum view_from from, struct view_position position, size_t max,
    struct arena *arena, struct message **out)
{
	return view_page(t, view, from, &position, max, VIEW_FEW_MAX, arena,
	    out);
}

size_t
store_message_missing_bodies(struct store_txn *t, uint32_t folder,
    struct view_position before, size_t max, struct arena *arena,
    struct message **out)
{
	size_t n = 0, room = row_limit(t, max);
	struct key end = before.id ?
	    row_date_key(folder, before.date, before.id) :
	    row_date_key(folder, KEY_DATE_MAX, UINT64_MAX);
	struct span key, state;
	bool found = txn_seek_before(t, TABLE_BY_DATE, &end, &key, &state);

	*out = arena_array(arena, room, sizeof **out);
	for (; found && n < room;
	    found = txn_prev(t, TABLE_BY_DATE, &key, &state)) {
		struct span k = key;

		if (key_take_u32(&k) != folder)
			break;
		if (key_take_u8(&state) == BODY_WHOLE)
			continue;
		if (!store_message_get(t, row_position_of(key).id, arena,
		    &(*out)[n++])) {
			txn_corrupt(t, TABLE_BY_DATE);
			return 0;
		}
	}
	return n;
}

void
store_view_folder(uint32_t folder, struct view *out)
{
	*out = (struct view){ .folders = { folder }, .nfolders = 1 };
}

void
store_view_role(struct store_txn *t, enum folder_role role, struct view *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account *accounts;
	size_t n = store_accounts(t, &arena, &accounts);

	*out = (struct view){ 0 };
	for (size_t i = 0; i < n; i++) {
		struct folder *folders;
		size_t m = store_folders(t, accounts[i].id, &arena, &folders);

		for (size_t k = 0; k < m; k++)
			if (folders[k].role == role && !folders[k].is_gone &&
			    out->nfolders < VIEW_FOLDERS_MAX)
				out->folders[out->nfolders++] = folders[k].id;
	}
}

struct view_counts
store_view_counts(struct store_txn *t, const struct view *view)
{
	struct view_counts sum = { 0 };

	for (size_t i = 0; i < view->nfolders; i++) {
		struct counts c;

		if (!counts_get(t, view->folders[i], &c))
			continue;
		sum.total += c.total;
		sum.unread += c.unread;
		sum.flagged += c.flagged;
	}
	return sum;
}
