/* SPDX-License-Identifier: MIT */
#include "protocol/smtp_reply.h"

#include <string.h>

#include "base/bug.h"

void
smtp_reader_fini(struct smtp_reader *r)
{
	buf_fini(&r->text);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "250", "250 text" or "250-text"; 0 when it is none of them. */
static int
code_of(struct span line)
{
	if (line.n < 3 || line.p[0] < '2' || line.p[0] > '5' ||
	    !is_digit(line.p[1]) || !is_digit(line.p[2]))
		return 0;
	if (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-')
		return 0;
	return (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 +
	    (line.p[2] - '0');
}

/* Octets of "." and one to three digits at the start of s, or 0. */
static size_t
number_length(struct span s)
{
	size_t n = 1;

	if (s.n < 2 || s.p[0] != '.')
		return 0;
	while (n < s.n && n < 4 && is_digit(s.p[n]))
		n++;
	return n > 1 ? n : 0;
}

/* The status "5.7.139" at the start of a text whose code has that class. */
static struct span
enhanced_of(struct span text, int code)
{
	struct span none = { NULL, 0 };
	size_t subject, detail, n;

	if (text.n == 0 || text.p[0] != '0' + code / 100)
		return none;
	subject = number_length(span_skip(text, 1));
	detail = number_length(span_skip(text, 1 + subject));
	n = 1 + subject + detail;
	if (!subject || !detail || (n < text.n && text.p[n] != ' '))
		return none;
	return (struct span){ text.p, n };
}

static void
set_enhanced(struct smtp_reader *r, struct span enhanced)
{
	bug_on(enhanced.n >= sizeof r->enhanced);
	if (enhanced.n)
		memcpy(r->enhanced, enhanced.p, enhanced.n);
	r->enhanced[enhanced.n] = '\0';
}

enum smtp_reading
smtp_reader_take(struct smtp_reader *r, struct span line, char separator)
{
	int code = code_of(line);
	struct span text = span_skip(line, 4), enhanced;

	if (r->is_whole) {
		r->lines = 0;
		r->is_whole = false;
	}
	if (code == 0 || (r->lines && code != r->code))
		return SMTP_READING_BAD;
	if (r->lines == SMTP_REPLY_LINES_MAX)
		return SMTP_READING_LONG;
	enhanced = enhanced_of(text, code);
	if (r->lines++ == 0) {
		r->code = code;
		set_enhanced(r, enhanced);
		buf_reset(&r->text);
	} else {
		buf_putc(&r->text, separator);
	}
	buf_put(&r->text, span_trim(span_skip(text, enhanced.n)));
	r->is_whole = line.n == 3 || line.p[3] == ' ';
	return r->is_whole ? SMTP_READING_WHOLE : SMTP_READING_MORE;
}

struct smtp_reply
smtp_reader_reply(const struct smtp_reader *r)
{
	return (struct smtp_reply){
		.code = r->code,
		.enhanced = span_of(r->enhanced),
		.text = buf_span(&r->text),
	};
}

void
smtp_reader_copy(struct smtp_reader *r, const struct smtp_reply *reply)
{
	r->code = reply->code;
	set_enhanced(r, reply->enhanced);
	buf_reset(&r->text);
	buf_put(&r->text, reply->text);
}
