/* SPDX-License-Identifier: MIT */
/* What the halves of the outbox share. */
#pragma once

#include "src/core/link.h"
#include "src/core/outbox.h"
#include "src/net/resume.h"
#include "store/body.h"
#include "store/journal.h"

#define OUTBOX_UNKNOWN \
	"the connection was cut after the letter was handed over: it may " \
	"have been sent, so surat does not send it again by itself"

enum {
	OUTBOX_COMMAND_S = 300,	/* MAIL, RCPT, DATA.  RFC 5321 4.5.3.2 */
	OUTBOX_DOT_S = 600,
	OUTBOX_QUIT_S = 5,
	OUTBOX_PIECE = 32 * 1024,
};

enum letter_stage {
	LETTER_NONE,
	LETTER_OFFERED,		/* MAIL, RCPT, DATA are out */
	LETTER_BODY,		/* the server takes the content */
	LETTER_BEFORE_DOT,	/* everything but the dot was given */
	LETTER_DOTTED,		/* SENT is durable, the dot may have left */
};

struct outbox {
	struct worker *worker;		/* borrowed */
	struct link *link;		/* owned; NULL: not connected */
	struct resume *resume;		/* owned; TLS of the last connection */
	struct timer due;
	struct backoff backoff;
	int64_t not_before_ms;		/* no connection before */
	struct error error;
	bool is_started, is_stopping, is_leaving, is_refused;
	bool is_dot_due;		/* SMTP_DOT came, output not drained */

	/* the letter under way */
	enum letter_stage stage;
	struct arena arena;
	struct act act;			/* in the arena */
	struct body_reader *reader;	/* owned */
	struct source source;
	uint64_t at;			/* octets given to the engine */
	struct buf refused;		/* "addr: 550 no such user; ..." */
};

/* The next letter, or QUIT. */
void outbox_next(struct outbox *o);
/* Closes the connection, from within a callback of it. */
void outbox_hang_up(struct outbox *o, const struct error *error);

/* Offers o->act; false when it cannot be sent at all (and was told so). */
bool outbox_letter_offer(struct outbox *o);
void outbox_letter_recipient(struct outbox *o, const struct smtp_event *ev);
void outbox_letter_body(struct outbox *o);
void outbox_letter_dot(struct outbox *o);
void outbox_letter_accepted(struct outbox *o, const struct smtp_reply *reply);
void outbox_letter_failed(struct outbox *o, const struct smtp_reply *reply);
void outbox_letter_cut(struct outbox *o, const struct error *error);
/* Forgets the letter, whatever became of it. */
void outbox_letter_drop(struct outbox *o);
