/* SPDX-License-Identifier: MIT */
#include "protocol/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static struct span
copy(struct span s)
{
	return (struct span){ span_dup(s), s.n };
}

static void
wipe(struct span s)
{
	/* Ours since _copy; the span only promises not to change it. */
	char *p = (char *)s.p;

	if (p)
		explicit_bzero(p, s.n);
	free(p);
}

void
session_settings_copy(struct session_settings *to,
    const struct session_settings *from)
{
	struct span *mask = xcalloc(from->nmask ? from->nmask : 1,
	    sizeof *mask);

	for (size_t i = 0; i < from->nmask; i++)
		mask[i] = copy(from->mask[i]);
	*to = (struct session_settings){
		.channel = from->channel,
		.credentials = {
			.user = copy(from->credentials.user),
			.password = copy(from->credentials.password),
		},
		.host = copy(from->host),
		.mask = mask,
		.nmask = from->nmask,
		.reserved = from->reserved,
	};
}

void
session_settings_fini(struct session_settings *settings)
{
	for (size_t i = 0; i < settings->nmask; i++)
		wipe(settings->mask[i]);
	free((struct span *)settings->mask);
	wipe(settings->credentials.user);
	wipe(settings->credentials.password);
	wipe(settings->host);
	*settings = (struct session_settings){ 0 };
}

bool
session_masks(const struct session_settings *settings, struct span name)
{
	for (size_t i = 0; i < settings->nmask; i++)
		if (span_ieq(settings->mask[i], name))
			return true;
	return false;
}
