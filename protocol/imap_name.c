/* SPDX-License-Identifier: MIT */
/*
 * Modified UTF-7, RFC 3501 5.1.3: "&" starts, "-" ends a run of base64
 * (with "," for "/", no padding) of UTF-16BE; "&-" is "&".  A run that says
 * printable ASCII is not decoded: it is not what a server would write, and
 * "&AEkATgBCAE8AWA-" must not look like INBOX.
 */
#include "protocol/imap_name.h"

#include <unistr.h>

#include "base/cleanup.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+,";

static void
put_char(struct buf *out, ucs4_t c)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, c, sizeof bytes);

	if (n > 0)
		buf_put(out, (struct span){ (char *)bytes, (size_t)n });
}

static bool
is_printable_ascii(ucs4_t c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* One UTF-16 unit of a run; *high is a surrogate waiting for its other. */
static bool
put_unit(struct buf *out, unsigned unit, unsigned *high)
{
	if (*high) {
		if (unit < 0xdc00 || unit > 0xdfff)
			return false;
		put_char(out, 0x10000 + ((*high - 0xd800) << 10) +
		    (unit - 0xdc00));
		*high = 0;
	} else if (unit >= 0xd800 && unit <= 0xdbff) {
		*high = unit;
	} else {
		if ((unit >= 0xdc00 && unit <= 0xdfff) ||
		    is_printable_ascii(unit))
			return false;
		put_char(out, unit);
	}
	return true;
}

/* What stands between "&" and "-"; false leaves rubbish in out. */
static bool
decode_run(struct buf *out, struct span run)
{
	unsigned bits = 0, held = 0, high = 0;

	for (size_t i = 0; i < run.n; i++) {
		const char *at = run.p[i] ? strchr(alphabet, run.p[i]) : NULL;

		if (!at)
			return false;
		held = held << 6 | (unsigned)(at - alphabet);
		bits += 6;
		if (bits < 16)
			continue;
		bits -= 16;
		if (!put_unit(out, held >> bits & 0xffff, &high))
			return false;
		held &= (1u << bits) - 1;
	}
	return run.n && bits < 6 && held == 0 && !high;
}

/* At "&": appends what the run says, or the "&" alone where it is none. */
static void
decode_shift(struct buf *out, struct span *raw)
{
	CLEANUP(buf_fini) struct buf said = { 0 };
	struct span run = span_skip(*raw, 1);
	size_t end = span_chr(run, '-');

	if (end == 0)
		buf_putc(out, '&');
	else if (end != SIZE_MAX && decode_run(&said, (struct span){ run.p,
	    end }))
		buf_put(out, buf_span(&said));
	else {
		buf_put(out, span_take(raw, 1));
		return;
	}
	span_take(raw, end + 2);
}

void
imap_name_decode(struct buf *out, struct span raw)
{
	while (raw.n) {
		int n;

		if (raw.p[0] == '&') {
			decode_shift(out, &raw);
			continue;
		}
		n = u8_mblen((const uint8_t *)raw.p, raw.n);
		if (n < 0)
			buf_puts(out, "\xef\xbf\xbd");	/* U+FFFD */
		else
			buf_put(out, (struct span){ raw.p,
			    n ? (size_t)n : 1 });
		span_take(&raw, n > 0 ? (size_t)n : 1);
	}
}

struct run {
	unsigned bits, held;
	bool is_open;
};

static void
encode_unit(struct buf *out, struct run *run, unsigned unit)
{
	if (!run->is_open)
		buf_putc(out, '&');
	run->is_open = true;
	run->held = run->held << 16 | unit;
	run->bits += 16;
	while (run->bits >= 6) {
		run->bits -= 6;
		buf_putc(out, alphabet[run->held >> run->bits & 63]);
	}
	run->held &= (1u << run->bits) - 1;
}

static void
close_run(struct buf *out, struct run *run)
{
	if (!run->is_open)
		return;
	if (run->bits)
		buf_putc(out, alphabet[run->held << (6 - run->bits) & 63]);
	buf_putc(out, '-');
	*run = (struct run){ 0 };
}

static void
encode_char(struct buf *out, struct run *run, ucs4_t c)
{
	if (is_printable_ascii(c)) {
		close_run(out, run);
		buf_puts(out, c == '&' ? "&-" : (char[]){ (char)c, '\0' });
	} else if (c < 0x10000) {
		encode_unit(out, run, c);
	} else {
		encode_unit(out, run, 0xd800 + ((c - 0x10000) >> 10));
		encode_unit(out, run, 0xdc00 + ((c - 0x10000) & 0x3ff));
	}
}

bool
imap_name_encode(struct buf *out, struct span utf8)
{
	struct run run = { 0 };

	if (utf8.n && u8_check((const uint8_t *)utf8.p, utf8.n))
		return false;
	while (utf8.n) {
		ucs4_t c;
		int n = u8_mbtouc(&c, (const uint8_t *)utf8.p, utf8.n);

		encode_char(out, &run, c);
		span_take(&utf8, (size_t)n);
	}
	close_run(out, &run);
	return true;
}

bool
imap_name_is_inbox(struct span raw)
{
	return span_ieq(raw, SPAN_LIT("INBOX"));
}
