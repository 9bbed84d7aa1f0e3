/* SPDX-License-Identifier: MIT */
#include "store/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/dirs.h"
#include "store/drafts.h"
#include "store/manifest.h"

#define MARK_NAME "incomplete"

char *
stage_path(const struct stage *s, const char *name)
{
	return xasprintf("%s/%s", s->part, name);
}

static void
remove_file(const struct stage *s, const char *name)
{
	CLEANUP(cleanup_free) char *path = stage_path(s, name);

	unlink(path);
}

/*
 * Beside the data files of a store that was opened while it was made are
 * locks, and files that took the place of others.
 */
static void
remove_opened(const struct stage *s)
{
	static const char *const begins[] = { "index.", "bodies.", "in-use",
		"compact" };
	CLEANUP(cleanup_free) char *mark = stage_path(s, MARK_NAME);
	DIR *d = access(mark, F_OK) == 0 ? opendir(s->part) : NULL;
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		for (size_t i = 0; i < ARRAY_LEN(begins); i++)
			if (strncmp(entry->d_name, begins[i],
			    strlen(begins[i])) == 0)
				remove_file(s, entry->d_name);
	if (d)
		closedir(d);
}

/* What makes it a backup goes first, what says that it is none last. */
static void
remove_files(const struct stage *s)
{
	remove_file(s, MANIFEST_NAME);
	remove_opened(s);
	for (size_t i = 0; i < ENV_COUNT; i++)
		remove_file(s, manifest_files[i]);
	drafts_remove(s->part);
	remove_file(s, MARK_NAME);
}

char *
stage_place(const char *path)
{
	char *real = realpath(path, NULL);
	size_t n;

	if (!real)
		real = xstrdup(path);
	for (n = strlen(real); n > 1 && real[n - 1] == '/'; n--)
		real[n - 1] = '\0';
	return real;
}

bool
stage_was_published(const char *path)
{
	CLEANUP(cleanup_free) char *mark = xasprintf("%s/%s", path, MARK_NAME);

	return access(path, F_OK) == 0 && !dirs_is_empty(path) &&
	    access(mark, F_OK) != 0;
}

/* The directory that has the name is still the one that was opened. */
static bool
is_locked_one(const struct stage *s)
{
	struct stat named, opened;

	return stat(s->part, &named) == 0 && fstat(s->lock, &opened) == 0 &&
	    named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

static enum err
busy(const struct stage *s, struct error *e)
{
	return error_set(e, ERR_BUSY, "another program is making %s",
	    s->final);
}

static enum err
lock_part(struct stage *s, struct error *e)
{
	if (mkdir(s->part, 0700) != 0 && errno != EEXIST)
		return dirs_error(e, errno, "make", s->part);
	s->lock = open(s->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock < 0)
		return dirs_error(e, errno, "open", s->part);
	if (flock(s->lock, LOCK_EX | LOCK_NB) == 0 && is_locked_one(s))
		return ERR_OK;
	close(s->lock);
	s->lock = -1;
	return busy(s, e);
}

static enum err
put_mark(const struct stage *s, struct error *e)
{
	CLEANUP(cleanup_free) char *mark = stage_path(s, MARK_NAME);
	CLEANUP(cleanup_close) int fd = open(mark,
	    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || fsync(s->lock) != 0)
		return dirs_error(e, errno, "write", mark);
	return ERR_OK;
}

enum err
stage_open(struct stage *s, const char *final, const char *suffix,
    struct error *e)
{
	enum err err;

	*s = (struct stage){ .lock = -1, .old = -1 };
	s->final = stage_place(final);
	s->part = xasprintf("%s%s", s->final, suffix);
	err = lock_part(s, e);
	if (err != ERR_OK)
		return err;
	remove_files(s);
	return put_mark(s, e);
}

enum err
stage_hold_old(struct stage *s, struct error *e)
{
	s->old = open(s->final, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->old < 0)
		return errno == ENOENT ? ERR_OK
		    : dirs_error(e, errno, "open", s->final);
	if (flock(s->old, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	return errno == EWOULDBLOCK ? busy(s, e)
	    : dirs_error(e, errno, "lock", s->final);
}

static void
remove_mark(const char *dir)
{
	CLEANUP(cleanup_free) char *mark = xasprintf("%s/%s", dir, MARK_NAME);

	unlink(mark);
}

enum err
stage_publish(struct stage *s, bool *is_swapped, struct error *e)
{
	int sys = 0;

	*is_swapped = false;
	/* Of one who was killed below: the old one was published, too. */
	remove_mark(s->final);
	if (fsync(s->lock) != 0)
		return dirs_error(e, errno, "write", s->part);
	if (rename(s->part, s->final) != 0) {
		if (errno != EEXIST && errno != ENOTEMPTY)
			return dirs_error(e, errno, "make", s->final);
		sys = dirs_swap(s->part, s->final);
		*is_swapped = sys == 0;
	}
	/* With room it will do; only another refusal is for good. */
	if (sys == ENOSPC || sys == EDQUOT)
		return dirs_error(e, sys, "replace", s->final);
	if (sys != 0)
		return error_sys(e, ERR_IO, sys, "cannot replace %s in one "
		    "step: move it away first", s->final);
	s->is_published = true;
	remove_mark(s->final);
	sys = dirs_sync_parent(s->final);
	return sys == 0 ? ERR_OK : dirs_error(e, sys, "write", s->final);
}

void
stage_remove_old(const struct stage *s)
{
	remove_files(s);
	rmdir(s->part);
}

void
stage_fini(struct stage *s)
{
	/* Without the lock it is somebody else's. */
	if (s->lock >= 0) {
		if (!s->is_published)
			stage_remove_old(s);
		close(s->lock);
		if (s->old >= 0)
			close(s->old);
	}
	free(s->part);
	free(s->final);
	*s = (struct stage){ .lock = -1, .old = -1 };
}
