/* SPDX-License-Identifier: MIT */
/* UID FETCH in its kinds; see imap.h. */
#include "protocol/imap_private.h"

/*
 * One fixed list of headers: servers keep an index by header name.
 * PROTOCOLS.md 2.1.
 */
#define HEADERS \
	"DATE FROM SENDER REPLY-TO TO CC BCC SUBJECT MESSAGE-ID IN-REPLY-TO " \
	"REFERENCES LIST-ID LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST " \
	"AUTHENTICATION-RESULTS CONTENT-TYPE DISPOSITION-NOTIFICATION-TO " \
	"AUTOCRYPT IMPORTANCE X-PRIORITY"

static bool
can(const struct imap *imap, uint64_t capability)
{
	return (imap->capabilities & capability) != 0;
}

/* " (items)" of a row in a list of messages. */
static void
header_items(const struct imap *imap, struct imap_command *c)
{
	imap_command_puts(c, " (UID FLAGS INTERNALDATE RFC822.SIZE");
	if (imap_request_has_modseq(imap))
		imap_command_puts(c, " MODSEQ");
	if (can(imap, IMAP_CAP_OBJECTID))
		imap_command_puts(c, " EMAILID THREADID");
	if (can(imap, IMAP_CAP_GMAIL))
		imap_command_puts(c, " X-GM-MSGID X-GM-THRID X-GM-LABELS");
	if (can(imap, IMAP_CAP_PREVIEW))
		imap_command_puts(c, " PREVIEW (LAZY)");
	imap_command_puts(c, " BODY.PEEK[HEADER.FIELDS (" HEADERS ")])");
}

static uint32_t
fetch(struct imap *imap, enum imap_verb verb, const struct uidset *uids,
    struct imap_command *tail)
{
	return imap_request_set(imap, verb, "UID FETCH ", uids, tail);
}

uint32_t
imap_fetch_headers(struct imap *imap, const struct uidset *uids)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH);

	header_items(imap, tail);
	return fetch(imap, IMAP_VERB_FETCH, uids, tail);
}

/* RFC 5465 5.1: with NOTIFY an EXPUNGE may come at any time. */
uint32_t
imap_fetch_headers_by_seqno(struct imap *imap, uint32_t first, uint32_t last)
{
	struct imap_command *c = imap_request_begin(imap,
	    IMAP_VERB_FETCH_SEQNO, "FETCH ");

	c->is_unsayable = first == 0 || first > last || imap->is_notifying;
	buf_printf(&c->text, "%u:%u", first, last);
	header_items(imap, c);
	return imap_request_submit(imap, c);
}

uint32_t
imap_fetch_newest(struct imap *imap, uint32_t n)
{
	struct imap_command *c;

	if (!can(imap, IMAP_CAP_PARTIAL))
		return imap_request_settle(imap, IMAP_VERB_FETCH, IMAP_BAD);
	if (n == 0)
		return imap_request_settle(imap, IMAP_VERB_FETCH, IMAP_OK);
	c = imap_request_begin(imap, IMAP_VERB_FETCH, "UID FETCH 1:*");
	header_items(imap, c);
	buf_printf(&c->text, " (PARTIAL -1:-%u)", n);
	return imap_request_submit(imap, c);
}

uint32_t
imap_fetch_flags(struct imap *imap, const struct uidset *uids, uint64_t modseq)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH);

	imap_command_puts(tail, " (UID FLAGS)");
	if (modseq && imap_request_has_modseq(imap))
		buf_printf(&tail->text, " (CHANGEDSINCE %ju)",
		    (uintmax_t)modseq);
	return fetch(imap, IMAP_VERB_FETCH, uids, tail);
}

/* Not "1:*", which hides the highest that went: PROTOCOLS.md 8, row 34. */
uint32_t
imap_fetch_changes(struct imap *imap, uint64_t modseq)
{
	struct imap_command *c;

	if (modseq == 0 || !imap_request_has_modseq(imap))
		return imap_request_settle(imap, IMAP_VERB_FETCH, IMAP_BAD);
	c = imap_request_begin(imap, IMAP_VERB_FETCH, "UID FETCH "
	    "1:4294967295 (UID FLAGS)");
	buf_printf(&c->text, " (CHANGEDSINCE %ju%s)", (uintmax_t)modseq,
	    can(imap, IMAP_CAP_QRESYNC) ? " VANISHED" : "");
	return imap_request_submit(imap, c);
}

uint32_t
imap_fetch_structure(struct imap *imap, const struct uidset *uids)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH_BODY);

	imap_command_puts(tail, " (UID BODYSTRUCTURE)");
	return fetch(imap, IMAP_VERB_FETCH_BODY, uids, tail);
}

uint32_t
imap_fetch_identity(struct imap *imap, const struct uidset *uids)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH_BODY);

	imap_command_puts(tail, " (UID INTERNALDATE RFC822.SIZE");
	if (can(imap, IMAP_CAP_OBJECTID))
		imap_command_puts(tail, " EMAILID");
	else if (can(imap, IMAP_CAP_GMAIL))
		imap_command_puts(tail, " X-GM-MSGID");
	imap_command_puts(tail, " BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
	return fetch(imap, IMAP_VERB_FETCH_BODY, uids, tail);
}

/* Letters only where the content is not decoded.  RFC 3516 4.3. */
static bool
is_section(struct span s, bool binary)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' &&
		    (binary || !(s.p[i] >= 'A' && s.p[i] <= 'Z')))
			return false;
	return s.n <= IMAP_NAME_MAX;
}

uint32_t
imap_fetch_body(struct imap *imap, const struct uidset *uids,
    struct span section, uint64_t at, uint64_t count, bool binary)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH_BODY);

	tail->is_unsayable = !is_section(section, binary) ||
	    (binary && !can(imap, IMAP_CAP_BINARY));
	imap_command_puts(tail, binary ? " (UID BINARY.PEEK[" :
	    " (UID BODY.PEEK[");
	imap_command_text(tail, section);
	imap_command_puts(tail, "]");
	if (at || count)
		buf_printf(&tail->text, "<%ju.%ju>", (uintmax_t)at,
		    (uintmax_t)(count ? count : UINT32_MAX));
	imap_command_puts(tail, ")");
	return fetch(imap, IMAP_VERB_FETCH_BODY, uids, tail);
}
