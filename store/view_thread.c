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
put_line(struct walk *w, size_t index)
{
	struct view_threads *threads = w->threads;
	const struct thread_node *node = &threads->nodes[index];
	bool is_folded = threads->view->is_folded;
	struct view_line line = {
		.id = node->message,
		.newest = threads->newest,
		.index = (uint32_t)index,
		.depth = (uint16_t)(is_folded ? 0 : node->depth),
	};

	if (is_folded || index == threads->first) {
		line.total = (uint32_t)threads->n;
		line.unread = view_thread_unread(threads);
	}
	view_lines_add(w->lines, &line);
}

/* The lines of the open thread from `at` on down, or from below it up. */
static void
put_lines(struct walk *w, size_t at)
{
	struct view_threads *threads = w->threads;

	for (size_t i = at; w->is_down && i < threads->n &&
	    !view_lines_are_full(w->lines); i++)
		if (view_thread_shows(threads, i))
			put_line(w, i);
	for (size_t i = at; !w->is_down && i-- > threads->first &&
	    !view_lines_are_full(w->lines); )
		if (view_thread_shows(threads, i))
			put_line(w, i);
}

/* All lines of a thread. */
static void
put_thread(struct walk *w, uint64_t thread)
{
	view_thread_open(w->threads, thread);
	if (txn_failed(w->threads->t))
		return;
	if (w->threads->view->is_folded)
		put_line(w, view_thread_folded(w->threads));
	else
		put_lines(w, w->is_down ? 0 : w->threads->n);
}

/* Of the position's thread, those on from the position. */
static void
put_rest(struct walk *w, uint64_t thread,
    const struct view_position *position, bool is_inclusive)
{
	struct view_threads *threads = w->threads;
	size_t at = 0;

	if (threads->view->is_folded) {
		if (is_inclusive)
			put_thread(w, thread);
		return;
	}
	view_thread_open(threads, thread);
	if (txn_failed(threads->t))
		return;
	while (at < threads->n && threads->nodes[at].message != position->id)
		at++;
	if (at < threads->n)
		at += w->is_down != is_inclusive;
	else if (position->thread_index < threads->n)
		at = position->thread_index;	/* what came behind it */
	put_lines(w, at);
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

	if (table != TABLE_THREADS) {
		if (!row_get(threads->t, spot.id, &row)) {
			txn_corrupt(threads->t, table);
			return 0;
		}
		thread = thread_find(threads->t, row.m.thread);
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
	if (thread)
		put_rest(&w, thread, position, is_inclusive);
	put_threads(&w, key_span(&start));
}
