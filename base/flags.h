/* SPDX-License-Identifier: MIT */
/*
 * Message flags.  System flags and the keywords that surat gives a meaning
 * are bits; every other keyword is kept as text.  RFC 9051 2.3.2, RFC 5788.
 */
#pragma once

#include "base/span.h"

enum flag {
	FLAG_SEEN = 1 << 0,
	FLAG_ANSWERED = 1 << 1,
	FLAG_FLAGGED = 1 << 2,
	FLAG_DELETED = 1 << 3,
	FLAG_DRAFT = 1 << 4,
	FLAG_FORWARDED = 1 << 5,	/* $Forwarded */
	FLAG_JUNK = 1 << 6,		/* $Junk */
	FLAG_NOTJUNK = 1 << 7,		/* $NotJunk */
	FLAG_MDNSENT = 1 << 8,		/* $MDNSent */
};

enum { FLAG_COUNT = 9 };

/* Limits for what a server may say of one message. */
enum { KEYWORDS_MAX = 100, KEYWORD_MAX_OCTETS = 255 };

/* The bit of a flag name as IMAP writes it ("\Seen", "$Junk"), any case; or 0. */
uint32_t flag_from_imap(struct span name);
/* "\\Seen", "$Junk": for one bit. */
const char *flag_imap_name(uint32_t bit);
/* "seen", "flagged", "junk": the words of JSON and the command line. */
const char *flag_word(uint32_t bit);
/* The bit of such a word, or 0. */
uint32_t flag_from_word(struct span word);
