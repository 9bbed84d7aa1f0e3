/* SPDX-License-Identifier: MIT */
/*
 * The IMAP engine: sessions of tests/data/imap played in every cut.  The acts
 * there are those of acts.h.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "protocol/imap.h"
#include "acts.h"
#include "events.h"
#include "script.h"

struct session {
	struct imap *imap;
	uint64_t body_at;	/* where the next piece must start */
};

static void *
create(const struct session_settings *settings)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->imap = imap_new(settings);
	return s;
}

static void
destroy(void *engine)
{
	struct session *s = engine;

	imap_free(s->imap);
	free(s);
}

static void
put_body(struct session *s, const struct imap_body *b,
    struct script_events *to)
{
	cr_assert_eq(b->at, s->body_at);
	s->body_at += b->piece.n;
	cr_assert_leq(s->body_at, b->total);
	if (b->piece.n)
		script_data(to, b->seqno.v, b->piece);
	if (!b->is_last)
		return;
	cr_assert_eq(s->body_at, b->total);
	s->body_at = 0;
	script_event(to, "end of %s[%.*s], %ju", b->is_binary ? "binary " :
	    "", SPAN_ARG(b->section), (uintmax_t)b->total);
}

static enum step
step(void *engine, struct span *in, struct script_events *to)
{
	CLEANUP(buf_fini) struct buf line = { 0 };
	struct session *s = engine;
	struct imap_event event;
	enum step got = imap_step(s->imap, in, &event);

	if (got != STEP_EVENT)
		return got;
	if (event.kind == IMAP_BODY) {
		put_body(s, &event.body, to);
		return got;
	}
	put_imap_event(&line, &event);
	script_event(to, "%s", buf_str(&line));
	return got;
}

static struct span
output(const void *engine)
{
	const struct session *s = engine;

	return imap_output(s->imap);
}

static void
sent(void *engine, size_t n)
{
	struct session *s = engine;

	imap_sent(s->imap, n);
}

static const struct error *
error(const void *engine)
{
	const struct session *s = engine;

	return imap_error(s->imap);
}

static void
act(void *engine, struct span words, struct script_events *to)
{
	CLEANUP(buf_fini) struct buf said = { 0 };
	struct session *s = engine;

	cr_assert(imap_act(s->imap, words, &said), "unknown act");
	if (said.n)
		script_event(to, "%s", buf_str(&said));
}

static const struct script_engine engine = {
	create, destroy, step, output, sent, error, act,
};

Test(imap, plays_every_session_in_every_cut)
{
	script_play_all(&engine, "imap");
}
