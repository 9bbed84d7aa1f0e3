/* SPDX-License-Identifier: MIT */
/*
 * One thread as a view has it.  Where it stands is asked of the index of
 * members, by folder and newest first; who answers whom is asked of
 * thread_tree, once a thread that is shown.  A thread that is too large for
 * a tree is listed by date, from the index alone.
 */
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

/* Moves *m to the next older one that passes; it may be that already. */
static bool
pass_down(struct view_threads *w, unsigned tests, struct thread_member *m)
{
	for (;;) {
		switch (view_leap(w->t, m->folder, tests, false, &m->at)) {
		case VIEW_PASSES:
			return true;
		case VIEW_LEAP:
			if (!thread_last_at(w->t, m))
				return false;
			break;
		case VIEW_FAILS:
		case VIEW_NONE:
			return false;
		}
	}
}

/* From folder to folder that the thread is in, however many there are. */
static struct message_spot
find_newest(struct view_threads *w, uint64_t thread, unsigned tests)
{
	struct message_spot best = { KEY_DATE_MIN, 0 };
	struct thread_member at, m;
	bool found = thread_first(w->t, thread, 0, &at);

	for (; found; found = thread_next_folder(w->t, &at))
		if (has_folder(w->view, at.folder) &&
		    thread_last(w->t, thread, at.folder, &m) &&
		    is_newer(m.at, best) && pass_down(w, tests, &m) &&
		    is_newer(m.at, best))
			best = m.at;
	return best;
}

struct message_spot
view_thread_newest(struct view_threads *w, uint64_t thread)
{
	struct view_thread_place *place = &w->places[thread % VIEW_PLACES];

	if (place->thread != thread)
		*place = (struct view_thread_place){ thread,
			find_newest(w, thread, w->view->filter) };
	return place->newest;
}

struct message_spot
view_thread_newest_unread(struct view_threads *w, uint64_t thread)
{
	return find_newest(w, thread, w->view->filter | VIEW_UNREAD);
}

static uint32_t
count_in(struct view_threads *w, const struct thread_member *of,
    unsigned tests, uint32_t max)
{
	struct thread_member m;
	bool found = thread_last(w->t, of->thread, of->folder, &m);
	uint32_t n = 0;

	for (; found && n < max && pass_down(w, tests, &m); n++)
		found = thread_prev(w->t, &m);
	return n;
}

uint32_t
view_thread_count(struct view_threads *w, uint64_t thread, unsigned tests)
{
	struct thread_member at;
	bool found = thread_first(w->t, thread, 0, &at);
	uint32_t n = 0;

	for (; found; found = thread_next_folder(w->t, &at))
		if (has_folder(w->view, at.folder))
			n += count_in(w, &at, tests, THREAD_COUNT_MAX - n);
	return n;
}

bool
view_thread_has(struct view_threads *w, uint64_t thread, uint32_t folder,
    struct message_spot spot)
{
	struct key key = thread_member_key(&(struct thread_member){
		thread, folder, spot });

	return txn_has(w->t, TABLE_THREAD_MEMBERS, &key);
}

bool
view_thread_shows(struct view_threads *w, size_t index)
{
	const struct thread_node *node = &w->nodes[index];
	struct message_spot spot = { node->date, node->message };

	return view_passes(w->t, node->folder, spot, w->view->filter);
}

void
view_thread_open(struct view_threads *w, uint64_t thread)
{
	arena_reset(&w->arena);
	w->thread = thread;
	w->newest = view_thread_newest(w, thread);
	w->is_flat = thread_members_count(w->t, thread, 0,
	    VIEW_TREE_MAX + 1) > VIEW_TREE_MAX;
	if (w->is_flat)
		return;
	w->n = thread_tree(w->t, thread, w->view->folders, w->view->nfolders,
	    VIEW_TREE_MAX, &w->arena, &w->nodes);
	w->first = 0;
	while (w->first < w->n && !view_thread_shows(w, w->first))
		w->first++;
	if (w->first == w->n)
		txn_corrupt(w->t, TABLE_THREAD_MEMBERS);
}
