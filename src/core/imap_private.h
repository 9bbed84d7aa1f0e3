/* SPDX-License-Identifier: MIT */
/*
 * A session with an IMAP server, as its parts know it.  One connection; one
 * mailbox selected at a time; one thing done at a time, chosen anew by
 * imap_turn whenever nothing is in flight:
 *
 *   wants > acts > copies to file > new mail > the home folder > folders
 *   > what other folders miss > listening
 *
 * imap_session.c  life, commands in flight, events to their parts
 * imap_turn.c     what to do next, listening
 * imap_watch.c    more connections, for other folders that are pushed
 * imap_folders.c  LIST and STATUS into the store
 * imap_boxes.c    the folders of the store that can be selected
 * imap_visit.c    SELECT, and bringing a mailbox into step
 * imap_relink.c   letters whose UIDs are to be found (again)
 * imap_flags.c    flags of older letters, where they must be compared
 * imap_fetch.c    header rows and flags into the store
 * imap_body.c     whole letters
 * imap_replay.c   the user's acts: which of them next, what became of them
 * imap_mail_acts.c    flags, keywords, moves, copies, purges to the server
 * imap_folder_acts.c  folders made, renamed, removed, subscribed
 * imap_verify.c   acts that were cut: did they come through?
 * imap_file.c     copies of sent letters
 *
 * Failures: imap_fail ends the session from the loop; parts return at once
 * after calling it, and no event comes any more.
 */
#pragma once

#include "base/envelope.h"
#include "src/core/imap_ingest.h"
#include "src/core/intake.h"
#include "src/core/link.h"
#include "src/core/uids.h"
#include "src/core/worker.h"
#include "store/folder.h"
#include "store/journal.h"
#include "store/message.h"
#include "store/view.h"

struct imap_session;

/* ev is the IMAP_DONE. */
typedef void imap_done(struct imap_session *s, const struct imap_event *ev);

enum {
	IMAP_COMMANDS_MAX = 16,		/* in flight */
	IMAP_CONNECTIONS_MAX = CONFIG_CONNECTIONS_MAX,
	IMAP_POLL_S = 300,		/* LIST-STATUS: what no IDLE watches */
	IMAP_FLAGS_S = 1800,		/* flags that STATUS cannot tell of */
	IMAP_POLL_NOTIFIED_S = 1800,	/* where NOTIFY tells of all folders */
	IMAP_NOOP_S = 60,		/* where there is no IDLE */
	IMAP_HOME_S = 30,		/* longest absence from home */
	IMAP_SLOW_S = 300,		/* SEARCH, APPEND */
	IMAP_DONE_S = 15,		/* DONE unanswered: a dead socket */
	IMAP_PROVE_S = 5,		/* the same on another network */
	IMAP_STAGE_HELD = 4096,		/* of a mailbox not checked yet */
	IMAP_FLAGS_NEWEST = 500,	/* compared without CONDSTORE */
	IMAP_SET_RANGES = 300,		/* in one command line */
	IMAP_IDENTITIES_MAX = 500,
	IMAP_GHOSTS_MAX = 500,
};

/* A folder of this account that can be selected. */
struct imap_box {
	uint32_t id;		/* in the store */
	struct span name;	/* as it is sent; in session.boxes_arena */
	enum folder_role role;
	bool is_stale;		/* the server has other than the store */
	bool lacks_headers;	/* download goes on below complete_from */
	struct config_keep keep;
	bool lacks_bodies;	/* some that are to be kept, perhaps */
	bool has_unread_bodies;	/* of those, the unread ones were tried */
	bool must_look;		/* whatever STATUS says: we did something */
	bool was_sought;	/* looked at for a letter that was moved to it */
	bool is_watched;	/* another connection keeps it in step */
	bool is_broken;		/* SELECT was refused; until the next LIST */
	struct message_spot bodies_below;	/* how far bodies were tried */
	uint32_t unseen;	/* of the last STATUS */
	int64_t stepped_ms;	/* when it was brought into step; 0: not yet */
	uint32_t older_flags;	/* to be compared, from that UID down; or 0 */
	int64_t older_ms;	/* when that began; 0: not yet */
};

/* The selected mailbox. */
struct imap_selected {
	struct imap_box *box;	/* NULL: none */
	bool is_open;		/* UIDVALIDITY checked: may be written */
	bool used_resync;	/* QRESYNC was asked for */
	struct imap_mailbox_facts facts;	/* of the SELECT */
	struct folder folder;	/* what the store knows; no spans used */
	uint32_t exists;
	bool is_counted;	/* ... by us: EXISTS did not say it so */
	bool state_dirty;	/* folder is to be written with the rows */
	uint32_t highest_uid;	/* in FETCH answers */
	uint64_t highest_seen;	/* MODSEQ in FETCH answers */
	struct uidset uids;	/* all of the server's, when is_known */
	bool is_known;
	struct uidset vanished;	/* (EARLIER), held until checked */
	struct uidset found;	/* of SEARCH */
	struct uidset missing;	/* there, not here */
	struct uidset flight[2];	/* header batches in flight */
	int64_t flight_ms[2];
	size_t nflight;
	uint64_t missing_total;	/* when the download began; for progress */
	unsigned pace;		/* letters in a batch */
	bool has_new;		/* EXISTS told of more */
	bool recheck;		/* something did not fit: SEARCH again */
	bool searched_twice;
	bool looked_again;	/* for rows that nothing was found for */
	/* Rows without a UID from before the comparison. */
	uint64_t ghosts[IMAP_GHOSTS_MAX];
	size_t nghosts;
};

struct imap_replay_item {
	uint64_t act, message;
	uint64_t row;		/* that a new UID belongs to: COPY, its copy */
	struct uid uid;
};

/* Acts that go to the server together; see imap_replay.c. */
struct imap_replay {
	struct arena arena;	/* of all that is here */
	struct act act;		/* the first: what they all ask for */
	struct imap_replay_item *items;
	size_t n;
	struct uidset uids;	/* of the items */
	struct uidset marked;	/* as deleted, where EXPUNGE takes all such */
	unsigned left;		/* commands without answer */
	enum imap_status status;	/* the worst */
	enum imap_code code;
	struct buf text;
	bool one_by_one;	/* a group was refused: find out which */
	uint32_t attempts;
	/* MOVE, COPY: the new UIDs, as far as they are known. */
	struct imap_copied copied;
};

/* The act on a folder that is under way; see imap_folder_acts.c. */
struct imap_folder_job {
	struct arena arena;
	struct act act;
	struct folder folder;	/* as it was when the act began */
	struct buf key;		/* CREATE, RENAME: the new one */
	struct buf new, old;	/* names as they are sent */
	struct buf words;	/* why the server refused */
};

/* What the server says of a letter that may be here already. */
struct imap_identity {
	struct uid uid;
	struct span message_id;
	uint64_t size;		/* 0: not told */
};

/* Matching letters after UIDVALIDITY changed; see imap_relink.c. */
struct imap_relink {
	struct arena arena;
	struct imap_identity rows[IMAP_IDENTITIES_MAX];
	size_t n;
	struct uidset todo;	/* to be asked for */
	struct uidset batch;	/* being asked for */
	bool is_asking;
};

/* An act that was cut: did it come through?  See imap_verify.c. */
struct imap_verify {
	struct arena arena;
	struct act act;		/* id 0: none */
	struct message row;
	bool has_searched;	/* the target, for a copy */
	struct uid found;	/* there; or 0 */
};

struct imap_file_job {
	struct arena arena;
	struct act act;
	struct body_reader *reader;	/* owned */
	struct source source;
	uint64_t at;
	uint32_t folder;	/* of Sent */
	bool is_found;		/* SEARCH: the server has it */
	bool is_active;
};

/* Whole letters on their way into the store; see imap_body.c. */
struct imap_bodies {
	struct intake writing;	/* the runner's while it is busy */
	uint32_t folder;	/* of those */
	struct runner runner;
	unsigned pace;		/* letters in a command; 0: none asked yet */
	int64_t asked_ms;
};

struct imap_watchers;

struct imap_session {
	struct worker *worker;	/* borrowed */
	/* A watcher keeps one folder in step, for its owner; else NULL, 0. */
	struct imap_session *owner;	/* borrowed */
	uint32_t only;			/* the folder */
	struct imap_watchers *watchers;	/* owned; NULL: none yet */
	struct store *store;	/* borrowed */
	struct link *link;	/* owned */
	struct imap *imap;	/* the link's */
	bool is_ready, is_failed, is_ending, is_leaving;
	int64_t ready_ms;	/* when it was */
	struct {
		uint32_t tag;
		imap_done *done;
	} commands[IMAP_COMMANDS_MAX];
	size_t ncommands;

	struct arena boxes_arena;
	struct imap_box *boxes;	/* in the arena */
	size_t nboxes;
	struct imap_box *home;	/* the one that is watched */
	bool home_seen, has_list;
	bool has_notify, is_notified;	/* it was asked for; it is on */
	int64_t home_left_ms;
	struct imap_listing *listing;	/* owned; while LIST runs */
	int64_t list_due_ms;

	struct imap_selected sel;
	struct imap_ingest ingest;	/* FETCH answers, into the store */
	bool overflowed;	/* too many while the mailbox was not checked */
	struct intake intake;	/* letters that come in */
	struct imap_bodies bodies;
	uint64_t body_octets;	/* of the section that streams in */
	bool body_streams;
	uint64_t want;		/* message fetched because of a want; or 0 */
	uint64_t want_dropped;	/* could not be had */
	struct imap_replay replay;
	uint64_t stuck_act;	/* up to this one none could be done ... */
	int64_t stuck_s;	/* ... then */
	struct imap_verify verify;
	struct imap_folder_job folder_job;
	struct imap_relink relink;
	struct imap_file_job file;
	bool has_store_news;	/* look was called; somebody may wait */
	bool hurry;		/* visiting for a want or an act */
	bool is_idling, is_listening;
	int64_t idle_since_ms;	/* while is_idling */
	struct timer timer;	/* while listening */
	struct error error;
};

/* imap_session.c */
/* owner NULL: the account's own session; else a watcher of the folder. */
struct imap_session *imap_session_new(struct worker *worker,
    struct imap_session *owner, uint32_t only);
void imap_session_free(struct imap_session *s);
/* Registers a command that was just issued. */
void imap_await(struct imap_session *s, uint32_t tag, imap_done *done);
void imap_session_fail(struct imap_session *s, const struct error *error);
/* Commits; on failure the session fails.  False: it did. */
bool imap_session_commit(struct imap_session *s, struct store_txn *t);
/* The server's words of a refused command, as an error. */
void imap_session_refusal(const struct imap_session *s, const char *what,
    const struct imap_event *ev, struct error *e);
bool imap_session_can(const struct imap_session *s, uint64_t capability);

/* imap_turn.c */
void imap_turn(struct imap_session *s);
/* The store may hold an errand. */
void imap_look(struct imap_session *s);
/* There is something to do: ends listening, chooses anew. */
void imap_wake(struct imap_session *s);
/* Waits for what the server tells, until it is time to ask. */
void imap_listen(struct imap_session *s);
/* The network changed: ask for a sign of life, and soon. */
void imap_prove(struct imap_session *s);
/* Ends IDLE, so that a command can follow. */
void imap_stop_listening(struct imap_session *s);
/* The link ended; was it an IDLE that stood too long? */
void imap_idle_broke(struct imap_session *s, const struct error *why);
bool imap_is_interrupted(const struct imap_session *s);

/* imap_watch.c */
/* In step: watches what there is to be watched beside the home folder. */
void imap_watch_begin(struct imap_session *s);
/* What a watcher does next; is_failed tells when that ended it. */
void imap_watch_turn(struct imap_session *s);
/* It failed: called by imap_session_fail alone. */
void imap_watch_lost(struct imap_session *s);
/* The boxes were made anew. */
void imap_watch_mark(struct imap_session *s);
void imap_watch_free(struct imap_session *s);

/* imap_folders.c */
void imap_folders_load(struct imap_session *s);
void imap_folders_ask(struct imap_session *s);
void imap_folders_take(struct imap_session *s, const struct imap_event *ev);
void imap_folders_namespaces(struct imap_session *s,
    const struct imap_namespaces *all);
void imap_folders_free(struct imap_session *s);
struct imap_box *imap_box_of(struct imap_session *s, uint32_t folder);

/* imap_visit.c */
void imap_visit(struct imap_session *s, struct imap_box *box);
/* Brings the selected mailbox into step again, without a SELECT. */
void imap_visit_again(struct imap_session *s);
/* Writes what is known of the server's state, and waits for it. */
bool imap_visit_save(struct imap_session *s);
/* Nothing is selected any more, as far as we are concerned. */
void imap_visit_leave(struct imap_session *s);
void imap_visit_found(struct imap_session *s, const struct uidset *uids);
void imap_visit_fini(struct imap_session *s);
/* UIDs of the rows of the selected mailbox; false: the session failed. */
bool imap_visit_local(struct imap_session *s, struct uidset *out);
/* The download of what is missing; a piece of it. */
void imap_visit_fill(struct imap_session *s);
/* New mail after EXISTS. */
void imap_visit_new(struct imap_session *s);

/* imap_relink.c */
/* UIDVALIDITY changed: no row has a UID any more.  False when it failed. */
bool imap_relink_begin(struct imap_session *s);
/* There are rows in the selected folder without a UID, and no act waits. */
bool imap_relink_has_left(struct imap_session *s);
/* What is missing is known: some of it may be here without a UID. */
void imap_relink_plan(struct imap_session *s);
/* Asks for more; false when there is nothing to ask. */
bool imap_relink_more(struct imap_session *s);
/* True when the answer was meant for it. */
bool imap_relink_take(struct imap_session *s, const struct imap_fetch *f);
void imap_relink_fini(struct imap_session *s);
/*
 * Rows without a UID that no answer of a comparison stands for: noted when it
 * begins, dropped when it has told of everything.
 */
void imap_ghosts_note(struct imap_session *s);
bool imap_ghosts_drop(struct imap_session *s);
/* imap_flags.c */
/* These letters were not compared in this visit: later, when it is time. */
void imap_flags_plan(struct imap_session *s, const struct uidset *older);
/* The next slice of them. */
void imap_flags_older(struct imap_session *s);

/* imap_fetch.c */
void imap_stage_fetch(struct imap_session *s, const struct imap_fetch *f);
/* Everything that came is in the store; false when the session failed. */
bool imap_stage_flush(struct imap_session *s);
/* The same, but not now: a thread writes it.  False as above. */
bool imap_stage_give(struct imap_session *s);
void imap_stage_drop(struct imap_session *s);
void imap_gone_seqno(struct imap_session *s, uint32_t seqno);
/* Removes the rows of the UIDs; false when the session failed. */
bool imap_gone_uids(struct imap_session *s, const struct uidset *uids);

/* imap_body.c */
/* False when there was nothing to do. */
bool imap_serve_want(struct imap_session *s);
void imap_fetch_bodies(struct imap_session *s);
/* What came goes to the writer; it is in the store.  False: it failed. */
bool imap_bodies_give(struct imap_session *s);
bool imap_bodies_commit(struct imap_session *s);
void imap_bodies_fini(struct imap_session *s);
/* Letters came: those that are to be kept are fetched, from the newest on. */
void imap_bodies_due(struct imap_box *box);
void imap_body_piece(struct imap_session *s, const struct imap_body *body);
void imap_body_named(struct imap_session *s, const struct imap_fetch *f);

/* imap_replay.c */
bool imap_replay(struct imap_session *s);
/* Of the acts in flight: into one state, in one commit. */
bool imap_replay_set(struct imap_session *s, enum act_state state,
    struct span answer, int64_t not_before);
/* An answer of the group's: the worst is kept. */
void imap_replay_note(struct imap_session *s, const struct imap_event *ev);
/* By what was noted: done, later, one by one, or refused. */
void imap_replay_finish(struct imap_session *s);
void imap_replay_fini(struct imap_session *s);

/* A group of one act, which is SENT already. */
void imap_replay_take(struct imap_session *s, const struct act *act,
    const struct message *m);

/* imap_mail_acts.c */
/* Sends the group, which is SENT by now; its box is selected. */
void imap_mail_acts_send(struct imap_session *s);
/* They are in the target already: only the old ones are to go. */
void imap_mail_acts_remove(struct imap_session *s);

/* imap_folder_acts.c */
/* False when nothing was sent. */
bool imap_folder_act(struct imap_session *s, uint64_t act);
void imap_folder_acts_fini(struct imap_session *s);

/* imap_verify.c */
/* One step of finding out; false when nothing was sent. */
bool imap_verify(struct imap_session *s, uint64_t act);
void imap_verify_fini(struct imap_session *s);

/* imap_file.c */
bool imap_file(struct imap_session *s);
void imap_file_writable(struct imap_session *s);
void imap_file_end(struct imap_session *s);
