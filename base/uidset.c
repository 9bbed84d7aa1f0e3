/* SPDX-License-Identifier: MIT */
#include "base/uidset.h"

#include <stdlib.h>

#include "base/xalloc.h"

void
uidset_fini(struct uidset *set)
{
	free(set->ranges);
	*set = (struct uidset){ 0 };
}

void
uidset_clear(struct uidset *set)
{
	set->n = 0;
}

/* Index of the first range that ends at or after uid. */
static size_t
lower_bound(const struct uidset *set, uint32_t uid)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (set->ranges[mid].last < uid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
insert_at(struct uidset *set, size_t at, struct uid_range r)
{
	if (set->n == set->size) {
		set->size = set->size ? set->size * 2 : 8;
		set->ranges = xreallocarray(set->ranges, set->size,
		    sizeof *set->ranges);
	}
	memmove(set->ranges + at + 1, set->ranges + at,
	    (set->n - at) * sizeof *set->ranges);
	set->ranges[at] = r;
	set->n++;
}

void
uidset_add(struct uidset *set, uint32_t first, uint32_t last)
{
	size_t from, to;

	if (first > last) {
		uint32_t t = first;

		first = last;
		last = t;
	}
	if (first == 0)
		first = 1;
	if (last == 0)
		return;
	from = lower_bound(set, first - 1);	/* also the adjacent one */
	for (to = from; to < set->n; to++) {
		struct uid_range r = set->ranges[to];

		if (last != UID_MAX && r.first > last + 1)
			break;
		if (r.first < first)
			first = r.first;
		if (r.last > last)
			last = r.last;
	}
	if (from == to) {
		insert_at(set, from, (struct uid_range){ first, last });
		return;
	}
	set->ranges[from] = (struct uid_range){ first, last };
	memmove(set->ranges + from + 1, set->ranges + to,
	    (set->n - to) * sizeof *set->ranges);
	set->n -= to - from - 1;
}

bool
uidset_has(const struct uidset *set, uint32_t uid)
{
	size_t at = lower_bound(set, uid);

	return at < set->n && set->ranges[at].first <= uid;
}

uint64_t
uidset_count(const struct uidset *set)
{
	uint64_t total = 0;

	for (size_t i = 0; i < set->n; i++)
		total += (uint64_t)set->ranges[i].last -
		    set->ranges[i].first + 1;
	return total;
}

bool
uidset_parse(struct uidset *set, struct span s, size_t max_ranges)
{
	if (s.n == 0 || s.p[s.n - 1] == ',')
		return false;
	while (s.n) {
		struct span range, a;
		uint32_t first, last;

		span_split(&s, ',', &range);
		if (range.n && range.p[range.n - 1] == ':')
			return false;
		if (!span_split(&range, ':', &a) || !span_u32(a, &first))
			return false;
		last = first;
		if (range.n && !span_u32(range, &last))
			return false;
		uidset_add(set, first, last);
		if (set->n > max_ranges)
			return false;
	}
	return true;
}

void
uidset_put(struct buf *out, const struct uidset *set)
{
	for (size_t i = 0; i < set->n; i++) {
		struct uid_range r = set->ranges[i];

		buf_printf(out, i ? ",%u" : "%u", r.first);
		if (r.last != r.first)
			buf_printf(out, ":%u", r.last);
	}
}
