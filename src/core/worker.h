/* SPDX-License-Identifier: MIT */
/*
 * One account at work: who may talk to its server (the lock), when to
 * connect and when to wait, its session with the receiving server, and its
 * outbox.  The sessions know their protocol; this knows none.
 *
 * Threads: the sync thread.
 */
#pragma once

#include "src/core/backoff.h"
#include "src/core/idle_pace.h"
#include "src/core/report.h"
#include "src/core/sync.h"
#include "src/net/resume.h"

struct worker;
struct outbox;

/* A session with a receiving server; made anew for every connection. */
struct session_ops {
	void *(*begin)(struct worker *worker);
	void (*free)(void *session);
	/* The store may hold new acts and wants. */
	void (*look)(void *session);
	/* The user asks for what is new, now. */
	void (*check)(void *session);
	/*
	 * The network changed: hear from the server within a few seconds, or
	 * end with ERR_TIMEOUT.  NULL: sessions are too short for that.
	 */
	void (*prove)(void *session);
	/* Finish what is under way and log out; worker_ended follows. */
	void (*end)(void *session);
};

extern const struct session_ops imap_session, pop3_session;

struct worker_settings {
	const struct config_account *config;
	struct store *store;
	uint32_t account;
	bool is_once;
	/* The worker has ended its one pass; or, after worker_stop, is out. */
	void (*done)(void *ctx, struct worker *worker,
	    const struct error *error);
	void *ctx;
};

/* How the server writes names of folders: once told, true for all time. */
struct worker_names {
	bool is_known;
	bool has_others;	/* there are folders that are not the user's */
	char delimiter;		/* 0: flat, or not known yet */
	struct buf prefix;	/* owned; of the user's own folders */
};

struct worker {
	struct worker_settings settings;
	const struct config_account *config;	/* borrowed */
	struct store *store;			/* borrowed */
	uint32_t account;
	struct report report;
	struct backoff backoff;
	struct idle_pace idle;			/* learned; outlives sessions */
	const struct session_ops *ops;		/* NULL: only sends */
	void *session;				/* owned; or NULL */
	struct resume *resume;			/* owned; TLS of the last one */
	struct outbox *outbox;			/* owned; or NULL */
	struct worker_names names;		/* of the session's to fill */
	int lock;				/* -1: not ours */
	struct timer retry;			/* to connect (again) */
	struct timer deferred;			/* what must not run at once */
	struct timer settle;
	struct error ended;			/* for `deferred` */
	struct error result;			/* of the one pass */
	unsigned pause_s;			/* the server's own minimum */
	bool is_in_step;			/* nothing more to do */
	bool is_doubted;			/* has to show that it lives */
	bool is_stopping, is_done;
};

struct worker *worker_new(const struct worker_settings *settings);
void worker_free(struct worker *worker);
void worker_look(struct worker *worker);
void worker_check(struct worker *worker);
/*
 * The network changed, or the machine woke: a wait that only the network
 * was to blame for is over, and a session must show that it lives.
 */
void worker_wake(struct worker *worker);
void worker_stop(struct worker *worker);

/* For sessions. */

/* Logged in and working, or working again after worker_in_step. */
void worker_online(struct worker *worker);
/* Nothing more to do: listening, or about to hang up. */
void worker_in_step(struct worker *worker, bool is_listening);
/*
 * The session is over; it will be freed soon, not within this call.
 * ERR_OK: as it should be.
 */
void worker_ended(struct worker *worker, const struct error *error);
/* For the outbox: it has nothing under way any more, or something new. */
void worker_settle(struct worker *worker);
