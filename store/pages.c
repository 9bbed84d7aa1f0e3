/* SPDX-License-Identifier: MIT */
/*
 * Walks the trees with a page in memory for each level.  A bit a page says
 * that it was met, by a tree or by the free list; a page that is met twice
 * is damage, which also ends every loop.  A page that nobody names is lost
 * room and no damage.
 *
 * The file may end before its last page: a page that was taken and given
 * back in one transaction is never written.  Such pages are on the free
 * list.
 */
#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

enum {
	ATTEMPTS = 5,
	TABLES_MAX = 256,	/* in one file */
	NAME_MAX_OCTETS = 64,	/* of a table */
	NUMBERS_AT_ONCE = 512,	/* of a free list */
	PAGES_A_TELL = 4096,
};

struct level {
	char *page;		/* owned; without fault */
	size_t number;
	size_t n, i;		/* entries; the next one */
};

struct table_root {
	char name[NAME_MAX_OCTETS + 1];
	struct tree tree;
};

struct walk {
	const struct page_file *f;
	uint8_t *met;			/* owned: a bit a page */
	struct level levels[TREE_DEPTH_MAX];
	size_t depth;			/* levels in use */
	struct table_root *tables;	/* owned */
	size_t ntables;
	size_t missing_free;	/* not in the file, and on the free list */
	const struct store_progress *progress;	/* may be NULL */
	uint64_t done, told;		/* pages */
	struct error *e;

	/* The tree that is walked, and what it turns out to be. */
	const char *name;
	enum tree_kind kind;
	struct tree stated, found;
	char last_key[PAGE_KEY_MAX];	/* in order, so far */
	size_t last_key_octets;
	bool is_last_separator;		/* of a branch: the next may equal it */
};

static enum err
fail(struct walk *w, size_t page, const char *what)
{
	return error_set(w->e, ERR_CORRUPT,
	    "%s is damaged: table %s, page %llu: %s", w->f->path, w->name,
	    (unsigned long long)page, what);
}

static enum err
fail_short(const struct page_file *f, struct error *e)
{
	return error_set(e, ERR_CORRUPT, "%s was cut short, and letters in it "
	    "are lost: restore it from a copy, or move it away to begin anew",
	    f->path);
}

/* False when it was met before. */
static bool
meet(struct walk *w, size_t page)
{
	uint8_t bit = (uint8_t)(1 << page % 8);
	bool is_new = !(w->met[page / 8] & bit);

	w->met[page / 8] |= bit;
	w->done++;
	if (w->progress && w->done - w->told >= PAGES_A_TELL) {
		w->told = w->done;
		w->progress->each(w->progress->ctx, w->done,
		    w->f->meta.last + 1);
	}
	return is_new;
}

/* A run of pages that a tree uses. */
static enum err
use(struct walk *w, size_t from, size_t first, size_t n)
{
	if (first < PAGE_METAS || n == 0 || first > w->f->meta.last ||
	    n > w->f->meta.last - first + 1)
		return fail(w, from, "it names a page that there is not");
	if (first + n > w->f->present)
		return fail_short(w->f, w->e);
	for (size_t i = 0; i < n; i++)
		if (!meet(w, first + i))
			return fail(w, first + i, "it is used twice");
	return ERR_OK;
}

static enum err
check_order(struct walk *w, size_t page, struct span key, bool is_separator)
{
	struct span last = { w->last_key, w->last_key_octets };
	int cmp = last.n ? page_key_cmp(w->kind, last, key) : -1;

	if (cmp > 0 || (cmp == 0 && !w->is_last_separator))
		return fail(w, page, "its keys are not where they belong");
	memcpy(w->last_key, key.p, key.n);
	w->last_key_octets = key.n;
	w->is_last_separator = is_separator;
	return ERR_OK;
}

/* Each level down to the stated depth is of branches, the last of leaves. */
static enum err
enter(struct walk *w, size_t from, size_t number)
{
	struct level *level = &w->levels[w->depth];
	const struct page_file *f = w->f;
	const char *fault;
	enum err err = use(w, from, number, 1);
	bool is_leaf;

	if (err != ERR_OK)
		return err;
	if (!level->page)
		level->page = xcalloc(1, f->page_octets);
	if (!page_read_at(f->fd, (uint64_t)number * f->page_octets, level->page,
	    f->page_octets))
		return error_sys(w->e, ERR_IO, errno, "cannot read %s",
		    f->path);
	fault = page_fault(level->page, f->page_octets, number, w->kind);
	if (fault)
		return fail(w, number, fault);
	is_leaf = page_is_leaf(level->page);
	if (is_leaf != (w->depth + 1 == w->stated.depth))
		return fail(w, number, "it is on the wrong level");
	w->found.leaves += is_leaf;
	w->found.branches += !is_leaf;
	level->number = number;
	level->n = page_count(level->page);
	level->i = 0;
	w->depth++;
	return ERR_OK;
}

/* The run of overflow pages of a node; its head says how long it is. */
static enum err
use_overflow(struct walk *w, size_t from, const struct node *node,
    size_t *first)
{
	size_t page_octets = w->f->page_octets;
	struct page_head head;
	uint32_t pages;
	enum err err;

	memcpy(first, node->value.p, sizeof *first);
	err = use(w, from, *first, 1);
	if (err != ERR_OK)
		return err;
	if (!page_read_at(w->f->fd, (uint64_t)*first * page_octets,
	    &head, sizeof head))
		return error_sys(w->e, ERR_IO, errno, "cannot read %s",
		    w->f->path);
	if (head.number != *first || head.flags != PAGE_OVERFLOW)
		return fail(w, *first, "it does not begin a long value");
	memcpy(&pages, &head.lower, sizeof pages);
	if (pages < (sizeof head + (uint64_t)node->octets + page_octets - 1) /
	    page_octets)
		return fail(w, *first, "it is shorter than its value");
	w->found.overflows += pages;
	return pages == 1 ? ERR_OK : use(w, *first, *first + 1, pages - 1);
}

static enum err
note_table(struct walk *w, size_t page, const struct node *node)
{
	struct table_root *root;

	if (node->key.n > NAME_MAX_OCTETS || w->ntables == TABLES_MAX)
		return fail(w, page, "it names no table");
	root = &w->tables[w->ntables++];
	memcpy(root->name, node->key.p, node->key.n);
	root->name[node->key.n] = '\0';
	memcpy(&root->tree, node->value.p, sizeof root->tree);
	return ERR_OK;
}

/* Some numbers of a free list; they descend. */
static enum err
take_free(struct walk *w, size_t page, const size_t *numbers, size_t n,
    size_t *before)
{
	for (size_t i = 0; i < n; i++) {
		if (numbers[i] < PAGE_METAS || numbers[i] > w->f->meta.last)
			return fail(w, page, "it frees a page that there is "
			    "not");
		if (numbers[i] >= *before)
			return fail(w, page, "what it frees is out of order");
		if (!meet(w, numbers[i]))
			return fail(w, page, "it frees a page that is used");
		w->missing_free += numbers[i] >= w->f->present;
		*before = numbers[i];
	}
	return ERR_OK;
}

/* The value of a free list: how many, and the numbers. */
static enum err
check_free(struct walk *w, size_t page, uint64_t at, size_t octets)
{
	size_t numbers[NUMBERS_AT_ONCE], length, before = SIZE_MAX;
	enum err err = ERR_OK;

	if (octets < sizeof length || !page_read_at(w->f->fd, at, &length,
	    sizeof length) || length > octets / sizeof length - 1)
		return fail(w, page, "its free list is too long");
	while (length > 0 && err == ERR_OK) {
		size_t n = length < NUMBERS_AT_ONCE ? (size_t)length
		    : NUMBERS_AT_ONCE;

		at += sizeof length;
		if (!page_read_at(w->f->fd, at, numbers, n * sizeof *numbers))
			return fail(w, page, "its free list cannot be read");
		err = take_free(w, page, numbers, n, &before);
		at += (n - 1) * sizeof length;
		length -= n;
	}
	return err;
}

static enum err
check_value(struct walk *w, const struct level *level,
    const struct node *node)
{
	size_t page_octets = w->f->page_octets;
	size_t first;
	uint64_t at = (uint64_t)level->number * page_octets;
	enum err err;

	if (w->kind == TREE_MAIN)
		return note_table(w, level->number, node);
	if (node->flags & NODE_BIG) {
		err = use_overflow(w, level->number, node, &first);
		if (err != ERR_OK)
			return err;
		at = (uint64_t)first * page_octets + sizeof(struct page_head);
	} else {
		at += (uint64_t)(node->value.p - level->page);
	}
	return w->kind == TREE_FREE
	    ? check_free(w, level->number, at, node->octets) : ERR_OK;
}

static enum err
check_leaf(struct walk *w, struct level *level)
{
	enum err err = check_order(w, level->number,
	    page_node(level->page, 0).key, false);

	for (; level->i < level->n && err == ERR_OK; level->i++) {
		struct node node = page_node(level->page, level->i);

		w->found.entries++;
		if (w->kind != TREE_TABLE || node.flags != 0)
			err = check_value(w, level, &node);
	}
	/* Within the page the order is known. */
	return err == ERR_OK && level->n > 1 ? check_order(w, level->number,
	    page_node(level->page, level->n - 1).key, false) : err;
}

static enum err
check_branch(struct walk *w, struct level *level)
{
	struct node node = page_node(level->page, level->i);
	enum err err = ERR_OK;

	if (level->i++ > 0)
		err = check_order(w, level->number, node.key, true);
	return err == ERR_OK ? enter(w, level->number, node.child) : err;
}

static enum err
walk_pages(struct walk *w)
{
	enum err err = ERR_OK;

	while (w->depth > 0 && err == ERR_OK) {
		struct level *level = &w->levels[w->depth - 1];

		if (level->i == level->n)
			w->depth--;
		else if (page_is_leaf(level->page))
			err = check_leaf(w, level);
		else
			err = check_branch(w, level);
	}
	return err;
}

static enum err
compare_sizes(struct walk *w)
{
	const struct tree *a = &w->stated, *b = &w->found;

	if (a->branches == b->branches && a->leaves == b->leaves &&
	    a->overflows == b->overflows && a->entries == b->entries)
		return ERR_OK;
	return fail(w, a->root, "it holds more or less than it says");
}

/* Not is_whole: only the root. */
static enum err
walk_tree(struct walk *w, const char *name, enum tree_kind kind,
    const struct tree *tree, bool is_whole)
{
	enum err err;

	w->name = name;
	w->kind = kind;
	w->stated = *tree;
	w->found = (struct tree){ 0 };
	w->last_key_octets = 0;
	w->depth = 0;
	if (kind == TREE_TABLE && tree->flags != 0)
		return fail(w, tree->root, "it is of a kind that is not used");
	if (tree->root == TREE_EMPTY)
		return tree->depth == 0 ? compare_sizes(w)
		    : fail(w, 0, "it has no root");
	if (tree->depth == 0 || tree->depth > TREE_DEPTH_MAX)
		return fail(w, tree->root, "its depth is impossible");
	err = enter(w, tree->root, tree->root);
	if (err != ERR_OK || !is_whole)
		return err;
	err = walk_pages(w);
	return err == ERR_OK ? compare_sizes(w) : err;
}

/*
 * The free list before the tables: a file that is short for good is told
 * from one that was cut.
 */
static enum err
walk_file(struct walk *w, bool is_whole)
{
	const struct page_file *f = w->f;
	size_t lacks = f->present > f->meta.last ? 0
	    : f->meta.last + 1 - f->present;
	enum err err = walk_tree(w, "(free)", TREE_FREE, &f->meta.free_list,
	    is_whole || lacks > 0);

	if (lacks > 0 && (err == ERR_CORRUPT || w->missing_free != lacks))
		return fail_short(f, w->e);
	if (err == ERR_OK)
		err = walk_tree(w, "(tables)", TREE_MAIN, &f->meta.main, true);
	for (size_t i = 0; i < w->ntables && err == ERR_OK; i++)
		err = walk_tree(w, w->tables[i].name, TREE_TABLE,
		    &w->tables[i].tree, is_whole);
	return err;
}

static enum err
check_file(const struct page_file *f, bool is_whole,
    const struct store_progress *progress, struct error *e)
{
	struct walk w = { .f = f, .progress = progress, .e = e };
	enum err err;

	/* No free list in the file has room for as many as are missing. */
	if (f->meta.last / (f->page_octets / sizeof(size_t)) > f->present)
		return fail_short(f, e);
	w.met = xcalloc((size_t)f->meta.last / 8 + 1, 1);
	w.tables = xcalloc(TABLES_MAX, sizeof w.tables[0]);
	err = walk_file(&w, is_whole);
	/* The two pages of the head are in no tree. */
	if (err == ERR_OK && progress)
		progress->each(progress->ctx, f->meta.last + 1,
		    f->meta.last + 1);
	for (size_t i = 0; i < TREE_DEPTH_MAX; i++)
		free(w.levels[i].page);
	free(w.tables);
	free(w.met);
	return err;
}

enum err
pages_check_roots(const struct page_file *f, struct error *e)
{
	return check_file(f, false, NULL, e);
}

/* The meta pages may be just being written; then it is worth a new look. */
static bool
look(struct page_file *f)
{
	for (int i = 0; i < ATTEMPTS; i++)
		if (page_file_look(f))
			return true;
	return false;
}

enum err
pages_check_open(int fd, const char *path,
    const struct store_progress *progress, struct error *e)
{
	struct page_file f = { .fd = fd, .path = path };

	if (!look(&f))
		return error_set(e, ERR_CORRUPT,
		    "%s is not a mail store, or its head is damaged", path);
	return check_file(&f, true, progress, e);
}

enum err
pages_check(const char *path, const struct store_progress *progress,
    struct error *e)
{
	CLEANUP(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_sys(e, ERR_IO, errno, "cannot read %s", path);
	/* Pages follow each other mostly, as they were taken in one go. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return pages_check_open(fd, path, progress, e);
}
