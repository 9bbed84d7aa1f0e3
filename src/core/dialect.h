/* SPDX-License-Identifier: MIT */
/*
 * The three engines behind one set of calls, for what a link does alike
 * with all of them: feed, flush, secure, compress.  Their events stay their
 * own.
 */
#pragma once

#include "protocol/imap.h"
#include "protocol/pop3.h"
#include "protocol/smtp.h"

union dialect_event {
	struct imap_event imap;
	struct pop3_event pop3;
	struct smtp_event smtp;
};

struct dialect {
	const char *alpn;	/* or NULL */
	void *(*make)(const struct session_settings *settings);
	void (*free)(void *engine);
	enum step (*step)(void *engine, struct span *in,
	    union dialect_event *event);
	const struct error *(*error)(const void *engine);
	struct span (*output)(const void *engine);
	void (*sent)(void *engine, size_t n);
	void (*secured)(void *engine);
	bool (*wants_tls)(const union dialect_event *event);
	/* The same for compression; NULL: this protocol has none. */
	void (*compressed)(void *engine);
	bool (*wants_deflate)(const union dialect_event *event);
};

extern const struct dialect dialect_imap, dialect_pop3, dialect_smtp;
