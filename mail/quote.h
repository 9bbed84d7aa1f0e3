/* SPDX-License-Identifier: MIT */
/* A shown letter as text again: for answering and forwarding. */
#pragma once

#include "base/buf.h"
#include "mail/doc.h"

/*
 * Appends the document as plain text.  deeper is added to the depth of
 * every line's quoting; long lines of text are wrapped at 72 columns.  The
 * notes of surat's own are left out, and the signature when asked.
 */
void quote_put(struct buf *out, const struct doc *doc, unsigned deeper,
    bool without_signature);
