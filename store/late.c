/* SPDX-License-Identifier: MIT */
#include "store/late.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/xalloc.h"

void
late_fini(struct late *l)
{
	buf_fini(&l->bytes);
	free(l->entries);
	*l = (struct late){ 0 };
}

static uint64_t
head_of(struct span key)
{
	uint64_t head = 0;

	for (size_t i = 0; i < sizeof head; i++)
		head = head << 8 | (i < key.n ? (unsigned char)key.p[i] : 0);
	return head;
}

void
late_add(struct late *l, struct span key, struct span value)
{
	bug_on(key.n > UINT8_MAX || value.n > UINT8_MAX);
	if (l->n == l->size) {
		l->size = l->size ? 2 * l->size : 64;
		l->entries = xreallocarray(l->entries, l->size,
		    sizeof *l->entries);
	}
	l->entries[l->n] = (struct late_entry){
		.head = head_of(key),
		.at = (uint32_t)l->bytes.n,
		.number = (uint32_t)l->n,
		.nkey = (uint8_t)key.n,
		.nvalue = (uint8_t)value.n,
	};
	l->n++;
	buf_put(&l->bytes, key);
	buf_put(&l->bytes, value);
}

static int
by_key(const void *a, const void *b)
{
	const struct late_entry *x = a, *y = b;
	int order;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	order = span_cmp(late_key(x), late_key(y));
	if (order != 0)
		return order;
	return x->number < y->number ? -1 : x->number > y->number;
}

void
late_sort(struct late *l)
{
	for (size_t i = 0; i < l->n; i++)
		l->entries[i].p = l->bytes.p + l->entries[i].at;
	if (l->n > 1)
		qsort(l->entries, l->n, sizeof *l->entries, by_key);
}

void
late_reset(struct late *l)
{
	l->n = 0;
	buf_reset(&l->bytes);
}
