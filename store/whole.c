/* SPDX-License-Identifier: MIT */
#include "store/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "store/pages.h"

/*
 * Looks of which each found something that another process has changed
 * since; a second commit over a page that was just looked at is rare.
 */
enum { ATTEMPTS = 100 };

/* LMDB makes a file by one write of two pages; half of it can be missing. */
static bool
is_unfinished(int fd, off_t size)
{
	struct meta_page meta;

	return page_read_at(fd, 0, &meta, sizeof meta) &&
	    page_meta_is_good(&meta) && meta.txn == 0 &&
	    size == (off_t)meta.free_list.pad && meta.main.root == TREE_EMPTY;
}

/*
 * A commit of another process in between makes it worth a new look.  What
 * was wrong with an earlier one is nobody's business then.
 */
static enum err
check_store(int fd, const char *path, size_t *map_octets, struct error *e)
{
	struct page_file f = { .fd = fd, .path = path };
	size_t seen = SIZE_MAX;
	struct error why = { 0 };
	enum err err = ERR_OK;

	for (int i = 0; i < ATTEMPTS; i++) {
		if (!page_file_look(&f)) {
			err = error_set(&why, ERR_CORRUPT, "%s is not a mail "
			    "store, or its head is damaged", path);
			continue;
		}
		*map_octets = f.meta.map_octets;
		err = pages_check_roots(&f, &why);
		if (err != ERR_CORRUPT || f.meta.txn == seen)
			break;
		seen = f.meta.txn;
	}
	if (err != ERR_OK && e)
		*e = why;
	return err;
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
