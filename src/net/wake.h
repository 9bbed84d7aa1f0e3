/* SPDX-License-Identifier: MIT */
/*
 * Tells when connections may have died, or become possible, without a byte
 * that says so: the network came or a route changed (GNetworkMonitor), or
 * the machine woke from sleep (sleep.h).  PROTOCOLS.md 2.5.
 *
 * A change of networks is a burst of news, and right behind a sleep there
 * is often no network yet: it is told once, some time after the first news,
 * and not at all when the network has gone again by then.
 *
 * Threads: that of the context which is the thread-default one at wake_new.
 * GLib has one monitor, and it speaks in the first context that asked: one
 * wake in a process at a time, always in the same thread.
 */
#pragma once

#include <stdbool.h>

struct wake;	/* opaque */

/* Never runs inside a call of this header. */
typedef void wake_fire(void *ctx);

/* settle_ms: from the first news to the call. */
struct wake *wake_new(unsigned settle_ms, wake_fire *fire, void *ctx);
void wake_free(struct wake *wake);	/* NULL is fine */
/* News, as the sources above give them: is there a network now? */
void wake_news(struct wake *wake, bool is_online);
