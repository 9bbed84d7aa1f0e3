/* SPDX-License-Identifier: MIT */
/*
 * A walk is a merge of the folders' parts of one table.  Of each folder a
 * few entries are read ahead with the table's one cursor, so that a walk
 * costs a seek a folder and its own entries.
 *
 * Tables by date share their keys with those of the filters: where an entry
 * does not pass, the walk leaps to where the next one may, and so on in
 * turns, however many are in between.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"
#include "store/view_private.h"

enum { AHEAD = 8 };

static_assert((int)SORT_SUBJECT_OCTETS + 1 + 5 + 9 <= VIEW_SORT_OCTETS &&
    (int)SORT_SENDER_OCTETS + 1 + 5 + 9 <= VIEW_SORT_OCTETS,
    "every key fits an entry");

struct view_run {
	uint32_t folder;
	struct key bound;	/* ascending: from it on; else: below it */
	struct view_entry ahead[AHEAD];
	size_t n, next;
	bool is_done;
};

bool
view_entry_set(struct view_entry *e, struct span key)
{
	if (key.n > sizeof e->sort)
		return false;
	memcpy(e->sort, key.p, key.n);
	e->nsort = (uint8_t)key.n;
	return true;
}

struct message_spot
view_entry_spot(enum table table, const struct view_entry *e)
{
	struct span s = view_entry_span(e);
	struct message_spot spot = { 0 };

	if (table == TABLE_BY_SIZE) {
		key_take_u64(&s);
	} else if (table == TABLE_BY_SENDER || table == TABLE_BY_SUBJECT) {
		size_t text = span_chr(s, '\0');

		s = span_skip(s, text < s.n ? text + 1 : s.n);
		spot.date = key_take_date_down(&s);
	} else {
		spot.date = key_take_date(&s);
	}
	spot.id = key_take_u64(&s);
	return spot;
}

bool
view_passes(struct store_txn *t, uint32_t folder, struct message_spot spot,
    unsigned tests)
{
	struct key key = row_date_key(folder, spot.date, spot.id);

	return (!(tests & VIEW_UNREAD) || txn_has(t, TABLE_UNREAD, &key)) &&
	    (!(tests & VIEW_FLAGGED) || txn_has(t, TABLE_FLAGGED, &key));
}

/* The entry of the folder at the spot, or else the next one on the way. */
static bool
nearest(struct store_txn *t, enum table table, uint32_t folder,
    bool is_ascending, struct message_spot *spot)
{
	struct key at = row_date_key(folder, spot->date, spot->id);
	struct span key, value;

	if (!is_ascending)
		key_u8(&at, 0);
	if (!(is_ascending ? txn_seek(t, table, &at, &key, &value) :
	    txn_seek_before(t, table, &at, &key, &value)))
		return false;
	*spot = row_spot_of(key);
	return key_take_u32(&key) == folder;
}

enum view_verdict
view_leap(struct store_txn *t, uint32_t folder, unsigned tests,
    bool is_ascending, struct message_spot *spot)
{
	static const struct {
		unsigned test;
		enum table table;
	} filters[] = {
		{ VIEW_UNREAD, TABLE_UNREAD },
		{ VIEW_FLAGGED, TABLE_FLAGGED },
	};
	struct message_spot was = *spot;

	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		if (!(tests & filters[i].test))
			continue;
		if (!nearest(t, filters[i].table, folder, is_ascending, spot))
			return VIEW_NONE;
		if (spot->date != was.date || spot->id != was.id)
			return VIEW_LEAP;
	}
	return VIEW_PASSES;
}

/* An entry by size does not say when it was, so its row is asked. */
static bool
passes_by_size(struct store_txn *t, uint64_t id, unsigned tests)
{
	struct row row;

	if (!row_get(t, id, &row)) {
		txn_corrupt(t, TABLE_BY_SIZE);
		return false;
	}
	return (!(tests & VIEW_UNREAD) || message_is_unread(row.m.flags)) &&
	    (!(tests & VIEW_FLAGGED) || (row.m.flags & FLAG_FLAGGED));
}

/* VIEW_LEAP: *e is where to go on, which may be no entry of the table. */
static enum view_verdict
judge(struct store_txn *t, const struct view_walk *walk, struct view_entry *e)
{
	struct message_spot spot = view_entry_spot(walk->table, e);
	enum view_verdict verdict = VIEW_PASSES;
	struct key place = { 0 };

	if (!walk->tests)
		return VIEW_PASSES;
	if (walk->table == TABLE_BY_SIZE)
		return passes_by_size(t, spot.id, walk->tests) ? VIEW_PASSES :
		    VIEW_FAILS;
	if (walk->table == TABLE_BY_SENDER || walk->table == TABLE_BY_SUBJECT)
		return view_passes(t, e->folder, spot, walk->tests) ?
		    VIEW_PASSES : VIEW_FAILS;
	verdict = view_leap(t, e->folder, walk->tests, walk->is_ascending,
	    &spot);
	if (verdict == VIEW_LEAP) {
		key_date(&place, spot.date);
		key_u64(&place, spot.id);
		view_entry_set(e, key_span(&place));
	}
	return verdict;
}

/*
 * An entry is right before the same with a zero added: that is where a walk
 * begins that goes up and leaves it out, or goes down and takes it in.
 */
static struct key
bound_of(const struct view_walk *walk, uint32_t folder, struct span start,
    bool is_inclusive)
{
	struct key key = { 0 };

	if (walk->table == TABLE_THREAD_MEMBERS)
		key_u64(&key, walk->thread);
	key_u64(&key, (uint64_t)folder +
	    (start.n == 0 && !walk->is_ascending));
	key_bytes(&key, start);
	if (start.n && walk->is_ascending != is_inclusive)
		key_u8(&key, 0);
	return key;
}

void
view_merge_init(struct view_merge *m, struct store_txn *t,
    const struct view *view, const struct view_walk *walk)
{
	bug_on(view->nfolders > VIEW_FOLDERS_MAX);
	*m = (struct view_merge){
		.t = t,
		.walk = *walk,
		.runs = xcalloc(view->nfolders, sizeof *m->runs),
		.nruns = view->nfolders,
	};
	for (size_t i = 0; i < m->nruns; i++) {
		m->runs[i].folder = view->folders[i];
		m->runs[i].bound = bound_of(walk, view->folders[i],
		    walk->start, walk->is_inclusive);
	}
}

void
view_merge_fini(struct view_merge *m)
{
	free(m->runs);
	m->runs = NULL;
}

/* The next entry of the table; the first time from the bound. */
static bool
step(struct view_merge *m, const struct view_run *run, bool is_first,
    struct span *key, struct span *value)
{
	enum table table = m->walk.table;

	if (m->walk.is_ascending)
		return is_first ? txn_seek(m->t, table, &run->bound, key,
		    value) : txn_next(m->t, table, key, value);
	return is_first ? txn_seek_before(m->t, table, &run->bound, key,
	    value) : txn_prev(m->t, table, key, value);
}

/* Takes an entry over from the map; false when it is not the folder's. */
static bool
read_entry(struct view_merge *m, const struct view_run *run, struct span key,
    struct span value, struct view_entry *e)
{
	if (m->walk.table == TABLE_THREAD_MEMBERS &&
	    key_take_u64(&key) != m->walk.thread)
		return false;
	*e = (struct view_entry){ .folder = key_take_u32(&key) };
	if (e->folder != run->folder)
		return false;
	if (!view_entry_set(e, key)) {
		txn_corrupt(m->t, m->walk.table);
		return false;
	}
	if (m->walk.table == TABLE_THREADS)
		e->thread = thread_of_value(value,
		    view_entry_spot(TABLE_THREADS, e).id);
	return true;
}

/* Takes the next entry up; false when the run is at its end. */
static bool
advance(struct view_merge *m, struct view_run *run, bool *is_first)
{
	struct view_entry e;
	struct span key, value;
	enum view_verdict verdict;

	if (!step(m, run, *is_first, &key, &value) ||
	    !read_entry(m, run, key, value, &e))
		return false;
	verdict = judge(m->t, &m->walk, &e);
	*is_first = verdict == VIEW_LEAP;
	if (verdict == VIEW_PASSES)
		run->ahead[run->n++] = e;
	if (verdict == VIEW_LEAP || run->n == AHEAD)
		run->bound = bound_of(&m->walk, run->folder,
		    view_entry_span(&e), *is_first);
	if (verdict == VIEW_FAILS && m->walk.fails_max)
		m->has_given_up = ++m->nfails == m->walk.fails_max;
	return verdict != VIEW_NONE;
}

static void
fill(struct view_merge *m, struct view_run *run)
{
	bool is_first = true;

	run->n = run->next = 0;
	while (run->n < AHEAD && !run->is_done && !m->has_given_up)
		run->is_done = !advance(m, run, &is_first);
}

static bool
comes_before(const struct view_merge *m, const struct view_entry *a,
    const struct view_entry *b)
{
	int cmp = span_cmp(view_entry_span(a), view_entry_span(b));

	return m->walk.is_ascending ? cmp < 0 : cmp > 0;
}

bool
view_merge_take(struct view_merge *m, struct view_entry *out)
{
	struct view_run *best = NULL;

	for (size_t i = 0; i < m->nruns; i++) {
		struct view_run *run = &m->runs[i];

		if (run->next == run->n && !run->is_done)
			fill(m, run);
		if (run->next == run->n)
			continue;
		if (!best || comes_before(m, &run->ahead[run->next],
		    &best->ahead[best->next]))
			best = run;
	}
	if (!best || m->has_given_up || txn_failed(m->t))
		return false;
	*out = best->ahead[best->next++];
	return true;
}
