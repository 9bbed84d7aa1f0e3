/* SPDX-License-Identifier: MIT */
#include "src/core/quirks.h"

#include "base/bug.h"

static const struct {
	struct span domain;
	struct span mask[QUIRKS_MASK_MAX];
} quirks[] = {
	/* Letters vanish; searches are answered with a number alone. */
	{ SPAN("mail.me.com"), { SPAN("QRESYNC"), SPAN("ESEARCH"),
	    SPAN("BINARY") } },
	{ SPAN("mail.icloud.com"), { SPAN("QRESYNC"), SPAN("ESEARCH"),
	    SPAN("BINARY") } },
};

/* The host is the domain, or below it. */
static bool
is_within(struct span host, struct span domain)
{
	struct span tail;

	if (host.n < domain.n)
		return false;
	tail = span_skip(host, host.n - domain.n);
	return span_ieq(tail, domain) &&
	    (host.n == domain.n || tail.p[-1] == '.');
}

size_t
quirks_mask(struct span host, struct span out[QUIRKS_MASK_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(quirks); i++)
		for (size_t k = 0; k < QUIRKS_MASK_MAX && n < QUIRKS_MASK_MAX &&
		    is_within(host, quirks[i].domain) &&
		    quirks[i].mask[k].n; k++)
			out[n++] = quirks[i].mask[k];
	return n;
}
