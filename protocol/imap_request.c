/* SPDX-License-Identifier: MIT */
/*
 * The commands of imap.h: each is built, checked and put into the queue.
 * What cannot be said, is not announced or comes before READY is reported
 * as done with IMAP_BAD and never sent; what asks for nothing is done.
 */
#include "protocol/imap_private.h"

#include "base/bug.h"
#include "base/date.h"

/*
 * One fixed list of headers: servers keep an index by header name.
 * PROTOCOLS.md 2.1.
 */
#define HEADERS \
	"DATE FROM SENDER REPLY-TO TO CC BCC SUBJECT MESSAGE-ID IN-REPLY-TO " \
	"REFERENCES LIST-ID LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST " \
	"AUTHENTICATION-RESULTS CONTENT-TYPE DISPOSITION-NOTIFICATION-TO " \
	"AUTOCRYPT IMPORTANCE X-PRIORITY"

static uint32_t
new_id(struct imap *imap)
{
	imap->in_flight++;
	if (++imap->last_id == 0)	/* 0 is the dialogue's */
		imap->last_id = 1;
	return imap->last_id;
}

static struct imap_command *
begin(struct imap *imap, enum imap_verb verb, const char *words)
{
	return imap_queue_begin(imap, verb, new_id(imap), words);
}

static bool
is_open(const struct imap *imap)
{
	return imap_is_ready(imap) && !imap->said_bye;
}

/* Ends the line and lets it go. */
static uint32_t
submit(struct imap *imap, struct imap_command *c)
{
	uint32_t id = c->id;

	if (!c->has_data)
		imap_command_puts(c, "\r\n");
	if (!is_open(imap) || c->is_unsayable)
		imap_queue_refuse(imap, c, IMAP_BAD);
	else
		imap_queue_add(imap, c);
	imap_queue_pump(imap);
	return id;
}

/* Done without a word to the server. */
static uint32_t
settle(struct imap *imap, enum imap_verb verb, enum imap_status status)
{
	struct imap_command *c = imap_command_new(verb);

	c->id = new_id(imap);
	imap_queue_refuse(imap, c, status);
	return c->id;
}

static uint32_t
simple(struct imap *imap, enum imap_verb verb, const char *words)
{
	return submit(imap, begin(imap, verb, words));
}

/*
 * `head` SET `tail`, as many commands as the set needs; done when the last
 * is.  Takes the tail, a command that only serves to hold checked text.
 */
static uint32_t
submit_set(struct imap *imap, enum imap_verb verb, const char *head,
    const struct uidset *uids, struct imap_command *tail)
{
	struct span rest = buf_span(&tail->text);
	struct imap_command *c;
	uint32_t id;
	size_t at = 0;

	if (tail->is_unsayable || uids->n == 0 || !is_open(imap)) {
		id = settle(imap, verb, uids->n || tail->is_unsayable ?
		    IMAP_BAD : IMAP_OK);
		imap_command_free(tail);
		return id;
	}
	id = new_id(imap);
	while (at < uids->n) {
		c = imap_queue_begin(imap, verb, id, head);
		imap_command_set(c, uids, &at, rest.n + 2);
		buf_put(&c->text, rest);
		submit(imap, c);
	}
	imap_command_free(tail);
	return id;
}

static bool
has_modseq(const struct imap *imap)
{
	return (imap->capabilities & IMAP_CAP_CONDSTORE) != 0 &&
	    !imap->has_no_modseq;
}

static const char *
status_items(const struct imap *imap)
{
	return imap->capabilities & IMAP_CAP_CONDSTORE ?
	    "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)" :
	    "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)";
}

uint32_t
imap_list_all(struct imap *imap)
{
	struct imap_command *c = begin(imap, IMAP_VERB_LIST, "LIST \"\" \"*\"");

	if (!(imap->capabilities & IMAP_CAP_LIST_EXTENDED))
		return submit(imap, c);
	imap_command_puts(c, " RETURN (SUBSCRIBED CHILDREN");
	if (imap->capabilities & IMAP_CAP_SPECIAL_USE)
		imap_command_puts(c, " SPECIAL-USE");
	if (imap->capabilities & IMAP_CAP_LIST_STATUS) {
		imap_command_puts(c, " STATUS ");
		imap_command_puts(c, status_items(imap));
	}
	imap_command_puts(c, ")");
	return submit(imap, c);
}

/* PROTOCOLS.md 8, row 39: the extended LIST is answered with nothing. */
bool
imap_request_plain_list(struct imap *imap, uint32_t id)
{
	if (!(imap->capabilities & IMAP_CAP_LIST_EXTENDED) ||
	    imap->list_rows || !is_open(imap))
		return false;
	imap->capabilities &= ~(unsigned)IMAP_CAP_LIST_EXTENDED;
	submit(imap, imap_queue_begin(imap, IMAP_VERB_LIST, id,
	    "LIST \"\" \"*\""));
	return true;
}

uint32_t
imap_namespace(struct imap *imap)
{
	if (is_open(imap) && !(imap->capabilities & IMAP_CAP_NAMESPACE))
		return settle(imap, IMAP_VERB_NAMESPACE, IMAP_OK);
	return simple(imap, IMAP_VERB_NAMESPACE, "NAMESPACE");
}

uint32_t
imap_status(struct imap *imap, struct span mailbox)
{
	struct imap_command *c = begin(imap, IMAP_VERB_STATUS, "STATUS ");

	imap_command_mailbox(c, mailbox, imap->capabilities);
	imap_command_puts(c, " ");
	imap_command_puts(c, status_items(imap));
	return submit(imap, c);
}

uint32_t
imap_select(struct imap *imap, struct span mailbox, bool read_only,
    const struct imap_resync *resync)
{
	struct imap_command *c = begin(imap, IMAP_VERB_SELECT,
	    read_only ? "EXAMINE " : "SELECT ");

	c->is_read_only = read_only;
	buf_put(&c->mailbox, mailbox);
	imap_command_mailbox(c, mailbox, imap->capabilities);
	if (resync && resync->modseq && resync->uidvalidity &&
	    imap->enabled & IMAP_CAP_QRESYNC)
		buf_printf(&c->text, " (QRESYNC (%u %ju))",
		    resync->uidvalidity, (uintmax_t)resync->modseq);
	else if (imap->capabilities & IMAP_CAP_CONDSTORE)
		imap_command_puts(c, " (CONDSTORE)");
	return submit(imap, c);
}

/* The mailbox that will be selected when all that was issued is done. */
static struct span
selected_at_last(const struct imap *imap)
{
	struct span name = buf_span(&imap->selected);

	for (const struct imap_command *c = imap->queue; c; c = c->next)
		if (c->verb == IMAP_VERB_SELECT)
			name = buf_span(&c->mailbox);
	return name;
}

/*
 * Without UNSELECT: EXAMINE makes the mailbox read-only, and then CLOSE
 * expunges nothing.  The queue drops the CLOSE if the EXAMINE fails.
 */
uint32_t
imap_unselect(struct imap *imap)
{
	struct span name = selected_at_last(imap);
	struct imap_command *c;

	if (imap->capabilities & IMAP_CAP_UNSELECT || !is_open(imap))
		return simple(imap, IMAP_VERB_UNSELECT, "UNSELECT");
	if (name.n == 0)
		return settle(imap, IMAP_VERB_UNSELECT, IMAP_OK);
	c = begin(imap, IMAP_VERB_UNSELECT, "EXAMINE ");
	imap_command_mailbox(c, name, imap->capabilities);
	if (c->is_unsayable)
		return submit(imap, c);
	submit(imap, c);
	return submit(imap, imap_queue_begin(imap, IMAP_VERB_CLOSE, c->id,
	    "CLOSE"));
}

static void
header_items(const struct imap *imap, struct imap_command *c)
{
	imap_command_puts(c, " (UID FLAGS INTERNALDATE RFC822.SIZE");
	if (has_modseq(imap))
		imap_command_puts(c, " MODSEQ");
	imap_command_puts(c, " BODY.PEEK[HEADER.FIELDS (" HEADERS ")])");
}

uint32_t
imap_fetch_headers(struct imap *imap, const struct uidset *uids)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH);

	header_items(imap, tail);
	return submit_set(imap, IMAP_VERB_FETCH, "UID FETCH ", uids, tail);
}

uint32_t
imap_fetch_headers_by_seqno(struct imap *imap, uint32_t first, uint32_t last)
{
	struct imap_command *c = begin(imap, IMAP_VERB_FETCH_SEQNO, "FETCH ");

	c->is_unsayable = first == 0 || first > last;
	buf_printf(&c->text, "%u:%u", first, last);
	header_items(imap, c);
	return submit(imap, c);
}

uint32_t
imap_fetch_flags(struct imap *imap, const struct uidset *uids, uint64_t modseq)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH);

	imap_command_puts(tail, " (UID FLAGS)");
	if (modseq && has_modseq(imap))
		buf_printf(&tail->text, " (CHANGEDSINCE %ju)",
		    (uintmax_t)modseq);
	return submit_set(imap, IMAP_VERB_FETCH, "UID FETCH ", uids, tail);
}

static bool
is_section(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' &&
		    !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
	return s.n <= IMAP_NAME_MAX;
}

uint32_t
imap_fetch_body(struct imap *imap, const struct uidset *uids,
    struct span section, uint64_t at, uint64_t count)
{
	struct imap_command *tail = imap_command_new(IMAP_VERB_FETCH_BODY);

	tail->is_unsayable = !is_section(section);
	imap_command_puts(tail, " (UID BODY.PEEK[");
	imap_command_text(tail, section);
	imap_command_puts(tail, "]");
	if (at || count)
		buf_printf(&tail->text, "<%ju.%ju>", (uintmax_t)at,
		    (uintmax_t)(count ? count : UINT32_MAX));
	imap_command_puts(tail, ")");
	return submit_set(imap, IMAP_VERB_FETCH_BODY, "UID FETCH ", uids,
	    tail);
}

uint32_t
imap_search(struct imap *imap, struct span criteria)
{
	struct imap_command *c = begin(imap, IMAP_VERB_SEARCH,
	    imap->capabilities & IMAP_CAP_ESEARCH ?
	    "UID SEARCH RETURN (ALL) " : "UID SEARCH ");

	imap_command_text(c, criteria.n ? criteria : SPAN_LIT("ALL"));
	return submit(imap, c);
}

uint32_t
imap_store(struct imap *imap, const struct uidset *uids, bool add,
    uint32_t flags, const struct span *keywords, size_t nkeywords)
{
	struct imap_command *tail;

	if (flags == 0 && nkeywords == 0)
		return settle(imap, IMAP_VERB_STORE, IMAP_OK);
	tail = imap_command_new(IMAP_VERB_STORE);
	imap_command_puts(tail, add ? " +FLAGS " : " -FLAGS ");
	imap_command_flags(tail, flags, keywords, nkeywords);
	return submit_set(imap, IMAP_VERB_STORE, "UID STORE ", uids, tail);
}

uint32_t
imap_uid_expunge(struct imap *imap, const struct uidset *uids)
{
	if (!(imap->capabilities & IMAP_CAP_UIDPLUS))
		return settle(imap, IMAP_VERB_EXPUNGE, IMAP_BAD);
	return submit_set(imap, IMAP_VERB_EXPUNGE, "UID EXPUNGE ", uids,
	    imap_command_new(IMAP_VERB_EXPUNGE));
}

uint32_t
imap_append(struct imap *imap, struct span mailbox, uint32_t flags,
    int64_t date, uint64_t size)
{
	struct imap_command *c = begin(imap, IMAP_VERB_APPEND, "APPEND ");

	c->is_unsayable = size == 0;
	imap_command_mailbox(c, mailbox, imap->capabilities);
	if (flags) {
		imap_command_puts(c, " ");
		imap_command_flags(c, flags, NULL, 0);
	}
	if (date != DATE_NONE) {
		imap_command_puts(c, " \"");
		date_put_imap(&c->text, date, 0);
		imap_command_puts(c, "\"");
	}
	imap_command_puts(c, " ");
	imap_command_data(c, size, imap->capabilities);
	return submit(imap, c);
}

uint64_t
imap_append_wants(const struct imap *imap)
{
	const struct imap_command *c = imap_queue_writing(imap);

	if (!c || imap->has_failed || c->granted < c->nwaits)
		return 0;
	return c->data_left;
}

void
imap_append_data(struct imap *imap, struct span piece)
{
	bug_on(piece.n > imap_append_wants(imap));
	if (piece.n == 0)
		return;
	imap_queue_data(imap, piece);
}

uint32_t
imap_idle(struct imap *imap)
{
	if (!(imap->capabilities & IMAP_CAP_IDLE))
		return settle(imap, IMAP_VERB_IDLE, IMAP_BAD);
	return simple(imap, IMAP_VERB_IDLE, "IDLE");
}

static bool
is_idle_queued(const struct imap *imap)
{
	for (const struct imap_command *c = imap->queue; c; c = c->next)
		if (c->verb == IMAP_VERB_IDLE)
			return true;
	return false;
}

void
imap_idle_done(struct imap *imap)
{
	switch (imap->idle) {
	case IMAP_IDLE_NONE:
		if (is_idle_queued(imap))
			imap->idle = IMAP_IDLE_UNWANTED;
		break;
	case IMAP_IDLE_ON:
		imap->idle = IMAP_IDLE_ENDING;
		if (!imap->has_failed)
			output_puts(&imap->out, "DONE\r\n");
		break;
	case IMAP_IDLE_UNWANTED:
	case IMAP_IDLE_ENDING:
		break;
	}
}

uint32_t
imap_noop(struct imap *imap)
{
	return simple(imap, IMAP_VERB_NOOP, "NOOP");
}

uint32_t
imap_logout(struct imap *imap)
{
	return simple(imap, IMAP_VERB_LOGOUT, "LOGOUT");
}
