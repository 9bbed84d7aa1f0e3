/* SPDX-License-Identifier: MIT */
/*
 * Folders as a tree: each below the nearest of its ancestors that exists,
 * otherwise in the order that they came in.  Names are of a server, so a
 * missing parent, a folder named twice and any depth are all in order.
 */
#pragma once

#include "base/arena.h"
#include "store/folder.h"

struct tree_row {
	const struct folder *folder;	/* borrowed: of the given array */
	struct span label;		/* its title below its parent */
	int depth;			/* 0: at the root */
};

/* n rows in the arena, parents before their children. */
struct tree_row *folder_tree(const struct folder *folders, size_t n,
    struct arena *arena);
