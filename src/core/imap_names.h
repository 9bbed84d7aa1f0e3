/* SPDX-License-Identifier: MIT */
/*
 * Names of folders in their three forms.
 *
 *   wire    as this connection says them: modified UTF-7, or UTF-8 where the
 *           server agreed to that
 *   key     as the store knows them: always modified UTF-7, so that a folder
 *           stays itself when the server learns (or is denied) UTF-8
 *   title   as people read and write them: UTF-8
 *
 * RFC 2342, RFC 3501 5.1.3, RFC 6855 3.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

struct imap_session;

/* Appends the key of a name that the server sent. */
void imap_names_key(const struct imap_session *s, struct span wire,
    struct buf *out);
/* Appends the name to be sent for a key. */
void imap_names_wire(const struct imap_session *s, struct span key,
    struct buf *out);
/*
 * Appends the key of a title, in which "/" stands for the server's delimiter
 * as well, below the user's own namespace.  False when the server cannot have
 * one like it: empty parts, too long, no UTF-8.
 */
bool imap_names_encode(const struct imap_session *s, struct span title,
    struct buf *out);
