/* SPDX-License-Identifier: MIT */
#include "store/dirs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

int
dirs_sync(const char *dir)
{
	CLEANUP(cleanup_close) int fd = open(dir,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* A directory that may be searched but not read cannot be synced. */
	if (fd < 0)
		return errno == EACCES ? 0 : errno;
	return fsync(fd) == 0 ? 0 : errno;
}

int
dirs_sync_parent(const char *path)
{
	CLEANUP(cleanup_free) char *parent = xstrdup(path);
	char *slash = strrchr(parent, '/');

	if (!slash)
		return dirs_sync(".");
	slash[slash == parent] = '\0';
	return dirs_sync(parent);
}

/* The new name must not be lost with the power, either. */
static int
make_dir(const char *path)
{
	if (mkdir(path, 0700) != 0)
		return errno == EEXIST ? 0 : errno;
	return dirs_sync_parent(path);
}

int
dirs_make(const char *dir)
{
	CLEANUP(cleanup_free) char *path = xstrdup(dir);
	int sys;

	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		sys = make_dir(path);
		*p = '/';
		if (sys != 0)
			return sys;
	}
	return make_dir(path);
}

bool
dirs_is_empty(const char *dir)
{
	struct dirent *entry;
	DIR *d = opendir(dir);
	bool is_empty = d != NULL;

	while (d && is_empty && (entry = readdir(d)))
		is_empty = strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0;
	if (d)
		closedir(d);
	return is_empty;
}

enum err
dirs_lock(const char *path, int operation, int *fd, struct error *e)
{
	CLEANUP(cleanup_close) int lock = open(path,
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (lock < 0)
		return dirs_error(e, errno, "open", path);
	while (flock(lock, operation) != 0) {
		if (errno == EWOULDBLOCK)
			return error_set(e, ERR_BUSY, "another program uses "
			    "%s", path);
		if (errno != EINTR)
			return dirs_error(e, errno, "lock", path);
	}
	*fd = lock;
	lock = -1;
	return ERR_OK;
}

enum err
dirs_error(struct error *e, int sys, const char *doing, const char *path)
{
	bool is_full = sys == ENOSPC || sys == EDQUOT || sys == EFBIG;

	return error_sys(e, is_full ? ERR_FULL : ERR_IO, sys, "cannot %s %s",
	    doing, path);
}
