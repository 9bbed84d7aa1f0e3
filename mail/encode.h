/* SPDX-License-Identifier: MIT */
/*
 * Writing RFC 5322: fields folded at 78 columns where that can be, never
 * over 998, in 7 bits; and the encodings of bodies.  Values are checked by
 * the caller (encode_is_line); here they are only encoded.
 */
#pragma once

#include "base/envelope.h"
#include "base/buf.h"

/* No control character, CR, LF or NUL, and valid UTF-8. */
bool encode_is_line(struct span s);
/* An address that SMTP takes as it is: ASCII, one "@", both sides there. */
bool encode_is_address(struct span addr);

void encode_text_field(struct buf *out, const char *name, struct span value);
/* Nothing for an empty list. */
void encode_address_field(struct buf *out, const char *name,
    struct addresses list);
/* Message-IDs, given without < >. */
void encode_id_field(struct buf *out, const char *name, const struct span *ids,
    size_t n);
void encode_date_field(struct buf *out, int64_t when);
/* "; name=value" on a line of its own, RFC 2231 where it must be. */
void encode_parameter(struct buf *out, const char *name, struct span value);

/*
 * Appends Content-Type, Content-Transfer-Encoding, the empty line and the
 * text (any line ends) as text/plain in UTF-8: as it is when it is ASCII in
 * lines that may travel, else quoted-printable or base64, the shorter.
 */
void encode_text_part(struct buf *out, struct span text);
/* Appends s with every line end (CRLF, LF, CR) as CRLF. */
void encode_put_crlf(struct buf *out, struct span s);
/* 26 characters of base32 that nobody can guess. */
void encode_put_random(struct buf *out);
