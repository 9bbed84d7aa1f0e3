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
		at.thread_newest = m->thread_newest.id ? m->thread_newest :
		    message_spot(m);
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
	struct view_position at = { .date = key_date_cut(date) };

	/* Above whatever stands at that date. */
	if (view->order == VIEW_BY_DATE)
		at.id = view->is_reversed ? 1 : UINT64_MAX;
	if (view->order == VIEW_BY_THREAD) {
		at.id = UINT64_MAX;
		at.thread_newest.date = at.date;
		at.thread_newest.id = view->is_reversed ? 0 : UINT64_MAX;
	}
	return at;
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

/* How many pass the filter; of both, when they are many, no fewer pass. */
static uint64_t
count_passing(struct store_txn *t, const struct view *view)
{
	CLEANUP(view_merge_fini) struct view_merge m = { .t = t };
	enum table table = view_filter_table(t, view);
	unsigned tests = view_tests_left(view, table);
	struct view_counts c = store_view_counts(t, view);
	uint64_t n = 0, most = table == TABLE_UNREAD ? c.unread : c.flagged;
	struct view_entry e;

	if (!tests)
		return most;
	view_merge_init(&m, t, view, &(struct view_walk){
		.table = table,
		.tests = tests,
		.is_ascending = true,
	});
	while (view_merge_take(&m, &e))
		if (++n == VIEW_COUNT_MAX)
			return most;
	return n;
}

/*
 * How many entries that do not pass a walk of the order may meet, until it
 * has cost as much as to sort what passes.  0: so many are to be expected
 * that the walk is not worth a try.
 */
static uint64_t
fails_max(struct store_txn *t, const struct view *view, size_t max)
{
	uint64_t passing, total, cost;

	if (!view->filter || view->order == VIEW_BY_DATE ||
	    view->order == VIEW_BY_THREAD)
		return 0;
	passing = count_passing(t, view);
	if (passing == 0)
		return 0;
	total = store_view_counts(t, view).total;
	cost = passing * (view->order == VIEW_BY_SIZE ? 1 : VIEW_SORT_COST);
	return max < cost / (total / passing + 1) ? cost : 0;
}

void
view_lines_add(struct view_lines *lines, const struct view_line *line)
{
	if (lines->n == lines->size) {
		lines->size = lines->size ? 2 * lines->size : 64;
		lines->list = xreallocarray(lines->list, lines->size,
		    sizeof *lines->list);
	}
	lines->list[lines->n++] = *line;
}

/* Towards the top of the list. */
static bool
is_upward(enum view_from from)
{
	return from == VIEW_UP || from == VIEW_BOTTOM;
}

/* False when the walk was given up; there are no lines then. */
static bool
walk_keys(struct store_txn *t, const struct view *view,
    const struct view_walk *walk, struct view_lines *lines)
{
	CLEANUP(view_merge_fini) struct view_merge m;
	struct view_entry e;

	view_merge_init(&m, t, view, walk);
	while (!view_lines_are_full(lines) && view_merge_take(&m, &e))
		view_lines_add(lines, &(struct view_line){
		    .id = view_entry_spot(walk->table, &e).id });
	if (m.has_given_up && !view_lines_are_full(lines)) {
		lines->n = 0;
		return false;
	}
	return true;
}

/* Lines in one of the orders of keys. */
static void
find_by_key(struct store_txn *t, const struct view *view, enum view_from from,
    const struct view_position *position, uint64_t fails,
    struct view_lines *lines)
{
	const struct order *order = &orders[view->order];
	struct key start = { 0 };
	struct view_walk walk = {
		.table = order->table,
		.is_ascending = is_upward(from) !=
		    (order->is_descending == view->is_reversed),
		.is_inclusive = from == VIEW_AT,
	};

	if (position)
		start = key_of_position(order, position);
	walk.start = key_span(&start);
	if (view->filter && view->order == VIEW_BY_DATE)
		walk.table = view_filter_table(t, view);
	else if (view->filter)
		walk.fails_max = fails;
	walk.tests = view_tests_left(view, walk.table);
	if (view->filter && view->order != VIEW_BY_DATE && !fails)
		view_few(t, view, &walk, lines);
	else if (!walk_keys(t, view, &walk, lines))
		view_few(t, view, &walk, lines);
}

static void
find_lines(struct store_txn *t, const struct view *view, enum view_from from,
    const struct view_position *position, uint64_t fails,
    struct view_lines *lines)
{
	if (from == VIEW_TOP || from == VIEW_BOTTOM || position->id == 0)
		position = NULL;
	if (view->order == VIEW_BY_THREAD)
		view_thread_walk(t, view, position,
		    is_upward(from) == view->is_reversed, from == VIEW_AT,
		    lines);
	else
		find_by_key(t, view, from, position, fails, lines);
}

static void
read_line(struct store_txn *t, const struct view_line *line,
    struct arena *arena, struct message *m)
{
	if (!store_message_get(t, line->id, arena, m))
		txn_corrupt(t, TABLE_ROWS);
	m->depth = line->depth;
	m->thread_total = line->total;
	m->thread_unread = line->unread;
	m->thread_index = line->index;
	m->thread_newest = line->newest;
}

size_t
view_page(struct store_txn *t, const struct view *view, enum view_from from,
    const struct view_position *position, size_t max, uint64_t fails,
    struct arena *arena, struct message **out)
{
	struct view_lines lines = { .max = max };
	size_t n;

	find_lines(t, view, from, position, fails, &lines);
	n = lines.n;
	*out = arena_array(arena, n, sizeof **out);
	for (size_t i = 0; i < n && !txn_failed(t); i++)
		read_line(t, &lines.list[is_upward(from) ? n - 1 - i : i],
		    arena, &(*out)[i]);
	free(lines.list);
	return txn_failed(t) ? 0 : n;
}

size_t
store_view_page(struct store_txn *t, const struct view *view,
    enum view_from from, struct view_position position, size_t max,
    struct arena *arena, struct message **out)
{
	return view_page(t, view, from, &position, max,
	    fails_max(t, view, max), arena, out);
}

/* No list is longer than the mailbox, so neither is what it takes. */
static size_t
row_limit(struct store_txn *t, size_t max)
{
	uint64_t all = txn_count(t, TABLE_ROWS);

	return all < max ? (size_t)all : max;
}

/* An entry of by_date tells the state by itself; the row has the rest. */
static bool
is_missed(const struct message_missing *which, uint32_t folder,
    const struct message *m)
{
	return m->body_state != BODY_WHOLE && m->uid.v &&
	    m->server_folder == folder &&
	    (which->octets == 0 || m->size <= which->octets);
}

size_t
store_message_missing_bodies(struct store_txn *t, uint32_t folder,
    const struct message_missing *which, size_t max, struct arena *arena,
    struct message **out)
{
	enum table table = which->unread_only ? TABLE_UNREAD : TABLE_BY_DATE;
	size_t n = 0, room = row_limit(t, max);
	struct key end = which->before.id ?
	    row_date_key(folder, which->before.date, which->before.id) :
	    row_date_key(folder, KEY_DATE_MAX, UINT64_MAX);
	struct span key, state;
	bool found = txn_seek_before(t, table, &end, &key, &state);

	*out = arena_array(arena, room, sizeof **out);
	for (; found && n < room; found = txn_prev(t, table, &key, &state)) {
		struct message_spot spot = row_spot_of(key);
		struct span k = key;

		if (key_take_u32(&k) != folder || spot.date < which->since)
			break;
		if (table == TABLE_BY_DATE &&
		    key_take_u8(&state) == BODY_WHOLE)
			continue;
		if (!store_message_get(t, spot.id, arena, &(*out)[n])) {
			txn_corrupt(t, table);
			return 0;
		}
		n += is_missed(which, folder, &(*out)[n]);
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
