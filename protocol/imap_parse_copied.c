/* SPDX-License-Identifier: MIT */
/*
 * COPYUID and APPENDUID: which message became which.  RFC 4315 3.  Here the
 * order of a set counts, so it is read as it is written; what can only be an
 * error is taken for silence, and whoever asked must look for himself.
 */
#include "protocol/imap_parse.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

void
imap_pairs_fini(struct imap_pairs *pairs)
{
	free(pairs->list);
	*pairs = (struct imap_pairs){ 0 };
}

static void
pairs_add(struct imap_pairs *pairs, struct imap_uid_pair pair)
{
	if (pairs->n == pairs->size) {
		pairs->size = pairs->size ? pairs->size * 2 : 8;
		pairs->list = xreallocarray(pairs->list, pairs->size,
		    sizeof *pairs->list);
	}
	pairs->list[pairs->n++] = pair;
}

void
imap_pairs_join(struct imap_pairs *to, struct imap_pairs *part)
{
	if (to->is_mixed || (part->n == 0 && !part->is_mixed))
		return;
	if (to->n == 0) {
		imap_pairs_fini(to);
		*to = *part;
		*part = (struct imap_pairs){ 0 };
		return;
	}
	if (part->is_mixed || to->uidvalidity != part->uidvalidity) {
		imap_pairs_fini(to);
		to->is_mixed = true;
		return;
	}
	for (size_t i = 0; i < part->n; i++)
		pairs_add(to, part->list[i]);
}

/*
 * The next element of a set: what of it is left to be paired is from `at` on
 * to `end`, up or down.
 */
struct walk {
	struct span rest;
	uint32_t at, end;
	bool is_open;		/* at and end are set */
};

static bool
next_element(struct walk *w)
{
	struct span element, number;

	if (w->is_open)
		return true;
	if (!span_split(&w->rest, ',', &element) ||
	    !span_split(&element, ':', &number) || !span_u32(number, &w->at))
		return false;
	w->end = w->at;
	if (element.n && !span_u32(element, &w->end))
		return false;
	w->is_open = true;
	return true;
}

static uint32_t
distance(const struct walk *w)
{
	return w->at < w->end ? w->end - w->at : w->at - w->end;
}

/* The first n + 1 of what is left, in the order of the server. */
static struct uid_range
take_run(struct walk *w, uint32_t n)
{
	bool is_up = w->at <= w->end;
	struct uid_range run = { w->at, is_up ? w->at + n : w->at - n };

	w->is_open = run.last != w->end;
	w->at = is_up ? run.last + 1 : run.last - 1;
	return run;
}

static void
pair_sets(struct span from, struct span to, struct imap_pairs *pairs)
{
	struct walk old = { .rest = from }, new = { .rest = to };

	while (next_element(&old) && next_element(&new)) {
		uint32_t a = distance(&old), b = distance(&new);
		struct imap_uid_pair pair = {
			.from = take_run(&old, a < b ? a : b),
			.to = take_run(&new, a < b ? a : b),
		};

		if (pair.from.first > pair.from.last)
			pair = (struct imap_uid_pair){
				{ pair.from.last, pair.from.first },
				{ pair.to.last, pair.to.first } };
		pairs_add(pairs, pair);
	}
}

/* How many UIDs a set of plain UIDs names, none twice; else 0. */
static uint64_t
count_set(struct span s, struct uidset *set)
{
	struct walk w = { .rest = s };
	uint64_t n = 0;

	if (imap_parse_set(s, set) != ERR_OK)
		return 0;
	while (next_element(&w)) {
		if (w.at == 0 || w.end == 0)
			return 0;
		n += (uint64_t)distance(&w) + 1;
		w.is_open = false;
	}
	return w.rest.n || n != uidset_count(set) ? 0 : n;
}

static bool
holds_all(const struct uidset *all, const struct uidset *some)
{
	size_t at = 0;

	for (size_t i = 0; i < some->n; i++) {
		while (at < all->n &&
		    all->ranges[at].last < some->ranges[i].first)
			at++;
		if (at == all->n ||
		    all->ranges[at].first > some->ranges[i].first ||
		    all->ranges[at].last < some->ranges[i].last)
			return false;
	}
	return true;
}

static bool
take_uidvalidity(struct span *args, struct imap_pairs *pairs)
{
	struct span word;

	imap_pairs_fini(pairs);
	*args = span_trim(*args);
	if (!span_split(args, ' ', &word) ||
	    !span_u32(word, &pairs->uidvalidity))
		return false;
	*args = span_trim(*args);
	return pairs->uidvalidity != 0;
}

bool
imap_parse_copyuid(struct span args, const struct uidset *asked,
    struct imap_pairs *pairs)
{
	CLEANUP(uidset_fini) struct uidset old = { 0 }, new = { 0 };
	struct span from, to;
	uint64_t n;

	if (!take_uidvalidity(&args, pairs) ||
	    !span_split(&args, ' ', &from))
		return false;
	to = span_trim(args);
	n = count_set(from, &old);
	if (n == 0 || n != count_set(to, &new) || !holds_all(asked, &old))
		return false;
	pair_sets(from, to, pairs);
	return true;
}

/* One letter was filed: one UID. */
bool
imap_parse_appenduid(struct span args, struct imap_pairs *pairs)
{
	uint32_t uid;

	if (!take_uidvalidity(&args, pairs) || !span_u32(args, &uid) ||
	    uid == 0)
		return false;
	pairs_add(pairs, (struct imap_uid_pair){ .to = { uid, uid } });
	return true;
}

uint32_t
imap_copied_to(const struct imap_copied *copied, struct uid from)
{
	for (size_t i = 0; i < copied->npairs; i++) {
		const struct imap_uid_pair *p = &copied->pairs[i];
		uint32_t n = from.v - p->from.first;

		if (from.v < p->from.first || from.v > p->from.last)
			continue;
		return p->to.first <= p->to.last ? p->to.first + n :
		    p->to.first - n;
	}
	return 0;
}
