/* SPDX-License-Identifier: MIT */
/* UID SEARCH; see imap.h. */
#include "protocol/imap_private.h"

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"

static struct imap_command *
begin_search(struct imap *imap)
{
	bool is_esearch = (imap->capabilities & IMAP_CAP_ESEARCH) != 0;
	struct imap_command *c = imap_request_begin(imap, IMAP_VERB_SEARCH,
	    is_esearch ? "UID SEARCH RETURN (ALL) " : "UID SEARCH ");

	c->is_esearch = is_esearch;
	c->head = c->text.n;
	return c;
}

uint32_t
imap_search(struct imap *imap, struct span criteria)
{
	struct imap_command *c = begin_search(imap);

	imap_command_text(c, criteria.n ? criteria : SPAN_LIT("ALL"));
	return imap_request_submit(imap, c);
}

/*
 * The text behind the head is the same, literals too: so where the server
 * must say "+" moves by as much as the head is shorter.
 */
static void
search_plainly(struct imap *imap, const struct imap_command *c)
{
	struct imap_command *again = imap_queue_begin(imap, IMAP_VERB_SEARCH,
	    c->id, "UID SEARCH ");
	struct span criteria = span_skip(buf_span(&c->text), c->head);

	again->is_again = true;
	for (unsigned i = 0; i < c->nwaits; i++)
		again->waits[again->nwaits++] = c->waits[i] - c->head +
		    again->text.n;
	criteria.n -= 2;	/* the line end, which submit writes */
	buf_put(&again->text, criteria);
	imap_request_submit(imap, again);
}

bool
imap_request_search_again(struct imap *imap, const struct imap_command *c)
{
	if (c->status != IMAP_OK)
		return false;
	if (c->is_again)	/* then what ESEARCH said was true */
		imap->esearch_works |= !c->has_found;
	if (!c->is_esearch || c->has_found || imap->exists == 0 ||
	    imap->esearch_works || !imap_request_is_open(imap))
		return false;
	search_plainly(imap, c);
	return true;
}

/* " KEY string", where there is one. */
static void
put_string(const struct imap *imap, struct imap_command *c, const char *key,
    struct span s)
{
	if (s.n == 0)
		return;
	c->is_unsayable |= s.n > IMAP_SEARCH_TEXT_MAX;
	imap_command_puts(c, key);
	imap_command_string(c, s, imap->capabilities, false);
}

/* " KEY 1-Feb-2026"; RFC 9051 9: date. */
static void
put_day(struct imap_command *c, const char *key, int64_t when)
{
	CLEANUP(buf_fini) struct buf whole = { 0 };
	struct span day, rest;

	if (when == DATE_NONE)
		return;
	date_put_imap(&whole, when, 0);
	rest = span_trim(buf_span(&whole));
	span_split(&rest, ' ', &day);
	imap_command_puts(c, key);
	imap_command_text(c, day);
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

static bool
is_all_ascii(const struct imap_search_query *q)
{
	return is_ascii(q->from) && is_ascii(q->to) && is_ascii(q->subject) &&
	    is_ascii(q->body) && is_ascii(q->text) && is_ascii(q->gmail_raw);
}

/*
 * Exchange knows no CHARSET but US-ASCII (PROTOCOLS.md 8, row 14), and with
 * UTF8=ACCEPT it must not be said (RFC 6855 3).
 */
static void
put_charset(const struct imap *imap, struct imap_command *c,
    const struct imap_search_query *query)
{
	if (!imap_is_utf8(imap) && !is_all_ascii(query))
		imap_command_puts(c, "CHARSET UTF-8 ");
}

uint32_t
imap_search_text(struct imap *imap, const struct imap_search_query *q)
{
	struct imap_command *c = begin_search(imap);

	put_charset(imap, c, q);
	/* A key that is always true: all others stand behind a blank. */
	imap_command_puts(c, "ALL");
	if (q->unseen)
		imap_command_puts(c, " UNSEEN");
	if (q->flagged)
		imap_command_puts(c, " FLAGGED");
	put_day(c, " SINCE ", q->since);
	put_day(c, " BEFORE ", q->before);
	put_string(imap, c, " FROM ", q->from);
	put_string(imap, c, " TO ", q->to);
	put_string(imap, c, " SUBJECT ", q->subject);
	put_string(imap, c, " BODY ", q->body);
	put_string(imap, c, " TEXT ", q->text);
	put_string(imap, c, " X-GM-RAW ", q->gmail_raw);
	c->is_unsayable |= q->gmail_raw.n &&
	    !(imap->capabilities & IMAP_CAP_GMAIL);
	return imap_request_submit(imap, c);
}
