/* SPDX-License-Identifier: MIT */
/*
 * The outbox of one account: letters that wait in the journal (ACT_SEND)
 * and are handed to the account's SMTP server, all due ones over one
 * connection.
 *
 * A letter stays QUEUED until every byte before its final dot is on the
 * way; then SENT is made durable, and only then the dot leaves.  Cut
 * before: QUEUED again, certain.  Cut after: UNKNOWN, told to the user and
 * never sent again by itself.  RFC 1047; SECURITY.md 6.
 */
#pragma once

#include "src/core/worker.h"

struct outbox;	/* opaque */

struct outbox *outbox_new(struct worker *worker);
void outbox_free(struct outbox *outbox);
/*
 * Sends from now on.  The first time, letters that an earlier life left as
 * SENT become UNKNOWN.
 */
void outbox_start(struct outbox *outbox);
void outbox_look(struct outbox *outbox);
/* The user asks: try now, also when the server refused us. */
void outbox_check(struct outbox *outbox);
/* The network changed: a wait that it was to blame for is over. */
void outbox_wake(struct outbox *outbox);
/* Takes no further letter; worker_settle follows when it is idle. */
void outbox_stop(struct outbox *outbox);
/* Nothing under way, and nothing due that could be tried now. */
bool outbox_is_idle(const struct outbox *outbox);
/* Why the last attempt failed; ERR_OK when it did not. */
const struct error *outbox_error(const struct outbox *outbox);
