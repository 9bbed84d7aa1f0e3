/* SPDX-License-Identifier: MIT */
/*
 * The SMTP submission engine: RFC 5321, 6409, 3207 (STARTTLS), 4954 (AUTH),
 * 2920 (PIPELINING), 1870 (SIZE), 6152 (8BITMIME), 2034.  Sans-I/O; see
 * protocol/session.h.
 *
 * Life: smtp_new; greeting, EHLO, STARTTLS, EHLO, AUTH come by themselves
 * and end in SMTP_READY.  Then one mail at a time:
 *
 *   smtp_mail        MAIL and RCPT... leave, pipelined where announced, and
 *                    DATA when all are taken
 *   SMTP_RECIPIENT   one for each recipient, in order, with its reply
 *   SMTP_DATA        the server takes the letter: give it by smtp_body;
 *                    or SMTP_FAILED when MAIL, a RCPT or DATA was refused
 *                    (all or nothing: the engine has sent RSET; after MAIL
 *                    no SMTP_RECIPIENT comes)
 *   smtp_body_end    everything given; nothing of the final dot has left
 *   SMTP_DOT         every byte before the dot is in the output and, once
 *                    that is sent, the caller makes "sent" durable, then
 *   smtp_dot         sends the dot.  RFC 1047, SECURITY.md 6.
 *   SMTP_ACCEPTED or SMTP_FAILED
 *
 * After SMTP_READY, SMTP_ACCEPTED and SMTP_FAILED the next smtp_mail may come.
 *
 * A cut before smtp_dot means: certainly not sent.  After it: unknown.  Feed
 * what has arrived before calling smtp_dot: a byte of the server's between
 * SMTP_DATA and the dot is a STEP_ERROR, and the letter is not sent.
 *
 * Threads: one engine, one thread.
 */
#pragma once

#include "base/buf.h"
#include "protocol/session.h"

struct smtp;	/* opaque */

enum {
	SMTP_LINE_MAX = 8192,		/* a reply line (RFC says 512) */
	SMTP_REPLY_LINES_MAX = 256,
	SMTP_RECIPIENTS_MAX = 1000,
	SMTP_PIPELINE_MAX = 50,		/* RCPTs in one flight */
};

enum smtp_extension {
	SMTP_EXT_STARTTLS = 1 << 0,
	SMTP_EXT_AUTH = 1 << 1,
	SMTP_EXT_PIPELINING = 1 << 2,
	SMTP_EXT_SIZE = 1 << 3,
	SMTP_EXT_8BITMIME = 1 << 4,
	SMTP_EXT_SMTPUTF8 = 1 << 5,
	SMTP_EXT_DSN = 1 << 6,
	SMTP_EXT_CHUNKING = 1 << 7,
	SMTP_EXT_ENHANCEDSTATUSCODES = 1 << 8,
};

enum smtp_event_kind {
	SMTP_STARTTLS,		/* do the handshake, then smtp_secured() */
	SMTP_READY,		/* may take a mail */
	SMTP_RECIPIENT,		/* index, reply: 2xx taken, else refused */
	SMTP_DATA,		/* give the letter */
	SMTP_DOT,		/* the dot may be sent */
	SMTP_ACCEPTED,		/* reply: the server has it */
	SMTP_FAILED,		/* reply of what was refused; stage tells what */
	SMTP_CLOSED,		/* answer to QUIT */
};

enum smtp_stage { SMTP_AT_MAIL, SMTP_AT_RCPT, SMTP_AT_DATA, SMTP_AT_DOT };

struct smtp_reply {
	int code;		/* 250 */
	struct span enhanced;	/* "2.1.5", or empty */
	struct span text;	/* server's words, lines joined by a space, raw */
};

struct smtp_event {
	enum smtp_event_kind kind;
	size_t index;		/* of the recipient */
	struct smtp_reply reply;
	enum smtp_stage stage;
};

struct smtp_mail {
	struct span from;	/* address without < >; may be empty */
	const struct span *to;
	size_t nto;
	uint64_t size;		/* octets with CRLF, before dot-stuffing */
	bool is_8bit;		/* has octets over 127 */
};

struct smtp *smtp_new(const struct session_settings *settings);
void smtp_free(struct smtp *smtp);
enum step smtp_step(struct smtp *smtp, struct span *in,
    struct smtp_event *event);
/*
 * Why STEP_ERROR: ERR_AUTH for 535 and its kin and when there is no way to
 * log in, ERR_AGAIN for 421 anywhere and 4xx before SMTP_READY, ERR_REFUSED
 * for other 5xx there, ERR_TLS where STARTTLS is a must and cannot be.
 */
const struct error *smtp_error(const struct smtp *smtp);
struct span smtp_output(const struct smtp *smtp);
void smtp_sent(struct smtp *smtp, size_t n);
void smtp_secured(struct smtp *smtp);
unsigned smtp_extensions(const struct smtp *smtp);
/* Octets from EHLO SIZE; 0 when there is no limit. */
uint64_t smtp_size_limit(const struct smtp *smtp);

/*
 * ERR_REFUSED, nothing sent, when it can be known beforehand: over SIZE,
 * 8-bit without 8BITMIME, more than SMTP_RECIPIENTS_MAX, no recipient, CR LF
 * or NUL or a blank or angle bracket in an address, a non-ASCII address
 * without SMTPUTF8.  After a STEP_ERROR: that error.  A bug while another
 * mail is under way or after smtp_quit.
 */
enum err smtp_mail(struct smtp *smtp, const struct smtp_mail *mail,
    struct error *e);
/*
 * Part of the letter after SMTP_DATA.  Any line end (CRLF, bare LF, bare
 * CR) becomes CRLF and dots are stuffed.  Keep the output drained.
 */
void smtp_body(struct smtp *smtp, struct span piece);
void smtp_body_end(struct smtp *smtp);
/* Only after SMTP_DOT. */
void smtp_dot(struct smtp *smtp);
/* Sends QUIT, after the mail under way if there is one. */
void smtp_quit(struct smtp *smtp);
