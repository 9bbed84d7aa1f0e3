/* SPDX-License-Identifier: MIT */
/*
 * The commands between being issued and being reported.  One queue in the
 * order of issue: those that have left stand before those that wait, and at
 * most one is being written.  Pipelining as far as RFC 9051 5.5 and
 * PROTOCOLS.md 2.2 allow.
 */
#include "protocol/imap_private.h"

#include "base/cleanup.h"

enum {
	DEPTH_MAX = 8,			/* commands in flight */
	FLIGHT_MAX = 64 * 1024,		/* octets of them */
};

#define BIT(verb) (1u << (verb))
#define ALL_VERBS (~0u)
#define MESSAGE_VERBS \
	(BIT(IMAP_VERB_FETCH) | BIT(IMAP_VERB_FETCH_SEQNO) | \
	BIT(IMAP_VERB_FETCH_BODY) | BIT(IMAP_VERB_SEARCH) | \
	BIT(IMAP_VERB_STORE) | BIT(IMAP_VERB_COPY) | BIT(IMAP_VERB_MOVE) | \
	BIT(IMAP_VERB_EXPUNGE))
#define MAILBOX_VERBS \
	(BIT(IMAP_VERB_SELECT) | BIT(IMAP_VERB_UNSELECT) | \
	BIT(IMAP_VERB_CLOSE))

static const struct {
	unsigned waits_for;	/* must not be in flight when it leaves */
	bool is_alone;		/* nothing may leave behind it */
} rules[] = {
	[IMAP_VERB_CAPABILITY] = { 0, false },
	[IMAP_VERB_STARTTLS] = { ALL_VERBS, true },
	[IMAP_VERB_AUTHENTICATE] = { ALL_VERBS, true },
	[IMAP_VERB_LOGIN] = { ALL_VERBS, true },
	/* RFC 4978 3: nothing may stand on the border. */
	[IMAP_VERB_COMPRESS] = { ALL_VERBS, true },
	[IMAP_VERB_ID] = { 0, false },
	[IMAP_VERB_ENABLE] = { MESSAGE_VERBS | MAILBOX_VERBS, false },
	[IMAP_VERB_LIST] = { BIT(IMAP_VERB_LIST), false },
	[IMAP_VERB_LSUB] = { 0, false },
	[IMAP_VERB_NAMESPACE] = { 0, false },
	/* What else is asked would be of before or of after it. */
	[IMAP_VERB_FOLDER] = { ALL_VERBS, true },
	[IMAP_VERB_QUOTA] = { 0, false },
	[IMAP_VERB_NOTIFY] = { MAILBOX_VERBS | BIT(IMAP_VERB_FETCH_SEQNO),
	    false },
	[IMAP_VERB_STATUS] = { 0, false },
	/* The answers of the old mailbox must be in. */
	[IMAP_VERB_SELECT] = { MESSAGE_VERBS | MAILBOX_VERBS, false },
	[IMAP_VERB_UNSELECT] = { MESSAGE_VERBS | MAILBOX_VERBS, false },
	[IMAP_VERB_CLOSE] = { MESSAGE_VERBS | MAILBOX_VERBS, false },
	/* Flags read while others are written: nobody knows which. */
	[IMAP_VERB_FETCH] = { BIT(IMAP_VERB_STORE), false },
	/* Anything else could bring an EXPUNGE and shift the numbers. */
	[IMAP_VERB_FETCH_SEQNO] = { ALL_VERBS & ~BIT(IMAP_VERB_FETCH_SEQNO),
	    false },
	[IMAP_VERB_FETCH_BODY] = { 0, false },
	[IMAP_VERB_SEARCH] = { BIT(IMAP_VERB_STORE) | BIT(IMAP_VERB_MOVE),
	    false },
	/* Nothing that changes mail leaves before the SELECT is answered. */
	[IMAP_VERB_STORE] = { MAILBOX_VERBS | BIT(IMAP_VERB_FETCH) |
	    BIT(IMAP_VERB_FETCH_SEQNO) | BIT(IMAP_VERB_SEARCH) |
	    BIT(IMAP_VERB_COPY) | BIT(IMAP_VERB_MOVE), false },
	[IMAP_VERB_COPY] = { MAILBOX_VERBS | BIT(IMAP_VERB_STORE) |
	    BIT(IMAP_VERB_FETCH_SEQNO) | BIT(IMAP_VERB_MOVE), false },
	/* And an untagged COPYUID must be of one MOVE alone. */
	[IMAP_VERB_MOVE] = { MAILBOX_VERBS | MESSAGE_VERBS, false },
	[IMAP_VERB_EXPUNGE] = { MAILBOX_VERBS | BIT(IMAP_VERB_STORE) |
	    BIT(IMAP_VERB_FETCH_SEQNO) | BIT(IMAP_VERB_COPY) |
	    BIT(IMAP_VERB_MOVE), false },
	[IMAP_VERB_EXPUNGE_ALL] = { ALL_VERBS, true },
	[IMAP_VERB_APPEND] = { 0, false },	/* but see is_alone */
	[IMAP_VERB_IDLE] = { ALL_VERBS, true },
	[IMAP_VERB_NOOP] = { BIT(IMAP_VERB_FETCH_SEQNO), false },
	[IMAP_VERB_LOGOUT] = { ALL_VERBS, true },
};

static bool
is_alone(const struct imap_command *c)
{
	return rules[c->verb].is_alone || c->is_alone;
}

/* What is in flight before a waiting command. */
struct flight {
	unsigned verbs, depth;
	size_t octets;
	bool is_closed;		/* by a command that is alone */
};

static bool
may_leave(const struct flight *flight, const struct imap_command *c)
{
	if (flight->depth == 0)
		return true;
	return !flight->is_closed && !is_alone(c) &&
	    !(flight->verbs & rules[c->verb].waits_for) &&
	    flight->depth < DEPTH_MAX &&
	    flight->octets + c->text.n <= FLIGHT_MAX;
}

static void
join_flight(struct flight *flight, const struct imap_command *c)
{
	flight->verbs |= BIT(c->verb);
	flight->depth++;
	flight->octets += c->text.n;
	flight->is_closed |= is_alone(c);
}

static void
start_command(struct imap *imap, struct imap_command *c)
{
	c->is_started = true;
	if (c->verb == IMAP_VERB_SELECT) {
		imap->facts = (struct imap_mailbox_facts){
			.read_only = c->is_read_only };
		imap->exists = imap->uidvalidity = 0;
	}
	if (c->verb == IMAP_VERB_LIST)
		imap->list_rows = 0;
}

/* Writes up to the next "+" or to the end. */
static void
write_command(struct imap *imap, struct imap_command *c)
{
	size_t end = c->granted < c->nwaits ? c->waits[c->granted] :
	    c->text.n;
	struct span part = { c->text.p + c->written, end - c->written };

	if (c->has_secret)
		output_put_secret(&imap->out, part);
	else
		output_put(&imap->out, part);
	c->written = end;
	c->is_sent = c->granted == c->nwaits && !c->has_data;
}

void
imap_queue_pump(struct imap *imap)
{
	struct flight flight = { 0 };

	for (struct imap_command *c = imap->queue; c; c = c->next) {
		if (!c->is_started) {
			if (imap->has_failed || imap->said_bye ||
			    !may_leave(&flight, c))
				return;
			start_command(imap, c);
			write_command(imap, c);
		}
		if (!c->is_sent)
			return;
		join_flight(&flight, c);
	}
}

struct imap_command *
imap_queue_begin(struct imap *imap, enum imap_verb verb, uint32_t id,
    const char *words)
{
	struct imap_command *c = imap_command_new(verb);

	c->id = id;
	c->number = ++imap->last_number;
	buf_printf(&c->text, "A%u %s", c->number, words);
	return c;
}

void
imap_queue_add(struct imap *imap, struct imap_command *c)
{
	struct imap_command **at = &imap->queue;

	if (!c->is_again)
		at = imap->queue_end;
	while (*at && ((*at)->is_started || (*at)->is_again))
		at = &(*at)->next;
	c->next = *at;
	*at = c;
	if (!c->next)
		imap->queue_end = &c->next;
}

static void
add_done(struct imap *imap, struct imap_command *c)
{
	c->next = NULL;
	*imap->done_end = c;
	imap->done_end = &c->next;
}

void
imap_queue_refuse(struct imap *imap, struct imap_command *c,
    enum imap_status status)
{
	c->status = status;
	add_done(imap, c);
}

struct imap_command *
imap_queue_find(const struct imap *imap, enum imap_verb verb)
{
	for (struct imap_command *c = imap->queue; c && c->is_started;
	    c = c->next)
		if (c->verb == verb)
			return c;
	return NULL;
}

struct imap_command *
imap_queue_writing(const struct imap *imap)
{
	for (struct imap_command *c = imap->queue; c && c->is_started;
	    c = c->next)
		if (!c->is_sent)
			return c;
	return NULL;
}

bool
imap_queue_continue(struct imap *imap)
{
	struct imap_command *c = imap_queue_writing(imap);

	if (!c || c->granted == c->nwaits)
		return false;
	c->granted++;
	write_command(imap, c);
	imap_queue_pump(imap);
	return true;
}

static void
unlink_command(struct imap *imap, struct imap_command *c)
{
	struct imap_command **at = &imap->queue;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	if (!c->next)
		imap->queue_end = at;
	c->next = NULL;
}

/* Another part of the same command, still to be answered. */
static struct imap_command *
sibling(const struct imap *imap, uint32_t id)
{
	for (struct imap_command *c = imap->queue; c; c = c->next)
		if (c->id == id)
			return c;
	return NULL;
}

static void
select_answered(struct imap *imap, const struct imap_command *c)
{
	struct imap_event *event;

	buf_reset(&imap->selected);
	if (c->status != IMAP_OK)
		return;
	buf_put(&imap->selected, buf_span(&c->mailbox));
	imap->has_no_modseq = (imap->facts.has & IMAP_HAS_NOMODSEQ) != 0;
	imap->exists = imap->facts.messages;
	imap->uidvalidity = imap->facts.uidvalidity;
	event = imap_emit(imap, IMAP_SELECTED);
	event->mailbox = buf_span(&c->mailbox);
	event->facts = imap->facts;
}

/* CLOSE without its EXAMINE would expunge: it must not leave. */
static void
drop_close(struct imap *imap, struct imap_command *c)
{
	struct imap_command *close = sibling(imap, c->id);

	if (!close)
		return;
	unlink_command(imap, close);
	imap_command_free(close);
}

static bool
is_asked_again(struct imap *imap, const struct imap_command *c)
{
	if (c->verb == IMAP_VERB_LIST)
		return imap_request_list_again(imap, c);
	return c->verb == IMAP_VERB_SEARCH &&
	    imap_request_search_again(imap, c);
}

static void
finish(struct imap *imap, struct imap_command *c)
{
	struct imap_command *other;

	unlink_command(imap, c);
	if (c->verb == IMAP_VERB_SELECT)
		select_answered(imap, c);
	if ((c->verb == IMAP_VERB_CLOSE || c->verb == IMAP_VERB_UNSELECT) &&
	    c->status == IMAP_OK)
		buf_reset(&imap->selected);
	if (c->verb == IMAP_VERB_UNSELECT && c->status != IMAP_OK)
		drop_close(imap, c);
	if (c->verb == IMAP_VERB_IDLE)
		imap->idle = IMAP_IDLE_NONE;
	if (c->verb == IMAP_VERB_NOTIFY)
		imap->is_notifying = c->status == IMAP_OK;
	if (is_asked_again(imap, c)) {
		imap_command_free(c);
		return;
	}
	other = sibling(imap, c->id);
	if (other) {
		imap_command_join(other, c);
		imap_command_free(c);
		return;
	}
	add_done(imap, c);
}

/*
 * A refusal of a command that has not wholly left: while it waits for "+"
 * that ends it; in the middle of APPEND's literal the octets that were
 * promised must still follow, and it is reported behind them.
 */
static void
refused_early(struct imap *imap, struct imap_command *c)
{
	if (c->granted < c->nwaits)
		finish(imap, c);
	else
		c->is_answered = true;
}

static struct imap_command *
find_number(const struct imap *imap, uint32_t number)
{
	for (struct imap_command *c = imap->queue; c && c->is_started;
	    c = c->next)
		if (c->number == number && !c->is_answered)
			return c;
	return NULL;
}

/* PROTOCOLS.md 8, row 59: a letter filed into the mailbox that is open. */
static bool
is_of_other(const struct imap *imap, const struct imap_command *c)
{
	return imap->uidvalidity && c->pairs.uidvalidity !=
	    imap->uidvalidity && span_eq(buf_span(&c->mailbox),
	    buf_span(&imap->selected));
}

void
imap_queue_uids(struct imap *imap, struct imap_command *c,
    const struct imap_reply *reply)
{
	CLEANUP(imap_pairs_fini) struct imap_pairs pairs = { 0 };
	CLEANUP(uidset_fini) struct uidset modified = { 0 };

	if (c->verb == IMAP_VERB_STORE &&
	    reply->code == IMAP_CODE_MODIFIED) {
		imap_parse_set(reply->code_args, &modified);
		imap_command_modified(c, &modified);
	} else if (reply->code == IMAP_CODE_COPYUID && !c->has_copied &&
	    (c->verb == IMAP_VERB_MOVE || c->verb == IMAP_VERB_COPY)) {
		c->has_copied = imap_parse_copyuid(reply->code_args,
		    &c->asked, &pairs);
		imap_pairs_join(&c->pairs, &pairs);
	} else if (reply->code == IMAP_CODE_APPENDUID &&
	    c->verb == IMAP_VERB_APPEND) {
		imap_parse_appenduid(reply->code_args, &c->pairs);
		if (is_of_other(imap, c))
			imap_pairs_fini(&c->pairs);
	}
}

void
imap_queue_answer(struct imap *imap, uint32_t number,
    const struct imap_reply *reply)
{
	/* PROTOCOLS.md 8, row 1 */
	static const struct span not_connected = SPAN(
	    "User is authenticated but not connected");
	struct imap_command *c = find_number(imap, number);

	if (!c) {
		imap_fail(imap, ERR_PROTO,
		    "answered a command that was not sent");
		return;
	}
	imap->unasked = 0;
	if (reply->status == IMAP_BAD &&
	    span_ifind(reply->text, not_connected) != SIZE_MAX) {
		imap_fail(imap, ERR_AUTH, "took the password but opens no "
		    "mailbox: licence, IMAP access or a proxy is missing");
		return;
	}
	if (!c->is_sent && reply->status == IMAP_OK) {
		imap_fail(imap, ERR_PROTO,
		    "answered a command that was not yet sent");
		return;
	}
	if (c->id == 0) {
		unlink_command(imap, c);
		imap_command_free(c);
		imap_dialogue_answer(imap, reply);
		return;
	}
	imap_command_answer(c, reply);
	if (c->verb == IMAP_VERB_SELECT)
		imap_parse_fact(reply, &imap->arena, &imap->facts);
	else
		imap_parse_fact(reply, &imap->arena, &c->facts);
	imap_queue_uids(imap, c, reply);
	if (c->is_sent)
		finish(imap, c);
	else
		refused_early(imap, c);
	imap_queue_pump(imap);
}

void
imap_queue_data(struct imap *imap, struct span piece)
{
	struct imap_command *c = imap_queue_writing(imap);

	output_put(&imap->out, piece);
	c->data_left -= piece.n;
	if (c->data_left)
		return;
	output_puts(&imap->out, "\r\n");
	c->is_sent = true;
	if (c->is_answered)
		finish(imap, c);
	imap_queue_pump(imap);
}
