/* SPDX-License-Identifier: MIT */
/*
 * What an LMDB data file (data version 1) looks like, read with pread: no
 * map, no call of LMDB, no trust in any byte.  Pages of equal size; two meta
 * pages first, of which the one with the higher transaction counts; B-trees
 * of branch and leaf pages, long values on runs of overflow pages.  Private
 * to store/.
 *
 * page_fault says of a page whether everything in it lies within it.  Only
 * of a page without fault may nodes be taken.
 */
#pragma once

#include <stdint.h>

#include "base/span.h"

enum {
	PAGE_BRANCH = 0x01,
	PAGE_LEAF = 0x02,
	PAGE_OVERFLOW = 0x04,
	PAGE_META = 0x08,
	NODE_BIG = 0x01,	/* the value is on overflow pages */
	NODE_TREE = 0x02,	/* the value is a struct tree */
	NODE_HEAD = 8,
	PAGE_METAS = 2,
	TREE_INTEGER_KEYS = 0x08,
	TREE_DEPTH_MAX = 32,
	PAGE_KEY_MAX = 511,
};

/* LMDB's numbers are as wide as its pointers. */
struct page_head {
	size_t number;
	uint16_t pad, flags;
	uint16_t lower, upper;	/* of overflow pages: how many, 32 bit */
};

struct tree {
	uint32_t pad;
	uint16_t flags, depth;
	size_t branches, leaves, overflows, entries;
	size_t root;		/* TREE_EMPTY: no page */
};
#define TREE_EMPTY SIZE_MAX

struct meta_page {
	struct page_head head;
	uint32_t magic, version;
	size_t address;
	size_t map_octets;
	struct tree free_list, main;	/* free_list.pad: the page size */
	size_t last;
	size_t txn;
};

struct page_file {
	int fd;			/* borrowed */
	const char *path;	/* borrowed */
	struct meta_page meta;	/* the newest */
	size_t page_octets;
	size_t present;		/* pages 0 .. present-1 are in the file */
};

/* The trees differ in what their nodes may be. */
enum tree_kind { TREE_MAIN, TREE_TABLE, TREE_FREE };

struct node {
	struct span key;
	uint16_t flags;		/* leaf */
	uint32_t octets;	/* leaf: of the value */
	struct span value;	/* leaf: what of it is in the page */
	size_t child;		/* branch */
};

/* Exactly n octets, or false. */
bool page_read_at(int fd, uint64_t at, void *to, size_t n);
/* The sizes and numbers in it can be used. */
bool page_meta_is_good(const struct meta_page *m);
/*
 * Reads both meta pages, then how long the file is: another process may be
 * adding pages.  False when it is no file of LMDB's, or its head is damaged.
 */
bool page_file_look(struct page_file *f);

/* NULL, or what is wrong with page `number`, as the end of a sentence. */
const char *page_fault(const char *page, size_t page_octets, size_t number,
    enum tree_kind kind);
size_t page_count(const char *page);
bool page_is_leaf(const char *page);
struct node page_node(const char *page, size_t i);
/* The order of keys in a tree: <0, 0, >0. */
int page_key_cmp(enum tree_kind kind, struct span a, struct span b);
