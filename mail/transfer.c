/* SPDX-License-Identifier: MIT */
/*
 * Decoding contents.  Base64 is ours, because GMime 3.2.13 stops at padding
 * in the middle; the rest is GMime's.
 */
#include "mail/transfer.h"

#include <gmime/gmime.h>

#include "base/bug.h"
#include "mail/base64.h"

enum { PIECE = 16 * 1024 };

enum transfer
transfer_of(struct span encoding)
{
	static const struct {
		struct span name;
		enum transfer transfer;
	} names[] = {
		{ SPAN("base64"), TRANSFER_BASE64 },
		{ SPAN("quoted-printable"), TRANSFER_QUOTED },
		{ SPAN("x-uuencode"), TRANSFER_UU },
		{ SPAN("uuencode"), TRANSFER_UU },
		{ SPAN("x-uue"), TRANSFER_UU },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_istarts(encoding, names[i].name))
			return names[i].transfer;
	return TRANSFER_AS_IS;
}

uint64_t
transfer_estimate(enum transfer transfer, struct span raw)
{
	switch (transfer) {
	case TRANSFER_BASE64:	/* lines of 76 characters and CRLF */
		return (uint64_t)raw.n / 78 * 57 + raw.n % 78 / 4 * 3;
	case TRANSFER_UU:
		return (uint64_t)raw.n / 63 * 45;
	case TRANSFER_QUOTED:
	case TRANSFER_AS_IS:
		break;
	}
	return raw.n;
}

/* What stands before the line after "begin 644 name" is no data. */
static void
skip_to_uu(struct span *raw)
{
	while (raw->n) {
		size_t at = span_chr(*raw, '\n');
		struct span line = span_take(raw,
		    at == SIZE_MAX ? raw->n : at + 1);

		if (span_starts(line, SPAN_LIT("begin ")))
			return;
	}
}

static bool
decode_by_gmime(GMimeContentEncoding encoding, struct span raw,
    bool (*put)(void *ctx, struct span piece), void *ctx)
{
	GMimeEncoding state;
	struct buf out = { 0 };
	bool wants_more = true;

	g_mime_encoding_init_decode(&state, encoding);
	if (encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
		skip_to_uu(&raw);
		state.state |= GMIME_UUDECODE_STATE_BEGIN;
	}
	while (raw.n && wants_more) {
		struct span in = span_take(&raw, PIECE);
		char *to;

		buf_reset(&out);
		to = buf_room(&out, g_mime_encoding_outlen(&state, in.n));
		buf_grew(&out, raw.n ?
		    g_mime_encoding_step(&state, in.p, in.n, to) :
		    g_mime_encoding_flush(&state, in.p, in.n, to));
		wants_more = out.n == 0 || put(ctx, buf_span(&out));
	}
	buf_fini(&out);
	return wants_more;
}

static bool
decode_base64(struct span raw, bool (*put)(void *ctx, struct span piece),
    void *ctx)
{
	struct base64 state = { 0 };
	struct buf out = { 0 };
	bool wants_more = true;

	while (raw.n && wants_more) {
		buf_reset(&out);
		base64_decode(&state, &out, span_take(&raw, PIECE));
		if (raw.n == 0)
			base64_finish(&state, &out);
		wants_more = out.n == 0 || put(ctx, buf_span(&out));
	}
	buf_fini(&out);
	return wants_more;
}

bool
transfer_decode(enum transfer transfer, struct span raw,
    bool (*put)(void *ctx, struct span piece), void *ctx)
{
	switch (transfer) {
	case TRANSFER_BASE64:
		return decode_base64(raw, put, ctx);
	case TRANSFER_QUOTED:
		return decode_by_gmime(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
		    raw, put, ctx);
	case TRANSFER_UU:
		return decode_by_gmime(GMIME_CONTENT_ENCODING_UUENCODE, raw,
		    put, ctx);
	case TRANSFER_AS_IS:
		break;
	}
	while (raw.n)
		if (!put(ctx, span_take(&raw, PIECE)))
			return false;
	return true;
}
