/* SPDX-License-Identifier: MIT */
/* The envelope's recipients: everybody once. */
#include "mail/recipients.h"

static bool
has(const struct built *out, struct span addr)
{
	for (size_t i = 0; i < out->nrecipients; i++)
		if (span_ieq(out->recipients[i], addr))
			return true;
	return false;
}

void
recipients_add(struct built *out, struct addresses people, struct arena *arena)
{
	struct span *all = arena_array(arena, out->nrecipients + people.n,
	    sizeof *all);

	if (out->nrecipients)
		memcpy(all, out->recipients, out->nrecipients * sizeof *all);
	out->recipients = all;
	for (size_t i = 0; i < people.n; i++)
		if (!has(out, people.list[i].addr))
			all[out->nrecipients++] = arena_copy(arena,
			    people.list[i].addr);
}
