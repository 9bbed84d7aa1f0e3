/* SPDX-License-Identifier: MIT */
/*
 * Letters of a POP3 maildrop into the store, newest first.  Bodies first,
 * then in one transaction the row and the record that the letter is here:
 * what was recorded is never fetched again.
 */
#include "src/core/pop3_private.h"

#include <glib.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/log.h"
#include "mail/header.h"
#include "src/core/timer.h"
#include "store/message.h"

/* Asks for more letters, as many as may be in flight. */
static void
fetch_more(struct pop3_session *s)
{
	while (s->next > 0 && s->nflight < pop3_session_window(s)) {
		struct pop3_entry *entry = &s->listing.list[--s->next];

		if (!entry->is_wanted)
			continue;
		pop3_await(s, pop3_retr(s->pop3, entry->number), s->next);
	}
}

/*
 * Is the same letter here already?  Its record may have been lost between
 * two commits, or the server gave it a new unique id.
 */
static uint64_t
fetch_twin(struct pop3_session *s, struct store_txn *t,
    const struct envelope *envelope, uint64_t body)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;
	uint64_t id;

	if (envelope->message_id.n == 0)
		return 0;
	id = store_message_by_message_id(t, s->inbox, envelope->message_id);
	if (id && store_message_get(t, id, &arena, &m) && m.body == body)
		return id;
	return 0;
}

static void
fetch_record(struct pop3_session *s, struct store_txn *t,
    const struct intake_item *item, struct arena *arena)
{
	const struct pop3_entry *entry = &s->listing.list[item->key];
	int64_t now = timer_wall_s();
	struct envelope envelope;
	struct message_new m;
	struct uidl record = {
		.uidl = entry->uidl,
		.state = UIDL_FETCHED,
		.first_seen = now,
		.fetched_at = now,
	};

	header_parse_envelope(item->head, arena, &envelope);
	m = (struct message_new){
		.folder = s->inbox,
		.uidl = entry->uidl,
		.arrived = now,
		.size = item->size,
		.envelope = &envelope,
		.body = item->body,
		.body_state = BODY_WHOLE,
	};
	record.message = fetch_twin(s, t, &envelope, item->body);
	if (record.message == 0)
		record.message = store_message_add(t, &m);
	store_uidl_put(t, s->worker->account, &record);
}

/* Records letters for a few ms; returns the next one. */
static size_t
fetch_record_some(struct pop3_session *s, size_t at)
{
	CLEANUP(store_end) struct store_txn t;
	CLEANUP(arena_fini) struct arena arena = { 0 };

	store_write(s->store, &t);
	while (at < s->intake.n) {
		fetch_record(s, &t, &s->intake.items[at++], &arena);
		arena_reset(&arena);
		if (store_write_is_long(&t))
			break;
	}
	pop3_session_commit(s, &t);
	return at;
}

bool
pop3_fetch_commit(struct pop3_session *s)
{
	struct error e;
	size_t at = 0;

	s->committed_ms = timer_now_ms();
	if (s->intake.n == 0)
		return true;
	if (intake_commit(&s->intake, &e) != ERR_OK) {
		pop3_session_fail(s, &e);
		return false;
	}
	while (at < s->intake.n && !s->is_failed)
		at = fetch_record_some(s, at);
	intake_clear(&s->intake);
	return !s->is_failed;
}

static void
fetch_finish(struct pop3_session *s)
{
	if (!pop3_fetch_commit(s))
		return;
	report_progress(&s->worker->report, s->done, 0);
	if (s->refused)
		log_warning("pop3", "%s did not give %" PRIu64 " letters; "
		    "asked again next time",
		    s->worker->config->receive.host, s->refused);
	pop3_delete_start(s);
}

void
pop3_fetch_start(struct pop3_session *s)
{
	s->at = POP3_AT_FETCHING;
	s->next = s->listing.n;
	s->committed_ms = timer_now_ms();
	fetch_more(s);
	if (s->nflight == 0)
		fetch_finish(s);
}

void
pop3_fetch_piece(struct pop3_session *s, const struct pop3_event *ev)
{
	struct error e;

	if (s->at != POP3_AT_FETCHING || s->nflight == 0)
		return;
	if (!s->is_coming) {
		s->is_coming = true;
		intake_begin(&s->intake);
	}
	if (intake_write(&s->intake, ev->piece, &e) != ERR_OK)
		pop3_session_fail(s, &e);
}

void
pop3_fetch_done(struct pop3_session *s, const struct pop3_event *ev,
    size_t entry)
{
	struct error e;

	if (!ev->ok || !s->is_coming) {
		s->refused++;
		intake_drop(&s->intake);
	} else if (intake_end(&s->intake, entry, &e) != ERR_OK) {
		pop3_session_fail(s, &e);
		return;
	}
	s->is_coming = false;
	s->done++;
	if ((intake_is_full(&s->intake) ||
	    timer_now_ms() - s->committed_ms > POP3_COMMIT_MS) &&
	    !pop3_fetch_commit(s))
		return;
	report_progress(&s->worker->report, s->done, s->total);
	fetch_more(s);
	if (s->nflight == 0)
		fetch_finish(s);
}
