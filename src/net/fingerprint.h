/* SPDX-License-Identifier: MIT */
/*
 * The SHA-256 fingerprint of a certificate (of its DER form), as people write
 * it: "sha256:" and 64 hexadecimal digits, colons allowed between octets, as
 * openssl and browsers print them.
 */
#pragma once

#include <stdbool.h>

enum {
	FINGERPRINT_OCTETS = 32,
	FINGERPRINT_TEXT = sizeof "sha256:" + 2 * FINGERPRINT_OCTETS,
};

struct fingerprint {
	unsigned char octets[FINGERPRINT_OCTETS];
};

/* False when text is anything else. */
bool fingerprint_parse(const char *text, struct fingerprint *out);
/* Writes "sha256:..." in lower case, without colons. */
void fingerprint_format(const struct fingerprint *fp,
    char text[FINGERPRINT_TEXT]);
