/* SPDX-License-Identifier: MIT */
/*
 * The file holds pages 0 to last_pg of the newest meta page, but a page that
 * was taken and given back in one transaction is never written: the file of
 * an undamaged store can be shorter than its last page.  Such pages are on
 * the free list, so a short file is whole when every page that it lacks is
 * there.  The list is a B-tree (transaction -> array of pages); the layout
 * is that of LMDB's data version 1 (mdb.c, "Page headers", "Nodes").
 */
#include "store/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

#define META_MAGIC UINT32_C(0xbeefc0de)

enum {
	META_VERSION = 1,
	PAGE_BRANCH = 0x01,
	PAGE_LEAF = 0x02,
	PAGE_META = 0x08,
	NODE_BIG = 0x01,	/* the value is on overflow pages */
	NODE_HEAD = 8,
	TREE_DEPTH_MAX = 32,
	ATTEMPTS = 5,
};

struct page_head {
	size_t number;
	uint16_t pad, flags;
	uint16_t lower, upper;
};

struct tree {
	uint32_t pad;
	uint16_t flags, depth;
	size_t branches, leaves, overflows, entries, root;
};

struct meta_page {
	struct page_head head;
	uint32_t magic, version;
	void *address;
	size_t map_octets;
	struct tree free_list, main;	/* free_list.pad: the page size */
	size_t last;
	size_t txn;
};

struct file {
	int fd;
	size_t page_octets;
	size_t present;		/* pages 0 .. present-1 are in the file */
	size_t last;
	size_t pages_read;	/* a tree with a loop ends here */
	size_t missing_free;	/* missing pages that the free list names */
};

static bool
read_at(int fd, size_t at, void *to, size_t n)
{
	for (size_t got = 0; got < n; ) {
		ssize_t r = pread(fd, (char *)to + got, n - got,
		    (off_t)(at + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

static bool
meta_is_good(const struct meta_page *m)
{
	size_t page = m->free_list.pad;

	return (m->head.flags & PAGE_META) && m->magic == META_MAGIC &&
	    m->version == META_VERSION && page >= 512 && page <= 65536 &&
	    (page & (page - 1)) == 0 && m->last >= 1 &&
	    m->last < SIZE_MAX / page - 1;
}

/*
 * The newer of the two, which is the one that LMDB takes.  Before the first
 * is read the page size is unknown, so the second is found by the first.
 */
static bool
read_meta(int fd, struct meta_page *newest)
{
	struct meta_page second;

	if (!read_at(fd, 0, newest, sizeof *newest) || !meta_is_good(newest) ||
	    !read_at(fd, newest->free_list.pad, &second, sizeof second) ||
	    !meta_is_good(&second))
		return false;
	if (second.txn > newest->txn)
		*newest = second;
	return true;
}

/* Counts what an array of pages (its length first) at `at` names. */
static bool
count_list(struct file *f, size_t at, size_t octets)
{
	size_t length, numbers[256], end = f->present * f->page_octets;

	if (octets < sizeof length || at > end || octets > end - at ||
	    !read_at(f->fd, at, &length, sizeof length) ||
	    length > octets / sizeof length - 1)
		return false;
	for (at += sizeof length; length > 0; ) {
		size_t n = length < 256 ? length : 256;

		if (!read_at(f->fd, at, numbers, n * sizeof numbers[0]))
			return false;
		for (size_t i = 0; i < n; i++)
			f->missing_free += numbers[i] >= f->present &&
			    numbers[i] <= f->last;
		at += n * sizeof numbers[0];
		length -= n;
	}
	return true;
}

static bool
count_leaf_node(struct file *f, const char *page, size_t number, size_t node)
{
	uint32_t octets;
	uint16_t flags, key;
	size_t at, big;

	memcpy(&octets, page + node, sizeof octets);
	memcpy(&flags, page + node + 4, sizeof flags);
	memcpy(&key, page + node + 6, sizeof key);
	at = node + NODE_HEAD + key;
	if (!(flags & NODE_BIG))
		return at <= f->page_octets && octets <= f->page_octets - at &&
		    count_list(f, number * f->page_octets + at, octets);
	if (at > f->page_octets || f->page_octets - at < sizeof big)
		return false;
	memcpy(&big, page + at, sizeof big);
	return big < f->present && count_list(f,
	    big * f->page_octets + sizeof(struct page_head), octets);
}

static bool count_page(struct file *f, size_t number, int depth);

static bool
count_branch_node(struct file *f, const char *page, size_t node, int depth)
{
	uint32_t low;
	uint16_t high;
	uint64_t child;

	memcpy(&low, page + node, sizeof low);
	memcpy(&high, page + node + 4, sizeof high);
	child = (uint64_t)low | (uint64_t)high << 32;
	return child < f->present && count_page(f, (size_t)child, depth + 1);
}

static bool
count_page(struct file *f, size_t number, int depth)
{
	CLEANUP(cleanup_free) char *page = xcalloc(1, f->page_octets);
	struct page_head head;

	if (depth > TREE_DEPTH_MAX || number >= f->present ||
	    ++f->pages_read > f->present ||
	    !read_at(f->fd, number * f->page_octets, page, f->page_octets))
		return false;
	memcpy(&head, page, sizeof head);
	if (head.number != number || head.lower < sizeof head ||
	    head.lower > f->page_octets ||
	    !(head.flags & (PAGE_BRANCH | PAGE_LEAF)))
		return false;
	for (size_t at = sizeof head; at + 2 <= head.lower; at += 2) {
		uint16_t node;

		memcpy(&node, page + at, sizeof node);
		if (node > f->page_octets - NODE_HEAD)
			return false;
		if (head.flags & PAGE_LEAF
		    ? !count_leaf_node(f, page, number, node)
		    : !count_branch_node(f, page, node, depth))
			return false;
	}
	return true;
}

/* Are all pages that the file lacks on the free list? */
static bool
lacks_only_free(struct file *f, const struct meta_page *meta)
{
	if (meta->free_list.root == SIZE_MAX)
		return false;
	return count_page(f, meta->free_list.root, 0) &&
	    f->missing_free == f->last + 1 - f->present;
}

static bool
is_whole(int fd, const struct meta_page *meta)
{
	struct file f = { .fd = fd, .page_octets = meta->free_list.pad,
		.last = meta->last };
	struct stat st;

	/* After the meta page: another process may be adding pages. */
	if (fstat(fd, &st) != 0 || st.st_size < 0)
		return false;
	f.present = (size_t)st.st_size / f.page_octets;
	return f.present > f.last || lacks_only_free(&f, meta);
}

/* LMDB makes a file by one write of two pages; half of it can be missing. */
static bool
is_unfinished(int fd, off_t size)
{
	struct meta_page meta;

	return read_at(fd, 0, &meta, sizeof meta) && meta_is_good(&meta) &&
	    size == (off_t)meta.free_list.pad && meta.txn == 0 &&
	    meta.main.root == SIZE_MAX;
}

/* A commit of another process in between makes it worth a new look. */
static enum err
check_store(int fd, const char *path, size_t *map_octets, struct error *e)
{
	size_t seen = SIZE_MAX;

	for (int i = 0; i < ATTEMPTS; i++) {
		struct meta_page meta;

		if (!read_meta(fd, &meta))
			return error_set(e, ERR_CORRUPT,
			    "%s is not a mail store, or its head is damaged",
			    path);
		*map_octets = meta.map_octets;
		if (is_whole(fd, &meta))
			return ERR_OK;
		if (meta.txn == seen)
			break;
		seen = meta.txn;
	}
	return error_set(e, ERR_CORRUPT, "%s was cut short, and letters in it "
	    "are lost: restore it from a copy, or move it away to begin anew",
	    path);
}

enum err
whole_check(const char *path, enum whole *what, size_t *map_octets,
    struct error *e)
{
	CLEANUP(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	*map_octets = 0;
	*what = WHOLE_NEW;
	if (fd < 0 && errno == ENOENT)
		return ERR_OK;
	if (fd < 0 || fstat(fd, &st) != 0)
		return error_sys(e, ERR_IO, errno, "cannot read %s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(e, ERR_CORRUPT, "%s is not a file", path);
	if (st.st_size == 0)
		return ERR_OK;
	*what = WHOLE_UNFINISHED;
	if (is_unfinished(fd, st.st_size))
		return ERR_OK;
	*what = WHOLE_STORE;
	return check_store(fd, path, map_octets, e);
}
