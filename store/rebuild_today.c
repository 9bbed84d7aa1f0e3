/* SPDX-License-Identifier: MIT */
/* A source of today's schema, of which some may be damaged. */
#include "store/rebuild.h"
#include "store/thread.h"
#include "store/txn.h"

enum { LINKS_MAX = 64 };	/* each leads to a thread twice as large */

static bool
take_key(enum table table, struct span stored, struct key *now)
{
	(void)table;
	if (stored.n == 0 || stored.n >= KEY_MAX)
		return false;
	key_bytes(now, stored);
	return true;
}

static uint64_t
take_message(struct span *value)
{
	return key_take_u64(value);
}

/* A loop, which only damage makes, ends as well. */
static uint64_t
follow_links(struct store_txn *t, uint64_t thread)
{
	struct key at = key_of_u64(thread);
	struct span value;

	for (int i = 0; i < LINKS_MAX &&
	    txn_get(t, TABLE_THREAD_LINKS, &at, &value); i++)
		at = key_of_u64(thread = key_take_u64(&value));
	return thread;
}

/*
 * Links are believed where the table of members says the same: a wrong one
 * would join strangers for good.
 */
static uint64_t
take_thread(struct store_txn *t, const struct row *row)
{
	const struct message *m = &row->m;
	uint64_t thread = follow_links(t, m->thread);
	struct key member = key_of_u64(thread);

	key_u32(&member, m->folder);
	key_date(&member, m->date);
	key_u64(&member, m->id);
	return txn_has(t, TABLE_THREAD_MEMBERS, &member) ? thread : m->thread;
}

const struct rebuild_format rebuild_today = {
	.key = take_key,
	.message = take_message,
	.row = row_read,
	.thread = take_thread,
};
