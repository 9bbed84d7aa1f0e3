/* SPDX-License-Identifier: MIT */
#include "store/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "store/dirs.h"

enum err
turn_open(struct turn *turn, const char *path, struct error *e)
{
	turn->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (turn->fd < 0)
		return dirs_error(e, errno, "open", path);
	bug_on(pthread_mutex_init(&turn->lock, NULL) != 0);
	return ERR_OK;
}

void
turn_close(struct turn *turn)
{
	if (turn->fd < 0)
		return;
	pthread_mutex_destroy(&turn->lock);
	close(turn->fd);
	turn->fd = -1;
}

void
turn_take(struct turn *turn)
{
	pthread_mutex_lock(&turn->lock);
	while (flock(turn->fd, LOCK_EX) != 0)
		if (errno != EINTR) {
			log_debug("store", "no turn: %s", strerror(errno));
			break;
		}
}

void
turn_give(struct turn *turn)
{
	if (flock(turn->fd, LOCK_UN) != 0)
		log_debug("store", "no turn: %s", strerror(errno));
	pthread_mutex_unlock(&turn->lock);
}

bool
turn_is_wanted(struct turn *turn)
{
	if (pthread_mutex_trylock(&turn->lock) != 0)
		return true;
	if (flock(turn->fd, LOCK_EX | LOCK_NB) != 0) {
		bool is_held = errno == EWOULDBLOCK;

		pthread_mutex_unlock(&turn->lock);
		return is_held;
	}
	turn_give(turn);
	return false;
}
