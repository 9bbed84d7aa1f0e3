/* SPDX-License-Identifier: MIT */
#include "store/uid_ranges.h"

#include "store/txn.h"

/* A range as it is stored. */
struct range {
	uint32_t folder, first, last;
};

static struct key
range_key(uint32_t folder, uint32_t first)
{
	struct key key = key_of_u32(folder);

	key_u32(&key, first);
	return key;
}

static void
put_range(struct store_txn *t, struct range r)
{
	struct key key = range_key(r.folder, r.first);
	struct key last = key_of_u32(r.last);

	txn_put(t, TABLE_UID_RANGES, &key, key_span(&last));
}

static void
drop_range(struct store_txn *t, struct range r)
{
	struct key key = range_key(r.folder, r.first);

	if (!txn_del(t, TABLE_UID_RANGES, &key))
		txn_corrupt(t, TABLE_UID_RANGES);
}

static struct range
range_of(struct span key, struct span value)
{
	struct range r;

	r.folder = key_take_u32(&key);
	r.first = key_take_u32(&key);
	r.last = key_take_u32(&value);
	return r;
}

/* The last range of the folder that begins at or below the uid. */
static bool
range_below(struct store_txn *t, uint32_t folder, uint32_t uid,
    struct range *out)
{
	struct key end = range_key(folder, uid);
	struct span key, value;

	key_u8(&end, 0);	/* behind the one that begins there */
	if (!txn_seek_before(t, TABLE_UID_RANGES, &end, &key, &value))
		return false;
	*out = range_of(key, value);
	return out->folder == folder;
}

/* The first range of the folder that begins above the uid. */
static bool
range_above(struct store_txn *t, uint32_t folder, uint32_t uid,
    struct range *out)
{
	struct key from = range_key(folder, uid);
	struct span key, value;

	key_u8(&from, 0);
	if (!txn_seek(t, TABLE_UID_RANGES, &from, &key, &value))
		return false;
	*out = range_of(key, value);
	return out->folder == folder;
}

/* Joins with what it touches; the UIDs of r are in no range yet. */
static void
join(struct store_txn *t, struct range r)
{
	struct range other;

	if (range_above(t, r.folder, r.last, &other) &&
	    other.first == r.last + 1) {
		drop_range(t, other);
		r.last = other.last;
	}
	if (range_below(t, r.folder, r.first, &other) &&
	    other.last + 1 == r.first)
		r.first = other.first;
	put_range(t, r);
}

void
uid_ranges_flush(struct store_txn *t)
{
	struct txn_handle *h = t->handle;
	struct uid_run run = h->uids;

	h->uids = (struct uid_run){ 0 };
	if (run.folder)
		join(t, (struct range){ run.folder, run.first, run.last });
}

void
uid_ranges_add(struct store_txn *t, uint32_t folder, uint32_t uid)
{
	struct txn_handle *h = t->handle;

	if (txn_failed(t))
		return;
	if (h->uids.folder == folder && uid == h->uids.last + 1) {
		h->uids.last = uid;
	} else if (h->uids.folder == folder && uid + 1 == h->uids.first) {
		h->uids.first = uid;
	} else {
		uid_ranges_flush(t);
		h->uids = (struct uid_run){ folder, uid, uid };
	}
}

void
uid_ranges_remove(struct store_txn *t, uint32_t folder, uint32_t uid)
{
	struct range r, rest;

	if (txn_failed(t))
		return;
	uid_ranges_flush(t);
	if (!range_below(t, folder, uid, &r) || r.last < uid) {
		txn_corrupt(t, TABLE_UID_RANGES);
		return;
	}
	rest = (struct range){ folder, uid + 1, r.last };
	if (r.first == uid)
		drop_range(t, r);
	else
		put_range(t, (struct range){ folder, r.first, uid - 1 });
	if (r.last > uid)
		put_range(t, rest);
}

void
uid_ranges_get(struct store_txn *t, uint32_t folder, struct uidset *out)
{
	struct key from = key_of_u32(folder);
	struct span key, value;
	bool found;

	if (txn_failed(t))
		return;
	if (t->is_write)
		uid_ranges_flush(t);
	found = txn_seek(t, TABLE_UID_RANGES, &from, &key, &value);
	for (; found; found = txn_next(t, TABLE_UID_RANGES, &key, &value)) {
		struct range r = range_of(key, value);

		if (r.folder != folder)
			break;
		uidset_add(out, r.first, r.last);
	}
}
