/* SPDX-License-Identifier: MIT */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "store/dirs.h"
#include "store/env.h"

/*
 * Who opens the store has its directory for milliseconds, on a slow disk for
 * some more; who has it for longer is at work on the whole of it.
 */
enum { DIR_TRIES = 200, DIR_PAUSE_MS = 10 };

/* flock that is not kept from waiting by a signal; 0 or an errno. */
static int
lock_fd(int fd, int how)
{
	while (flock(fd, how) != 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

enum err
lock_dir(const char *dir, int *fd, struct error *e)
{
	static const struct timespec pause = { 0, DIR_PAUSE_MS * 1000000L };
	int sys = EWOULDBLOCK;

	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return error_sys(e, ERR_IO, errno, "cannot open %s", dir);
	for (int i = 0; i < DIR_TRIES && sys == EWOULDBLOCK; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		sys = lock_fd(*fd, LOCK_EX | LOCK_NB);
	}
	if (sys == EWOULDBLOCK)
		return error_set(e, ERR_BUSY, "another surat is busy with the "
		    "mail store, bringing it up to date, repairing or "
		    "restoring it; try again when it has ended");
	return sys == 0 ? ERR_OK :
	    error_sys(e, ERR_IO, sys, "cannot lock %s", dir);
}

static enum err
open_lock(const char *dir, const char *name, int *fd, struct error *e)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir, name);

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return dirs_error(e, errno, "open", path);
	return ERR_OK;
}

static enum err
try_lock(int fd, int how, const char *busy, struct error *e)
{
	int sys = lock_fd(fd, how | LOCK_NB);

	if (sys == EWOULDBLOCK)
		return error_set(e, ERR_BUSY, "%s", busy);
	return sys == 0 ? ERR_OK :
	    error_sys(e, ERR_IO, sys, "cannot lock the mail store");
}

enum err
lock_shared(int fd, struct error *e)
{
	return try_lock(fd, LOCK_SH, "another surat is repairing, renewing or "
	    "restoring the mail store; try again when it has ended", e);
}

enum err
lock_in_use(const char *dir, int *fd, struct error *e)
{
	enum err err = open_lock(dir, "in-use", fd, e);

	return err == ERR_OK ? lock_shared(*fd, e) : err;
}

enum err
lock_alone(int fd, struct error *e)
{
	enum err err = try_lock(fd, LOCK_EX, "another surat is using the mail "
	    "store; end it first", e);

	/* flock(2): a lock that cannot be changed is lost. */
	if (err != ERR_OK && lock_shared(fd, NULL) != ERR_OK)
		return error_set(e, ERR_IO, "the lock of the mail store was "
		    "lost; restart surat");
	return err;
}

enum err
lock_compact(const char *dir, int *fd, struct error *e)
{
	enum err err = open_lock(dir, "compact", fd, e);

	if (err == ERR_OK)
		err = try_lock(*fd, LOCK_EX, "another surat is compacting the "
		    "mail store", e);
	if (err != ERR_OK) {
		cleanup_close(fd);
		*fd = -1;
	}
	return err;
}

static enum err
change_in_use(struct store *store, enum err (*change)(int fd, struct error *e),
    struct error *e)
{
	CLEANUP(cleanup_close) int fd = -1;
	enum err err = lock_dir(store->dir, &fd, e);

	return err == ERR_OK ? change(store->in_use, e) : err;
}

enum err
store_lock_alone(struct store *store, struct error *e)
{
	return change_in_use(store, lock_alone, e);
}

enum err
store_unlock_alone(struct store *store, struct error *e)
{
	return change_in_use(store, lock_shared, e);
}
