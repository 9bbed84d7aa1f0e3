/* SPDX-License-Identifier: MIT */
/*
 * Answers in the TRANSACTION state.  They come in the order of the
 * commands; a line that no command asked for ends the session.
 */
#include "base/bug.h"
#include "protocol/pop3_private.h"

static pop3_state on_listing;

static bool
has_status(struct span line, struct span status, struct span *text)
{
	if (!span_istarts(line, status))
		return false;
	line = span_skip(line, status.n);
	if (line.n && *line.p != ' ' && *line.p != '\t')
		return false;
	*text = span_trim(line);
	return true;
}

bool
pop3_is_ok(struct span line, struct span *text)
{
	return has_status(line, SPAN_LIT("+OK"), text);
}

bool
pop3_is_err(struct span line, struct span *text)
{
	return has_status(line, SPAN_LIT("-ERR"), text);
}

enum pop3_code
pop3_code(struct span text)
{
	static const struct {
		struct span name;
		enum pop3_code code;
	} codes[] = {
		{ SPAN("[IN-USE]"), POP3_CODE_IN_USE },
		{ SPAN("[LOGIN-DELAY]"), POP3_CODE_LOGIN_DELAY },
		{ SPAN("[SYS/TEMP]"), POP3_CODE_SYS_TEMP },
		{ SPAN("[SYS/PERM]"), POP3_CODE_SYS_PERM },
		{ SPAN("[AUTH]"), POP3_CODE_AUTH },
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (span_istarts(text, codes[i].name))
			return codes[i].code;
	return POP3_CODE_NONE;
}

/* The oldest command is done; its event has everything but the verdict. */
static enum step
done(struct pop3 *p, bool ok, struct span text, struct pop3_event *event)
{
	const struct pop3_command *command =
	    &p->queue.list[p->queue.head++];

	event->kind = POP3_DONE;
	event->tag = command->tag;
	event->ok = ok;
	event->text = text;
	if (!ok)
		event->code = pop3_code(text);
	if (command->verb != POP3_VERB_STAT)
		event->number = command->number;
	if (command->verb == POP3_VERB_QUIT)
		p->is_closed = true;
	p->state = pop3_on_answer;
	return STEP_EVENT;
}

/* Cuts the next word off *s; false when there is none. */
static bool
word(struct span *s, struct span *out)
{
	*s = span_trim(*s);
	return span_split(s, ' ', out);
}

static enum step
stat_done(struct pop3 *p, struct span text, struct pop3_event *event)
{
	struct span rest = text, count, octets;
	bool ok = word(&rest, &count) && word(&rest, &octets) &&
	    span_u32(count, &event->number) && span_u64(octets, &event->size);

	return done(p, ok, text, event);
}

static enum step
accepted(struct pop3 *p, struct span text, struct pop3_event *event)
{
	switch (p->queue.list[p->queue.head].verb) {
	case POP3_VERB_STAT:
		return stat_done(p, text, event);
	case POP3_VERB_UIDL:
	case POP3_VERB_LIST:
		p->lines = 0;
		p->state = on_listing;
		return STEP_MORE;
	case POP3_VERB_RETR:
	case POP3_VERB_TOP:
		p->is_streaming = true;
		pop3_data_begin(&p->data, p->engine.lines.is_bare);
		return STEP_MORE;
	case POP3_VERB_DELE:
	case POP3_VERB_NOOP:
	case POP3_VERB_RSET:
	case POP3_VERB_QUIT:
		break;
	}
	return done(p, true, text, event);
}

enum step
pop3_on_answer(struct pop3 *p, struct span line, struct pop3_event *event)
{
	bool is_asked = p->queue.head < p->queue.sent;
	struct span text;

	if (pop3_is_err(line, &text)) {
		if (is_asked)
			return done(p, false, text, event);
		return engine_fail(&p->engine, ERR_AGAIN,
		    "the server ends the session%s",
		    engine_words(&p->engine, text));
	}
	if (is_asked && pop3_is_ok(line, &text))
		return accepted(p, text, event);
	return engine_fail(&p->engine, ERR_PROTO,
	    "the server sent what is no answer%s",
	    engine_words(&p->engine, line));
}

/* 1-70 octets 0x21-0x7e; RFC 1939 7.  What is empty is no identity. */
static bool
is_uidl(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e)
			return false;
	return s.n > 0 && s.n <= POP3_UIDL_MAX;
}

/* A line of UIDL or LIST.  An odd one is left out: no event for it. */
static bool
listed(struct pop3 *p, struct span line, struct pop3_event *event)
{
	struct span number, octets;

	if (!word(&line, &number) || !span_u32(number, &event->number) ||
	    event->number == 0)
		return false;
	if (p->queue.list[p->queue.head].verb == POP3_VERB_UIDL) {
		event->kind = POP3_UIDL;
		event->uidl = span_trim(line);
		return is_uidl(event->uidl);
	}
	event->kind = POP3_LIST;
	return word(&line, &octets) && span_u64(octets, &event->size);
}

static enum step
on_listing(struct pop3 *p, struct span line, struct pop3_event *event)
{
	if (span_eq(line, SPAN_LIT(".")))
		return done(p, true, (struct span){ NULL, 0 }, event);
	if (++p->lines > POP3_LISTING_MAX)
		return engine_fail(&p->engine, ERR_LIMIT,
		    "the server lists more than %d messages",
		    POP3_LISTING_MAX);
	if (listed(p, line, event))
		return STEP_EVENT;
	*event = (struct pop3_event){ 0 };
	return STEP_MORE;
}

enum step
pop3_on_data(struct pop3 *p, struct span *in, struct pop3_event *event)
{
	switch (pop3_data_take(&p->data, in, &event->piece)) {
	case POP3_PIECE_MORE:
		return STEP_MORE;
	case POP3_PIECE_END:
		p->is_streaming = false;
		event->size = p->data.size;
		return done(p, true, (struct span){ NULL, 0 }, event);
	case POP3_PIECE_DATA:
		break;
	}
	if (p->data.size > POP3_MESSAGE_MAX)
		return engine_fail(&p->engine, ERR_LIMIT,
		    "message %u is larger than %u MiB",
		    p->queue.list[p->queue.head].number,
		    (unsigned)(POP3_MESSAGE_MAX >> 20));
	event->kind = POP3_DATA;
	event->tag = p->queue.list[p->queue.head].tag;
	event->number = p->queue.list[p->queue.head].number;
	return STEP_EVENT;
}
