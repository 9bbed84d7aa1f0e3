/* SPDX-License-Identifier: MIT */
#include "store/thread_top.h"

#include "base/xalloc.h"
#include "store/txn.h"

enum { SLOTS = 1024 };	/* so many that a free one is near */

struct thread_tops {
	size_t n;
	struct top {
		uint64_t thread;	/* 0: free */
		uint32_t folder;
		struct message_spot newest;
	} slots[SLOTS];
};

/* The place of the top, or a free one for it. */
static struct top *
find(struct thread_tops *tops, uint64_t thread, uint32_t folder)
{
	size_t i = (size_t)((thread * 31 + folder) % SLOTS);

	while (tops->slots[i].thread && (tops->slots[i].thread != thread ||
	    tops->slots[i].folder != folder))
		i = (i + 1) % SLOTS;
	return &tops->slots[i];
}

bool
thread_top(struct store_txn *t, uint64_t thread, uint32_t folder,
    struct message_spot *out)
{
	struct txn_handle *h = t->handle;
	const struct top *top;

	if (txn_failed(t))
		return false;
	if (h->tops) {
		top = find(h->tops, thread, folder);
		if (top->thread) {
			*out = top->newest;
			return true;
		}
	}
	return thread_newest_put(t, thread, folder, out);
}

void
thread_top_add(struct store_txn *t, const struct thread_member *m,
    struct message_spot newest)
{
	struct txn_handle *h = t->handle;
	struct key key = thread_member_key(m);
	struct top *top;

	if (txn_failed(t))
		return;
	if (!h->tops)
		h->tops = xcalloc(1, sizeof *h->tops);
	if (h->tops->n == THREAD_TOPS) {
		txn_put_held(t, TABLE_THREAD_MEMBERS);
		thread_tops_forget(t);
	}
	top = find(h->tops, m->thread, m->folder);
	h->tops->n += top->thread == 0;
	*top = (struct top){ m->thread, m->folder, newest };
	txn_put_late(t, TABLE_THREAD_MEMBERS, &key, (struct span){ "", 0 });
}

void
thread_tops_forget(struct store_txn *t)
{
	struct txn_handle *h = t->handle;

	if (!txn_failed(t) && h->tops && h->tops->n > 0)
		*h->tops = (struct thread_tops){ 0 };
}
