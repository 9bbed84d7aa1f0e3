/* SPDX-License-Identifier: MIT */
/*
 * A walk is a merge of the folders' parts of one table.  Of each folder a
 * few entries are read ahead with the table's one cursor, so that a walk
 * costs a seek a folder and its own entries.
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

/* The same where the entry alone may not say when it was. */
static bool
passes(struct store_txn *t, const struct view_walk *walk,
    const struct view_entry *e)
{
	struct message_spot spot = view_entry_spot(walk->table, e);
	struct row row;

	if (!walk->tests)
		return true;
	if (walk->table == TABLE_BY_SIZE) {
		if (!row_get(t, spot.id, &row)) {
			txn_corrupt(t, walk->table);
			return false;
		}
		spot.date = row.m.date;
	}
	return view_passes(t, e->folder, spot, walk->tests);
}

/*
 * An entry is right before the same with a zero added: that is where a walk
 * begins that goes up and leaves it out, or goes down and takes it in.
 */
static struct key
bound_of(const struct view_walk *walk, uint32_t folder)
{
	struct key key = { 0 };

	key_u64(&key, (uint64_t)folder +
	    (walk->start.n == 0 && !walk->is_ascending));
	key_bytes(&key, walk->start);
	if (walk->start.n && walk->is_ascending != walk->is_inclusive)
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
		m->runs[i].bound = bound_of(walk, view->folders[i]);
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

static void
fill(struct view_merge *m, struct view_run *run)
{
	struct view_entry e = { .nsort = 0 };
	struct span key, value;
	bool is_first = true;

	run->n = run->next = 0;
	while (run->n < AHEAD && !run->is_done) {
		run->is_done = !step(m, run, is_first, &key, &value) ||
		    !read_entry(m, run, key, value, &e);
		is_first = false;
		if (!run->is_done && passes(m->t, &m->walk, &e))
			run->ahead[run->n++] = e;
	}
	if (run->is_done)
		return;
	run->bound = key_of_u32(run->folder);
	key_bytes(&run->bound, view_entry_span(&e));
	if (m->walk.is_ascending)
		key_u8(&run->bound, 0);
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
	if (!best || txn_failed(m->t))
		return false;
	*out = best->ahead[best->next++];
	return true;
}
