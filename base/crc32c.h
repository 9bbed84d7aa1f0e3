/* SPDX-License-Identifier: MIT */
/* CRC-32C (Castagnoli, RFC 3720 B.4): the checksum of stored records. */
#pragma once

#include "base/span.h"

/* The checksum of s, going on from crc (0 for the first piece). */
uint32_t crc32c(uint32_t crc, struct span s);
