/* SPDX-License-Identifier: MIT */
/*
 * Messages: one entry of one folder each.
 *
 * A message has two places.  `folder` is where the user sees it: lists,
 * counts, threads and searches go by it.  `server_folder` and `uid` are where
 * the server has it: what the server says of a folder is found by them.  They
 * are the same but while an act of the user waits (store/journal.h):
 *
 *   to be moved   folder is the target, the server's place is the old one;
 *   to be purged  folder is 0: in no folder, so no list and no search has
 *                 it, and store_message_get alone still gives it;
 *   unbound       moved or copied by the server, which did not say the UID:
 *                 uid is 0 until store_message_bind, or until the message
 *                 comes again with its UID (store_message_add).
 */
#pragma once

#include "base/envelope.h"
#include "base/flags.h"
#include "base/uid.h"
#include "base/uidset.h"
#include "store/store.h"

enum { THREAD_COUNT_MAX = 1000 };	/* of a thread in a view */

enum body_state { BODY_NONE = 0, BODY_PART = 1, BODY_WHOLE = 2 };

/* A message to be added. */
struct message_new {
	uint32_t folder;
	struct uid uid;		/* 0: local or POP3 */
	struct span uidl;	/* POP3 */
	uint32_t flags;		/* as the server knows them */
	const struct span *keywords;
	size_t nkeywords;
	int64_t arrived;	/* INTERNALDATE; DATE_NONE: take the Date */
	uint64_t size;
	const struct envelope *envelope;
	/*
	 * What the server calls the conversation (RFC 8474 THREADID, Gmail's
	 * X-GM-THRID), unique within the account; 0: it does not say.
	 */
	uint64_t server_thread;
	struct span snippet;
	uint64_t body;		/* store/body.h; 0: none */
	enum body_state body_state;
};

/* Where a message stands by date. */
struct message_spot {
	int64_t date;
	uint64_t id;	/* 0: nowhere */
};

/*
 * A message as a list shows it.  Spans are in the arena of the call that
 * read it; text is UTF-8, not yet cleaned for a terminal.
 */
struct message {
	uint64_t id;
	uint32_t account;
	uint32_t folder;	/* where the user sees it; 0: in none */
	uint32_t server_folder;	/* where uid is valid */
	struct uid uid;		/* 0: local, POP3, or is_unbound */
	bool is_unbound;	/* the server has it, under a UID to be told */
	struct span uidl;
	uint32_t flags;		/* as the user sees them: server's + pending */
	uint32_t server_flags;
	struct span *keywords;	/* as the user sees them, as well */
	size_t nkeywords;
	int64_t date;		/* sent; never DATE_NONE */
	int64_t arrived;
	uint64_t size;
	uint64_t thread;	/* may change when threads are joined */
	struct span from_name, from_addr;
	struct span to;		/* "Ani <ani@x>, b@y" */
	struct span subject, snippet, message_id;
	bool has_attachment;
	uint64_t body;
	enum body_state body_state;
	/* Views by thread and conversations; else 0. */
	uint16_t depth;		/* in the tree of its thread; 0: a root */
	uint32_t copies;	/* of one letter that this entry stands for */
	/*
	 * The first of its thread in a view by thread: all of it there.
	 * THREAD_COUNT_MAX stands for that many or more.
	 */
	uint32_t thread_total, thread_unread;
	/* Its place in the tree, and that of the thread in the view. */
	uint32_t thread_index;
	struct message_spot thread_newest;
};

/*
 * Adds a row with its indexes, thread and counts.  Returns its id.  A UID
 * that the folder already has gives the existing id; then only the server's
 * flags are taken over (and a body, where there was none).  So it is for an
 * unbound row of the folder with the same Message-ID, and the same size where
 * both are known, unless its copying has not left yet: it gets the UID.
 */
uint64_t store_message_add(struct store_txn *t, const struct message_new *m);

bool store_message_get(struct store_txn *t, uint64_t id, struct arena *arena,
    struct message *out);
/* The id of a UID in a folder of the server; 0 when not there. */
uint64_t store_message_by_uid(struct store_txn *t, uint32_t folder,
    struct uid uid);
/*
 * The server has it there now.  A row that is already there goes, its body is
 * taken over where ours has none.  Where the user sees the message is what
 * the pending acts say, else that folder.  Nothing when the message is gone.
 */
void store_message_bind(struct store_txn *t, uint64_t message,
    uint32_t folder, struct uid uid);
/*
 * Up to max ids of rows that wait for a UID in the folder and have no act
 * that is QUEUED, SENT or UNKNOWN, in no order.  Costs what the folder has of
 * unbound rows.
 */
size_t store_message_unbound(struct store_txn *t, uint32_t folder,
    uint64_t *ids, size_t max);
/*
 * The server has a letter under this UID: the unbound row of the folder that
 * is the same letter gets it, as in store_message_add.  True when the UID is
 * known now; false: no row here is that letter.
 */
bool store_message_rebind(struct store_txn *t, uint32_t folder,
    struct uid uid, struct span message_id, uint64_t size);
/*
 * A move or purge of it was said to the server and is not answered: that the
 * server has it no longer may be the user's own doing.
 */
bool store_message_is_leaving(struct store_txn *t, uint64_t id);
/* The first message with that Message-ID in that folder (0: any); or 0. */
uint64_t store_message_by_message_id(struct store_txn *t, uint32_t folder,
    struct span message_id);

/*
 * What the server says now.  The user's own pending acts stay on top.  True
 * when the user sees a difference.
 */
bool store_message_server_flags(struct store_txn *t, uint64_t id,
    uint32_t flags, const struct span *keywords, size_t nkeywords);
/*
 * BODY_WHOLE and BODY_NONE (with body 0) take the place of what was there of
 * it, parts (store/part.h) included; BODY_PART stands beside those.
 */
void store_message_set_body(struct store_txn *t, uint64_t id, uint64_t body,
    enum body_state state, struct span snippet);
/* The row goes; its body follows when no other row shares it. */
void store_message_remove(struct store_txn *t, uint64_t id);

/* All UIDs of the server's folder that are here, as ranges. */
void store_message_uids(struct store_txn *t, uint32_t folder,
    struct uidset *out);
/* The highest message id ever given; new messages have higher ones. */
uint64_t store_message_last_id(struct store_txn *t);

/* As counters and views have it: what is deleted is not for reading. */
static inline bool
message_is_unread(uint32_t flags)
{
	return !(flags & (FLAG_SEEN | FLAG_DELETED));
}

static inline struct message_spot
message_spot(const struct message *m)
{
	return (struct message_spot){ m->date, m->id };
}

/* Which bodies are missed. */
struct message_missing {
	bool unread_only;
	int64_t since;		/* of letters dated so or later */
	uint64_t octets;	/* of letters up to this size; 0: of any */
	struct message_spot before;	/* older than this; id 0: all */
};

/*
 * Up to max messages without a whole body in the folder, newest first.  Those
 * that the server has elsewhere, or under a UID that is not known, are passed
 * over.
 */
size_t store_message_missing_bodies(struct store_txn *t, uint32_t folder,
    const struct message_missing *which, size_t max, struct arena *arena,
    struct message **out);
