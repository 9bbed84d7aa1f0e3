/* SPDX-License-Identifier: MIT */
/* Mailbox names for people: modified UTF-7.  RFC 3501 5.1.3. */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/*
 * Appends the UTF-8 form of a raw name; where it is not valid modified
 * UTF-7 (servers send raw 8-bit too) bytes that are UTF-8 stay and the rest
 * becomes U+FFFD.  For show only: the raw name remains the key.
 */
void imap_name_decode(struct buf *out, struct span raw);
/* Appends the modified UTF-7 form of a UTF-8 name; false if not UTF-8. */
bool imap_name_encode(struct buf *out, struct span utf8);
/* True for INBOX in any case.  RFC 3501 5.1. */
bool imap_name_is_inbox(struct span raw);
