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
 *
 * Acts on one message are to be replayed in the order of their ids, and so
 * are those on the folders of one account.
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

	/* Those of a message (act_is_of_message). */
	uint64_t message;
	/*
	 * Where the server had it when the act was made, also after it went.
	 * While the row is there, its server_folder and uid are the place to
	 * tell the server.
	 */
	uint32_t folder;
	struct uid uid;
	uint32_t add, remove;	/* FLAGS: enum flag bits */
	uint32_t target;	/* MOVE, COPY: the folder it goes to */
	uint64_t copy;		/* COPY: the row that it made */
	struct span keyword;	/* KEYWORD; add: 1 it is put on, 0 taken off */

	/* Those of a folder (act_is_of_folder): `folder`, and */
	struct span title;	/* CREATE, RENAME: the new one */
	struct span old_title;	/* RENAME: the one it had */
	/* SUBSCRIBE: add is 1 for on, 0 for off. */

	/*
	 * ACT_SEND; ACT_FILE has body, subject and message_id, and those of a
	 * message have the last two: what it was, also after it went.
	 */
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

/*
 * Other acts on one message.  Each writes the entry and its effect, at once
 * for the user; in local folders it is DONE at once.  They return the act's
 * id; 0 on failure, when there is nothing to do, and when the act is
 * refused, which the transaction outlives: the message is in no folder (it
 * is to be purged), or as said below.
 */
/*
 * The message goes into another folder of its account.  It is merged with the
 * last act on the message when that is a move still QUEUED: the target of
 * that one changes, and it is CANCELED when the message goes back to where
 * it was.  Once DONE the message is unbound in the target.
 *
 * Refused: the target is gone, not there, or cannot hold letters; it is of
 * another account; one of the two folders is local and the other is not.
 */
uint64_t store_act_move(struct store_txn *t, uint64_t message, uint32_t target,
    int64_t now);
/*
 * Where a message goes when it is deleted: the trash of its account, or 0,
 * which is that it is marked: the account says so (struct account,
 * moves_deleted), it has no trash, or the message is there already or cannot
 * go there.
 */
uint32_t store_act_delete_target(struct store_txn *t,
    const struct message *m);
/* Moves it there or marks it; as store_act_move and store_act_flags. */
uint64_t store_act_delete(struct store_txn *t, uint64_t message, int64_t now);
/*
 * A second message with the same letter, flags and keywords, unbound in the
 * target (which may be where the first one is) from now on; struct act, copy.
 * It goes when the act fails or is canceled, and with it what was to be done
 * to it.  Refused as store_act_move is.
 */
uint64_t store_act_copy(struct store_txn *t, uint64_t message, uint32_t target,
    int64_t now);
/*
 * The message is in no folder from now on, and is removed when the act is
 * DONE (at once from a local folder).
 */
uint64_t store_act_purge(struct store_txn *t, uint64_t message, int64_t now);
/*
 * A keyword is put on the message or taken off.  Case (ASCII) does not make
 * another one; the first spelling stays.  The opposite of the last act on
 * the message, when that one is still QUEUED, cancels it.  Refused: what is
 * no keyword (RFC 9051 9, flag-keyword), is longer than KEYWORD_MAX_OCTETS or
 * names a flag that has a bit; a message that has KEYWORDS_MAX already.
 */
uint64_t store_act_keyword(struct store_txn *t, uint64_t message,
    struct span keyword, bool add, int64_t now);

/*
 * Acts on folders, by the same rules.  The store cannot encode names for a
 * server: titles are what the user sees, and src/core, which replays the act,
 * tells the name (store_folder_renamed) before it sets CREATE or RENAME to
 * DONE.  In an account without a server (ACCOUNT_LOCAL, ACCOUNT_POP3) they
 * are DONE at once, and the name is the title.
 *
 * Refused: a title that is empty, is no UTF-8 or has control characters, is
 * longer than NAME_MAX_OCTETS or is that of another folder of the account
 * (gone ones do not count); a folder that is not there or is gone; to rename
 * or remove the inbox; a title below the folder's own.
 */
/*
 * Makes a folder, which is in `folder` of the act and pending until the server
 * has it (store/folder.h).  When the act fails or is canceled the folder is
 * gone, and what was still QUEUED to be done to it, or to be moved or copied
 * into it, is canceled.
 */
uint64_t store_act_create(struct store_txn *t, uint32_t account,
    struct span title, int64_t now);
/* The titles of its inferiors change with it. */
uint64_t store_act_rename(struct store_txn *t, uint32_t folder,
    struct span title, int64_t now);
/*
 * The folder is hidden at once, as one that is gone.  Its rows stay until
 * somebody clears it (store_folder_clear).
 */
uint64_t store_act_remove(struct store_txn *t, uint32_t folder, int64_t now);
uint64_t store_act_subscribe(struct store_txn *t, uint32_t folder, bool on,
    int64_t now);

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
 * The first act of the account (0: any) above `after` that is QUEUED, SENT or
 * UNKNOWN; false: none.  Costs one look-up a step, so a replay walks as far
 * as it needs and no further.
 */
bool store_act_next(struct store_txn *t, uint32_t account, uint64_t after,
    struct arena *arena, struct act *out);
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
 * anything left).  What is DONE is taken into what the server has: flags,
 * keywords, the folder of a message that was moved (which is unbound there,
 * until store_message_bind); a message that was purged goes.  What FAILED no
 * longer shows.  A letter that is DONE marks the message that it answers.
 * False, and nothing changes, once it is DONE
 * or CANCELED or no longer there: the user may have taken it back.
 */
bool store_act_set(struct store_txn *t, uint64_t id, enum act_state state,
    struct span answer, int64_t not_before, int64_t now);

/*
 * The message of the act is gone, or its folder is.  Where its account has
 * the same letter, by Message-ID, in exactly one other place, what the act
 * wanted is wished for that one: somebody has moved it.  Returns the new act's id; 0 when there is
 * nothing to do.  To remove another one for good is never wished.
 */
uint64_t store_act_elsewhere(struct store_txn *t, uint64_t id, int64_t now);

/*
 * Takes an act back: QUEUED ones are canceled and their local effect is
 * undone, FAILED ones are put away, and so are letters that are UNKNOWN, with
 * what is known of them.  ERR_REFUSED when it is too late, ERR_NOTFOUND.
 */
enum err store_act_cancel(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e);
/*
 * Queues a FAILED or UNKNOWN one again, with its effect.  ERR_REFUSED also for
 * a copy whose letter is gone, and for a folder whose title is taken now.
 */
enum err store_act_retry(struct store_txn *t, uint64_t id, int64_t now,
    struct error *e);
