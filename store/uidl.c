/* SPDX-License-Identifier: MIT */
#include "store/uidl.h"

#include "store/txn.h"
#include "store/uidl_row.h"

struct key
uidl_key(uint32_t account, struct span uidl)
{
	struct key key = key_of_u32(account);

	key_bytes(&key, uidl);
	return key;
}

static bool
is_possible(struct span uidl)
{
	return uidl.n > 0 && uidl.n <= UIDL_MAX_OCTETS;
}

/* The span is borrowed from the key. */
static bool
read_uidl(struct store_txn *t, struct span key, struct span value,
    struct uidl *out)
{
	struct record r;

	*out = (struct uidl){ 0 };
	if (!txn_open_record(t, TABLE_UIDLS, key, value, &r))
		return false;
	key_take_u32(&key);
	out->uidl = key;
	out->state = record_upto(&r, UIDL_DELE_SENT);
	out->message = record_u64(&r);
	out->first_seen = record_i64(&r);
	out->fetched_at = record_i64(&r);
	return txn_close_record(t, TABLE_UIDLS, &r);
}

static void
put_uidl(struct store_txn *t, const struct key *key, const struct uidl *u)
{
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, u->state);
	record_put_u64(b, u->message);
	record_put_i64(b, u->first_seen);
	record_put_i64(b, u->fetched_at);
	txn_put_record(t, TABLE_UIDLS, key);
}

bool
store_uidl_get(struct store_txn *t, uint32_t account, struct span uidl,
    struct uidl *out)
{
	struct span value;
	struct key key;

	*out = (struct uidl){ 0 };
	if (!is_possible(uidl))
		return false;
	key = uidl_key(account, uidl);
	if (!txn_get(t, TABLE_UIDLS, &key, &value) ||
	    !read_uidl(t, key_span(&key), value, out))
		return false;
	out->uidl = uidl;
	return true;
}

void
store_uidl_put(struct store_txn *t, uint32_t account, const struct uidl *uidl)
{
	struct key key;

	if (!is_possible(uidl->uidl)) {
		txn_fail(t, ERR_LIMIT, "a UIDL has 1 to %d octets",
		    UIDL_MAX_OCTETS);
		return;
	}
	key = uidl_key(account, uidl->uidl);
	put_uidl(t, &key, uidl);
}

void
store_uidl_remove(struct store_txn *t, uint32_t account, struct span uidl)
{
	struct key key;

	if (!is_possible(uidl))
		return;
	key = uidl_key(account, uidl);
	txn_del(t, TABLE_UIDLS, &key);
}

void
uidl_forget(struct store_txn *t, const struct key *key, uint64_t message)
{
	struct span value;
	struct uidl u;

	if (!txn_get(t, TABLE_UIDLS, key, &value) ||
	    !read_uidl(t, key_span(key), value, &u) || u.message != message)
		return;
	u.message = 0;
	put_uidl(t, key, &u);
}

size_t
store_uidls(struct store_txn *t, uint32_t account, struct span after,
    size_t max, struct arena *arena, struct uidl **out)
{
	bool is_on = after.n > 0;
	struct key from = uidl_key(account, span_take(&after, UIDL_MAX_OCTETS));
	uint64_t all = txn_count(t, TABLE_UIDLS);
	size_t n = 0, room = all < max ? (size_t)all : max;
	struct span key, value;
	bool found = txn_seek(t, TABLE_UIDLS, &from, &key, &value);

	*out = arena_array(arena, room, sizeof **out);
	if (found && is_on && span_eq(key, key_span(&from)))
		found = txn_next(t, TABLE_UIDLS, &key, &value);
	for (; found && n < room;
	    found = txn_next(t, TABLE_UIDLS, &key, &value)) {
		struct span k = key;

		if (key_take_u32(&k) != account ||
		    !read_uidl(t, key, value, &(*out)[n]))
			break;
		(*out)[n].uidl = arena_copy(arena, (*out)[n].uidl);
		n++;
	}
	return n;
}
