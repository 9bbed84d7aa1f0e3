/* SPDX-License-Identifier: MIT */
/*
 * The commands of imap.h: each is built, checked and put into the queue.
 * What cannot be said, is not announced or comes before READY is reported
 * as done with IMAP_BAD and never sent; what asks for nothing is done.
 *
 * Here are the ways into the queue, and what selects a mailbox and changes
 * what is in it; imap_request_fetch.c, _search.c and _folder.c have the rest.
 */
#include "protocol/imap_private.h"

#include "base/bug.h"
#include "base/date.h"

static uint32_t
new_id(struct imap *imap)
{
	imap->in_flight++;
	if (++imap->last_id == 0)	/* 0 is the dialogue's */
		imap->last_id = 1;
	return imap->last_id;
}

struct imap_command *
imap_request_begin(struct imap *imap, enum imap_verb verb, const char *words)
{
	return imap_queue_begin(imap, verb, new_id(imap), words);
}

bool
imap_request_is_open(const struct imap *imap)
{
	return imap_is_ready(imap) && !imap->said_bye;
}

uint32_t
imap_request_submit(struct imap *imap, struct imap_command *c)
{
	uint32_t id = c->id;

	if (!c->has_data)
		imap_command_puts(c, "\r\n");
	if (!imap_request_is_open(imap) || c->is_unsayable)
		imap_queue_refuse(imap, c, IMAP_BAD);
	else
		imap_queue_add(imap, c);
	imap_queue_pump(imap);
	return id;
}

uint32_t
imap_request_settle(struct imap *imap, enum imap_verb verb,
    enum imap_status status)
{
	struct imap_command *c = imap_command_new(verb);

	c->id = new_id(imap);
	imap_queue_refuse(imap, c, status);
	return c->id;
}

static uint32_t
simple(struct imap *imap, enum imap_verb verb, const char *words)
{
	return imap_request_submit(imap,
	    imap_request_begin(imap, verb, words));
}

/* What COPYUID may speak of: see imap_parse_copyuid. */
static void
remember_asked(struct imap_command *c, const struct uidset *uids, size_t from,
    size_t to)
{
	if (c->verb != IMAP_VERB_COPY && c->verb != IMAP_VERB_MOVE)
		return;
	for (size_t i = from; i < to; i++)
		uidset_add(&c->asked, uids->ranges[i].first,
		    uids->ranges[i].last);
}

uint32_t
imap_request_set(struct imap *imap, enum imap_verb verb, const char *head,
    const struct uidset *uids, struct imap_command *tail)
{
	struct span rest = buf_span(&tail->text);
	struct imap_command *c;
	size_t at = 0, first;
	uint32_t id;

	if (tail->is_unsayable || uids->n == 0 ||
	    !imap_request_is_open(imap)) {
		id = imap_request_settle(imap, verb, uids->n ||
		    tail->is_unsayable ? IMAP_BAD : IMAP_OK);
		imap_command_free(tail);
		return id;
	}
	id = new_id(imap);
	while (at < uids->n) {
		c = imap_queue_begin(imap, verb, id, head);
		first = at;
		imap_command_set(c, uids, &at, rest.n + 2);
		remember_asked(c, uids, first, at);
		imap_command_append(c, tail);
		imap_request_submit(imap, c);
	}
	imap_command_free(tail);
	return id;
}

bool
imap_request_has_modseq(const struct imap *imap)
{
	return (imap->capabilities & IMAP_CAP_CONDSTORE) != 0 &&
	    !imap->has_no_modseq;
}

uint32_t
imap_select(struct imap *imap, struct span mailbox, bool read_only,
    const struct imap_resync *resync)
{
	struct imap_command *c = imap_request_begin(imap, IMAP_VERB_SELECT,
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
	return imap_request_submit(imap, c);
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

	if (imap->capabilities & IMAP_CAP_UNSELECT ||
	    !imap_request_is_open(imap))
		return simple(imap, IMAP_VERB_UNSELECT, "UNSELECT");
	if (name.n == 0)
		return imap_request_settle(imap, IMAP_VERB_UNSELECT, IMAP_OK);
	c = imap_request_begin(imap, IMAP_VERB_UNSELECT, "EXAMINE ");
	imap_command_mailbox(c, name, imap->capabilities);
	if (c->is_unsayable)
		return imap_request_submit(imap, c);
	imap_request_submit(imap, c);
	return imap_request_submit(imap, imap_queue_begin(imap,
	    IMAP_VERB_CLOSE, c->id, "CLOSE"));
}

uint32_t
imap_store(struct imap *imap, const struct uidset *uids, bool add,
    uint32_t flags, const struct span *keywords, size_t nkeywords,
    uint64_t unchanged_since)
{
	struct imap_command *tail;

	if (unchanged_since && !imap_request_has_modseq(imap))
		return imap_request_settle(imap, IMAP_VERB_STORE, IMAP_BAD);
	if (flags == 0 && nkeywords == 0)
		return imap_request_settle(imap, IMAP_VERB_STORE, IMAP_OK);
	tail = imap_command_new(IMAP_VERB_STORE);
	if (unchanged_since)
		buf_printf(&tail->text, " (UNCHANGEDSINCE %ju)",
		    (uintmax_t)unchanged_since);
	imap_command_puts(tail, add ? " +FLAGS " : " -FLAGS ");
	imap_command_flags(tail, flags, keywords, nkeywords);
	return imap_request_set(imap, IMAP_VERB_STORE, "UID STORE ", uids,
	    tail);
}

/* " MAILBOX", to stand behind a set. */
static struct imap_command *
new_target(struct imap *imap, enum imap_verb verb, struct span mailbox)
{
	struct imap_command *tail = imap_command_new(verb);

	imap_command_puts(tail, " ");
	imap_command_mailbox(tail, mailbox, imap->capabilities);
	return tail;
}

uint32_t
imap_move(struct imap *imap, const struct uidset *uids, struct span mailbox)
{
	if (!(imap->capabilities & IMAP_CAP_MOVE))
		return imap_request_settle(imap, IMAP_VERB_MOVE, IMAP_BAD);
	return imap_request_set(imap, IMAP_VERB_MOVE, "UID MOVE ", uids,
	    new_target(imap, IMAP_VERB_MOVE, mailbox));
}

uint32_t
imap_copy(struct imap *imap, const struct uidset *uids, struct span mailbox)
{
	return imap_request_set(imap, IMAP_VERB_COPY, "UID COPY ", uids,
	    new_target(imap, IMAP_VERB_COPY, mailbox));
}

uint32_t
imap_uid_expunge(struct imap *imap, const struct uidset *uids)
{
	if (!(imap->capabilities & IMAP_CAP_UIDPLUS))
		return imap_request_settle(imap, IMAP_VERB_EXPUNGE, IMAP_BAD);
	return imap_request_set(imap, IMAP_VERB_EXPUNGE, "UID EXPUNGE ",
	    uids, imap_command_new(IMAP_VERB_EXPUNGE));
}

uint32_t
imap_expunge(struct imap *imap)
{
	return simple(imap, IMAP_VERB_EXPUNGE_ALL, "EXPUNGE");
}

uint32_t
imap_append(struct imap *imap, struct span mailbox, uint32_t flags,
    const struct span *keywords, size_t nkeywords, int64_t date,
    uint64_t size)
{
	struct imap_command *c = imap_request_begin(imap, IMAP_VERB_APPEND,
	    "APPEND ");

	c->is_unsayable = size == 0;
	buf_put(&c->mailbox, mailbox);
	imap_command_mailbox(c, mailbox, imap->capabilities);
	if (flags || nkeywords) {
		imap_command_puts(c, " ");
		imap_command_flags(c, flags, keywords, nkeywords);
	}
	if (date != DATE_NONE) {
		imap_command_puts(c, " \"");
		date_put_imap(&c->text, date, 0);
		imap_command_puts(c, "\"");
	}
	imap_command_puts(c, " ");
	imap_command_data(c, size, imap->capabilities);
	return imap_request_submit(imap, c);
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
		return imap_request_settle(imap, IMAP_VERB_IDLE, IMAP_BAD);
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
