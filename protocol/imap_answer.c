/* SPDX-License-Identifier: MIT */
/*
 * From responses to events: the one dispatcher that everything a server
 * says goes through, whatever was asked.  Until the session is READY no data
 * about mailboxes or messages gets through; in clear text before STARTTLS
 * nothing does.
 */
#include "protocol/imap_private.h"

#include "base/bug.h"

/* A code that may stand in any answer, tagged or not. */
static void
take_code(struct imap *imap, const struct imap_reply *reply)
{
	struct imap_event *event;

	if (!imap_is_trusted(imap) && imap->stage != IMAP_STAGE_GREETING &&
	    imap->stage != IMAP_STAGE_CLEAR)
		return;
	if (span_ieq(reply->code_name, SPAN_LIT("CAPABILITY"))) {
		imap_dialogue_capabilities(imap, reply->code_args);
	} else if (imap_is_trusted(imap) &&
	    span_ieq(reply->code_name, SPAN_LIT("ALERT"))) {
		event = imap_emit(imap, IMAP_ALERT);
		event->text = reply->text;
	}
}

static void
on_bye(struct imap *imap, const struct imap_reply *reply)
{
	if (imap->stage != IMAP_STAGE_READY) {
		imap_fail_words(imap, ERR_AGAIN, "closed the connection",
		    reply->text);
		return;
	}
	/* PROTOCOLS.md 8, row 45: BYE for ever. */
	if (imap->said_bye) {
		imap_fail(imap, ERR_AGAIN, "closed the connection");
		return;
	}
	imap->said_bye = true;
	imap_emit(imap, IMAP_BYE)->text = reply->text;
}

/* A code that is about something other than the answer it stands in. */
static bool
take_notice(struct imap *imap, const struct imap_reply *reply)
{
	struct imap_command *move = imap_queue_find(imap, IMAP_VERB_MOVE);

	if (reply->code == IMAP_CODE_COPYUID && move) {
		imap_queue_uids(imap, move, reply);
		return true;
	}
	if (!span_ieq(reply->code_name, SPAN_LIT("NOTIFICATIONOVERFLOW")))
		return false;
	imap->is_notifying = false;
	imap_emit(imap, IMAP_OVERFLOW)->text = reply->text;
	return true;
}

static void
emit_alive(struct imap *imap, const struct imap_reply *reply)
{
	struct imap_event *event = imap_emit(imap, IMAP_ALIVE);

	event->text = reply->text;
	event->number = imap_parse_progress(reply, &imap->arena);
}

static void
on_untagged_status(struct imap *imap, struct span word, struct imap_lex *lex)
{
	enum imap_status status = span_ieq(word, SPAN_LIT("NO")) ? IMAP_NO :
	    span_ieq(word, SPAN_LIT("BAD")) ? IMAP_BAD : IMAP_OK;
	const struct imap_command *select;
	struct imap_reply reply;

	imap_parse_reply(lex, status, &reply);
	take_code(imap, &reply);
	if (imap->stage == IMAP_STAGE_GREETING) {
		imap_dialogue_greeting(imap, word, &reply);
		return;
	}
	if (span_ieq(word, SPAN_LIT("BYE"))) {
		on_bye(imap, &reply);
		return;
	}
	if (imap->stage != IMAP_STAGE_READY)
		return;
	select = imap_queue_find(imap, IMAP_VERB_SELECT);
	if (select && span_ieq(reply.code_name, SPAN_LIT("CLOSED"))) {
		imap->facts = (struct imap_mailbox_facts){
			.read_only = select->is_read_only };
		imap_emit(imap, IMAP_CLOSED);
		return;
	}
	if (select && imap_parse_fact(&reply, &imap->arena, &imap->facts))
		return;
	if (!take_notice(imap, &reply))
		emit_alive(imap, &reply);
}

static void
on_capability(struct imap *imap, struct imap_lex *lex)
{
	imap_dialogue_capabilities(imap, span_trim(lex->rest));
}

static void
on_enabled(struct imap *imap, struct imap_lex *lex)
{
	if (imap->stage == IMAP_STAGE_ENABLE)
		imap->enabled |= imap_parse_capabilities(lex->rest,
		    &imap->settings, &(struct buf){ .max = 1 }) &
		    imap->capabilities;
}

static void
on_list(struct imap *imap, struct imap_lex *lex)
{
	struct imap_list list;

	if (!imap_parse_list(lex, &list))
		return;
	imap->list_rows++;
	if (list.delimiter)
		imap->delimiter = list.delimiter;
	imap_emit(imap, IMAP_LIST)->list = list;
}

/* \Noselect: not subscribed itself, only what is below it.  RFC 3501 6.3.9 */
static void
on_lsub(struct imap *imap, struct imap_lex *lex)
{
	struct imap_list list;

	if (!imap_parse_list(lex, &list))
		return;
	list.is_lsub = true;
	if (!(list.attributes & IMAP_ATTR_NOSELECT))
		list.attributes |= IMAP_ATTR_SUBSCRIBED;
	imap_emit(imap, IMAP_LIST)->list = list;
}

static void
on_status(struct imap *imap, struct imap_lex *lex)
{
	struct imap_mailbox_facts facts;
	struct imap_event *event;
	struct span mailbox;

	if (!imap_parse_status(lex, &mailbox, &facts))
		return;
	event = imap_emit(imap, IMAP_STATUS);
	event->mailbox = imap_fold_inbox(mailbox, imap->delimiter,
	    &imap->arena);
	event->facts = facts;
}

static void
on_namespace(struct imap *imap, struct imap_lex *lex)
{
	struct imap_namespaces ns;

	if (imap_parse_namespaces(lex, &ns))
		imap_emit(imap, IMAP_NAMESPACE)->namespaces = ns;
}

static void
on_quota(struct imap *imap, struct imap_lex *lex)
{
	struct imap_quota quota;

	if (imap_parse_quota(lex, &quota))
		imap_emit(imap, IMAP_QUOTA)->quota = quota;
}

/* A set that is over its limit is hostile; one that is no set is skipped. */
static bool
is_good_set(struct imap *imap, enum err err)
{
	if (err == ERR_LIMIT)
		imap_fail(imap, ERR_LIMIT,
		    "sent a set of more than a million ranges");
	return err == ERR_OK;
}

static struct imap_event *
emit_uids(struct imap *imap, enum imap_event_kind kind)
{
	struct imap_event *event = imap_emit(imap, kind);

	event->uids = &imap->uids;
	return event;
}

static void
on_search(struct imap *imap, struct imap_lex *lex)
{
	struct imap_command *c = imap_queue_find(imap, IMAP_VERB_SEARCH);

	if (!is_good_set(imap, imap_parse_search(lex, &imap->uids)))
		return;
	emit_uids(imap, IMAP_SEARCH)->tag = c ? c->id : 0;
	if (!c)
		return;
	c->has_found |= imap->uids.n || !c->is_again;
	if (c->is_again && imap->uids.n)
		imap->capabilities &= ~IMAP_CAP_ESEARCH;
}

/* The number of one of our tags, or 0. */
static uint32_t
tag_number(struct span tag)
{
	uint32_t number;

	if (tag.n < 2 || tag.p[0] != 'A' || tag.p[1] == '0' ||
	    !span_u32(span_skip(tag, 1), &number))
		return 0;
	return number;
}

/* The SEARCH with that tag, else the first. */
static struct imap_command *
find_search(const struct imap *imap, struct span tag)
{
	struct imap_command *first = imap_queue_find(imap, IMAP_VERB_SEARCH);
	uint32_t number = tag_number(tag);

	for (struct imap_command *c = first; c && c->is_started; c = c->next)
		if (c->verb == IMAP_VERB_SEARCH && c->number == number)
			return c;
	return first;
}

/*
 * What names nothing, or counts what it does not name, waits for the end of
 * the command: see imap_request_search_again.
 */
static void
on_esearch(struct imap *imap, struct imap_lex *lex)
{
	struct imap_command *c;
	uint64_t count;
	struct span tag;

	if (!is_good_set(imap, imap_parse_esearch(lex, &tag, &imap->uids,
	    &count)))
		return;
	c = find_search(imap, tag);
	if (imap->uids.n)
		imap->esearch_works = true;
	else if (count)
		imap->esearch_works = false;
	if (c && c->is_esearch && imap->uids.n == 0 && imap->exists &&
	    !imap->esearch_works)
		return;
	if (c)
		c->has_found = true;
	emit_uids(imap, IMAP_SEARCH)->tag = c ? c->id : 0;
}

static void
count_gone(struct imap *imap, uint64_t n)
{
	imap->exists -= n < imap->exists ? (uint32_t)n : imap->exists;
}

static void
on_vanished(struct imap *imap, struct imap_lex *lex)
{
	bool is_earlier;

	if (!is_good_set(imap, imap_parse_vanished(lex, &is_earlier,
	    &imap->uids)) || imap->uids.n == 0)
		return;
	emit_uids(imap, IMAP_VANISHED)->number = is_earlier;
	if (!is_earlier)
		count_gone(imap, uidset_count(&imap->uids));
}

static const struct {
	struct span word;
	void (*take)(struct imap *, struct imap_lex *);
	bool is_early;		/* taken before READY too */
} untagged[] = {
	{ SPAN("CAPABILITY"), on_capability, true },
	{ SPAN("ENABLED"), on_enabled, true },
	{ SPAN("LIST"), on_list, false },
	{ SPAN("LSUB"), on_lsub, false },
	{ SPAN("XLIST"), on_list, false },
	{ SPAN("STATUS"), on_status, false },
	{ SPAN("NAMESPACE"), on_namespace, false },
	{ SPAN("QUOTA"), on_quota, false },
	{ SPAN("SEARCH"), on_search, false },
	{ SPAN("ESEARCH"), on_esearch, false },
	{ SPAN("VANISHED"), on_vanished, false },
};

static void
emit_section(struct imap *imap, const struct imap_fetch *fetch,
    const struct imap_section *section)
{
	imap_emit(imap, IMAP_BODY)->body = (struct imap_body){
		.seqno = fetch->seqno,
		.section = section->name,
		.total = section->content.n,
		.piece = section->content,
		.is_last = true,
		.is_binary = section->is_binary,
	};
}

static void
on_fetch(struct imap *imap, uint32_t number, struct imap_lex *lex)
{
	struct imap_fetch_answer answer;

	imap_parse_fetch(lex, &answer);
	answer.fetch.seqno.v = number;
	if (imap->frame.is_cut && answer.sections)
		answer.fetch.has |= IMAP_FETCHED_BROKEN;
	imap->is_resyncing = (answer.fetch.has & IMAP_FETCHED_BROKEN) != 0;
	if (number == 0)	/* PROTOCOLS.md 8, row 40 */
		return;
	for (const struct imap_section *s = answer.sections; s; s = s->next)
		emit_section(imap, &answer.fetch, s);
	imap_emit(imap, IMAP_FETCH)->fetch = answer.fetch;
}

static void
on_number(struct imap *imap, uint32_t number, struct imap_lex *lex)
{
	struct span word;

	if (imap->stage != IMAP_STAGE_READY)
		return;
	imap_lex_next(lex, &word);
	if (span_ieq(word, SPAN_LIT("FETCH"))) {
		on_fetch(imap, number, lex);
	} else if (span_ieq(word, SPAN_LIT("EXISTS"))) {
		if (imap_queue_find(imap, IMAP_VERB_SELECT)) {
			imap->facts.messages = number;
			imap->facts.has |= IMAP_HAS_MESSAGES;
		} else {
			imap->exists = number;
			imap_emit(imap, IMAP_EXISTS)->number = number;
		}
	} else if (span_ieq(word, SPAN_LIT("EXPUNGE")) && number != 0) {
		count_gone(imap, 1);
		imap_emit(imap, IMAP_EXPUNGE)->number = number;
	}
}

static bool
is_status_word(struct span word)
{
	static const struct span words[] = { SPAN("OK"), SPAN("NO"),
		SPAN("BAD"), SPAN("BYE"), SPAN("PREAUTH") };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_ieq(word, words[i]))
			return true;
	return false;
}

static void
on_untagged(struct imap *imap, struct imap_lex *lex)
{
	struct imap_lex code = *lex;
	struct span word;
	uint32_t number;

	imap_lex_blanks(&code);
	imap_lex_next(lex, &word);
	if (is_status_word(word)) {
		on_untagged_status(imap, word, lex);
		return;
	}
	if (imap->stage == IMAP_STAGE_GREETING) {
		imap_fail(imap, ERR_PROTO, "does not speak IMAP");
		return;
	}
	if (span_starts(word, SPAN_LIT("["))) {
		/* "* [COPYUID ...]" without OK: PROTOCOLS.md 8, row 10 */
		on_untagged_status(imap, SPAN_LIT("OK"), &code);
		return;
	}
	if (span_u32(word, &number)) {
		on_number(imap, number, lex);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(untagged); i++) {
		if (!span_ieq(word, untagged[i].word))
			continue;
		if (untagged[i].is_early || imap->stage == IMAP_STAGE_READY)
			untagged[i].take(imap, lex);
		return;
	}
}

/* "+ text", "+" */
static void
on_continuation(struct imap *imap, struct span text)
{
	if (imap->stage == IMAP_STAGE_LOGIN &&
	    imap_queue_find(imap, IMAP_VERB_AUTHENTICATE)) {
		imap_dialogue_challenge(imap, span_trim(text));
		return;
	}
	if (imap_queue_continue(imap))
		return;
	if (imap_queue_find(imap, IMAP_VERB_STARTTLS)) {
		imap_fail(imap, ERR_TLS,
		    "does not start TLS; nothing was sent in clear");
		return;
	}
	if (imap_queue_find(imap, IMAP_VERB_IDLE) &&
	    imap->idle <= IMAP_IDLE_UNWANTED) {
		bool is_unwanted = imap->idle == IMAP_IDLE_UNWANTED;

		imap->idle = IMAP_IDLE_ON;
		imap_emit(imap, IMAP_IDLING);
		if (is_unwanted)
			imap_idle_done(imap);
		return;
	}
	if (imap->stage == IMAP_STAGE_GREETING)
		imap_fail(imap, ERR_PROTO, "does not speak IMAP");
	/* Some say "+" to a literal that did not wait: nothing to do. */
}

/*
 * A line that is no response.  Behind an answer whose literal was counted
 * wrongly it is the rest of that; else it is what a front end says instead
 * of the server ("Server Unavailable. 15").  PROTOCOLS.md 8, rows 3, 48.
 */
static void
on_bare_line(struct imap *imap, struct span text)
{
	struct imap_reply reply = { .text = text };

	if (imap->is_resyncing)
		return;
	if (imap->stage != IMAP_STAGE_READY)
		imap_fail(imap, ERR_PROTO, "does not speak IMAP");
	else
		on_bye(imap, &reply);
}

static void
on_tagged(struct imap *imap, struct span tag, struct imap_lex *lex,
    struct span text)
{
	struct imap_reply reply;
	struct span word;

	imap_lex_next(lex, &word);
	if (span_ieq(word, SPAN_LIT("OK")))
		imap_parse_reply(lex, IMAP_OK, &reply);
	else if (span_ieq(word, SPAN_LIT("NO")))
		imap_parse_reply(lex, IMAP_NO, &reply);
	else if (span_ieq(word, SPAN_LIT("BAD")))
		imap_parse_reply(lex, IMAP_BAD, &reply);
	else {
		on_bare_line(imap, text);
		return;
	}
	if (imap->is_resyncing && tag_number(tag) == 0)
		return;
	imap->is_resyncing = false;
	if (imap->stage == IMAP_STAGE_GREETING) {
		imap_fail(imap, ERR_PROTO, "does not speak IMAP");
		return;
	}
	take_code(imap, &reply);
	imap_queue_answer(imap, tag_number(tag), &reply);
}

void
imap_answer(struct imap *imap, struct span text)
{
	struct imap_lex lex = { .rest = text, .arena = &imap->arena };
	struct span first;

	if (text.n && text.p[0] == '+' && (text.n == 1 || text.p[1] == ' ')) {
		imap->is_resyncing = false;
		on_continuation(imap, span_skip(text, 1));
		return;
	}
	imap_lex_next(&lex, &first);
	if (span_eq(first, SPAN_LIT("*"))) {
		imap->is_resyncing = false;
		on_untagged(imap, &lex);
	} else {
		on_tagged(imap, first, &lex, text);
	}
	if (lex.is_too_deep)
		imap_fail(imap, ERR_LIMIT,
		    "sent lists nested deeper than 64");
}
