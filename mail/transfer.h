/* SPDX-License-Identifier: MIT */
/* Content-Transfer-Encoding, RFC 2045 6: out of a letter. */
#pragma once

#include "base/buf.h"
#include "base/span.h"

enum transfer { TRANSFER_AS_IS, TRANSFER_BASE64, TRANSFER_QUOTED, TRANSFER_UU };

/* What the field's value names; unknown ones are taken as they are. */
enum transfer transfer_of(struct span encoding);
/* Octets that raw will decode to, roughly. */
uint64_t transfer_estimate(enum transfer transfer, struct span raw);
/*
 * Hands the decoded content to `put` in pieces until it says no.  False when
 * it did.
 */
bool transfer_decode(enum transfer transfer, struct span raw,
    bool (*put)(void *ctx, struct span piece), void *ctx);
