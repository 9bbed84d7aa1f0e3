/* SPDX-License-Identifier: MIT */
#include "store/pour.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "store/dirs.h"
#include "store/guard.h"

struct source {
	MDB_env *lmdb;		/* borrowed: the store's */
	const char *path;	/* borrowed: of it */
	unsigned flags;
	int fd;			/* owned: the pipe's writing end */
	int rc;
};

static void *
write_copy(void *arg)
{
	struct source *s = arg;
	sigset_t set;

	/* The other end is closed early when the disk is full. */
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	guard_enter(s->path);
	s->rc = mdb_env_copyfd2(s->lmdb, s->fd, s->flags);
	guard_leave();
	close(s->fd);
	return NULL;
}

enum err
pour(struct pouring *p, struct error *e)
{
	struct source source = {
		.lmdb = p->from->file->lmdb, .path = p->from->env->path,
		.flags = p->flags,
	};
	pthread_t thread;
	enum err err;
	int fds[2], rc;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return dirs_error(e, errno, "make a pipe for", p->to);
	source.fd = fds[1];
	rc = pthread_create(&thread, NULL, write_copy, &source);
	if (rc != 0) {
		close(fds[0]);
		close(fds[1]);
		return dirs_error(e, rc, "begin to copy", p->to);
	}
	err = copy_stream(fds[0], p->to, p->progress, p->out, e);
	close(fds[0]);
	pthread_join(thread, NULL);
	p->rc = source.rc;
	return err;
}
