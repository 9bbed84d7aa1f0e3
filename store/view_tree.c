/* SPDX-License-Identifier: MIT */
/*
 * One thread as a view has it.  Where it stands is asked of the index of
 * members, by folder and newest first; who answers whom is asked of
 * thread_tree, once a thread that is shown.  A thread that is too large for
 * a tree is listed by date.
 */
#include <stdlib.h>

#include "store/view_private.h"

static bool
is_newer(struct message_spot a, struct message_spot b)
{
	return a.date != b.date ? a.date > b.date : a.id > b.id;
}

static bool
has_folder(const struct view *view, uint32_t folder)
{
	for (size_t i = 0; i < view->nfolders; i++)
		if (view->folders[i] == folder)
			return true;
	return false;
}

/* The newest member in the folder that passes, if newer than *best. */
static void
improve(struct view_threads *w, uint64_t thread, uint32_t folder,
    struct message_spot *best)
{
	struct thread_member m;
	bool found = thread_last(w->t, thread, folder, &m);

	for (; found && is_newer(m.at, *best); found = thread_prev(w->t, &m)) {
		if (!view_passes(w->t, folder, m.at, w->view->filter))
			continue;
		*best = m.at;
		return;
	}
}

/* From folder to folder that the thread is in, however many there are. */
static struct message_spot
find_newest(struct view_threads *w, uint64_t thread)
{
	struct message_spot best = { KEY_DATE_MIN, 0 };
	struct thread_member m;
	bool found = thread_first(w->t, thread, 0, &m);

	for (; found; found = thread_next_folder(w->t, &m))
		if (has_folder(w->view, m.folder))
			improve(w, thread, m.folder, &best);
	return best;
}

struct message_spot
view_thread_newest(struct view_threads *w, uint64_t thread)
{
	struct view_thread_place *place = &w->places[thread % VIEW_PLACES];

	if (place->thread != thread)
		*place = (struct view_thread_place){ thread,
			find_newest(w, thread) };
	return place->newest;
}

static bool
passes(struct view_threads *w, const struct thread_node *node, unsigned tests)
{
	struct message_spot spot = { node->date, node->message };

	return view_passes(w->t, node->folder, spot, tests);
}

bool
view_thread_shows(struct view_threads *w, size_t index)
{
	return passes(w, &w->nodes[index], w->view->filter);
}

static int
by_date(const void *a, const void *b)
{
	const struct thread_node *x = a, *y = b;
	struct message_spot at = { x->date, x->message };
	struct message_spot other = { y->date, y->message };

	return is_newer(at, other) - is_newer(other, at);
}

static void
open_flat(struct view_threads *w, uint64_t thread)
{
	const struct view *view = w->view;
	size_t room = 0;

	for (size_t i = 0; i < view->nfolders; i++)
		room += thread_members_count(w->t, thread, view->folders[i],
		    SIZE_MAX);
	w->nodes = arena_array(&w->arena, room, sizeof *w->nodes);
	w->n = 0;
	for (size_t i = 0; i < view->nfolders; i++) {
		struct thread_member m;
		bool found = thread_first(w->t, thread, view->folders[i], &m);

		for (; found && w->n < room;
		    found = thread_next(w->t, true, &m))
			w->nodes[w->n++] = (struct thread_node){
				.message = m.at.id,
				.folder = m.folder,
				.date = m.at.date,
			};
	}
	qsort(w->nodes, w->n, sizeof *w->nodes, by_date);
}

static void
open_tree(struct view_threads *w, uint64_t thread)
{
	w->n = thread_tree(w->t, thread, w->view->folders, w->view->nfolders,
	    THREAD_TREE_MAX, &w->arena, &w->nodes);
}

void
view_thread_open(struct view_threads *w, uint64_t thread)
{
	arena_reset(&w->arena);
	w->newest = view_thread_newest(w, thread);
	if (thread_members_count(w->t, thread, 0, THREAD_TREE_MAX + 1) >
	    THREAD_TREE_MAX)
		open_flat(w, thread);
	else
		open_tree(w, thread);
	w->first = 0;
	while (w->first < w->n && !view_thread_shows(w, w->first))
		w->first++;
	if (w->first == w->n)
		txn_corrupt(w->t, TABLE_THREAD_MEMBERS);
}

size_t
view_thread_folded(struct view_threads *w)
{
	struct message_spot best = { KEY_DATE_MIN, 0 };
	bool is_best_unread = false;
	size_t at = w->first;

	for (size_t i = w->first; i < w->n; i++) {
		struct message_spot spot = { w->nodes[i].date,
			w->nodes[i].message };
		bool is_unread = passes(w, &w->nodes[i], VIEW_UNREAD);

		if (is_unread < is_best_unread ||
		    (is_unread == is_best_unread && !is_newer(spot, best)) ||
		    !view_thread_shows(w, i))
			continue;
		best = spot;
		is_best_unread = is_unread;
		at = i;
	}
	return at;
}

uint32_t
view_thread_unread(struct view_threads *w)
{
	uint32_t unread = 0;

	for (size_t i = 0; i < w->n; i++)
		unread += passes(w, &w->nodes[i], VIEW_UNREAD);
	return unread;
}
