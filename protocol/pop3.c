/* SPDX-License-Identifier: MIT */
/*
 * The life of a POP3 session and the queue of its commands.  How many
 * commands are under way at once: one, or with PIPELINING a window small
 * enough that both sides can always go on reading.  QUIT travels alone, so
 * that every answer before it is known when the server deletes.
 */
#include "protocol/pop3.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "protocol/pop3_private.h"

enum { WINDOW = 64 };	/* commands; about 1 KiB of output */

static const struct {
	const char *name;
	bool has_number;
	bool has_lines;
} verbs[] = {
	[POP3_VERB_STAT] = { "STAT", false, false },
	[POP3_VERB_UIDL] = { "UIDL", false, false },
	[POP3_VERB_LIST] = { "LIST", false, false },
	[POP3_VERB_RETR] = { "RETR", true, false },
	[POP3_VERB_TOP] = { "TOP", true, true },
	[POP3_VERB_DELE] = { "DELE", true, false },
	[POP3_VERB_NOOP] = { "NOOP", false, false },
	[POP3_VERB_RSET] = { "RSET", false, false },
	[POP3_VERB_QUIT] = { "QUIT", false, false },
};

static void
queue_put(struct pop3_queue *q, struct pop3_command command)
{
	if (q->n == q->size && q->head > q->size / 2) {
		memmove(q->list, q->list + q->head,
		    (q->n - q->head) * sizeof *q->list);
		q->n -= q->head;
		q->sent -= q->head;
		q->head = 0;
	} else if (q->n == q->size) {
		q->size = q->size ? 2 * q->size : 16;
		q->list = xreallocarray(q->list, q->size, sizeof *q->list);
	}
	q->list[q->n++] = command;
}

static void
send_command(struct output *out, const struct pop3_command *command)
{
	output_puts(out, verbs[command->verb].name);
	if (verbs[command->verb].has_number) {
		output_puts(out, " ");
		output_number(out, command->number);
	}
	if (verbs[command->verb].has_lines) {
		output_puts(out, " ");
		output_number(out, command->lines);
	}
	output_puts(out, "\r\n");
}

static bool
is_quit(const struct pop3_command *command)
{
	return command->verb == POP3_VERB_QUIT;
}

/* Sends what the window has room for; QUIT alone, and nothing behind it. */
static void
send_more(struct pop3 *p)
{
	struct pop3_queue *q = &p->queue;
	size_t window = p->capabilities & POP3_CAP_PIPELINING ? WINDOW : 1;

	while (p->is_ready && !p->is_closed && q->sent < q->n &&
	    q->sent - q->head < window) {
		bool is_alone = q->sent == q->head;

		if (!is_alone && (is_quit(&q->list[q->sent]) ||
		    is_quit(&q->list[q->sent - 1])))
			return;
		send_command(&p->engine.output, &q->list[q->sent++]);
	}
}

static uint32_t
issue(struct pop3 *p, struct pop3_command command)
{
	command.tag = ++p->last_tag;
	queue_put(&p->queue, command);
	if (p->engine.error.kind == ERR_OK)
		send_more(p);
	return command.tag;
}

struct pop3 *
pop3_new(const struct session_settings *settings)
{
	struct pop3 *p = xcalloc(1, sizeof *p);

	engine_init(&p->engine, settings, POP3_LINE_MAX);
	p->state = pop3_on_greeting;
	p->expire_days = UINT32_MAX;
	return p;
}

void
pop3_free(struct pop3 *p)
{
	if (!p)
		return;
	engine_fini(&p->engine);
	buf_fini(&p->mechanisms);
	free(p->queue.list);
	free(p);
}

/* Commands behind QUIT are done without having been sent. */
static enum step
after_quit(struct pop3 *p, struct span *in, struct pop3_event *event)
{
	struct pop3_queue *q = &p->queue;

	span_take(in, in->n);
	if (q->head == q->n)
		return STEP_MORE;
	event->kind = POP3_DONE;
	event->tag = q->list[q->head].tag;
	event->number = q->list[q->head].number;
	q->head++;
	return STEP_EVENT;
}

/* One line, or one piece of a letter. */
static enum step
take(struct pop3 *p, struct span *in, struct pop3_event *event)
{
	struct span line;

	if (p->is_streaming)
		return pop3_on_data(p, in, event);
	switch (engine_line(&p->engine, in, &line)) {
	case LINE_MORE:
		return STEP_MORE;
	case LINE_LONG:
		return STEP_ERROR;
	case LINE_WHOLE:
		break;
	}
	return p->state(p, line, event);
}

enum step
pop3_step(struct pop3 *p, struct span *in, struct pop3_event *event)
{
	enum step step;

	*event = (struct pop3_event){ 0 };
	if (p->engine.error.kind != ERR_OK)
		return STEP_ERROR;
	do {
		if (p->is_closed)
			return after_quit(p, in, event);
		if (engine_check_tls(&p->engine, *in) != STEP_MORE)
			return STEP_ERROR;
		step = take(p, in, event);
		if (step == STEP_ERROR ||
		    engine_check_tls(&p->engine, *in) != STEP_MORE)
			return STEP_ERROR;
		send_more(p);
	} while (step == STEP_MORE && in->n);
	return step;
}

const struct error *
pop3_error(const struct pop3 *p)
{
	return &p->engine.error;
}

struct span
pop3_output(const struct pop3 *p)
{
	return output_span(&p->engine.output);
}

void
pop3_sent(struct pop3 *p, size_t n)
{
	output_sent(&p->engine.output, n);
}

void
pop3_secured(struct pop3 *p)
{
	if (p->engine.error.kind != ERR_OK)
		return;
	engine_secured(&p->engine);
	pop3_login_secured(p);
}

unsigned
pop3_capabilities(const struct pop3 *p)
{
	return p->capabilities;
}

unsigned
pop3_login_delay(const struct pop3 *p)
{
	return p->login_delay;
}

uint32_t
pop3_expire_days(const struct pop3 *p)
{
	return p->expire_days;
}

unsigned
pop3_in_flight(const struct pop3 *p)
{
	return (unsigned)(p->queue.n - p->queue.head);
}

uint32_t
pop3_stat(struct pop3 *p)
{
	return issue(p, (struct pop3_command){ .verb = POP3_VERB_STAT });
}

uint32_t
pop3_uidl(struct pop3 *p)
{
	return issue(p, (struct pop3_command){ .verb = POP3_VERB_UIDL });
}

uint32_t
pop3_list(struct pop3 *p)
{
	return issue(p, (struct pop3_command){ .verb = POP3_VERB_LIST });
}

uint32_t
pop3_retr(struct pop3 *p, uint32_t number)
{
	return issue(p, (struct pop3_command){
		.verb = POP3_VERB_RETR, .number = number,
	});
}

uint32_t
pop3_top(struct pop3 *p, uint32_t number, uint32_t lines)
{
	return issue(p, (struct pop3_command){
		.verb = POP3_VERB_TOP, .number = number, .lines = lines,
	});
}

uint32_t
pop3_dele(struct pop3 *p, uint32_t number)
{
	return issue(p, (struct pop3_command){
		.verb = POP3_VERB_DELE, .number = number,
	});
}

uint32_t
pop3_noop(struct pop3 *p)
{
	return issue(p, (struct pop3_command){ .verb = POP3_VERB_NOOP });
}

uint32_t
pop3_rset(struct pop3 *p)
{
	return issue(p, (struct pop3_command){ .verb = POP3_VERB_RSET });
}

uint32_t
pop3_quit(struct pop3 *p)
{
	return issue(p, (struct pop3_command){ .verb = POP3_VERB_QUIT });
}
