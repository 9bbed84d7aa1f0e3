/* SPDX-License-Identifier: MIT */
/*
 * The engine as its callers see it: life, step and output.  A response is
 * assembled (imap_frame.c), turned into events in its arena (imap_answer.c),
 * and these are handed out one a step; then the arena is emptied.
 */
#include "protocol/imap_private.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

enum {
	HOST_SHOWN = 90,	/* octets in an error's text */
	WORDS_SHOWN = 120,
};

/* The host's name for people, short enough for an error's text. */
static char *
host_for_people(struct span host)
{
	struct buf b = { .max = HOST_SHOWN };

	if (host.n == 0)
		return xstrdup("the server");
	text_clean(&b, host);
	return buf_steal(&b);
}

struct imap *
imap_new(const struct session_settings *settings)
{
	struct imap *imap = xcalloc(1, sizeof *imap);

	imap->pending_end = &imap->pending;
	imap->queue_end = &imap->queue;
	imap->done_end = &imap->done;
	session_settings_copy(&imap->settings, settings);
	imap->host = host_for_people(settings->host);
	return imap;
}

static void
free_commands(struct imap_command *c)
{
	while (c) {
		struct imap_command *next = c->next;

		imap_command_free(c);
		c = next;
	}
}

void
imap_free(struct imap *imap)
{
	if (!imap)
		return;
	imap_forget_password(imap);
	output_fini(&imap->out);
	secret_fini(&imap->sasl_said);
	buf_fini(&imap->mechanisms);
	buf_fini(&imap->selected);
	free_commands(imap->queue);
	free_commands(imap->done);
	imap_command_free(imap->reported);
	imap_frame_fini(&imap->frame);
	arena_fini(&imap->arena);
	uidset_fini(&imap->uids);
	session_settings_fini(&imap->settings);
	free(imap->host);
	free(imap);
}

void
imap_forget_password(struct imap *imap)
{
	struct span *password = &imap->settings.credentials.password;

	sasl_free(imap->sasl);
	imap->sasl = NULL;
	secret_wipe(&imap->sasl_said);
	if (password->n)
		explicit_bzero((char *)password->p, password->n);
	password->n = 0;
}

bool
imap_is_trusted(const struct imap *imap)
{
	return imap->settings.channel != CHANNEL_STARTTLS ||
	    imap->stage > IMAP_STAGE_HANDSHAKE;
}

struct imap_event *
imap_emit(struct imap *imap, enum imap_event_kind kind)
{
	struct imap_pending *p = arena_alloc(&imap->arena, sizeof *p);

	p->event.kind = kind;
	*imap->pending_end = p;
	imap->pending_end = &p->next;
	return &p->event;
}

void
imap_fail_with(struct imap *imap, const struct error *e)
{
	if (imap->has_failed)
		return;
	imap->has_failed = true;
	imap->error = *e;
	output_drop(&imap->out);
}

void
imap_fail(struct imap *imap, enum err kind, const char *what)
{
	struct error e;

	error_set(&e, kind, "%s %s", imap->host, what);
	imap_fail_with(imap, &e);
}

/* Servers have been seen to repeat the line that they did not like. */
static bool
tells_secret(const struct imap *imap, struct span words)
{
	struct span password = imap->settings.credentials.password;
	struct span said = span_trim(buf_span(&imap->sasl_said));

	return (password.n && span_find(words, password) != SIZE_MAX) ||
	    (said.n && span_find(words, said) != SIZE_MAX);
}

void
imap_fail_words(struct imap *imap, enum err kind, const char *what,
    struct span words)
{
	CLEANUP(buf_fini) struct buf clean = { .max = WORDS_SHOWN };
	struct error e;

	text_clean(&clean, words);
	if (clean.n == 0 || !imap_is_trusted(imap) ||
	    tells_secret(imap, words)) {
		imap_fail(imap, kind, what);
		return;
	}
	error_set(&e, kind, "%s %s: %s", imap->host, what, buf_str(&clean));
	imap_fail_with(imap, &e);
}

static bool
take_pending(struct imap *imap, struct imap_event *event)
{
	struct imap_pending *p = imap->pending;

	if (!p)
		return false;
	imap->pending = p->next;
	if (!p->next)
		imap->pending_end = &imap->pending;
	*event = p->event;
	return true;
}

static bool
take_done(struct imap *imap, struct imap_event *event)
{
	struct imap_command *c = imap->done;

	if (!c)
		return false;
	imap->done = c->next;
	if (!c->next)
		imap->done_end = &imap->done;
	imap->reported = c;
	imap->in_flight--;
	*event = (struct imap_event){ .kind = IMAP_DONE, .tag = c->id,
		.status = c->status, .code = c->code,
		.text = buf_span(&c->words), .backoff_ms = c->backoff_ms,
		.facts = c->facts, .copied = { c->pairs.uidvalidity,
		c->pairs.list, c->pairs.n } };
	if (c->modified.n)
		event->uids = &c->modified;
	return true;
}

/* What nobody asked for must not go on for ever. */
static bool
is_flooded(struct imap *imap)
{
	uint64_t limit = imap->stage == IMAP_STAGE_READY ?
	    IMAP_UNTAGGED_MAX : IMAP_LINE_MAX;

	if (imap->stage == IMAP_STAGE_READY && imap->queue)
		return false;
	imap->unasked += imap->frame.octets;
	return imap->unasked > limit;
}

static void
take_response(struct imap *imap, size_t behind)
{
	if (imap->arena.total)
		arena_reset(&imap->arena);
	if (is_flooded(imap)) {
		imap_fail(imap, ERR_LIMIT, "sends without end and unasked");
		return;
	}
	imap->behind = behind;
	imap_answer(imap, imap_frame_text(&imap->frame));
}

/* True when *event was set. */
static bool
take_input(struct imap *imap, struct span *in, struct imap_event *event)
{
	struct imap_body body;

	switch (imap_frame_step(&imap->frame, in, &body)) {
	case IMAP_FRAME_MORE:
		break;
	case IMAP_FRAME_RESPONSE:
		take_response(imap, in->n);
		break;
	case IMAP_FRAME_PIECE:
		if (imap->stage != IMAP_STAGE_READY)
			break;
		*event = (struct imap_event){ .kind = IMAP_BODY,
			.body = body };
		return true;
	case IMAP_FRAME_LONG_LINE:
		imap_fail(imap, ERR_LIMIT, "sends a line without end");
		break;
	case IMAP_FRAME_BIG_LITERAL:
		imap_fail(imap, ERR_LIMIT, "sends more at once than 256 MiB");
		break;
	}
	return false;
}

enum step
imap_step(struct imap *imap, struct span *in, struct imap_event *event)
{
	imap_command_free(imap->reported);
	imap->reported = NULL;
	for (;;) {
		if (take_pending(imap, event) || take_done(imap, event))
			return STEP_EVENT;
		if (imap->has_failed)
			return STEP_ERROR;
		if (in->n && imap->stage == IMAP_STAGE_HANDSHAKE) {
			imap_fail(imap, ERR_TLS,
			    "sent clear text where TLS should begin");
			return STEP_ERROR;
		}
		/* Not ours to read: it has to be inflated first. */
		if (in->n == 0 || imap->stage == IMAP_STAGE_INFLATE)
			return STEP_MORE;
		if (take_input(imap, in, event))
			return STEP_EVENT;
	}
}

const struct error *
imap_error(const struct imap *imap)
{
	return &imap->error;
}

struct span
imap_output(const struct imap *imap)
{
	return output_span(&imap->out);
}

void
imap_sent(struct imap *imap, size_t n)
{
	output_sent(&imap->out, n);
}

void
imap_secured(struct imap *imap)
{
	bug_on(imap->stage != IMAP_STAGE_HANDSHAKE);
	imap_dialogue_secured(imap);
}

void
imap_compressed(struct imap *imap)
{
	bug_on(imap->stage != IMAP_STAGE_INFLATE);
	imap_dialogue_compressed(imap);
}

uint64_t
imap_capabilities(const struct imap *imap)
{
	return imap->capabilities;
}

uint64_t
imap_append_limit(const struct imap *imap)
{
	return imap->append_limit;
}

/* A server of revision 2 alone knows nothing else.  RFC 9051 5.1. */
bool
imap_is_utf8(const struct imap *imap)
{
	uint64_t both = IMAP_CAP_REV1 | IMAP_CAP_REV2;

	return imap->enabled & IMAP_CAP_UTF8_ACCEPT ||
	    (imap->capabilities & both) == IMAP_CAP_REV2;
}

bool
imap_is_ready(const struct imap *imap)
{
	return imap->stage == IMAP_STAGE_READY && !imap->has_failed;
}

unsigned
imap_in_flight(const struct imap *imap)
{
	return imap->in_flight;
}
