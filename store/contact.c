/* SPDX-License-Identifier: MIT */
#include "store/contact.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "store/contact_note.h"
#include "store/contact_record.h"
#include "store/txn.h"

enum {
	CANDIDATES_MAX = 2000,
	LOG_BITS = 8,		/* of the fraction of a logarithm */
	YEAR_S = 365 * 24 * 60 * 60,
};

/* One that fits; its spans are borrowed from the map. */
struct fit {
	struct contact c;
	int64_t rank;
	bool is_unread;		/* nobody reads what is sent there */
};

/* log2(n) * 2^LOG_BITS, straight between the powers; 0 < n < 2^36. */
static int64_t
log2_of(uint64_t n)
{
	int whole = 63 - __builtin_clzll(n);
	uint64_t rest = n - (UINT64_C(1) << whole);

	return ((int64_t)whole << LOG_BITS) +
	    (int64_t)((rest << LOG_BITS) >> whole);
}

static int64_t
rank_of(const struct contact *c)
{
	uint64_t letters = 1 + 8 * (uint64_t)c->sent + c->received;

	return c->last + (log2_of(letters) * YEAR_S >> LOG_BITS);
}

/* "noreply@", "no-reply-123@", "MAILER-DAEMON@" */
static bool
is_unread(struct span addr)
{
	static const struct span words[] = {
		SPAN("noreply"), SPAN("no-reply"), SPAN("no_reply"),
		SPAN("no.reply"), SPAN("donotreply"), SPAN("do-not-reply"),
		SPAN("do_not_reply"), SPAN("do.not.reply"),
		SPAN("mailer-daemon"),
	};
	struct span local = { addr.p, span_chr(addr, '@') };

	if (local.n == SIZE_MAX)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_ifind(local, words[i]) != SIZE_MAX)
			return true;
	return false;
}

static int
best_first(const void *a, const void *b)
{
	const struct fit *x = a, *y = b;

	if (x->is_unread != y->is_unread)
		return x->is_unread ? 1 : -1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return span_cmp(x->c.addr, y->c.addr);
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Those with a word that begins so, each once and in order: how many. */
static size_t
candidates(struct store_txn *t, struct span beginning, uint64_t *ids)
{
	struct key at = { 0 };
	struct span key, value;
	size_t n = 0, kept = 0;
	bool found;

	key_bytes(&at, beginning);
	found = txn_seek(t, TABLE_CONTACT_WORDS, &at, &key, &value);
	for (; found && n < CANDIDATES_MAX && span_starts(key, beginning);
	    found = txn_next(t, TABLE_CONTACT_WORDS, &key, &value)) {
		span_take(&key, span_chr(key, '\0') + 1);
		ids[n++] = key_take_u64(&key);
	}
	qsort(ids, n, sizeof *ids, by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	return kept;
}

/* Every typed word is the beginning of one of the contact's. */
static bool
fits(const struct contact *c, const struct contact_words *typed)
{
	struct contact_words words;

	contact_words_of(&words, c->name, c->addr);
	for (size_t i = 0; i < typed->n; i++) {
		bool is_there = false;

		for (size_t j = 0; j < words.n && !is_there; j++)
			is_there = span_starts(contact_word(&words, j),
			    contact_word(typed, i));
		if (!is_there)
			return false;
	}
	return true;
}

static struct span
longest(const struct contact_words *typed)
{
	size_t best = 0;

	for (size_t i = 1; i < typed->n; i++)
		if (typed->words[i].n > typed->words[best].n)
			best = i;
	return contact_word(typed, best);
}

static size_t
find_fits(struct store_txn *t, const struct contact_words *typed,
    struct fit *fit)
{
	CLEANUP(cleanup_free) uint64_t *ids = xcalloc(CANDIDATES_MAX,
	    sizeof *ids);
	size_t nids = candidates(t, longest(typed), ids), n = 0;

	for (size_t i = 0; i < nids; i++) {
		struct contact_record r;

		if (!contact_load(t, ids[i], &r)) {
			txn_corrupt(t, TABLE_CONTACT_WORDS);
			return 0;
		}
		/* One word was looked for, and found. */
		if (typed->n > 1 && !fits(&r.c, typed))
			continue;
		fit[n++] = (struct fit){ r.c, rank_of(&r.c),
			is_unread(r.c.addr) };
	}
	return n;
}

static void
copy(struct arena *arena, const struct contact *c, struct contact *out)
{
	*out = *c;
	out->addr = arena_copy(arena, c->addr);
	out->name = arena_copy(arena, c->name);
}

size_t
store_contacts_complete(struct store_txn *t, struct span typed, size_t max,
    struct arena *arena, struct contact **out)
{
	CLEANUP(cleanup_free) struct fit *fit = NULL;
	struct contact_words words;
	size_t n;

	*out = NULL;
	contact_words_typed(&words, typed);
	if (words.n == 0 || max == 0)
		return 0;
	contact_flush(t);
	fit = xcalloc(CANDIDATES_MAX, sizeof *fit);
	n = find_fits(t, &words, fit);
	if (txn_failed(t))
		return 0;
	qsort(fit, n, sizeof *fit, best_first);
	if (n > max)
		n = max;
	*out = arena_array(arena, n, sizeof **out);
	for (size_t i = 0; i < n; i++)
		copy(arena, &fit[i].c, &(*out)[i]);
	return n;
}

bool
store_contact_get(struct store_txn *t, struct span addr, struct arena *arena,
    struct contact *out)
{
	struct contact_record r;
	uint64_t id;

	*out = (struct contact){ 0 };
	contact_flush(t);
	id = contact_by_hash(t, contact_hash(addr));
	if (!id || !contact_load(t, id, &r) || !span_ieq(r.c.addr, addr))
		return false;
	copy(arena, &r.c, out);
	return true;
}

void
store_contact_forget(struct store_txn *t, uint64_t id)
{
	struct contact_words words;
	struct contact_record r;
	struct key key = key_of_u64(id), of;

	contact_flush(t);
	if (!contact_load(t, id, &r))
		return;
	contact_words_of(&words, r.c.name, r.c.addr);
	of = contact_hash_key(contact_hash(r.c.addr));
	contact_put_words(t, id, &words, NULL);
	if (!txn_del(t, TABLE_CONTACT_OF, &of))
		txn_corrupt(t, TABLE_CONTACT_OF);
	txn_del(t, TABLE_CONTACTS, &key);
}
