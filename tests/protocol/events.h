/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/buf.h"
#include "protocol/imap.h"

/* Appends one line, without its end; nothing for IMAP_BODY. */
void put_imap_event(struct buf *out, const struct imap_event *e);
