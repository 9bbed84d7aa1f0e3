/* SPDX-License-Identifier: MIT */
/* The numbers of IMAP that must not be mixed up.  RFC 9051 2.3.1. */
#pragma once

#include <stdint.h>

/* Unique identifier of a message in one mailbox; 0 is none. */
struct uid {
	uint32_t v;
};

/* Message sequence number in the selected mailbox; 0 is none. */
struct seqno {
	uint32_t v;
};

#define UID_MAX UINT32_MAX
