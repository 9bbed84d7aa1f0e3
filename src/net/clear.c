/* SPDX-License-Identifier: MIT */
#include "src/net/clear.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

static bool
is_for_later(int sys)
{
	return sys == EAGAIN || sys == EWOULDBLOCK || sys == EINTR;
}

enum tls_step
clear_fail(int sys, const struct host *host, struct error *e)
{
	if (sys == ETIMEDOUT)
		error_set(e, ERR_TIMEOUT, "%.100s does not answer any more",
		    host->name);
	else
		error_sys(e, ERR_UNREACHABLE, sys, "the connection to %.100s broke",
		    host->name);
	return TLS_FAILED;
}

enum tls_step
clear_read(int fd, const struct host *host, char *to, size_t size,
    size_t *got, struct error *e)
{
	ssize_t n = recv(fd, to, size, 0);

	*got = n > 0 ? (size_t)n : 0;
	if (n > 0)
		return TLS_DONE;
	if (n == 0)
		return TLS_END;
	return is_for_later(errno) ? TLS_WAIT : clear_fail(errno, host, e);
}

enum tls_step
clear_write(int fd, const struct host *host, struct span out, size_t *sent,
    struct error *e)
{
	ssize_t n = send(fd, out.p, out.n, MSG_NOSIGNAL);

	*sent = n > 0 ? (size_t)n : 0;
	if (n >= 0)
		return (size_t)n == out.n ? TLS_DONE : TLS_WAIT;
	return is_for_later(errno) ? TLS_WAIT : clear_fail(errno, host, e);
}
