/* SPDX-License-Identifier: MIT */
#include "ui/folder_tree.h"

#include <stdlib.h>

enum { NONE = -1 };

struct node {
	const struct folder *folder;
	struct span label;
	int parent, first_child, last_child, next, depth;
};

/* Sorted by title, so that a parent is found without looking at all. */
static int
by_title(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;

	return span_cmp((*x)->folder->title, (*y)->folder->title);
}

static const struct node *
find(const struct node *const *sorted, size_t n, struct span title)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span_cmp(sorted[middle]->folder->title, title) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && span_eq(sorted[low]->folder->title, title) ?
	    sorted[low] : NULL;
}

/* The nearest ancestor that is there; the label is what lies below it. */
static int
find_parent(struct node *nodes, const struct node *const *sorted, size_t n,
    struct node *node)
{
	struct span title = node->folder->title, prefix = title;

	node->label = title;
	if (!node->folder->delimiter)
		return NONE;
	while (prefix.n > 0) {
		const struct node *parent;

		if (prefix.p[--prefix.n] != node->folder->delimiter)
			continue;
		parent = find(sorted, n, prefix);
		if (parent && parent != node && prefix.n + 1 < title.n) {
			node->label = span_skip(title, prefix.n + 1);
			return (int)(parent - nodes);
		}
	}
	return NONE;
}

static void
append_child(struct node *nodes, int parent, int child)
{
	struct node *p = &nodes[parent];

	if (p->last_child == NONE)
		p->first_child = child;
	else
		nodes[p->last_child].next = child;
	p->last_child = child;
}

/* The next in order of showing: a child, a sibling, an uncle. */
static int
walk(const struct node *nodes, int i)
{
	if (nodes[i].first_child != NONE)
		return nodes[i].first_child;
	while (i != NONE && nodes[i].next == NONE)
		i = nodes[i].parent;
	return i == NONE ? NONE : nodes[i].next;
}

struct tree_row *
folder_tree(const struct folder *folders, size_t n, struct arena *arena)
{
	/* Node n is the root: it has no folder. */
	struct node *nodes = arena_array(arena, n + 1, sizeof nodes[0]);
	struct node **sorted = arena_array(arena, n + 1, sizeof sorted[0]);
	struct tree_row *rows = arena_array(arena, n + 1, sizeof rows[0]);
	int root = (int)n, at;

	for (int i = 0; i <= root; i++) {
		nodes[i] = (struct node){ NULL, { NULL, 0 }, NONE, NONE, NONE,
			NONE, -1 };
		nodes[i].folder = i < root ? &folders[i] : NULL;
		sorted[i] = &nodes[i];
	}
	qsort(sorted, n, sizeof sorted[0], by_title);
	for (int i = 0; i < root; i++) {
		int parent = find_parent(nodes,
		    (const struct node *const *)sorted, n, &nodes[i]);

		nodes[i].parent = parent == NONE ? root : parent;
		append_child(nodes, nodes[i].parent, i);
	}
	at = root;
	for (size_t i = 0; i < n; i++) {
		at = walk(nodes, at);
		if (at == NONE)
			break;
		nodes[at].depth = nodes[nodes[at].parent].depth + 1;
		rows[i] = (struct tree_row){ nodes[at].folder,
			nodes[at].label, nodes[at].depth };
	}
	return rows;
}
