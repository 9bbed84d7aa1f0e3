/* SPDX-License-Identifier: MIT */
/*
 * From a host and a port to a connected socket: both address families are
 * looked up at once and their addresses raced (RFC 8305), IPv6 first.
 *
 * Threads: all in the context that is the thread-default one at dial_new.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "src/net/host.h"

struct dial;	/* opaque */

/*
 * Called once, never inside dial_new.  fd is the callee's: connected,
 * non-blocking, close-on-exec; or -1, and error tells why.  dial_free may
 * not be called from within.
 */
typedef void dial_done(void *ctx, int fd, const struct error *error);

struct dial *dial_new(const struct host *host, uint16_t port, int timeout_ms,
    dial_done *done, void *ctx);
void dial_free(struct dial *dial);	/* NULL is fine */
