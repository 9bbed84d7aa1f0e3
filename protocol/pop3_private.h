/* SPDX-License-Identifier: MIT */
/*
 * The POP3 engine inside: shared by pop3.c (life, queue), pop3_login.c (the
 * dialogue up to POP3_READY) and pop3_answer.c (answers to commands).
 */
#pragma once

#include "protocol/engine.h"
#include "protocol/pop3.h"
#include "protocol/pop3_data.h"

enum pop3_verb {
	POP3_VERB_STAT,
	POP3_VERB_UIDL,
	POP3_VERB_LIST,
	POP3_VERB_RETR,
	POP3_VERB_TOP,
	POP3_VERB_DELE,
	POP3_VERB_NOOP,
	POP3_VERB_RSET,
	POP3_VERB_QUIT,
};

struct pop3_command {
	enum pop3_verb verb;
	uint32_t tag;
	uint32_t number;	/* RETR, TOP, DELE */
	uint32_t lines;		/* TOP */
};

/* First in, first out; answers come in the order of the commands. */
struct pop3_queue {
	struct pop3_command *list;	/* owned */
	size_t head;			/* the oldest that is not done */
	size_t sent;			/* the first that has not left */
	size_t n, size;			/* n: one behind the newest */
};

/*
 * A state takes one line.  STEP_MORE: nothing for the caller in it, go on.
 */
typedef enum step pop3_state(struct pop3 *pop3, struct span line,
    struct pop3_event *event);

struct pop3 {
	struct engine engine;
	pop3_state *state;
	unsigned capabilities;
	bool has_sasl;			/* CAPA says SASL */
	struct buf mechanisms;		/* of CAPA SASL, blank-separated */
	unsigned login_delay;
	uint32_t expire_days;
	bool is_logged_in;
	bool is_ready;
	bool is_closed;			/* QUIT is done */
	struct pop3_queue queue;
	uint32_t last_tag;
	uint32_t lines;			/* of the listing that comes in */
	bool is_streaming;		/* RETR or TOP: data, not lines */
	struct pop3_data data;
};

/* Status lines. */
bool pop3_is_ok(struct span line, struct span *text);
bool pop3_is_err(struct span line, struct span *text);
/* The response code at the start of a text; NONE when there is no known. */
enum pop3_code pop3_code(struct span text);

/* The first state: waits for the greeting. */
pop3_state pop3_on_greeting;
/* TLS is there: goes on with CAPA. */
void pop3_login_secured(struct pop3 *pop3);
/* A line in TRANSACTION: the status of the oldest command. */
pop3_state pop3_on_answer;
/* Bytes of RETR or TOP. */
enum step pop3_on_data(struct pop3 *pop3, struct span *in,
    struct pop3_event *event);
