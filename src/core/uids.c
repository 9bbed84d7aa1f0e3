/* SPDX-License-Identifier: MIT */
/* Arithmetic on sets of UIDs; see uids.h. */
#include "src/core/uids.h"

#include "base/bug.h"
#include "base/xalloc.h"

void
uids_copy(struct uidset *out, const struct uidset *set)
{
	uidset_clear(out);
	uids_add_all(out, set);
}

void
uids_add_all(struct uidset *set, const struct uidset *more)
{
	for (size_t i = 0; i < more->n; i++)
		uidset_add(set, more->ranges[i].first, more->ranges[i].last);
}

void
uids_minus(struct uidset *out, const struct uidset *a, const struct uidset *b)
{
	size_t j = 0;

	uidset_clear(out);
	for (size_t i = 0; i < a->n; i++) {
		uint64_t at = a->ranges[i].first;
		uint64_t end = a->ranges[i].last;

		while (j < b->n && b->ranges[j].last < at)
			j++;
		for (size_t k = j; k < b->n && b->ranges[k].first <= end; k++) {
			if (b->ranges[k].first > at)
				uidset_add(out, (uint32_t)at,
				    b->ranges[k].first - 1);
			at = (uint64_t)b->ranges[k].last + 1;
		}
		if (at <= end)
			uidset_add(out, (uint32_t)at, (uint32_t)end);
	}
}

void
uids_and(struct uidset *out, const struct uidset *a, const struct uidset *b)
{
	size_t i = 0, j = 0;

	uidset_clear(out);
	while (i < a->n && j < b->n) {
		struct uid_range x = a->ranges[i], y = b->ranges[j];
		uint32_t first = x.first > y.first ? x.first : y.first;
		uint32_t last = x.last < y.last ? x.last : y.last;

		if (first <= last)
			uidset_add(out, first, last);
		if (x.last < y.last)
			i++;
		else
			j++;
	}
}

void
uids_remove(struct uidset *set, uint32_t uid)
{
	size_t low = 0, high = set->n;
	struct uid_range *r, right;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (set->ranges[mid].last < uid)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == set->n || set->ranges[low].first > uid)
		return;
	r = &set->ranges[low];
	if (r->first == r->last) {
		memmove(r, r + 1, (set->n - low - 1) * sizeof *r);
		set->n--;
	} else if (r->first == uid) {
		r->first++;
	} else if (r->last == uid) {
		r->last--;
	} else {
		right = (struct uid_range){ uid + 1, r->last };
		r->last = uid - 1;
		uidset_add(set, right.first, right.last);
	}
}

uint32_t
uids_nth(const struct uidset *set, uint32_t n)
{
	uint64_t left = n;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < set->n; i++) {
		struct uid_range r = set->ranges[i];
		uint64_t count = (uint64_t)r.last - r.first + 1;

		if (left <= count)
			return (uint32_t)(r.first + left - 1);
		left -= count;
	}
	return 0;
}

uint32_t
uids_lowest(const struct uidset *set)
{
	return set->n ? set->ranges[0].first : 0;
}

uint32_t
uids_highest(const struct uidset *set)
{
	return set->n ? set->ranges[set->n - 1].last : 0;
}

void
uids_take_highest(struct uidset *set, uint64_t n, size_t max_ranges,
    struct uidset *out)
{
	uint64_t left = n;
	size_t first = set->n;

	uidset_clear(out);
	while (left > 0 && first > 0 && set->n - first < max_ranges) {
		struct uid_range *r = &set->ranges[first - 1];
		uint64_t count = (uint64_t)r->last - r->first + 1;

		if (count > left) {
			uidset_add(out, (uint32_t)(r->last - left + 1),
			    r->last);
			r->last = (uint32_t)(r->last - left);
			break;
		}
		uidset_add(out, r->first, r->last);
		left -= count;
		first--;
	}
	set->n = first;
}
