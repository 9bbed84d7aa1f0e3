/* SPDX-License-Identifier: MIT */
/*
 * The POP3 engine: RFC 1939, 2449, 2595 (STLS), 5034 (AUTH), 6856 parsed.
 * Sans-I/O; see protocol/session.h.
 *
 * Life: pop3_new; greeting, CAPA, STLS, CAPA, AUTH or USER/PASS, CAPA come
 * by themselves and end in POP3_READY.  Then commands; each gives a tag
 * number and exactly one POP3_DONE.  The engine keeps strict lock-step
 * unless PIPELINING is announced; callers may queue freely either way.
 * Multi-line answers are dot-unstuffed and streamed, never collected; a
 * letter's line ends stay as the server sent them (CRLF; LF from some).
 * Commands issued behind a QUIT are done with !ok and never sent.
 *
 * Threads: one engine, one thread.
 */
#pragma once

#include "base/buf.h"
#include "protocol/session.h"

struct pop3;	/* opaque */

enum {
	POP3_LINE_MAX = 8192,		/* status lines (RFC says 512) */
	POP3_UIDL_MAX = 70,		/* octets; RFC 1939 7 */
	POP3_LISTING_MAX = 2000000,	/* lines of UIDL or LIST */
};
#define POP3_MESSAGE_MAX ((uint64_t)1 << 30)	/* octets of one RETR */

enum pop3_capability {
	POP3_CAP_TOP = 1 << 0,
	POP3_CAP_UIDL = 1 << 1,
	POP3_CAP_USER = 1 << 2,
	POP3_CAP_STLS = 1 << 3,
	POP3_CAP_PIPELINING = 1 << 4,
	POP3_CAP_RESP_CODES = 1 << 5,
	POP3_CAP_AUTH_RESP_CODE = 1 << 6,
	POP3_CAP_UTF8 = 1 << 7,
};

enum pop3_event_kind {
	POP3_STARTTLS,	/* do the handshake, then pop3_secured() */
	POP3_READY,	/* TRANSACTION state */
	POP3_UIDL,	/* number, uidl */
	POP3_LIST,	/* number, size */
	POP3_DATA,	/* tag, number, piece: of RETR or TOP */
	POP3_DONE,	/* tag, ok, code; text when of one line; number, size */
};

enum pop3_code {	/* RFC 2449, 3206 */
	POP3_CODE_NONE,
	POP3_CODE_IN_USE,
	POP3_CODE_LOGIN_DELAY,
	POP3_CODE_SYS_TEMP,
	POP3_CODE_SYS_PERM,
	POP3_CODE_AUTH,
};

struct pop3_event {
	enum pop3_event_kind kind;
	uint32_t tag;
	bool ok;
	enum pop3_code code;
	struct span text;	/* server's words, raw bytes */
	uint32_t number;	/* message number; of STAT: how many */
	uint64_t size;		/* octets: LIST, STAT total, RETR as received */
	struct span uidl;	/* 1-70 octets 0x21-0x7e; others are dropped */
	struct span piece;
};

struct pop3 *pop3_new(const struct session_settings *settings);
void pop3_free(struct pop3 *pop3);
enum step pop3_step(struct pop3 *pop3, struct span *in,
    struct pop3_event *event);
/*
 * Why the last step was STEP_ERROR; a refused login is ERR_AUTH, [IN-USE],
 * [LOGIN-DELAY] and [SYS/TEMP] there are ERR_AGAIN, as is a session that the
 * server ends by itself; ERR_TLS where STLS is a must and cannot be.
 */
const struct error *pop3_error(const struct pop3 *pop3);
struct span pop3_output(const struct pop3 *pop3);
void pop3_sent(struct pop3 *pop3, size_t n);
void pop3_secured(struct pop3 *pop3);
unsigned pop3_capabilities(const struct pop3 *pop3);
/* Seconds from CAPA LOGIN-DELAY; 0 when not announced. */
unsigned pop3_login_delay(const struct pop3 *pop3);
/* Days from CAPA EXPIRE; UINT32_MAX for NEVER or not announced. */
uint32_t pop3_expire_days(const struct pop3 *pop3);
unsigned pop3_in_flight(const struct pop3 *pop3);

uint32_t pop3_stat(struct pop3 *pop3);
uint32_t pop3_uidl(struct pop3 *pop3);
uint32_t pop3_list(struct pop3 *pop3);
uint32_t pop3_retr(struct pop3 *pop3, uint32_t number);
uint32_t pop3_top(struct pop3 *pop3, uint32_t number, uint32_t lines);
uint32_t pop3_dele(struct pop3 *pop3, uint32_t number);
uint32_t pop3_noop(struct pop3 *pop3);
uint32_t pop3_rset(struct pop3 *pop3);
/* Deletions count only when this is done with ok.  RFC 1939 6. */
uint32_t pop3_quit(struct pop3 *pop3);
