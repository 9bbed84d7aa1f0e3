/* SPDX-License-Identifier: MIT */
/*
 * The SMTP engine inside: shared by smtp.c (life), smtp_login.c (the
 * dialogue up to SMTP_READY) and smtp_mail.c (one letter).
 */
#pragma once

#include "base/arena.h"
#include "protocol/engine.h"
#include "protocol/smtp.h"
#include "protocol/smtp_reply.h"
#include "protocol/smtp_stuffer.h"

/* A state takes one reply.  STEP_MORE: nothing for the caller, go on. */
typedef enum step smtp_state(struct smtp *smtp,
    const struct smtp_reply *reply, struct smtp_event *event);

enum smtp_phase {
	SMTP_PHASE_REPLIES,	/* a reply is due, or nothing is */
	SMTP_PHASE_LETTER,	/* between 354 and the dot: no byte may come */
	SMTP_PHASE_DRAIN,	/* the letter is given, not all of it sent */
	SMTP_PHASE_DOT,		/* SMTP_DOT was told */
	SMTP_PHASE_CLOSED,
};

struct smtp_transaction {
	struct arena memory;
	struct span from;
	struct span *to;
	size_t nto;
	uint64_t size;
	bool is_8bit, is_utf8;
	size_t asked, answered;		/* recipients */
	bool is_refused;		/* by MAIL, a RCPT or DATA */
	bool is_verdict_due;		/* SMTP_FAILED is the next event */
	enum smtp_stage stage;		/* of the first refusal */
	struct smtp_reader refusal;
	struct smtp_stuffer stuffer;
};

struct smtp {
	struct engine engine;
	smtp_state *state;
	enum smtp_phase phase;
	struct smtp_reader reader;
	unsigned extensions;
	uint64_t size_limit;
	struct buf mechanisms;		/* of AUTH, blank-separated */
	struct smtp_transaction mail;
	bool has_mail;			/* waits for RSET to be answered */
	bool has_quit;			/* smtp_quit was called */
};

enum smtp_verdict {
	SMTP_VERDICT_YES,	/* 2xx */
	SMTP_VERDICT_GO_ON,	/* 3xx */
	SMTP_VERDICT_LATER,	/* 4xx */
	SMTP_VERDICT_NO,	/* 5xx */
};
enum smtp_verdict smtp_verdict(const struct smtp_reply *reply);

/* What this reply may never be an answer to. */
enum step smtp_out_of_order(struct smtp *smtp,
    const struct smtp_reply *reply);

/* The first state: waits for the greeting. */
smtp_state smtp_on_greeting;
/* Its reply is read line by line. */
smtp_state smtp_on_ehlo;
/* TLS is there: goes on with EHLO. */
void smtp_login_secured(struct smtp *smtp);

/* Nothing is due: sends what waits, if anything does. */
void smtp_idle(struct smtp *smtp);
smtp_state smtp_on_idle, smtp_on_reset, smtp_on_dot, smtp_on_quit;
/* SMTP_FAILED for a refused letter, and RSET. */
enum step smtp_give_up(struct smtp *smtp, struct smtp_event *event);
