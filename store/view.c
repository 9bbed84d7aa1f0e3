/* SPDX-License-Identifier: MIT */
/*
 * A page is a merge of the folders' indexes by date.  Of each folder a few
 * entries are read ahead with one cursor, so that a page costs a seek a
 * folder, its own entries, and its rows; never more.
 */
#include "store/view.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/account.h"
#include "store/counts.h"
#include "store/row.h"
#include "store/txn.h"

enum { AHEAD = 8 };

/* One folder of a merge. */
struct run {
	uint32_t folder;
	struct view_position ahead[AHEAD];
	size_t n, next;
	struct view_position last;	/* where to read on */
	bool is_done;
};

struct merge {
	enum table table;
	bool is_unread;		/* entries must be in TABLE_UNREAD, too */
	bool is_upward;		/* towards newer ones */
	struct run *runs;
	size_t nruns;
};

static bool
is_older(struct view_position a, struct view_position b)
{
	return a.date != b.date ? a.date < b.date : a.id < b.id;
}

static enum table
table_of(unsigned filter)
{
	if (filter & VIEW_FLAGGED)
		return TABLE_FLAGGED;
	return filter & VIEW_UNREAD ? TABLE_UNREAD : TABLE_BY_DATE;
}

/* The entry next to run->last in the direction of the merge, itself not. */
static bool
step(struct store_txn *t, const struct merge *m, struct run *run,
    bool is_first, struct span *key)
{
	struct key at;
	struct span value;

	if (!is_first)
		return m->is_upward ? txn_next(t, m->table, key, &value)
		    : txn_prev(t, m->table, key, &value);
	at = row_date_key(run->folder, run->last.date, run->last.id);
	if (!m->is_upward)
		return txn_seek_before(t, m->table, &at, key, &value);
	if (!txn_seek(t, m->table, &at, key, &value))
		return false;
	return !span_eq(*key, key_span(&at)) ||
	    txn_next(t, m->table, key, &value);
}

static bool
passes(struct store_txn *t, const struct merge *m, struct span key)
{
	struct key k = { 0 };

	if (!m->is_unread)
		return true;
	key_bytes(&k, key);
	return txn_has(t, TABLE_UNREAD, &k);
}

static void
fill(struct store_txn *t, const struct merge *m, struct run *run)
{
	bool is_first = true;
	struct span key, k;

	run->n = run->next = 0;
	while (run->n < AHEAD && !run->is_done) {
		run->is_done = !step(t, m, run, is_first, &key);
		is_first = false;
		k = key;
		if (run->is_done || key_take_u32(&k) != run->folder) {
			run->is_done = true;
			return;
		}
		if (passes(t, m, key))
			run->ahead[run->n++] = row_position_of(key);
	}
	if (run->n > 0)
		run->last = run->ahead[run->n - 1];
}

/* The next entry of all folders, or false at the end. */
static bool
take(struct store_txn *t, struct merge *m, struct view_position *out)
{
	struct run *best = NULL;

	for (size_t i = 0; i < m->nruns; i++) {
		struct run *run = &m->runs[i];

		if (run->next == run->n && !run->is_done)
			fill(t, m, run);
		if (run->next == run->n)
			continue;
		if (!best || m->is_upward == is_older(run->ahead[run->next],
		    best->ahead[best->next]))
			best = run;
	}
	if (!best)
		return false;
	*out = best->ahead[best->next++];
	return true;
}

/* Up to max positions on from `start`, which is not among them. */
static size_t
walk(struct store_txn *t, const struct view *view, bool is_upward,
    struct view_position start, size_t max, struct view_position *out)
{
	struct merge m = {
		.table = table_of(view->filter),
		.is_unread = (view->filter & VIEW_UNREAD) &&
		    (view->filter & VIEW_FLAGGED),
		.is_upward = is_upward,
		.nruns = view->nfolders,
	};
	CLEANUP(cleanup_free) struct run *runs = NULL;
	size_t n = 0;

	bug_on(view->nfolders > VIEW_FOLDERS_MAX);
	runs = xcalloc(view->nfolders, sizeof *runs);
	m.runs = runs;
	for (size_t i = 0; i < m.nruns; i++) {
		runs[i].folder = view->folders[i];
		runs[i].last = start;
	}
	while (n < max && take(t, &m, &out[n]))
		n++;
	return txn_failed(t) ? 0 : n;
}

static void
reverse(struct view_position *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct view_position was = p[i];

		p[i] = p[n - 1 - i];
		p[n - 1 - i] = was;
	}
}

static size_t
find_page(struct store_txn *t, const struct view *view, enum view_from from,
    struct view_position at, size_t max, struct view_position *out)
{
	/* No message has one of these: ids begin at 1 and never end. */
	static const struct view_position above = { KEY_DATE_MAX, UINT64_MAX };
	static const struct view_position below = { KEY_DATE_MIN, 0 };
	size_t n;

	switch (from) {
	case VIEW_NEWEST:
		return walk(t, view, false, above, max, out);
	case VIEW_AT:
		at.id++;	/* below the position above this one */
		return walk(t, view, false, at, max, out);
	case VIEW_OLDER:
		return walk(t, view, false, at, max, out);
	case VIEW_OLDEST:
		at = below;
		break;
	case VIEW_NEWER:
		break;
	}
	n = walk(t, view, true, at, max, out);
	reverse(out, n);
	return n;
}

/* A page is never longer than the view, so neither is what is allocated. */
static size_t
page_limit(struct store_txn *t, const struct view *view, size_t max)
{
	uint64_t all = txn_count(t, table_of(view->filter));

	return all < max ? (size_t)all : max;
}

size_t
store_view_page(struct store_txn *t, const struct view *view,
    enum view_from from, struct view_position position, size_t max,
    struct arena *arena, struct message **out)
{
	size_t room = page_limit(t, view, max), n;
	CLEANUP(cleanup_free) struct view_position *found = xcalloc(room + 1,
	    sizeof *found);

	n = find_page(t, view, from, position, room, found);
	*out = arena_array(arena, n, sizeof **out);
	for (size_t i = 0; i < n; i++) {
		if (store_message_get(t, found[i].id, arena, &(*out)[i]))
			continue;
		txn_corrupt(t, TABLE_BY_DATE);
		return 0;
	}
	return n;
}

size_t
store_message_missing_bodies(struct store_txn *t, uint32_t folder,
    struct view_position before, size_t max, struct arena *arena,
    struct message **out)
{
	static const struct view_position above = { KEY_DATE_MAX, UINT64_MAX };
	struct view view = { .folders = { folder }, .nfolders = 1 };
	size_t n = 0, room = page_limit(t, &view, max);
	struct view_position from = before.id ? before : above;
	struct key end = row_date_key(folder, from.date, from.id);
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
