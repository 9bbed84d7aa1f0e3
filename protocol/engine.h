/* SPDX-License-Identifier: MIT */
/*
 * What the line-based engines share inside: settings, lines in, bytes out,
 * the state of the channel, one sticky error, and the login by SASL.  Not
 * for users of an engine.
 *
 * This is the one place that sends a password, and the one that turns the
 * server's words into words for a person: cleaned for a terminal, cut to a
 * sentence, silent about everything that came before TLS, and never with a
 * secret that the server repeats.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "protocol/line.h"
#include "protocol/output.h"
#include "protocol/sasl.h"
#include "protocol/session.h"

struct engine {
	struct session_settings settings;	/* owned copy */
	struct line_reader lines;
	struct output output;
	struct error error;		/* sticky; ERR_OK while all is well */
	bool is_secure;			/* TLS, and the peer is verified */
	bool awaits_handshake;		/* no byte may come in clear now */
	struct sasl *sasl;		/* owned; NULL outside a login */
	struct buf secret;		/* SASL's last answer, in base64 */
	bool is_held_back;		/* it waits for the server's go-ahead */
	struct buf words;		/* see engine_words */
};

void engine_init(struct engine *e, const struct session_settings *settings,
    size_t line_max);
void engine_fini(struct engine *e);

/* Nothing leaves any more; kind is what error_set said.  STEP_ERROR. */
enum step engine_stop(struct engine *e, enum err kind);
#define engine_fail(e, kind, ...) \
	engine_stop((e), error_set(&(e)->error, (kind), __VA_ARGS__))

/*
 * The server's words to be put into an error: ": words", or "" when there
 * are none or they may not be shown.  Valid until the next call.
 */
const char *engine_words(struct engine *e, struct span text);

/* Takes a line as line_take does; LINE_LONG has set the error. */
enum line engine_line(struct engine *e, struct span *in, struct span *line);

/* The server agreed to STARTTLS: no byte may follow in clear. */
void engine_begin_tls(struct engine *e);
/* STEP_MORE; STEP_ERROR when bytes came although a handshake is due. */
enum step engine_check_tls(struct engine *e, struct span in);
void engine_secured(struct engine *e);

/* Sends verb and secret as a line; a bug unless engine_may_log_in. */
void engine_send_secret(struct engine *e, const char *verb,
    struct span secret);
/* A verified channel, or the user asked for +insecure. */
bool engine_may_log_in(const struct engine *e);

/*
 * Sends "AUTH mechanism", with the first words of a client-first mechanism
 * when the line stays within line_max octets.
 */
enum step engine_auth(struct engine *e, struct span mechanism,
    const char *service, size_t line_max);
/* Answers a challenge, base64 as it came. */
enum step engine_auth_challenge(struct engine *e, struct span challenge);
/* The server is content: STEP_ERROR when it has not proved itself. */
enum step engine_auth_done(struct engine *e);
/* The login is over, one way or the other: forgets it. */
void engine_auth_end(struct engine *e);
