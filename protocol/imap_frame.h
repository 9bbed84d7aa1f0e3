/* SPDX-License-Identifier: MIT */
/*
 * From bytes to whole responses: finds the line ends and counts the
 * literals, and is the only part of the engine that knows how the network
 * cut them.  A response is handed out as one contiguous text, each literal
 * in it as "{n}" CRLF and its octets, so that the parsers need no state.
 *
 * The octets of a body section, BODY[1.2] but not BODY[HEADER...], are not
 * kept: they come out as pieces while they arrive, and "{0}" stands for
 * them in the text.  Of all other literals a response keeps IMAP_HEADER_MAX
 * octets together; what is beyond is passed over.  So memory is bounded and
 * one monstrous item does not end the connection.
 */
#pragma once

#include "base/buf.h"
#include "protocol/imap.h"

enum imap_frame_result {
	IMAP_FRAME_MORE,	/* the input is used up */
	IMAP_FRAME_RESPONSE,	/* imap_frame_text() is a whole response */
	IMAP_FRAME_PIECE,	/* the body is set */
	IMAP_FRAME_LONG_LINE,	/* over IMAP_LINE_MAX, IMAP_SET_LINE_MAX */
	IMAP_FRAME_BIG_LITERAL,	/* over IMAP_LITERAL_MAX */
};

enum imap_frame_state {
	IMAP_FRAME_LINE,
	IMAP_FRAME_KEEP,	/* a literal that goes into the text */
	IMAP_FRAME_STREAM,	/* one that comes out in pieces */
	IMAP_FRAME_DROP,
};

struct imap_frame {
	enum imap_frame_state state;
	struct buf text;	/* owned: the response so far */
	size_t line;		/* where in it the present line starts */
	size_t octets;		/* outside literals */
	size_t kept;		/* inside of literals */
	bool is_complete;	/* handed out: the next byte starts anew */
	bool is_cut;		/* octets of a literal were passed over */
	uint64_t left, drop;	/* of the literal: to take, then to drop */
	/* of the streamed literal */
	struct seqno seqno;
	size_t section, section_n;	/* in text */
	bool is_binary;
	uint64_t total;
};

void imap_frame_fini(struct imap_frame *frame);
/* Forgets what was received: at the border of TLS. */
void imap_frame_reset(struct imap_frame *frame);
/* piece.p points into *in; its section into the frame. */
enum imap_frame_result imap_frame_step(struct imap_frame *frame,
    struct span *in, struct imap_body *body);
/* The response, valid until the next step. */
struct span imap_frame_text(const struct imap_frame *frame);
