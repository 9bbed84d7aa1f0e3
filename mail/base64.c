/* SPDX-License-Identifier: MIT */
/* Base64 both ways; see base64.h for what is forgiven. */
#include "mail/base64.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { GROUPS_A_LINE = 19 };

static unsigned
value_of(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : 64;
}

/* Writes the whole octets of an unfinished group; returns how many. */
static size_t
close_group(struct base64 *st, char *to)
{
	size_t n = 0;

	if (st->n >= 2) {
		uint32_t bits = st->bits << (6 * (4 - st->n));

		to[n++] = (char)(bits >> 16 & 0xff);
		if (st->n == 3)
			to[n++] = (char)(bits >> 8 & 0xff);
	}
	*st = (struct base64){ 0 };
	return n;
}

void
base64_decode(struct base64 *st, struct buf *out, struct span in)
{
	/* Padding never yields more than its group would have. */
	char *to = buf_room(out, in.n / 4 * 3 + 6 + in.n % 4), *start = to;

	if (!to)
		return;
	for (size_t i = 0; i < in.n; i++) {
		unsigned v = value_of((unsigned char)in.p[i]);

		if (v == 64) {
			if (in.p[i] == '=')
				to += close_group(st, to);
			continue;
		}
		st->bits = st->bits << 6 | v;
		if (++st->n < 4)
			continue;
		*to++ = (char)(st->bits >> 16 & 0xff);
		*to++ = (char)(st->bits >> 8 & 0xff);
		*to++ = (char)(st->bits & 0xff);
		*st = (struct base64){ 0 };
	}
	buf_grew(out, (size_t)(to - start));
}

void
base64_finish(struct base64 *st, struct buf *out)
{
	char last[2];
	size_t n = close_group(st, last);

	buf_put(out, (struct span){ last, n });
}

static void
encode_group(struct buf *out, struct span in)
{
	unsigned char b[3] = { 0 };
	char group[4];

	memcpy(b, in.p, in.n);
	group[0] = digits[b[0] >> 2];
	group[1] = digits[(b[0] & 3) << 4 | b[1] >> 4];
	group[2] = in.n > 1 ? digits[(b[1] & 15) << 2 | b[2] >> 6] : '=';
	group[3] = in.n > 2 ? digits[b[2] & 63] : '=';
	buf_put(out, (struct span){ group, 4 });
}

void
base64_encode(struct buf *out, struct span in, bool is_wrapped)
{
	size_t groups = 0;

	while (in.n) {
		encode_group(out, span_take(&in, 3));
		if (is_wrapped && (++groups % GROUPS_A_LINE == 0 || !in.n))
			buf_puts(out, "\r\n");
	}
}
