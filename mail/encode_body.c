/* SPDX-License-Identifier: MIT */
/* Bodies on their way out; quoted-printable is GMime's. */
#include <gmime/gmime.h>

#include "mail/base64.h"
#include "mail/encode.h"

enum { LINE_OCTETS_MAX = 998 };	/* RFC 5322 2.1.1 */

void
encode_put_crlf(struct buf *out, struct span s)
{
	while (s.n) {
		size_t n = 0;

		while (n < s.n && s.p[n] != '\r' && s.p[n] != '\n')
			n++;
		buf_put(out, span_take(&s, n));
		if (s.n == 0)
			return;
		buf_puts(out, "\r\n");
		span_take(&s, span_starts(s, SPAN_LIT("\r\n")) ? 2 : 1);
	}
}

/* What of CRLF text cannot travel as it is. */
struct survey {
	size_t wide;		/* octets that are not ASCII */
	bool is_plain;
};

static struct survey
look_at(struct span crlf)
{
	struct survey s = { 0, true };
	size_t column = 0;

	for (size_t i = 0; i < crlf.n; i++) {
		unsigned char c = (unsigned char)crlf.p[i];

		column = c == '\n' ? 0 : column + 1;
		s.wide += c >= 0x80;
		if (column > LINE_OCTETS_MAX || (c < 0x20 && c != '\t' &&
		    c != '\r' && c != '\n') || c == 0x7f)
			s.is_plain = false;
	}
	s.is_plain = s.is_plain && s.wide == 0;
	return s;
}

/* GMime wants LF lines and gives LF lines. */
static void
put_quoted(struct buf *out, struct span crlf)
{
	struct buf lf = { 0 }, quoted = { 0 };
	GMimeEncoding state;

	for (size_t i = 0; i < crlf.n; i++)
		if (crlf.p[i] != '\r')
			buf_putc(&lf, crlf.p[i]);
	g_mime_encoding_init_encode(&state,
	    GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	buf_grew(&quoted, g_mime_encoding_flush(&state, buf_str(&lf), lf.n,
	    buf_room(&quoted, g_mime_encoding_outlen(&state, lf.n))));
	encode_put_crlf(out, buf_span(&quoted));
	buf_fini(&lf);
	buf_fini(&quoted);
}

void
encode_text_part(struct buf *out, struct span text)
{
	struct buf crlf = { 0 };
	struct survey survey;

	encode_put_crlf(&crlf, text);
	if (crlf.n && !span_ends(buf_span(&crlf), SPAN_LIT("\r\n")))
		buf_puts(&crlf, "\r\n");
	survey = look_at(buf_span(&crlf));
	buf_puts(out, "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: ");
	if (survey.is_plain) {
		buf_puts(out, "7bit\r\n\r\n");
		buf_put(out, buf_span(&crlf));
	} else if (survey.wide * 6 > crlf.n) {
		/* Three for one against four for three. */
		buf_puts(out, "base64\r\n\r\n");
		base64_encode(out, buf_span(&crlf), true);
	} else {
		buf_puts(out, "quoted-printable\r\n\r\n");
		put_quoted(out, buf_span(&crlf));
	}
	buf_fini(&crlf);
}
