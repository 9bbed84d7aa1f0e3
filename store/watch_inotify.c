/* SPDX-License-Identifier: MIT */
/*
 * inotify on the directory of the store: for the times of the index's file,
 * which a commit sets when it is done, and for another file taking its
 * place.  LMDB's own writes come too early: its last one happens before
 * readers are told of the new transaction, so whoever woke by it could look,
 * see nothing, and sleep on.
 */
#include "store/store.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "store/env.h"

int
store_watch_open(struct store *store)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -1;
	if (inotify_add_watch(fd, store->dir, IN_ATTRIB | IN_MOVED_TO) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void
store_watch_drain(int fd)
{
	char events[4096];
	ssize_t n;

	do
		n = read(fd, events, sizeof events);
	while (n > 0 || (n < 0 && errno == EINTR));
}
