/* SPDX-License-Identifier: MIT */
/*
 * The journal: every act of the user, durable together with its local
 * effect, before anything else happens.  Replayed to the servers by
 * src/core.  States: base/act.h.
 *
 *   QUEUED -> SENT (committed before the bytes leave) -> DONE | FAILED,
 *   back to QUEUED with a later not_before when the server says "later",
 *   UNKNOWN when the connection was cut in between.
 * An ACT_SEND stays QUEUED until just before its final dot; see
 * protocol/smtp.h.
 */
#pragma once

#include "base/act.h"
#include "store/message.h"

struct act {
	uint64_t id;
	uint32_t account;
	enum act_kind kind;
	enum act_state state;
	uint32_t attempts;
	int64_t created, changed;
	int64_t not_before;	/* DATE_NONE: at once */
	struct span answer;	/* the last answer or reason; UTF-8 */

	/* ACT_FLAGS */
	uint64_t message;
	uint32_t folder;	/* of the message, also after it went */
	struct uid uid;
	uint32_t add, remove;	/* enum flag bits */

	/* ACT_SEND; ACT_FILE has body, subject and message_id */
	uint64_t body;		/* the letter as it will be sent */
	struct span from;	/* envelope sender */
	struct span *recipients;
	size_t nrecipients;
	struct span subject;	/* for showing */
	struct span message_id;
	uint64_t answered;	/* message to mark answered once sent; or 0 */
};

/*
 * Writes the entry and its effect on the row; returns the act's id, 0 when
 * there is nothing to do (the flags are already so) or on failure.  `now` is
 * written as created.  It is merged with the last act on the message when
 * that one is still QUEUED (the id is that one's); where opposite wishes
 * leave nothing to tell the server, that act becomes CANCELED.  In a local
 * folder the act is DONE at once.
 */
uint64_t store_act_flags(struct store_txn *t, uint64_t message, uint32_t add,
    uint32_t remove, int64_t now);
/* act: account, body, from, recipients, subject, message_id, not_before. */
uint64_t store_act_send(struct store_txn *t, const struct act *act,
    int64_t now);

/*
 * Queues ACT_FILE: a copy of a letter that was sent goes into the Sent
 * folder of the server.  act: account, body, subject, message_id.
 */
uint64_t store_act_file(struct store_txn *t, const struct act *act,
    int64_t now);

bool store_act_get(struct store_txn *t, uint64_t id, struct arena *arena,
    struct act *out);
/*
 * Entries of an account (0: all), oldest first; only those still to be done
 * (QUEUED, SENT, UNKNOWN) unless `all`.
 */
size_t store_acts(struct store_txn *t, uint32_t account, bool all,
    struct arena *arena, struct act **out);
/*
 * What a queue shows: first all that is not at an end (FAILED ones as well),
 * then up to nclosed that are; both newest first.  Costs what it gives.
 */
size_t store_acts_recent(struct store_txn *t, uint32_t account,
    size_t nclosed, struct arena *arena, struct act **out);
/* How many are still to be done, FAILED and UNKNOWN ones included. */
size_t store_acts_pending(struct store_txn *t, uint32_t account);

/*
 * What became of it.  answer may be empty; not_before only with QUEUED.
 * attempts counts SENT, and QUEUED again from QUEUED (a try that ended before
 * anything left).  A flag act that is DONE is taken into the server's flags;
 * one that FAILED no longer shows on the row.  A letter that is DONE marks
 * the message that it answers.  False, and nothing changes, once it is DONE
 * or CANCELED or no longer there: the user may have taken it back.
 */
bool store_act_set(struct store_txn *t, uint64_t id, enum act_state state,
    struct span answer, int64_t not_before, int64_t now);

/*
 * Takes an act back: QUEUED ones are canceled and their local effect is
 * undone, FAILED ones are put away, and so are letters that are UNKNOWN, with
 * what is known of them.  ERR_REFUSED when it is too late, ERR_NOTFOUND.
 */
enum err store_act_cancel(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e);
/* Queues a FAILED or UNKNOWN one again. */
enum err store_act_retry(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e);
