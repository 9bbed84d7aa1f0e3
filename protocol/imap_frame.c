/* SPDX-License-Identifier: MIT */
#include "protocol/imap_frame.h"

/* Where a response's memory is given back instead of kept for the next. */
enum { TEXT_KEPT = 256 * 1024 };

void
imap_frame_fini(struct imap_frame *frame)
{
	buf_fini(&frame->text);
	*frame = (struct imap_frame){ 0 };
}

static void
start_response(struct imap_frame *frame)
{
	if (frame->text.size > TEXT_KEPT)
		buf_fini(&frame->text);
	buf_reset(&frame->text);
	frame->state = IMAP_FRAME_LINE;
	frame->line = frame->octets = frame->kept = 0;
	frame->is_complete = frame->is_cut = false;
}

void
imap_frame_reset(struct imap_frame *frame)
{
	start_response(frame);
}

struct span
imap_frame_text(const struct imap_frame *frame)
{
	return buf_span(&frame->text);
}

/* Answers made of one long set of numbers may be longer than others. */
static size_t
line_limit(struct span text)
{
	static const struct span sets[] = { SPAN("* SEARCH"),
		SPAN("* ESEARCH"), SPAN("* VANISHED") };

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (span_istarts(text, sets[i]))
			return IMAP_SET_LINE_MAX;
	return IMAP_LINE_MAX;
}

static bool
add_line(struct imap_frame *frame, struct span s)
{
	/* The limit is asked of the text with its first bytes in it. */
	if (frame->octets + s.n > IMAP_SET_LINE_MAX)
		return false;
	buf_put(&frame->text, s);
	frame->octets += s.n;
	return frame->octets <= IMAP_LINE_MAX ||
	    frame->octets <= line_limit(buf_span(&frame->text));
}

static struct span
cut_word(struct span *text)
{
	struct span word;

	while (text->n && text->p[0] == ' ')
		span_take(text, 1);
	return span_split(text, ' ', &word) ? word : (struct span){ NULL, 0 };
}

/* "* 12 FETCH ...": true, and the number, 0 where that is nonsense. */
static bool
is_fetch(struct span text, uint32_t *number)
{
	struct span star = cut_word(&text), digits = cut_word(&text);

	if (!span_u32(digits, number))
		*number = 0;
	return span_eq(star, SPAN_LIT("*")) &&
	    span_ieq(cut_word(&text), SPAN_LIT("FETCH"));
}

/*
 * In the text of a status answer "{5}" means nothing; a literal can stand
 * there only inside of a code whose bracket is still open.
 */
static bool
may_hold_literal(struct span text)
{
	static const struct span words[] = { SPAN("OK "), SPAN("NO "),
		SPAN("BAD "), SPAN("BYE "), SPAN("PREAUTH ") };

	if (!span_starts(text, SPAN_LIT("* ")))
		return false;
	span_take(&text, 2);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!span_istarts(text, words[i]))
			continue;
		text = span_skip(text, words[i].n);
		return span_starts(text, SPAN_LIT("[")) &&
		    span_chr(text, ']') == SIZE_MAX;
	}
	return true;
}

/*
 * Splits "... {n}", "... {n+}" or "... ~{n}" at the end of the line into
 * what is before and the digits.
 */
static bool
literal_head(struct span line, struct span *before, struct span *digits)
{
	size_t end = line.n, at;

	if (end < 3 || line.p[end - 1] != '}')
		return false;
	end--;
	if (line.p[end - 1] == '+')
		end--;
	at = end;
	while (at > 0 && line.p[at - 1] >= '0' && line.p[at - 1] <= '9')
		at--;
	if (at == end || at == 0 || line.p[at - 1] != '{')
		return false;
	*digits = (struct span){ line.p + at, end - at };
	at--;
	if (at > 0 && line.p[at - 1] == '~')
		at--;
	*before = (struct span){ line.p, at };
	return true;
}

static bool
is_section_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '.';
}

/*
 * The section of "... BODY[1.2]<0> " read from its end; false when the
 * literal behind it belongs to something else or to a header.
 */
static bool
streamed_section(struct span before, struct span *section, bool *is_binary)
{
	size_t end, at;

	before = span_trim(before);
	if (span_ends(before, SPAN_LIT(">"))) {
		while (before.n && before.p[before.n - 1] != '<')
			before.n--;
		if (before.n)
			before.n--;
	}
	if (!span_ends(before, SPAN_LIT("]")))
		return false;
	at = end = before.n - 1;
	while (at > 0 && is_section_char(before.p[at - 1]))
		at--;
	if (at == 0 || before.p[at - 1] != '[')
		return false;
	*section = (struct span){ before.p + at, end - at };
	end = at - 1;
	for (at = end; at > 0 && is_section_char(before.p[at - 1]); at--)
		;
	before = (struct span){ before.p + at, end - at };
	*is_binary = span_ieq(before, SPAN_LIT("BINARY"));
	return (*is_binary || span_ieq(before, SPAN_LIT("BODY"))) &&
	    !span_istarts(*section, SPAN_LIT("HEADER"));
}

/* Decides what becomes of a literal; its head ends the text. */
static void
start_literal(struct imap_frame *frame, struct span before,
    uint64_t announced)
{
	uint64_t octets = announced;
	struct span text = buf_span(&frame->text), section;
	uint64_t room = IMAP_HEADER_MAX - frame->kept;
	uint32_t number;

	frame->drop = 0;
	if (is_fetch(text, &number) && number != 0 &&
	    streamed_section(before, &section, &frame->is_binary)) {
		frame->state = IMAP_FRAME_STREAM;
		frame->seqno.v = number;
		frame->section = (size_t)(section.p - text.p);
		frame->section_n = section.n;
		frame->total = frame->left = octets;
		octets = 0;
	} else {
		frame->state = IMAP_FRAME_KEEP;
		frame->left = octets < room ? octets : room;
		frame->drop = octets - frame->left;
		frame->is_cut |= frame->drop != 0;
		octets = frame->left;
		frame->kept += (size_t)octets;
	}
	if (octets != announced) {
		frame->text.n = (size_t)(before.p - text.p) + before.n;
		buf_printf(&frame->text, "{%ju}", (uintmax_t)octets);
	}
	buf_puts(&frame->text, "\r\n");
}

/* A line is in the text; says whether the response goes on behind it. */
static enum imap_frame_result
end_line(struct imap_frame *frame)
{
	struct span text = buf_span(&frame->text), before, digits;
	struct span line = span_skip(text, frame->line);
	uint64_t octets;
	uint32_t number;

	if (literal_head(line, &before, &digits) && may_hold_literal(text)) {
		if (!span_u64(digits, &octets) || octets > IMAP_LITERAL_MAX)
			return IMAP_FRAME_BIG_LITERAL;
		start_literal(frame, before, octets);
		return IMAP_FRAME_MORE;
	}
	/*
	 * A parenthesis is still open behind a literal: a server that counted
	 * without the last CRLF.  PROTOCOLS.md 8, row 48.
	 */
	if (line.n == 0 && (frame->line == 0 || is_fetch(text, &number)))
		return IMAP_FRAME_MORE;
	frame->is_complete = true;
	return IMAP_FRAME_RESPONSE;
}

static enum imap_frame_result
step_line(struct imap_frame *frame, struct span *in)
{
	size_t end;

	if (frame->is_complete)
		start_response(frame);
	while (frame->text.n == 0 && in->n && in->p[0] == '\0')
		span_take(in, 1);	/* PROTOCOLS.md 8, row 54 */
	end = span_chr(*in, '\n');
	if (!add_line(frame, span_take(in, end == SIZE_MAX ? in->n : end)))
		return IMAP_FRAME_LONG_LINE;
	if (end == SIZE_MAX)
		return IMAP_FRAME_MORE;
	span_take(in, 1);
	if (frame->text.n > frame->line &&
	    frame->text.p[frame->text.n - 1] == '\r')
		frame->text.n--;
	return end_line(frame);
}

static void
step_keep(struct imap_frame *frame, struct span *in)
{
	struct span piece = span_take(in, (size_t)frame->left);

	buf_put(&frame->text, piece);
	frame->left -= piece.n;
	if (frame->left == 0)
		frame->state = IMAP_FRAME_DROP;
}

static void
step_drop(struct imap_frame *frame, struct span *in)
{
	frame->drop -= span_take(in, (size_t)frame->drop).n;
	if (frame->drop == 0) {
		frame->state = IMAP_FRAME_LINE;
		frame->line = frame->text.n;
	}
}

static void
step_stream(struct imap_frame *frame, struct span *in, struct imap_body *body)
{
	*body = (struct imap_body){
		.seqno = frame->seqno,
		.section = { frame->text.p + frame->section,
		    frame->section_n },
		.total = frame->total,
		.at = frame->total - frame->left,
		.piece = span_take(in, (size_t)frame->left),
		.is_binary = frame->is_binary,
	};
	frame->left -= body->piece.n;
	body->is_last = frame->left == 0;
	if (body->is_last)
		frame->state = IMAP_FRAME_DROP;
}

enum imap_frame_result
imap_frame_step(struct imap_frame *frame, struct span *in,
    struct imap_body *body)
{
	enum imap_frame_result result;

	for (;;) {
		switch (frame->state) {
		case IMAP_FRAME_LINE:
			if (in->n == 0)
				return IMAP_FRAME_MORE;
			result = step_line(frame, in);
			if (result != IMAP_FRAME_MORE)
				return result;
			break;
		case IMAP_FRAME_KEEP:
			if (in->n == 0 && frame->left)
				return IMAP_FRAME_MORE;
			step_keep(frame, in);
			break;
		case IMAP_FRAME_STREAM:
			if (in->n == 0 && frame->left)
				return IMAP_FRAME_MORE;
			step_stream(frame, in, body);
			return IMAP_FRAME_PIECE;
		case IMAP_FRAME_DROP:
			if (in->n == 0 && frame->drop)
				return IMAP_FRAME_MORE;
			step_drop(frame, in);
			break;
		}
	}
}
