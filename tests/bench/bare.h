/* SPDX-License-Identifier: MIT */
/*
 * What the floor asks for: as much of a protocol as a client cannot do
 * without to get the same octets as surat does.  Every function returns at
 * the last octet; a server that refuses ends the program by silence or by
 * its hanging up.
 */
#pragma once

#include "tests/bench/bare_wire.h"

/*
 * LOGIN, then ID and ENABLE in one flight as surat sends them.  With
 * `is_packed` COMPRESS is asked for between the two.
 */
void bare_imap_login(struct wire *wire, const char *user,
    const char *password, bool is_packed);
/* Prints the answer to CAPABILITY. */
void bare_imap_offers(struct wire *wire);
/* SELECT INBOX; returns how many letters are there. */
unsigned bare_imap_select(struct wire *wire);
/* The headers of the newest `count` of `total` letters. */
void bare_imap_newest(struct wire *wire, unsigned total, unsigned count);
/* The headers of all letters, in one answer. */
void bare_imap_headers(struct wire *wire);
/* All letters, in one answer. */
void bare_imap_bodies(struct wire *wire);
/*
 * Prints "listening", then the monotonic time of each EXISTS that is pushed,
 * a line each, for ever.
 */
_Noreturn void bare_imap_idle(struct wire *wire);

/* USER, PASS, STAT, UIDL, LIST, and every letter, pipelined. */
void bare_pop3(struct wire *wire, const char *user, const char *password);
