/* SPDX-License-Identifier: MIT */
#include "tests/store/child.h"

#include <sys/wait.h>
#include <unistd.h>

struct child
child_start(const struct scratch *s, int (*run)(const struct scratch *s,
    int fd, int arg), int arg)
{
	struct child c;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	c.pid = fork();
	cr_assert_geq(c.pid, 0);
	if (c.pid == 0) {
		close(fds[0]);
		_exit(run(s, fds[1], arg));
	}
	close(fds[1]);
	c.fd = fds[0];
	return c;
}

size_t
child_finish(struct child *c, int *status)
{
	size_t told = 0;
	char octet;

	while (read(c->fd, &octet, 1) == 1)
		told++;
	close(c->fd);
	cr_assert_eq(waitpid(c->pid, status, 0), c->pid);
	return told;
}
