/* SPDX-License-Identifier: MIT */
/*
 * What a server announces and does not keep.  Behaviour is tested where it
 * can be; these are the cases where the test would cost mail.  By host name:
 * RFC 2971 forbids to decide by ID.  PROTOCOLS.md 8.
 */
#pragma once

#include "base/span.h"

enum { QUIRKS_MASK_MAX = 4 };

/* The extensions not to be used with the host, in capitals; how many. */
size_t quirks_mask(struct span host, struct span out[QUIRKS_MASK_MAX]);
