/* SPDX-License-Identifier: MIT */
/*
 * Header blocks: splitting, unfolding, RFC 2047 and 2231 decoding, addresses,
 * ids.  Written here and not left to GMime: 3.2.13 loses adjacent base64
 * encoded words, and every row of every list comes through this.  Linear in
 * the input, whatever the input.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/envelope.h"

/* One field, unfolded lazily: value keeps its line ends. */
struct header_field {
	struct span name, value;
};

/*
 * Cuts the next field off *block (CRLF or LF lines).  False at the empty
 * line or the end; *block is then what follows the empty line.  Lines that
 * are no field are passed over.
 */
bool header_next(struct span *block, struct header_field *field);
/* First field of that name in the block; the empty span when absent. */
struct span header_find(struct span block, const char *name);
/* Splits a letter at the empty line: header block and body. */
void header_split(struct span letter, struct span *block, struct span *body);

/*
 * Unstructured text: unfolds, decodes encoded words in every charset that
 * iconv knows (adjacent words of one charset are joined before decoding;
 * raw 8-bit is taken as UTF-8, else windows-1252), drops NUL; what cannot be
 * decoded becomes U+FFFD.  At most ENVELOPE_TEXT_MAX octets.
 */
struct span header_decode_text(struct span value, struct arena *arena);
/* RFC 5322 3.4 address list with its groups and obsolete forms. */
struct addresses header_decode_addresses(struct span value,
    struct arena *arena);
/* Appends "Ani Wijaya <ani@x>", quoted where needed; UTF-8, not encoded. */
void header_put_address(struct buf *out, const struct address *a);
/* The value of a parameter of Content-Type and the like, RFC 2231 decoded. */
struct span header_parameter(struct span value, const char *name,
    struct arena *arena);

/* A header block (or a whole letter: the rest is not looked at). */
void header_parse_envelope(struct span block, struct arena *arena,
    struct envelope *out);

/*
 * Converts from a charset to UTF-8, appending; unknown charsets are taken as
 * windows-1252, bad sequences become U+FFFD.  False when it was not known.
 */
bool charset_to_utf8(struct buf *out, struct span charset, struct span text);
