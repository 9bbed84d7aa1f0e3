/* SPDX-License-Identifier: MIT */
/*
 * A session with a POP3 server, as its parts know it.  One session does all
 * there is to do and hangs up:
 *
 *   list      UIDL and LIST, compared with what the store knows
 *   fetch     what is new, newest first, pipelined; bodies, rows and the
 *             record that it is here, durable before anything is deleted
 *   delete    what the account's leave-on-server no longer keeps there
 *   quit      only its +OK makes deletions true
 *
 * pop3_session.c   life, events to their parts
 * pop3_listing.c   what is there and what of it is here
 * pop3_fetch.c     letters into the store
 * pop3_delete.c    retention
 *
 * A cut anywhere: the next session's listing tells what is left to do.
 */
#pragma once

#include "src/core/intake.h"
#include "src/core/link.h"
#include "src/core/worker.h"
#include "store/uidl.h"

enum {
	POP3_WINDOW = 16,	/* commands in flight where pipelining is */
	POP3_COMMIT_MS = 300,	/* letters wait no longer than this */
};

/* One letter of the maildrop in this session. */
struct pop3_entry {
	uint32_t number;
	uint64_t size;		/* as LIST says; 0: it does not */
	struct span uidl;	/* in listing.arena; empty: none */
	bool is_wanted;		/* not here yet */
	bool is_twin;		/* another one has the same UIDL */
	bool is_second;		/* and that one came first */
	bool is_due;		/* may go from the server */
};

struct pop3_listing {
	struct arena arena;
	struct pop3_entry *list;	/* owned; by number */
	size_t n, size;
	uint32_t uidl_tag, list_tag;
	unsigned left;			/* answers outstanding */
	uint32_t twins;
	bool is_cut;			/* not complete: nothing is forgotten */
};

struct pop3_session {
	struct worker *worker;	/* borrowed */
	struct store *store;	/* borrowed */
	struct link *link;	/* owned */
	struct pop3 *pop3;	/* the link's */
	enum {
		POP3_AT_LOGIN, POP3_AT_LISTING, POP3_AT_FETCHING,
		POP3_AT_DELETING, POP3_AT_QUIT,
	} at;
	bool is_failed, is_ending;
	struct pop3_listing listing;
	struct intake intake;
	int64_t committed_ms;
	size_t next;		/* entries below are still to be asked for */
	struct {
		uint32_t tag;
		size_t entry;
	} flight[POP3_WINDOW];	/* in order */
	size_t nflight;
	bool is_coming;		/* bytes of the front one came */
	uint64_t done, total;	/* letters, for progress */
	uint64_t refused;	/* letters that the server would not give */
	uint32_t quit_tag;
	uint32_t inbox;		/* the local folder */
};

/* pop3_session.c */
void pop3_session_fail(struct pop3_session *s, const struct error *error);
bool pop3_session_commit(struct pop3_session *s, struct store_txn *t);
/* How many commands may be in flight. */
size_t pop3_session_window(const struct pop3_session *s);
void pop3_await(struct pop3_session *s, uint32_t tag, size_t entry);
void pop3_session_leave(struct pop3_session *s);

/* pop3_listing.c */
void pop3_listing_ask(struct pop3_session *s);
void pop3_listing_take(struct pop3_session *s, const struct pop3_event *ev);
/* An answer of the two commands; false: it was not theirs. */
bool pop3_listing_done(struct pop3_session *s, const struct pop3_event *ev);
void pop3_listing_free(struct pop3_session *s);

/* pop3_fetch.c */
void pop3_fetch_start(struct pop3_session *s);
void pop3_fetch_piece(struct pop3_session *s, const struct pop3_event *ev);
void pop3_fetch_done(struct pop3_session *s, const struct pop3_event *ev,
    size_t entry);
/* Makes what came durable; false: the session failed. */
bool pop3_fetch_commit(struct pop3_session *s);

/* pop3_delete.c */
void pop3_delete_start(struct pop3_session *s);
void pop3_delete_done(struct pop3_session *s, const struct pop3_event *ev,
    size_t entry);
