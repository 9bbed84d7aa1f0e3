/* SPDX-License-Identifier: MIT */
/*
 * Tokens of one assembled IMAP response (imap_frame.h): a contiguous piece
 * of text in which each literal stands as "{n}" CRLF and its n octets.
 * RFC 9051 9.  Reads liberally: any number of blanks between tokens, any
 * byte in an atom but blank and parenthesis, quotes inside of quoted strings
 * (PROTOCOLS.md 8, row 50).  Nothing here allocates but the unescaped copy
 * of a quoted string, and that from the response's arena.
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum imap_token {
	IMAP_TOKEN_END,
	IMAP_TOKEN_ATOM,
	IMAP_TOKEN_NIL,		/* value: the three letters, for names */
	IMAP_TOKEN_QUOTED,
	IMAP_TOKEN_LITERAL,
	IMAP_TOKEN_OPEN,
	IMAP_TOKEN_CLOSE,
};

struct imap_lex {
	struct span rest;	/* not yet read */
	struct arena *arena;	/* borrowed; NULL: strings keep their escapes */
	bool is_too_deep;	/* sticky: over IMAP_NESTING_MAX */
};

/* Cuts the next token off; value is what it says, without its quotes. */
enum imap_token imap_lex_next(struct imap_lex *lex, struct span *value);
/* The next token without taking it; value keeps its escapes. */
enum imap_token imap_lex_peek(const struct imap_lex *lex, struct span *value);
/* Passes one value: a token, or a list with all that is in it. */
void imap_lex_skip(struct imap_lex *lex);
/* Passes blanks; what is left starts with a token. */
void imap_lex_blanks(struct imap_lex *lex);

/*
 * A FETCH item's name: "UID", or "BODY[HEADER.FIELDS (DATE)]<0>" which
 * gives name BODY and the section between the brackets; section.p is NULL
 * where there are none.
 */
void imap_lex_item(struct imap_lex *lex, struct span *name,
    struct span *section);

/*
 * A number as servers write it: leading zeros and "9.37e+06" are read, "-1"
 * and all else are not a number.  PROTOCOLS.md 8, rows 43 and 44.
 */
bool imap_lex_number(struct span s, uint64_t *out);
