/* SPDX-License-Identifier: MIT */
/*
 * Names of folders: as the server has them, and as people read and write
 * them.  Modified UTF-7, or UTF-8 where the server agreed to it; below the
 * user's own namespace.  RFC 2342, RFC 3501 5.1.3, RFC 6855 3.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

struct imap_session;

/* Appends the title of a raw name: UTF-8. */
void imap_names_decode(const struct imap_session *s, struct span raw,
    struct buf *out);
/*
 * Appends the raw name of a title, in which "/" stands for the server's
 * delimiter as well.  False when the server cannot have one like it: empty
 * parts, too long, no UTF-8.
 */
bool imap_names_encode(const struct imap_session *s, struct span title,
    struct buf *out);
