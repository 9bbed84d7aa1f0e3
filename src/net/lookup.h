/* SPDX-License-Identifier: MIT */
/*
 * The addresses of a host in one family: asked of the system in GLib's
 * thread pool, as that may block for as long as DNS likes, and handed back
 * as an event.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "src/net/host.h"

enum { LOOKUP_MAX = 16 };	/* more addresses are not tried */

struct address {
	struct sockaddr_storage sa;
	socklen_t size;
};

struct answer {
	int code;	/* of getaddrinfo: 0 or EAI_... */
	struct address found[LOOKUP_MAX];
	size_t n;
};

struct lookup;	/* opaque; gone once done was called or it was cancelled */

typedef void lookup_done(void *ctx, const struct answer *answer);

/*
 * family: AF_INET or AF_INET6.  done is called in the context that is the
 * thread-default one now, never inside this call.
 */
struct lookup *lookup_start(const struct host *host, uint16_t port,
    int family, lookup_done *done, void *ctx);
/* done will not be called any more.  NULL is fine. */
void lookup_cancel(struct lookup *lookup);
/* For a literal address, which nobody has to be asked for. */
void lookup_literal(const struct host *host, uint16_t port, int family,
    struct answer *answer);
