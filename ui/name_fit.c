/* SPDX-License-Identifier: MIT */
#include "ui/name_fit.h"

/* Whether the letters of a word come in this order, whatever is between. */
static bool
has_letters(struct span name, struct span word)
{
	while (word.n && name.n) {
		if (span_ieq(span_take(&name, 1),
		    (struct span){ word.p, 1 }))
			span_take(&word, 1);
	}
	return word.n == 0;
}

int
name_fit(struct span label, struct span full_name, struct span word)
{
	if (span_ieq(full_name, word) || span_ieq(label, word))
		return 0;
	if (span_istarts(label, word))
		return 1;
	if (span_ifind(full_name, word) != SIZE_MAX ||
	    span_ifind(label, word) != SIZE_MAX)
		return 2;
	return has_letters(full_name, word) ? 3 : -1;
}
