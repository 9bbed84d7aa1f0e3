/* SPDX-License-Identifier: MIT */
/*
 * Is the structure of a data file whole?  Every page of every tree, and the
 * free list: each page within the file, used once, in order, as many as the
 * trees say.  What the records say is store_check's to look at, which may
 * trust the trees after this.  Private to store/.
 *
 * Ends for every content of the file, in time that follows its size; memory
 * is a bit a page.
 */
#pragma once

#include "store/page.h"
#include "store/store.h"

/*
 * ERR_CORRUPT names the file, the table and the page.  The progress,
 * which may be NULL, is in pages.  Where other
 * processes may be writing the caller holds a transaction on the file, so
 * that the pages of its newest state stay; see store_check_pages.
 */
enum err pages_check(const char *path, const struct store_progress *progress,
    struct error *e);
/* The same for a file that is open; path is for the sentence. */
enum err pages_check_open(int fd, const char *path,
    const struct store_progress *progress, struct error *e);
/*
 * The part with a cost that does not follow the size: the table of tables,
 * the root of each table and of the free list; when the file is short the
 * whole free list, which must name what is missing.
 */
enum err pages_check_roots(const struct page_file *f, struct error *e);

/* Both files of an open store, while others go on reading and writing. */
enum err store_check_pages(struct store *store,
    const struct store_progress *progress, struct error *e);
