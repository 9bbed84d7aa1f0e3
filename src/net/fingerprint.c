/* SPDX-License-Identifier: MIT */
#include "src/net/fingerprint.h"

#include <glib.h>
#include <string.h>
#include <strings.h>

static const char prefix[] = "sha256:";
static const char digits[] = "0123456789abcdef";

bool
fingerprint_parse(const char *text, struct fingerprint *out)
{
	if (strncasecmp(text, prefix, sizeof prefix - 1) != 0)
		return false;
	text += sizeof prefix - 1;
	for (size_t i = 0; i < FINGERPRINT_OCTETS; i++) {
		int high, low;

		if (i > 0 && *text == ':')
			text++;
		high = g_ascii_xdigit_value(text[0]);
		low = high < 0 ? -1 : g_ascii_xdigit_value(text[1]);
		if (low < 0)
			return false;
		out->octets[i] = (unsigned char)(high << 4 | low);
		text += 2;
	}
	return *text == '\0';
}

void
fingerprint_format(const struct fingerprint *fp, char text[FINGERPRINT_TEXT])
{
	char *to = text + sizeof prefix - 1;

	memcpy(text, prefix, sizeof prefix);
	for (size_t i = 0; i < FINGERPRINT_OCTETS; i++) {
		*to++ = digits[fp->octets[i] >> 4];
		*to++ = digits[fp->octets[i] & 15];
	}
	*to = '\0';
}
