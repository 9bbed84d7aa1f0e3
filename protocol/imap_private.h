/* SPDX-License-Identifier: MIT */
/*
 * The inside of the IMAP engine, for its own files:
 *
 *   imap.c            life, step, output
 *   imap_frame.c      bytes to responses       imap_lex.c, imap_parse_*.c
 *   imap_answer.c     responses to events      read them
 *   imap_dialogue.c   from the greeting to READY
 *   imap_queue.c      which command may leave, and whose an answer is
 *   imap_command.c    how a command is written
 *   imap_request*.c   the commands of imap.h
 */
#pragma once

#include "base/arena.h"
#include "protocol/imap.h"
#include "protocol/imap_command.h"
#include "protocol/imap_frame.h"
#include "protocol/output.h"
#include "protocol/sasl.h"
#include "protocol/secret.h"

/* Where the dialogue stands.  Up to HANDSHAKE nothing is believed. */
enum imap_stage {
	IMAP_STAGE_GREETING,	/* waiting for the first line */
	IMAP_STAGE_CLEAR,	/* CAPABILITY in clear, to find STARTTLS */
	IMAP_STAGE_STARTTLS,
	IMAP_STAGE_HANDSHAKE,	/* the caller does it */
	IMAP_STAGE_CAPABILITY,	/* what may be used to log in */
	IMAP_STAGE_LOGIN,
	IMAP_STAGE_RECAPABILITY,	/* what the session offers */
	IMAP_STAGE_COMPRESS,
	IMAP_STAGE_INFLATE,	/* the caller sets it up */
	IMAP_STAGE_ENABLE,	/* ID and ENABLE */
	IMAP_STAGE_READY,
};

enum imap_idle_state {
	IMAP_IDLE_NONE,		/* no IDLE, or its "+" is still to come */
	IMAP_IDLE_UNWANTED,	/* the same, and DONE shall follow the "+" */
	IMAP_IDLE_ON,
	IMAP_IDLE_ENDING,	/* DONE was sent */
};

/* Events of one response, in its arena. */
struct imap_pending {
	struct imap_pending *next;
	struct imap_event event;
};

struct imap {
	/* receiving */
	struct imap_frame frame;
	struct arena arena;		/* of the response in hand */
	struct imap_pending *pending, **pending_end;
	struct uidset uids;		/* of the event in hand */
	size_t behind;		/* octets received behind this response */
	uint64_t unasked;	/* octets since the last tagged answer */
	bool said_bye;
	bool is_resyncing;	/* behind an answer with a wrong length */

	/* sending */
	struct output out;
	struct imap_command *queue, **queue_end;	/* owned; sent first */
	struct imap_command *done, **done_end;	/* owned; to be reported */
	struct imap_command *reported;	/* owned; lives until the next step */
	uint32_t last_id, last_number;
	unsigned in_flight;
	enum imap_idle_state idle;

	/* the session */
	enum imap_stage stage;
	struct session_settings settings;	/* owned copies inside */
	char *host;			/* owned; fit for people */
	struct sasl *sasl;		/* owned; NULL when not logging in */
	struct buf sasl_said;		/* owned; secret */
	uint64_t capabilities;
	uint64_t append_limit;		/* octets, or 0 */
	bool has_capabilities;
	struct buf mechanisms;		/* owned */
	uint64_t enabled;		/* IMAP_CAP_... */
	struct imap_mailbox_facts facts;	/* of the SELECT in flight */
	struct buf selected;		/* owned; name, empty: none */
	bool has_no_modseq;		/* the selected one */
	uint32_t uidvalidity;		/* the selected one; 0: unknown */
	uint32_t exists;		/* messages in it, as last told */
	bool esearch_works;		/* it has named messages */
	bool is_notifying;
	char delimiter;			/* as LIST said last */
	unsigned list_rows;		/* of the LIST in flight */

	struct error error;
	bool has_failed;
};

/* imap.c */

/* An event to be reported; zeroed but for its kind. */
struct imap_event *imap_emit(struct imap *imap, enum imap_event_kind kind);
/* Ends it all with "HOST what"; only the first failure counts. */
void imap_fail(struct imap *imap, enum err kind, const char *what);
void imap_fail_with(struct imap *imap, const struct error *e);
/* The same with the server's words, if they may be shown, behind it. */
void imap_fail_words(struct imap *imap, enum err kind, const char *what,
    struct span words);
/* What was heard came over the channel that the account asks for. */
bool imap_is_trusted(const struct imap *imap);
/* Overwrites the password, once it is of no more use. */
void imap_forget_password(struct imap *imap);

/* imap_answer.c */

/* One response, without its line end. */
void imap_answer(struct imap *imap, struct span text);

/* imap_dialogue.c */

void imap_dialogue_greeting(struct imap *imap, struct span word,
    const struct imap_reply *reply);
/* "+" for AUTHENTICATE. */
void imap_dialogue_challenge(struct imap *imap, struct span challenge);
/* A command of the dialogue was answered. */
void imap_dialogue_answer(struct imap *imap, const struct imap_reply *reply);
void imap_dialogue_secured(struct imap *imap);
void imap_dialogue_compressed(struct imap *imap);
void imap_dialogue_capabilities(struct imap *imap, struct span words);

/* imap_queue.c */

/* A command with a tag of its own and its first words; id 0: the dialogue's. */
struct imap_command *imap_queue_begin(struct imap *imap, enum imap_verb verb,
    uint32_t id, const char *words);
/* Takes the command; it leaves when it may. */
void imap_queue_add(struct imap *imap, struct imap_command *c);
/* Reports it without sending it. */
void imap_queue_refuse(struct imap *imap, struct imap_command *c,
    enum imap_status status);
/* Lets out what may leave now. */
void imap_queue_pump(struct imap *imap);
/* "+": true when a command waited for it. */
bool imap_queue_continue(struct imap *imap);
void imap_queue_answer(struct imap *imap, uint32_t number,
    const struct imap_reply *reply);
/* Takes the UIDs out of a code that belongs to the command. */
void imap_queue_uids(struct imap *imap, struct imap_command *c,
    const struct imap_reply *reply);
/* The first command of that kind that has left, or NULL. */
struct imap_command *imap_queue_find(const struct imap *imap,
    enum imap_verb verb);
/* The command being written, which takes APPEND's data now; or NULL. */
struct imap_command *imap_queue_writing(const struct imap *imap);
/* Data of the APPEND that is being written. */
void imap_queue_data(struct imap *imap, struct span piece);

/* imap_request.c */

/* A command with a new tag for the caller and its first words. */
struct imap_command *imap_request_begin(struct imap *imap,
    enum imap_verb verb, const char *words);
/* Ends the line and lets it go, or refuses it; its tag. */
uint32_t imap_request_submit(struct imap *imap, struct imap_command *c);
/* Done without a word to the server. */
uint32_t imap_request_settle(struct imap *imap, enum imap_verb verb,
    enum imap_status status);
/*
 * `head` SET `tail`, as many commands as the set needs; done when the last
 * is.  Takes the tail, a command that only serves to hold checked text.
 */
uint32_t imap_request_set(struct imap *imap, enum imap_verb verb,
    const char *head, const struct uidset *uids, struct imap_command *tail);
/* After READY and before BYE. */
bool imap_request_is_open(const struct imap *imap);
/* The selected mailbox keeps MODSEQ. */
bool imap_request_has_modseq(const struct imap *imap);

/* imap_request_folder.c */

/*
 * An extended LIST was done: where it gave nothing, it is asked plainly with
 * the same tag, and the answer is true.
 */
bool imap_request_list_again(struct imap *imap, const struct imap_command *c);

/* imap_request_search.c */

/*
 * The same of a SEARCH by ESEARCH that named nothing and is not believed.
 */
bool imap_request_search_again(struct imap *imap,
    const struct imap_command *c);
