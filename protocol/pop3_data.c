/* SPDX-License-Identifier: MIT */
#include "protocol/pop3_data.h"

void
pop3_data_begin(struct pop3_data *data, bool is_unix)
{
	*data = (struct pop3_data){
		.knows_style = is_unix,
		.is_unix = is_unix,
	};
}

/* The first line end, at in.p[at], tells how this server ends its lines. */
static void
note_style(struct pop3_data *data, struct span in, size_t at)
{
	bool has_cr = at > 0 ? in.p[at - 1] == '\r' : data->was_cr;

	data->knows_style = true;
	data->is_unix = !has_cr;
}

/*
 * How many octets of `in` are letter as they are: whole lines up to one
 * that starts with a dot, or everything.
 */
static size_t
plain(struct pop3_data *data, struct span in)
{
	size_t from = 0, at;

	for (;;) {
		at = span_chr(span_skip(in, from), '\n');
		if (at == SIZE_MAX) {
			data->state = POP3_DATA_IN_LINE;
			data->was_cr = in.p[in.n - 1] == '\r';
			return in.n;
		}
		at += from;
		if (!data->knows_style)
			note_style(data, in, at);
		from = at + 1;
		if (from == in.n || in.p[from] == '.') {
			data->state = POP3_DATA_LINE_START;
			data->was_cr = false;
			return from;
		}
	}
}

/* Behind a dot at the start of a line: the end, or a dot to leave out. */
static bool
ends(struct pop3_data *data, struct span *in)
{
	char c = *in->p;

	if (data->state == POP3_DATA_DOT && c == '\r') {
		span_take(in, 1);
		data->state = POP3_DATA_DOT_CR;
		return false;
	}
	if (c == '\n' && (data->state == POP3_DATA_DOT_CR ||
	    data->is_unix || !data->knows_style)) {
		span_take(in, 1);
		return true;
	}
	return false;
}

enum pop3_piece
pop3_data_take(struct pop3_data *data, struct span *in, struct span *piece)
{
	while (in->n) {
		enum pop3_data_state before = data->state;

		if (before == POP3_DATA_LINE_START && *in->p == '.') {
			span_take(in, 1);
			data->state = POP3_DATA_DOT;
			continue;
		}
		if (before == POP3_DATA_DOT || before == POP3_DATA_DOT_CR) {
			if (ends(data, in))
				return POP3_PIECE_END;
			if (data->state != before)
				continue;
			data->state = POP3_DATA_IN_LINE;
			if (before == POP3_DATA_DOT_CR) {
				*piece = SPAN_LIT("\r");
				data->was_cr = true;
				data->size++;
				return POP3_PIECE_DATA;
			}
		}
		*piece = span_take(in, plain(data, *in));
		data->size += piece->n;
		return POP3_PIECE_DATA;
	}
	return POP3_PIECE_MORE;
}
