/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/buf.h"
#include "protocol/imap.h"

/* Appends one line, without its end; nothing for IMAP_BODY. */
void put_imap_event(struct buf *out, const struct imap_event *e);
/* " {1 text/plain charset=utf-8 OCTETS LINES ...}", children inside. */
void put_imap_part(struct buf *out, const struct imap_part *p);
