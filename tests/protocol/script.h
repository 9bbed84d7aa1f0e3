/* SPDX-License-Identifier: MIT */
/*
 * Sessions written down: a file of tests/data/ says line by line what the
 * server sends, what the engine must send and which events it must give.
 * Each file is played many times: the server's bytes whole, one by one, cut
 * in two at every place, and ending at every place.
 *
 *   channel tls|starttls|insecure      user NAME     password WORD
 *   mask NAME
 *   S: text     the server sends text and CRLF
 *   L: text     ... and a bare LF
 *   B: text     ... and nothing; \r \n \t \0 \xHH and \\ mean what in C
 *   C: text     the engine must have sent this line next
 *   E: text     the next event; "..." at the end: beginning with this
 *   do: words   an act of the caller, see the engine's test
 *   # and empty lines are for people
 *
 * At the end nothing may be left that no C: or E: line has named.
 */
#pragma once

#include "base/buf.h"
#include "protocol/session.h"

struct script_events;

/* For the engine's step: notes one event, as a line of text. */
void script_event(struct script_events *to, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A piece of something streamed; pieces that follow each other are one. */
void script_data(struct script_events *to, unsigned number,
    struct span piece);
/* Bytes as text: controls and all above ASCII as \xHH.  Caller frees. */
char *script_escape(struct span s);

struct script_engine {
	void *(*create)(const struct session_settings *settings);
	void (*destroy)(void *engine);
	enum step (*step)(void *engine, struct span *in,
	    struct script_events *events);
	struct span (*output)(const void *engine);
	void (*sent)(void *engine, size_t n);
	const struct error *(*error)(const void *engine);
	void (*act)(void *engine, struct span words,
	    struct script_events *events);
};

/* Plays every file of $srcdir/tests/data/FOLDER. */
void script_play_all(const struct script_engine *engine, const char *folder);
