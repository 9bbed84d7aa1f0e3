/* SPDX-License-Identifier: MIT */
#include "protocol/smtp_stuffer.h"

/* Octets before the first CR or LF. */
static size_t
line_length(struct span s)
{
	size_t lf = span_chr(s, '\n');
	struct span line = { s.p, lf < s.n ? lf : s.n };
	size_t cr = span_chr(line, '\r');

	return cr < line.n ? cr : line.n;
}

static void
put_line(struct smtp_stuffer *s, struct span line, struct output *out)
{
	if (line.n == 0)
		return;
	if (!s->is_in_line && *line.p == '.')
		output_puts(out, ".");
	output_put(out, line);
	s->is_in_line = true;
}

void
smtp_stuff(struct smtp_stuffer *s, struct span piece, struct output *out)
{
	while (piece.n) {
		if (s->was_cr && *piece.p == '\n')
			span_take(&piece, 1);
		s->was_cr = false;
		put_line(s, span_take(&piece, line_length(piece)), out);
		if (piece.n == 0)
			return;
		s->was_cr = *span_take(&piece, 1).p == '\r';
		output_puts(out, "\r\n");
		s->is_in_line = false;
	}
}

void
smtp_stuff_end(struct smtp_stuffer *s, struct output *out)
{
	if (s->is_in_line)
		output_puts(out, "\r\n");
	*s = (struct smtp_stuffer){ 0 };
}
