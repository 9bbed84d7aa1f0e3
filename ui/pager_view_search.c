/* SPDX-License-Identifier: MIT */
/* Finding words in a letter. */
#include "ui/pager_view.h"

/* First match in the line at or behind octet `from`; SIZE_MAX: none. */
static size_t
match_after(struct span text, struct span needle, size_t from)
{
	size_t at = span_ifind(span_skip(text, from), needle);

	return at == SIZE_MAX || from > text.n ? SIZE_MAX : at + from;
}

/* Last match in the line that begins before octet `until`. */
static size_t
match_before(struct span text, struct span needle, size_t until)
{
	size_t found = SIZE_MAX, at = 0;

	while ((at = match_after(text, needle, at)) != SIZE_MAX &&
	    at < until)
		found = at++;
	return found;
}

bool
pager_search(const struct doc *doc, struct span needle, int step,
    struct flow_position *at)
{
	size_t n = doc->nlines, line = at->line;

	if (needle.n == 0 || n == 0)
		return false;
	/* Once around: the line where it began is looked at twice. */
	for (size_t i = 0; i <= n; i++) {
		struct span text = doc->lines[line].text;
		size_t found;

		if (step > 0)
			found = match_after(text, needle,
			    i == 0 ? at->start + 1 : 0);
		else
			found = match_before(text, needle,
			    i == 0 ? at->start : SIZE_MAX);
		if (found != SIZE_MAX) {
			*at = (struct flow_position){ (uint32_t)line,
				(uint32_t)found };
			return true;
		}
		line = (line + (step > 0 ? 1 : n - 1)) % n;
	}
	return false;
}
