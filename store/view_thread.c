/* SPDX-License-Identifier: MIT */
/*
 * Pages by thread.  Threads are met by an index of messages by date: of the
 * newest ones of threads in a folder, or those that pass the filter.  Of
 * one thread several may be met, in several folders; it stands where the
 * newest of them does, and is passed over at the others.
 */
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/view_private.h"

struct walk {
	struct view_threads *threads;
	struct view_lines *lines;
	bool is_down;
};

static struct view_threads *
threads_new(struct store_txn *t, const struct view *view)
{
	struct view_threads *w = xcalloc(1, sizeof *w);

	w->t = t;
	w->view = view;
	return w;
}

static void
threads_freep(struct view_threads **w)
{
	arena_fini(&(*w)->arena);
	free(*w);
}

static void
put_line(struct walk *w, struct view_line line, bool is_first)
{
	struct view_threads *threads = w->threads;

	line.newest = threads->newest;
	if (is_first) {
		line.total = view_thread_count(threads, threads->thread, 0);
		line.unread = view_thread_count(threads, threads->thread,
		    VIEW_UNREAD);
	}
	view_lines_add(w->lines, &line);
}

static void
put_node(struct walk *w, size_t index)
{
	const struct thread_node *node = &w->threads->nodes[index];

	if (view_thread_shows(w->threads, index))
		put_line(w, (struct view_line){
			.id = node->message,
			.index = (uint32_t)index,
			.depth = node->depth,
		}, index == w->threads->first);
}

/* The lines of the tree from `at` on down, or from below it up. */
static void
put_tree(struct walk *w, size_t at)
{
	struct view_threads *threads = w->threads;

	for (size_t i = at; w->is_down && i < threads->n &&
	    !view_lines_are_full(w->lines); i++)
		put_node(w, i);
	for (size_t i = at; !w->is_down && i-- > threads->first &&
	    !view_lines_are_full(w->lines); )
		put_node(w, i);
}

/* A walk of the thread by date; start empty: from the end. */
static void
flat_init(struct view_merge *m, const struct view_threads *threads,
    bool is_ascending, struct span start, bool is_inclusive)
{
	view_merge_init(m, threads->t, threads->view, &(struct view_walk){
		.table = TABLE_THREAD_MEMBERS,
		.thread = threads->thread,
		.tests = threads->view->filter,
		.is_ascending = is_ascending,
		.start = start,
		.is_inclusive = is_inclusive,
	});
}

static uint64_t
flat_first(const struct view_threads *threads)
{
	CLEANUP(view_merge_fini) struct view_merge m;
	struct view_entry e;

	flat_init(&m, threads, true, SPAN_LIT(""), false);
	if (!view_merge_take(&m, &e))
		return 0;
	return view_entry_spot(TABLE_THREAD_MEMBERS, &e).id;
}

/* The lines of a thread that is no tree, from the place on. */
static void
put_flat(struct walk *w, struct span start, bool is_inclusive)
{
	uint64_t first = flat_first(w->threads);
	CLEANUP(view_merge_fini) struct view_merge m;
	struct view_entry e;

	flat_init(&m, w->threads, w->is_down, start, is_inclusive);
	while (!view_lines_are_full(w->lines) && view_merge_take(&m, &e)) {
		uint64_t id = view_entry_spot(TABLE_THREAD_MEMBERS, &e).id;

		put_line(w, (struct view_line){ .id = id }, id == first);
	}
}

/* The newest unread one of the thread stands for it, or else the newest. */
static void
put_folded(struct walk *w, uint64_t thread)
{
	struct view_threads *threads = w->threads;
	uint64_t unread = view_thread_newest_unread(threads, thread).id;

	threads->thread = thread;
	threads->newest = view_thread_newest(threads, thread);
	put_line(w, (struct view_line){
		.id = unread ? unread : threads->newest.id }, true);
}

/* All lines of a thread. */
static void
put_thread(struct walk *w, uint64_t thread)
{
	struct view_threads *threads = w->threads;

	if (threads->view->is_folded) {
		put_folded(w, thread);
		return;
	}
	view_thread_open(threads, thread);
	if (txn_failed(threads->t))
		return;
	if (threads->is_flat)
		put_flat(w, SPAN_LIT(""), false);
	else
		put_tree(w, w->is_down ? 0 : threads->n);
}

/* Of the position's thread, those on from the position. */
static void
put_rest(struct walk *w, uint64_t thread,
    const struct view_position *position, bool is_inclusive)
{
	struct view_threads *threads = w->threads;
	struct key start = { 0 };
	size_t at = 0;

	view_thread_open(threads, thread);
	if (txn_failed(threads->t))
		return;
	if (threads->is_flat) {
		key_date(&start, key_date_cut(position->date));
		key_u64(&start, position->id);
		put_flat(w, key_span(&start), is_inclusive);
		return;
	}
	while (at < threads->n && threads->nodes[at].message != position->id)
		at++;
	if (at < threads->n)
		at += w->is_down != is_inclusive;
	else if (position->thread_index < threads->n)
		at = position->thread_index;	/* what came behind it */
	put_tree(w, at);
}

/* The thread that the position is in now; 0 when the view has it not. */
static uint64_t
thread_of(struct view_threads *threads, const struct view_position *position)
{
	uint64_t thread = position->thread;
	struct row row;

	if (row_get(threads->t, position->id, &row))
		thread = row.m.thread;
	if (!thread)
		return 0;
	thread = thread_find(threads->t, thread);
	return view_thread_newest(threads, thread).id ? thread : 0;
}

/* The thread that an entry is of, which stands there; or 0. */
static uint64_t
thread_at(struct view_threads *threads, enum table table,
    const struct view_entry *e)
{
	struct message_spot spot = view_entry_spot(table, e);
	uint64_t thread = e->thread;
	struct row row;

	/* Often it is of the same thread as the last one: no row is read. */
	if (table != TABLE_THREADS && threads->thread && view_thread_has(
	    threads, threads->thread, e->folder, spot)) {
		thread = threads->thread;
	} else if (table != TABLE_THREADS) {
		if (!row_get(threads->t, spot.id, &row)) {
			txn_corrupt(threads->t, table);
			return 0;
		}
		thread = thread_find(threads->t, row.m.thread);
		threads->thread = thread;
	}
	return view_thread_newest(threads, thread).id == spot.id ? thread : 0;
}

/* Thread after thread on from a place; empty: from the end. */
static void
put_threads(struct walk *w, struct span start)
{
	CLEANUP(view_merge_fini) struct view_merge m;
	struct view_threads *threads = w->threads;
	const struct view *view = threads->view;
	enum table table = view->filter ?
	    view_filter_table(threads->t, view) : TABLE_THREADS;
	struct view_entry e;

	view_merge_init(&m, threads->t, view, &(struct view_walk){
		.table = table,
		.tests = view_tests_left(view, table),
		.is_ascending = !w->is_down,
		.start = start,
	});
	while (!view_lines_are_full(w->lines) && view_merge_take(&m, &e)) {
		uint64_t thread = thread_at(threads, table, &e);

		if (thread)
			put_thread(w, thread);
	}
}

void
view_thread_walk(struct store_txn *t, const struct view *view,
    const struct view_position *position, bool is_down, bool is_inclusive,
    struct view_lines *lines)
{
	CLEANUP(threads_freep) struct view_threads *threads =
	    threads_new(t, view);
	struct walk w = { threads, lines, is_down };
	struct key start = { 0 };
	struct message_spot spot;
	uint64_t thread;

	if (!position) {
		put_threads(&w, SPAN_LIT(""));
		return;
	}
	thread = thread_of(threads, position);
	spot = thread ? view_thread_newest(threads, thread) :
	    position->thread_newest;
	key_date(&start, key_date_cut(spot.date));
	key_u64(&start, spot.id);
	threads->thread = thread;
	if (thread && !view->is_folded)
		put_rest(&w, thread, position, is_inclusive);
	else if (thread && is_inclusive)
		put_folded(&w, thread);
	put_threads(&w, key_span(&start));
}
