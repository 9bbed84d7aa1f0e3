/* SPDX-License-Identifier: MIT */
#include "store/drafts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/copy.h"
#include "store/dirs.h"

static char *
path_in(const char *dir)
{
	return xasprintf("%s/%s", dir, STORE_DRAFTS);
}

bool
drafts_are_in(const char *dir)
{
	CLEANUP(cleanup_free) char *path = path_in(dir);

	return access(path, F_OK) == 0 && !dirs_is_empty(path);
}

/* The newest of several drafts is the one that is gone on with. */
static enum err
keep_date(const char *to, const struct stat *st, struct error *e)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	return utimensat(AT_FDCWD, to, times, 0) == 0 ? ERR_OK :
	    dirs_error(e, errno, "date", to);
}

/* One that is finished meanwhile is gone, and need not be copied. */
static enum err
copy_one(const char *from, const char *to, struct error *e)
{
	CLEANUP(cleanup_close) int fd = open(from,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct copy_progress untold = { .told = NULL };
	struct copied copied;
	struct stat st;
	enum err err;

	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
		return ERR_OK;
	if (fd < 0 || fstat(fd, &st) != 0)
		return dirs_error(e, errno, "read", from);
	if (!S_ISREG(st.st_mode))
		return ERR_OK;
	err = copy_stream(fd, to, &untold, &copied, e);
	return err == ERR_OK ? keep_date(to, &st, e) : err;
}

static enum err
copy_each(DIR *d, const char *from, const char *to, struct error *e)
{
	const struct dirent *entry;
	enum err err = ERR_OK;

	while (err == ERR_OK && (entry = readdir(d))) {
		CLEANUP(cleanup_free) char *old = xasprintf("%s/%s", from,
		    entry->d_name);
		CLEANUP(cleanup_free) char *new = xasprintf("%s/%s", to,
		    entry->d_name);

		err = copy_one(old, new, e);
	}
	return err;
}

static enum err
make_durable(const char *path, struct error *e)
{
	int sys = dirs_sync(path);

	if (sys == 0)
		sys = dirs_sync_parent(path);
	return sys == 0 ? ERR_OK : dirs_error(e, sys, "write", path);
}

enum err
drafts_copy(const char *from, const char *to, struct error *e)
{
	CLEANUP(cleanup_free) char *old = path_in(from);
	CLEANUP(cleanup_free) char *new = path_in(to);
	DIR *d = opendir(old);
	enum err err;

	if (!d)
		return errno == ENOENT || errno == ENOTDIR ? ERR_OK :
		    dirs_error(e, errno, "read", old);
	if (mkdir(new, 0700) != 0 && errno != EEXIST)
		err = dirs_error(e, errno, "make", new);
	else
		err = copy_each(d, old, new, e);
	closedir(d);
	return err == ERR_OK ? make_durable(new, e) : err;
}

void
drafts_remove(const char *dir)
{
	CLEANUP(cleanup_free) char *path = path_in(dir);
	DIR *d = opendir(path);
	const struct dirent *entry;

	while (d && (entry = readdir(d)))
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
	rmdir(path);
}
