/* SPDX-License-Identifier: MIT */
/*
 * Names of ASCII letters alone go through unchanged, as many a host in a
 * private network has an underscore that IDNA forbids.  Others are mapped by
 * IDNA 2008.  What neither DNS nor an address can be is refused before
 * anybody is asked.
 */
#include "src/net/host.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/span.h"

static bool
is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* A zone ("%eth0") belongs to the socket, not to the certificate. */
static bool
parse_literal(struct host *host)
{
	char bare[HOST_NAME_MAX_OCTETS + 1] = "";
	size_t n = strcspn(host->name, "%");

	memcpy(bare, host->name, n);
	if (inet_pton(AF_INET6, bare, host->ip) == 1)
		host->ip_size = 16;
	else if (!host->name[n] && inet_pton(AF_INET, bare, host->ip) == 1)
		host->ip_size = 4;
	host->is_literal = host->ip_size != 0;
	return host->is_literal;
}

static bool
take_name(struct host *host, const char *ascii)
{
	size_t n = strlen(ascii);

	if (n > 0 && ascii[n - 1] == '.')
		n--;
	if (n == 0 || n > HOST_NAME_MAX_OCTETS)
		return false;
	memcpy(host->name, ascii, n);
	host->name[n] = '\0';
	return true;
}

enum err
host_parse(const char *typed, struct host *out, struct error *e)
{
	CLEANUP(cleanup_free) char *mapped = NULL;
	const char *ascii = typed;

	*out = (struct host){ 0 };
	if (!is_ascii(typed)) {
		if (idn2_to_ascii_8z(typed, &mapped,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
			goto refuse;
		ascii = mapped;
	}
	if (!take_name(out, ascii))
		goto refuse;
	if (parse_literal(out))
		return ERR_OK;
	for (const char *s = out->name; *s; s++)
		if (!is_name_byte(*s))
			goto refuse;
	return ERR_OK;
refuse:
	return error_set(e, ERR_CONFIG, "\"%.100s\" is not the name of a host",
	    typed);
}
