/* SPDX-License-Identifier: MIT */
/*
 * Flags of older letters, where nothing tells which ones changed (no
 * CONDSTORE).  A visit compares those of the newest letters; the others are
 * compared in slices now and then, when nothing is more urgent.  A session
 * that stays begins with that late, so that a line that comes and goes does
 * not carry them again and again.  PROTOCOLS.md 2.3.
 */
#include "src/core/imap_private.h"

#include "base/cleanup.h"
#include "base/log.h"

enum {
	FLAGS_SLICE = 2000,	/* letters */
	FLAGS_FIRST_S = 600,	/* after the login */
	FLAGS_AGAIN_S = 4 * 3600,
};

static bool
flags_are_due(const struct imap_session *s)
{
	int64_t since = s->sel.box->older_ms;
	int64_t wait_s = since ? FLAGS_AGAIN_S : FLAGS_FIRST_S;

	if (!since && s->worker->settings.is_once)
		return true;
	return timer_now_ms() - (since ? since : s->ready_ms) > wait_s * 1000;
}

void
imap_flags_plan(struct imap_session *s, const struct uidset *older)
{
	struct imap_box *box = s->sel.box;

	if (older->n == 0 || box->older_flags || !flags_are_due(s))
		return;
	box->older_flags = uids_highest(older);
	box->older_ms = timer_now_ms();
}

static void
flags_told(struct imap_session *s, const struct imap_event *ev)
{
	if (ev->status != IMAP_OK)
		log_warning("imap", "%s refused to tell flags",
		    s->worker->config->receive.host);
	imap_stage_flush(s);
}

void
imap_flags_older(struct imap_session *s)
{
	struct imap_box *box = s->sel.box;
	CLEANUP(uidset_fini) struct uidset range = { 0 };
	CLEANUP(uidset_fini) struct uidset local = { 0 };
	CLEANUP(uidset_fini) struct uidset older = { 0 };
	CLEANUP(uidset_fini) struct uidset slice = { 0 };

	if (!imap_visit_local(s, &local))
		return;
	uidset_add(&range, 1, box->older_flags);
	uids_and(&older, &local, &range);
	uids_take_highest(&older, FLAGS_SLICE, IMAP_SET_RANGES, &slice);
	box->older_flags = uids_highest(&older);
	if (slice.n)
		imap_await(s, imap_fetch_flags(s->imap, &slice, 0),
		    flags_told);
}
