/* SPDX-License-Identifier: MIT */
/*
 * Letters going out.  A draft is what the user edits: a header block in
 * plain UTF-8 and a text; compose_build makes RFC 5322 of it.
 */
#pragma once

#include "base/envelope.h"
#include "base/source.h"
#include "mail/letter.h"

struct draft {
	struct address from;
	struct addresses to, cc, bcc;
	struct span subject;
	struct span in_reply_to;	/* id without < > */
	struct span *references;
	size_t nreferences;
	struct span text;		/* UTF-8, LF lines */
	struct span *attachments;	/* paths */
	size_t nattachments;
};

/*
 * What the editor shows: "From: ...", "To: ...", "Cc:", "Bcc:", "Subject:",
 * "Attach: path", an empty line, the text.  Appends to *out.
 */
void draft_put(struct buf *out, const struct draft *draft);
/*
 * Reads that back.  In-Reply-To and References are taken from `base`.
 * ERR_DATA with the line when it is unreadable.
 */
enum err draft_parse(struct span text, const struct draft *base,
    struct arena *arena, struct draft *out, struct error *e);

struct reply_identity {
	struct address self;		/* who answers */
	struct span *own;		/* all own addresses: never answered to */
	size_t nown;
};

/*
 * A reply: recipients (Reply-To honoured; everybody when to_all), "Re: "
 * once, references, and the shown text quoted under the attribution line.
 * attribution may hold %n (name) and %d (date); it comes translated.
 */
void draft_reply(struct letter *letter, bool to_all,
    const struct reply_identity *who, const char *attribution,
    struct arena *arena, struct draft *out);
/* A forward: "Fwd: " and the text inline under a header summary. */
void draft_forward(struct letter *letter, const struct reply_identity *who,
    struct arena *arena, struct draft *out);

struct built {
	struct span bytes;		/* the letter, CRLF lines, without Bcc */
	struct span message_id;		/* without < > */
	struct span *recipients;	/* envelope: to, cc, bcc, no doubles */
	size_t nrecipients;
	bool is_8bit;
};

/*
 * Builds the letter, 7-bit clean (quoted-printable or base64), lines of at
 * most 998 octets, headers encoded; Message-ID and boundaries from
 * getrandom; date is `now`.  ERR_DATA for no recipient, an address that is
 * none, CR LF or NUL in a field; ERR_IO for an attachment that cannot be read.
 */
enum err compose_build(const struct draft *draft, int64_t now,
    struct arena *arena, struct built *out, struct error *e);

/*
 * For `surat send`: a ready letter from standard input.  Normalises line
 * ends to CRLF, adds Message-ID and Date where missing, drops Bcc, and takes
 * the recipients from the header when from_header is set, else from `to`.
 */
enum err compose_adopt(struct span letter, bool from_header,
    const struct span *to, size_t nto, const struct address *self,
    int64_t now, struct arena *arena, struct built *out, struct error *e);
