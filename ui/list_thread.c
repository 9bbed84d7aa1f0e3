/* SPDX-License-Identifier: MIT */
/*
 * The tree of a thread, as far as it is in the window.  The store tells how
 * deep a letter is in the whole thread; it is drawn below those that are
 * listed, as parents may be in another folder or left out by a filter.
 *
 * Whether a line goes on below is looked for in the window, which reaches a
 * screen further than the screen does; what is further away counts as none.
 */
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/subject.h"
#include "ui/list_state.h"

enum { DEPTH_MAX = 64 };

/* The n-th row in the order of the tree, which may be upside down. */
static size_t
in_tree_order(const struct list *l, size_t n)
{
	return l->view.is_reversed ? l->nrows - 1 - n : n;
}

/* Depths of the listed ancestors of the letter before. */
struct ancestors {
	uint16_t depths[DEPTH_MAX];
	size_t n;
};

/*
 * The window begins within a thread: its ancestors are taken to be listed,
 * so that the lines stay as they are when the window moves.
 */
static void
assume_ancestors(struct ancestors *a, size_t depth)
{
	for (a->n = 0; a->n < depth && a->n < DEPTH_MAX; a->n++)
		a->depths[a->n] = (uint16_t)a->n;
}

void
list_measure(struct list *l)
{
	struct ancestors a = { .n = 0 };
	bool is_tree = l->conversation || (l->view.order == VIEW_BY_THREAD &&
	    !l->view.is_folded);

	l->depths = arena_array(&l->arena, l->nrows + 1, sizeof l->depths[0]);
	for (size_t n = 0; n < l->nrows && is_tree; n++) {
		size_t i = in_tree_order(l, n);
		const struct message *m = &l->rows[i];
		bool begins = l->conversation ? n == 0 : n > 0 ?
		    l->rows[in_tree_order(l, n - 1)].thread != m->thread :
		    m->thread_total > 0;

		if (begins)
			a.n = 0;
		else if (n == 0)
			assume_ancestors(&a, m->depth);
		while (a.n > 0 && a.depths[a.n - 1] >= m->depth)
			a.n--;
		l->depths[i] = (uint16_t)a.n;
		if (a.n < DEPTH_MAX)
			a.depths[a.n++] = m->depth;
	}
}

/* A letter of this depth comes before the branch it is on ends. */
static bool
goes_on(const struct list *l, size_t i, size_t depth)
{
	bool is_up = l->view.is_reversed;

	for (;;) {
		if (is_up ? i == 0 : i + 1 >= l->nrows)
			return false;
		i += is_up ? (size_t)-1 : 1;
		if (l->depths[i] <= depth)
			return l->depths[i] == depth;
	}
}

void
list_put_branch(const struct list *l, size_t i, int levels, bool is_bare,
    struct buf *out)
{
	const struct ui *ui = l->pane.ui;
	bool is_up = l->view.is_reversed;
	int depth = l->depths[i], shown = depth < levels ? depth : levels;

	for (int level = 1; level < shown; level++)
		buf_puts(out, goes_on(l, i, (size_t)level) ?
		    ui_sign(ui, "│ ", "| ") : "  ");
	if (shown <= 0)
		return;
	if (goes_on(l, i, (size_t)depth))
		buf_puts(out, ui_sign(ui, "├", "|"));
	else if (is_up)
		buf_puts(out, ui_sign(ui, "┌", ","));
	else
		buf_puts(out, ui_sign(ui, "└", "`"));
	buf_puts(out, is_bare ? ui_sign(ui, "→", ">") :
	    ui_sign(ui, "─", "-"));
}

/* The row that row i answers; nrows when that is not in the window. */
static size_t
parent_of(const struct list *l, size_t i)
{
	bool is_up = l->view.is_reversed;
	uint16_t depth = l->depths[i];

	while (depth > 0 && (is_up ? i + 1 < l->nrows : i > 0)) {
		i += is_up ? 1 : (size_t)-1;
		if (l->depths[i] < depth)
			return i;
	}
	return l->nrows;
}

bool
list_repeats_subject(const struct list *l, size_t i)
{
	CLEANUP(buf_fini) struct buf a = { 0 }, b = { 0 };
	size_t parent = parent_of(l, i);

	if (parent == l->nrows)
		return false;
	subject_base(&a, l->rows[i].subject);
	subject_base(&b, l->rows[parent].subject);
	return span_eq(buf_span(&a), buf_span(&b));
}
