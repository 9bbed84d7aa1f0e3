/* SPDX-License-Identifier: MIT */
/*
 * inotify on the data file of the index: LMDB writes it with pwrite, and the
 * page that makes a commit count comes last, so there is always an event
 * after the commit can be seen.
 */
#include "store/store.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "store/env.h"

int
store_watch_open(struct store *store)
{
	const char *path = store->envs[ENV_INDEX]->path;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -1;
	if (inotify_add_watch(fd, path, IN_MODIFY) < 0) {
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
