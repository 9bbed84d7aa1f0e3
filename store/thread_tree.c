/* SPDX-License-Identifier: MIT */
/*
 * Every id that is met has a container: those of Message-IDs, met in a
 * message or in references, sorted by hash, then one for each message
 * without an id.  Own references are linked before those that others tell
 * of, so a container that gets a parent never had one: it is the root of
 * its tree, and a link makes a loop when it is the root of its new parent's
 * tree as well.  Roots are found by paths that are halved on the way.
 *
 * Messages are numbered in their own order, so that lists filled from the
 * last to the first are sorted.
 */
#include "store/thread_tree.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "store/txn.h"

#define NONE UINT32_MAX	/* of containers, of messages */

struct tree_message {
	struct thread_member member;
	uint64_t id;		/* hash of its Message-ID; 0: none */
	uint64_t *refs;		/* without zeros */
	size_t nrefs;
	uint32_t container;
	uint32_t next_copy;
	bool is_wanted;
};

struct container {
	uint32_t parent;
	uint32_t root;		/* or on the way to it */
	uint32_t first;		/* message; NONE: missing */
	uint32_t shown;		/* the first copy that is wanted, or NONE */
	uint32_t above, child, next;	/* among those that are shown */
	uint16_t depth;
};

struct tree {
	struct arena arena;
	struct tree_message *messages;
	uint32_t nmessages;
	uint64_t *ids;		/* sorted; of the first nids containers */
	uint32_t nids;
	struct container *containers;
	uint32_t ncontainers;
	uint32_t roots;		/* the first one that is shown */
};

static void
tree_fini(struct tree *tree)
{
	arena_fini(&tree->arena);
}

static int
cmp_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
cmp_refs(const struct tree_message *a, const struct tree_message *b)
{
	for (size_t i = 0; i < a->nrefs && i < b->nrefs; i++)
		if (a->refs[i] != b->refs[i])
			return cmp_u64(a->refs[i], b->refs[i]);
	return cmp_u64(a->nrefs, b->nrefs);
}

/* Whatever can be told apart without the order of arrival comes first. */
static int
by_own_order(const void *x, const void *y)
{
	const struct tree_message *a = x, *b = y;
	int order = 0;

	if (a->member.at.date != b->member.at.date)
		return a->member.at.date < b->member.at.date ? -1 : 1;
	order = cmp_u64(a->id, b->id);
	if (order == 0)
		order = cmp_refs(a, b);
	if (order == 0)
		order = cmp_u64(a->member.folder, b->member.folder);
	return order ? order : cmp_u64(a->member.at.id, b->member.at.id);
}

static int
by_id(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return cmp_u64(*a, *b);
}

static bool
is_in(uint32_t folder, const uint32_t *folders, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (folders[i] == folder)
			return true;
	return n == 0;
}

/* Fills in what the row says; m->member is there. */
static void
read_message(struct store_txn *t, struct arena *arena, struct tree_message *m)
{
	struct span refs;
	struct row row;

	if (!row_get(t, m->member.at.id, &row)) {
		txn_corrupt(t, TABLE_THREAD_MEMBERS);
		return;
	}
	m->id = thread_id_hash(row.m.message_id);
	m->refs = arena_array(arena, row.references.n / 8, sizeof *m->refs);
	for (refs = row.references; refs.n; ) {
		m->refs[m->nrefs] = key_take_hash(&refs);
		m->nrefs += m->refs[m->nrefs] != 0;
	}
}

static void
read_messages(struct store_txn *t, struct tree *tree, uint64_t thread,
    size_t n)
{
	struct thread_member member;
	bool found = thread_first(t, thread, 0, &member);

	tree->messages = arena_array(&tree->arena, n, sizeof *tree->messages);
	while (found && tree->nmessages < n) {
		tree->messages[tree->nmessages++].member = member;
		found = thread_next(t, false, &member);
	}
	for (size_t i = 0; i < tree->nmessages; i++)
		read_message(t, &tree->arena, &tree->messages[i]);
	if (tree->nmessages)
		qsort(tree->messages, tree->nmessages, sizeof *tree->messages,
		    by_own_order);
}

/* All ids that are met, sorted, each once. */
static void
collect_ids(struct tree *tree)
{
	size_t n = 0, max = 0;

	for (size_t i = 0; i < tree->nmessages; i++)
		max += 1 + tree->messages[i].nrefs;
	tree->ids = arena_array(&tree->arena, max, sizeof *tree->ids);
	for (size_t i = 0; i < tree->nmessages; i++) {
		const struct tree_message *m = &tree->messages[i];

		if (m->id)
			tree->ids[n++] = m->id;
		for (size_t j = 0; j < m->nrefs; j++)
			tree->ids[n++] = m->refs[j];
	}
	if (n)
		qsort(tree->ids, n, sizeof *tree->ids, by_id);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || tree->ids[i] != tree->ids[i - 1])
			tree->ids[tree->nids++] = tree->ids[i];
}

static uint32_t
container_of(const struct tree *tree, uint64_t id)
{
	const uint64_t *at = bsearch(&id, tree->ids, tree->nids,
	    sizeof *tree->ids, by_id);

	return (uint32_t)(at - tree->ids);
}

static void
make_containers(struct tree *tree)
{
	uint32_t n = tree->nids + tree->nmessages;

	tree->containers = arena_array(&tree->arena, n,
	    sizeof *tree->containers);
	for (uint32_t i = 0; i < n; i++)
		tree->containers[i] = (struct container){
			.parent = NONE, .root = i,
			.first = NONE, .shown = NONE,
			.above = NONE, .child = NONE, .next = NONE,
		};
	tree->ncontainers = tree->nids;
}

/* From the last to the first, so that copies hang in order. */
static void
place_messages(struct tree *tree, const uint32_t *folders, size_t nfolders)
{
	for (uint32_t i = tree->nmessages; i-- > 0; ) {
		struct tree_message *m = &tree->messages[i];
		struct container *c;

		m->container = m->id ? container_of(tree, m->id)
		    : tree->ncontainers++;
		c = &tree->containers[m->container];
		m->next_copy = c->first;
		m->is_wanted = is_in(m->member.folder, folders, nfolders);
		c->first = i;
		if (m->is_wanted)
			c->shown = i;
	}
}

static uint32_t
root_of(struct container *all, uint32_t i)
{
	while (all[i].root != i) {
		all[i].root = all[all[i].root].root;
		i = all[i].root;
	}
	return i;
}

/* Unless it has a parent, or is above its new parent. */
static void
link_under(struct tree *tree, uint32_t parent, uint32_t child)
{
	struct container *all = tree->containers;
	uint32_t root;

	if (all[child].parent != NONE)
		return;
	root = root_of(all, parent);
	if (root == child)
		return;
	all[child].parent = parent;
	all[child].root = root;
}

/* The first copy speaks for a Message-ID. */
static bool
is_first_copy(const struct tree *tree, uint32_t i)
{
	return tree->containers[tree->messages[i].container].first == i;
}

static void
link_own(struct tree *tree)
{
	for (uint32_t i = 0; i < tree->nmessages; i++) {
		const struct tree_message *m = &tree->messages[i];

		if (m->nrefs && is_first_copy(tree, i))
			link_under(tree, container_of(tree,
			    m->refs[m->nrefs - 1]), m->container);
	}
}

static void
link_told(struct tree *tree)
{
	for (uint32_t i = 0; i < tree->nmessages; i++) {
		const struct tree_message *m = &tree->messages[i];
		uint32_t last = NONE;

		if (!is_first_copy(tree, i))
			continue;
		for (size_t j = 0; j < m->nrefs; j++) {
			uint32_t next = container_of(tree, m->refs[j]);

			if (last != NONE)
				link_under(tree, last, next);
			last = next;
		}
	}
}

/*
 * Where a container hangs when those that are not shown are gone: each one
 * on the way up is made to hang there, so that it is passed once.
 */
static uint32_t
find_above(struct container *all, uint32_t i)
{
	uint32_t above = all[i].parent;

	while (above != NONE && all[above].shown == NONE)
		above = all[above].parent;
	for (uint32_t next; all[i].parent != above; i = next) {
		next = all[i].parent;
		all[i].parent = above;
	}
	return above;
}

/* They go in front of a list, so the last message is hung first. */
static void
hang_shown(struct tree *tree)
{
	struct container *all = tree->containers;

	tree->roots = NONE;
	for (uint32_t i = tree->nmessages; i-- > 0; ) {
		uint32_t at = tree->messages[i].container, *list;
		struct container *c = &all[at];

		if (c->shown != i)
			continue;
		c->above = find_above(all, at);
		list = c->above == NONE ? &tree->roots : &all[c->above].child;
		c->next = *list;
		*list = at;
	}
}

/* The container behind this one in a walk from the top down. */
static uint32_t
walk_next(struct container *all, uint32_t at)
{
	const struct container *c = &all[at];

	if (c->child != NONE) {
		all[c->child].depth = (uint16_t)(c->depth + 1);
		if (c->depth == THREAD_DEPTH_MAX)
			all[c->child].depth = THREAD_DEPTH_MAX;
		return c->child;
	}
	while (c->next == NONE && c->above != NONE)
		c = &all[c->above];
	if (c->next != NONE)
		all[c->next].depth = c->depth;
	return c->next;
}

static struct thread_node
node_of(const struct thread_member *m, uint16_t depth)
{
	return (struct thread_node){
		.message = m->at.id,
		.folder = m->folder,
		.date = m->at.date,
		.depth = depth,
	};
}

static size_t
give_nodes(const struct tree *tree, size_t max, struct thread_node *out)
{
	struct container *all = tree->containers;
	size_t n = 0;

	for (uint32_t at = tree->roots; at != NONE;
	    at = walk_next(all, at)) {
		uint32_t i = all[at].shown;

		for (; i != NONE; i = tree->messages[i].next_copy) {
			const struct tree_message *m = &tree->messages[i];

			if (!m->is_wanted)
				continue;
			if (n == max)
				return n;
			out[n++] = node_of(&m->member, all[at].depth);
		}
	}
	return n;
}

static int
by_date(const void *x, const void *y)
{
	const struct thread_node *a = x, *b = y;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return cmp_u64(a->message, b->message);
}

/* The newest of a thread that is too large; room for twice max. */
struct newest {
	struct thread_node *nodes;
	size_t n, max;
};

/* Leaves the newest max, newest last. */
static void
newest_cut(struct newest *newest)
{
	size_t over = newest->n > newest->max ? newest->n - newest->max : 0;

	if (newest->n)
		qsort(newest->nodes, newest->n, sizeof *newest->nodes,
		    by_date);
	newest->n -= over;
	memmove(newest->nodes, newest->nodes + over,
	    newest->n * sizeof *newest->nodes);
}

static void
newest_add_folder(struct store_txn *t, struct newest *newest,
    uint64_t thread, uint32_t folder)
{
	struct thread_member m;
	bool found = thread_last(t, thread, folder, &m);

	for (size_t n = 0; found && n < newest->max; n++) {
		if (newest->n == 2 * newest->max)
			newest_cut(newest);
		newest->nodes[newest->n++] = node_of(&m, 0);
		found = thread_prev(t, &m);
	}
}

static size_t
flat_thread(struct store_txn *t, uint64_t thread, const uint32_t *folders,
    size_t nfolders, size_t max, struct arena *arena,
    struct thread_node **out)
{
	struct newest newest = { .max = max };
	struct thread_member m;
	bool found = thread_first(t, thread, 0, &m);

	newest.nodes = arena_array(arena, 2 * max, sizeof *newest.nodes);
	while (found) {
		if (is_in(m.folder, folders, nfolders))
			newest_add_folder(t, &newest, thread, m.folder);
		found = thread_next_folder(t, &m);
	}
	newest_cut(&newest);
	*out = newest.nodes;
	return newest.n;
}

size_t
thread_tree(struct store_txn *t, uint64_t thread, const uint32_t *folders,
    size_t nfolders, size_t max, struct arena *arena,
    struct thread_node **out)
{
	CLEANUP(tree_fini) struct tree tree = { 0 };
	size_t n = thread_members_count(t, thread, 0, THREAD_TREE_MAX + 1);

	*out = NULL;
	if (max > THREAD_TREE_MAX)
		max = THREAD_TREE_MAX;
	if (n > THREAD_TREE_MAX)
		return flat_thread(t, thread, folders, nfolders, max, arena,
		    out);
	read_messages(t, &tree, thread, n);
	if (txn_failed(t))
		return 0;
	collect_ids(&tree);
	make_containers(&tree);
	place_messages(&tree, folders, nfolders);
	link_own(&tree);
	link_told(&tree);
	hang_shown(&tree);
	*out = arena_array(arena, n < max ? n : max, sizeof **out);
	return give_nodes(&tree, max, *out);
}
