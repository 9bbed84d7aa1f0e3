/* SPDX-License-Identifier: MIT */
/*
 * A host as the user typed it, and as DNS, SNI and certificates know it:
 * international names become A-labels (RFC 5890), literal addresses become
 * octets that are compared with a certificate's IP addresses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { HOST_NAME_MAX_OCTETS = 253 };

struct host {
	char name[HOST_NAME_MAX_OCTETS + 1];	/* ASCII, no final dot */
	bool is_literal;
	unsigned char ip[16];		/* of a literal, network order */
	size_t ip_size;			/* 4 or 16 */
};

/*
 * Reads a name or an address ("imap.example.org", "pös.example", "::1",
 * "fe80::1%eth0"; no brackets).  ERR_CONFIG when it can be neither.
 */
enum err host_parse(const char *typed, struct host *out, struct error *e);
