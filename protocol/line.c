/* SPDX-License-Identifier: MIT */
#include "protocol/line.h"

void
line_init(struct line_reader *r, size_t max)
{
	*r = (struct line_reader){ .max = max };
}

void
line_fini(struct line_reader *r)
{
	buf_fini(&r->held);
}

enum line
line_take(struct line_reader *r, struct span *in, struct span *line)
{
	size_t at = span_chr(*in, '\n');
	bool is_whole = at != SIZE_MAX;
	struct span head = span_take(in, is_whole ? at + 1 : in->n);

	if (r->is_given)
		buf_reset(&r->held);
	r->is_given = is_whole;
	if (head.n - is_whole > r->max - r->held.n)
		return LINE_LONG;
	if (!is_whole || r->held.n)
		buf_put(&r->held, head);
	if (!is_whole)
		return LINE_MORE;
	*line = r->held.n ? buf_span(&r->held) : head;
	line->n--;
	r->is_bare = line->n == 0 || line->p[line->n - 1] != '\r';
	if (!r->is_bare)
		line->n--;
	return LINE_WHOLE;
}
