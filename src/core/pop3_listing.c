/* SPDX-License-Identifier: MIT */
/*
 * What a maildrop holds, and what of it is here: UIDL and LIST, streamed,
 * against the store's table.  Numbers are good for this session only.
 * PROTOCOLS.md 3.
 */
#include "src/core/pop3_private.h"

#include <glib.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "src/core/retention.h"
#include "src/core/timer.h"
#include "store/message.h"

enum { LISTING_PAGE = 1000 };	/* entries of the table read at a time */

void
pop3_listing_free(struct pop3_session *s)
{
	arena_fini(&s->listing.arena);
	free(s->listing.list);
	s->listing = (struct pop3_listing){ 0 };
}

void
pop3_listing_ask(struct pop3_session *s)
{
	s->at = POP3_AT_LISTING;
	s->listing.left = 2;
	s->listing.uidl_tag = pop3_uidl(s->pop3);
	s->listing.list_tag = pop3_list(s->pop3);
}

/* Answers come in order of number, nearly always. */
static struct pop3_entry *
listing_entry(struct pop3_listing *l, uint32_t number)
{
	size_t low = 0, high = l->n;

	if (l->n && l->list[l->n - 1].number < number)
		low = l->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->list[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < l->n && l->list[low].number == number)
		return &l->list[low];
	if (l->n == POP3_LISTING_MAX) {
		l->is_cut = true;
		return NULL;
	}
	if (l->n == l->size) {
		l->size = l->size ? l->size * 2 : 256;
		l->list = xreallocarray(l->list, l->size, sizeof *l->list);
	}
	memmove(&l->list[low + 1], &l->list[low],
	    (l->n - low) * sizeof *l->list);
	l->n++;
	l->list[low] = (struct pop3_entry){ .number = number };
	return &l->list[low];
}

void
pop3_listing_take(struct pop3_session *s, const struct pop3_event *ev)
{
	struct pop3_entry *entry;

	if (s->at != POP3_AT_LISTING || ev->number == 0)
		return;
	entry = listing_entry(&s->listing, ev->number);
	if (!entry)
		return;
	if (ev->kind == POP3_LIST)
		entry->size = ev->size;
	else
		entry->uidl = arena_copy(&s->listing.arena, ev->uidl);
}

/* Is the letter deleted here, as far as retention asks? */
static bool
entry_is_deleted(struct store_txn *t, const struct uidl *known)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	return known->message == 0 ||
	    !store_message_get(t, known->message, &arena, &m) ||
	    (m.flags & FLAG_DELETED);
}

static void
entry_resolve(struct pop3_session *s, struct store_txn *t,
    struct pop3_entry *entry, int64_t now)
{
	const struct config_account *config = s->worker->config;
	struct uidl known;

	if (!store_uidl_get(t, s->worker->account, entry->uidl, &known) ||
	    known.state == UIDL_NEW) {
		entry->is_wanted = !entry->is_second;
		s->total += entry->is_wanted;
		return;
	}
	/* Of twins nobody can say which one is here: never deleted. */
	entry->is_due = !entry->is_twin &&
	    retention_is_over(config, &known,
	    config->leave == LEAVE_UNTIL_DELETED &&
	    entry_is_deleted(t, &known), now);
}

static guint
span_hash(gconstpointer p)
{
	const struct span *s = p;
	guint h = 5381;

	for (size_t i = 0; i < s->n; i++)
		h = h * 33 + (unsigned char)s->p[i];
	return h;
}

static gboolean
span_same(gconstpointer a, gconstpointer b)
{
	return span_eq(*(const struct span *)a, *(const struct span *)b);
}

/* By UIDL; entries with a UIDL that came before are marked. */
static GHashTable *
listing_index(struct pop3_listing *l)
{
	GHashTable *index = g_hash_table_new(span_hash, span_same);

	for (size_t i = 0; i < l->n; i++) {
		struct pop3_entry *entry = &l->list[i];
		struct pop3_entry *twin;

		if (entry->uidl.n == 0) {
			l->is_cut = true;	/* LIST has it, UIDL not */
			continue;
		}
		twin = g_hash_table_lookup(index, &entry->uidl);
		if (twin) {
			twin->is_twin = entry->is_twin = true;
			entry->is_second = true;
			l->twins++;
		} else {
			g_hash_table_insert(index, &entry->uidl, entry);
		}
	}
	return index;
}

/*
 * Forgets what a complete listing no longer has; returns the last key seen,
 * in the arena; the empty span at the end.
 */
static struct span
listing_prune_some(struct pop3_session *s, GHashTable *index,
    struct span after, struct arena *arena)
{
	CLEANUP(store_end) struct store_txn t;
	struct uidl *known;
	size_t n, gone = 0;

	store_read(s->store, &t);
	n = store_uidls(&t, s->worker->account, after, LISTING_PAGE, arena,
	    &known);
	store_end(&t);
	for (size_t i = 0; i < n; i++)
		if (!g_hash_table_contains(index, &known[i].uidl))
			known[gone++] = known[i];
	after = n == LISTING_PAGE ? arena_copy(arena, known[n - 1].uidl) :
	    (struct span){ 0 };
	if (gone == 0)
		return after;
	store_write(s->store, &t);
	for (size_t i = 0; i < gone; i++)
		store_uidl_remove(&t, s->worker->account, known[i].uidl);
	pop3_session_commit(s, &t);
	return after;
}

static void
listing_prune(struct pop3_session *s, GHashTable *index)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span after = { 0 };

	do
		after = listing_prune_some(s, index, after, &arena);
	while (after.n && !s->is_failed);
}

static void
listing_resolve(struct pop3_session *s)
{
	struct pop3_listing *l = &s->listing;
	GHashTable *index = listing_index(l);
	int64_t now = timer_wall_s();

	{
		CLEANUP(store_end) struct store_txn t;

		store_read(s->store, &t);
		for (size_t i = 0; i < l->n; i++)
			if (l->list[i].uidl.n)
				entry_resolve(s, &t, &l->list[i], now);
		if (t.error.kind != ERR_OK)
			pop3_session_fail(s, &t.error);
	}
	/* What an incomplete listing lacks may still be there. */
	if (!s->is_failed && !l->is_cut)
		listing_prune(s, index);
	g_hash_table_destroy(index);
	if (s->is_failed)
		return;
	if (l->twins)
		log_warning("pop3", "%s gives %" PRIu32 " letters the same "
		    "unique id as another: of those only one is fetched",
		    s->worker->config->receive.host, l->twins);
	pop3_fetch_start(s);
}

bool
pop3_listing_done(struct pop3_session *s, const struct pop3_event *ev)
{
	struct pop3_listing *l = &s->listing;
	struct error e;

	if (s->at != POP3_AT_LISTING ||
	    (ev->tag != l->uidl_tag && ev->tag != l->list_tag))
		return false;
	if (!ev->ok && ev->tag == l->uidl_tag) {
		error_set(&e, ERR_REFUSED, "%s knows no unique ids (UIDL): "
		    "surat cannot tell which letters it has already",
		    s->worker->config->receive.host);
		pop3_session_fail(s, &e);
		return true;
	}
	if (--l->left == 0)
		listing_resolve(s);
	return true;
}
