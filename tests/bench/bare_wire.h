/* SPDX-License-Identifier: MIT */
/*
 * A bare TLS connection to a server on loopback: what is said goes out at
 * once, what comes is thrown away up to a mark.  Any failure ends the
 * program: a floor that was not reached is no figure.
 */
#pragma once

#include <gnutls/gnutls.h>
#include <stdint.h>
#include <zlib.h>

#include "base/span.h"

enum {
	WIRE_HELD = 1 << 16,	/* octets looked at together */
	WIRE_LINE_MAX = 8192,	/* octets of a line that is read as one */
};

struct wire {
	gnutls_session_t tls;
	char held[WIRE_HELD];	/* received, from `at` on not yet looked at */
	size_t at, n;
	bool is_compressed;
	z_stream in, out;	/* where it is compressed */
	char packed[WIRE_HELD];	/* received, not inflated yet */
	uint64_t octets;	/* received, as they were on the wire */
};

/* Says "PROGRAM: what" on standard error and ends with 1. */
_Noreturn void wire_die(const char *what);
/* Seconds of the monotonic clock. */
double wire_now(void);
/* Connects and shakes hands; the certificate is not looked at. */
void wire_open(struct wire *wire, unsigned port);
/* From here on both directions are deflated: RFC 4978. */
void wire_compress(struct wire *wire);
void wire_say(struct wire *wire, struct span text);
/* Reads until the mark came by; what follows it is kept for the next. */
void wire_drain(struct wire *wire, const char *mark);
/* The next line without its end; borrowed until the next call. */
struct span wire_line(struct wire *wire);
