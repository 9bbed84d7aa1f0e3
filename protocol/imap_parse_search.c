/* SPDX-License-Identifier: MIT */
/*
 * SEARCH, ESEARCH (RFC 4731) and VANISHED (RFC 7162).  What a server sends
 * in order is added in linear time; what it sends in disorder is sorted
 * first, so that no order of its numbers makes it dear.
 */
#include "protocol/imap_parse.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

struct ranges {
	struct uid_range *list;	/* owned */
	size_t n, size;
	bool is_disordered;
};

static void
ranges_fini(struct ranges *r)
{
	free(r->list);
}

static enum err
ranges_add(struct ranges *r, uint32_t first, uint32_t last)
{
	struct uid_range *top = r->n ? &r->list[r->n - 1] : NULL;

	if (last < first) {
		uint32_t t = first;

		first = last;
		last = t;
	}
	if (top && first > top->last && first - top->last == 1) {
		top->last = last;
		return ERR_OK;
	}
	if (r->n == IMAP_RANGES_MAX)
		return ERR_LIMIT;
	if (top && first <= top->last)
		r->is_disordered = true;
	if (r->n == r->size) {
		r->size = r->size ? r->size * 2 : 64;
		r->list = xreallocarray(r->list, r->size, sizeof *r->list);
	}
	r->list[r->n++] = (struct uid_range){ first, last };
	return ERR_OK;
}

static int
by_first(const void *a, const void *b)
{
	const struct uid_range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static void
ranges_give(struct ranges *r, struct uidset *uids)
{
	uidset_clear(uids);
	if (r->is_disordered)
		qsort(r->list, r->n, sizeof *r->list, by_first);
	for (size_t i = 0; i < r->n; i++)
		uidset_add(uids, r->list[i].first, r->list[i].last);
}

static enum err
ranges_parse(struct ranges *r, struct span s)
{
	struct span element, number;
	uint32_t first, last;
	enum err err;

	while (span_split(&s, ',', &element)) {
		if (element.n == 0)
			continue;
		if (!span_split(&element, ':', &number) ||
		    !span_u32(number, &first))
			return ERR_DATA;
		last = first;
		if (element.n && !span_u32(element, &last))
			return ERR_DATA;
		if ((err = ranges_add(r, first, last)) != ERR_OK)
			return err;
	}
	return ERR_OK;
}

enum err
imap_parse_set(struct span s, struct uidset *uids)
{
	CLEANUP(ranges_fini) struct ranges r = { 0 };
	enum err err = ranges_parse(&r, s);

	uidset_clear(uids);
	if (err == ERR_OK)
		ranges_give(&r, uids);
	return err;
}

enum err
imap_parse_search(struct imap_lex *lex, struct uidset *uids)
{
	CLEANUP(ranges_fini) struct ranges r = { 0 };
	struct span value;
	enum err err;

	uidset_clear(uids);
	/* Ends at "(MODSEQ 5)" too. */
	while (imap_lex_next(lex, &value) == IMAP_TOKEN_ATOM)
		if ((err = ranges_parse(&r, value)) != ERR_OK)
			return err;
	ranges_give(&r, uids);
	return ERR_OK;
}

/* "(TAG "A1")", where the string may be missing. */
static void
take_tag(struct imap_lex *lex, struct span *tag)
{
	enum imap_token token;
	struct span value;

	*tag = (struct span){ NULL, 0 };
	if (imap_lex_peek(lex, &value) != IMAP_TOKEN_OPEN)
		return;
	imap_lex_next(lex, &value);
	while ((token = imap_lex_next(lex, &value)) != IMAP_TOKEN_CLOSE &&
	    token != IMAP_TOKEN_END)
		if (!span_ieq(value, SPAN_LIT("TAG")))
			*tag = value;
}

enum err
imap_parse_esearch(struct imap_lex *lex, struct span *tag,
    struct uidset *uids, uint64_t *count)
{
	bool are_uids = false;
	uint64_t said = 0;
	struct span value;
	enum err err = ERR_OK;

	uidset_clear(uids);
	take_tag(lex, tag);
	while (err == ERR_OK && imap_lex_next(lex, &value) == IMAP_TOKEN_ATOM) {
		if (span_ieq(value, SPAN_LIT("UID"))) {
			are_uids = true;
		} else if (span_ieq(value, SPAN_LIT("ALL"))) {
			imap_lex_next(lex, &value);
			err = imap_parse_set(value, uids);
		} else if (span_ieq(value, SPAN_LIT("COUNT"))) {
			imap_lex_next(lex, &value);
			imap_lex_number(value, &said);
		} else {
			imap_lex_skip(lex);	/* MODSEQ 7 */
		}
	}
	*count = uids->n ? uidset_count(uids) : said;
	return err == ERR_OK && !are_uids ? ERR_DATA : err;
}

enum err
imap_parse_vanished(struct imap_lex *lex, bool *is_earlier,
    struct uidset *uids)
{
	struct span value;

	*is_earlier = false;
	if (imap_lex_peek(lex, &value) == IMAP_TOKEN_OPEN) {
		*is_earlier = true;
		imap_lex_skip(lex);
	}
	imap_lex_next(lex, &value);
	return imap_parse_set(value, uids);
}
