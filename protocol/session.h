/* SPDX-License-Identifier: MIT */
/*
 * What all engines have in common: how they are told about the channel and
 * the person, and the three answers of a step.
 *
 * An engine is sans-I/O: bytes in, events out; commands in, bytes out.  It
 * opens no socket, reads no clock, takes no lock.  The caller
 *
 *   - feeds what it received to x_step() until that says MORE,
 *   - sends what x_output() holds and reports it with x_sent(),
 *   - on an event X_STARTTLS does the handshake and calls x_secured().
 *
 * Rules that hold in every engine (SECURITY.md 1):
 *   - before the channel is secure only CAPABILITY / CAPA / EHLO and
 *     STARTTLS leave; nothing that was learned in clear survives into TLS;
 *     bytes buffered behind the answer to STARTTLS are an error;
 *   - one place sends a password, and it insists on a verified channel
 *     unless the account's scheme says +insecure;
 *   - credentials are overwritten when the engine is freed, and are never
 *     part of an event or an error text.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

enum step {
	STEP_MORE,	/* *in is used up: read more */
	STEP_EVENT,	/* the event is set; valid until the next step */
	STEP_ERROR,	/* the peer broke the rules: x_error(); close */
};

enum channel {
	CHANNEL_TLS,		/* TLS from the first byte, verified */
	CHANNEL_STARTTLS,	/* clear at first; STARTTLS is a must */
	CHANNEL_INSECURE,	/* clear text, asked for by +insecure */
};

struct credentials {
	struct span user;
	struct span password;	/* empty: do not log in (SMTP without AUTH) */
};

/* Copied by the engine at its creation. */
struct session_settings {
	enum channel channel;
	struct credentials credentials;
	struct span host;	/* as the user typed it; for SASL */
	/*
	 * Extensions never to be used, upper case, as announced:
	 * "QRESYNC", "PIPELINING", "AUTH=PLAIN".
	 */
	const struct span *mask;
	size_t nmask;
	/* Lowers the iteration work of tests; 0 means the usual. */
	unsigned reserved;
};

/* A deep copy, credentials and mask included; end it with _fini. */
void session_settings_copy(struct session_settings *to,
    const struct session_settings *from);
/* Overwrites the credentials and frees what _copy made. */
void session_settings_fini(struct session_settings *settings);
/* True when an extension may not be used: name as in `mask`, any case. */
bool session_masks(const struct session_settings *settings,
    struct span name);
