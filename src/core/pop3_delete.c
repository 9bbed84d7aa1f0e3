/* SPDX-License-Identifier: MIT */
/*
 * Letters that may go from the server: leave-on-server.  Only letters that
 * are on disk are ever named.  DELE_SENT is durable before QUIT; it is
 * forgotten when a later complete listing no longer has the letter, so a
 * lost answer to QUIT costs another DELE, never a letter.
 */
#include "src/core/pop3_private.h"

#include "base/cleanup.h"
#include "base/date.h"
#include "src/core/retention.h"
#include "src/core/timer.h"
#include "store/message.h"

enum { DELETE_RECORDS = 500 };	/* in one transaction */

/* Those fetched in this session may already be due (leave: never). */
static bool
delete_is_due(struct pop3_session *s, struct store_txn *t,
    const struct pop3_entry *entry)
{
	struct uidl known;

	if (entry->is_due)
		return true;
	return entry->is_wanted && !entry->is_twin &&
	    s->worker->config->leave == LEAVE_NEVER &&
	    store_uidl_get(t, s->worker->account, entry->uidl, &known) &&
	    retention_is_over(s->worker->config, &known, false,
	    timer_wall_s());
}

/* Writes DELE_SENT for some entries from `at` on; returns the next. */
static size_t
delete_record_some(struct pop3_session *s, size_t at, size_t *due)
{
	CLEANUP(store_end) struct store_txn t;
	size_t written = 0;

	store_write(s->store, &t);
	for (; at < s->listing.n && written < DELETE_RECORDS; at++) {
		struct pop3_entry *entry = &s->listing.list[at];
		struct uidl known;

		entry->is_due = delete_is_due(s, &t, entry);
		if (!entry->is_due || !store_uidl_get(&t, s->worker->account,
		    entry->uidl, &known))
			continue;
		known.uidl = entry->uidl;
		known.state = UIDL_DELE_SENT;
		store_uidl_put(&t, s->worker->account, &known);
		written++;
	}
	*due += written;
	pop3_session_commit(s, &t);
	return at;
}

static void
delete_more(struct pop3_session *s)
{
	while (s->next > 0 && s->nflight < pop3_session_window(s)) {
		struct pop3_entry *entry = &s->listing.list[--s->next];

		if (entry->is_due)
			pop3_await(s, pop3_dele(s->pop3, entry->number),
			    s->next);
	}
	if (s->nflight == 0)
		pop3_session_leave(s);
}

void
pop3_delete_start(struct pop3_session *s)
{
	size_t at = 0, due = 0;
	bool may = s->worker->config->leave != LEAVE_FOREVER;

	for (size_t i = 0; i < s->listing.n; i++)
		may |= s->listing.list[i].is_due;
	while (may && at < s->listing.n && !s->is_failed)
		at = delete_record_some(s, at, &due);
	if (s->is_failed)
		return;
	s->at = POP3_AT_DELETING;
	s->next = due ? s->listing.n : 0;
	delete_more(s);
}

void
pop3_delete_done(struct pop3_session *s, const struct pop3_event *ev,
    size_t entry)
{
	(void)ev;		/* refused: it is still listed next time */
	(void)entry;
	delete_more(s);
}
