/* SPDX-License-Identifier: MIT */
#include "store/undo_item.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "store/txn.h"

bool
undo_item_has_message(const struct undo_item *item)
{
	return item->kind == ACT_FLAGS || item->kind == ACT_MOVE ||
	    item->kind == ACT_KEYWORD;
}

static struct key
item_key(const struct undo_item *item)
{
	CLEANUP(buf_fini) struct buf folded = { 0 };
	struct key key = key_of_u64(item->step);

	key_u8(&key, (uint8_t)item->kind);
	key_u64(&key, item->id);
	if (item->keyword.n > 0) {
		text_fold(&folded, item->keyword);
		key_hash(&key, key_hash64(buf_span(&folded)));
	}
	return key;
}

void
undo_item_put(struct store_txn *t, const struct undo_item *item)
{
	struct key key = item_key(item);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, item->added);
	record_put_u64(b, item->removed);
	if (item->keyword.n > 0)
		record_put_span(b, item->keyword);
	txn_put_record(t, TABLE_UNDO, &key);
}

void
undo_item_drop(struct store_txn *t, const struct undo_item *item)
{
	struct key key = item_key(item);

	txn_del(t, TABLE_UNDO, &key);
}

bool
undo_item_next(struct store_txn *t, uint64_t step, struct key *at,
    struct arena *arena, struct undo_item *out)
{
	struct span key, value, rest;
	struct record r;

	if (!txn_seek(t, TABLE_UNDO, at, &key, &value))
		return false;
	rest = key;
	if (key_take_u64(&rest) != step ||
	    !txn_open_record(t, TABLE_UNDO, key, value, &r))
		return false;
	*out = (struct undo_item){ .step = step };
	out->kind = key_take_u8(&rest);
	out->id = key_take_u64(&rest);
	out->added = record_u32(&r);
	out->removed = record_u32(&r);
	if (out->kind == ACT_KEYWORD)
		out->keyword = arena_copy(arena, record_span(&r));
	at->n = 0;
	key_bytes(at, span_take(&key, KEY_MAX - 1));
	key_u8(at, 0);
	return txn_close_record(t, TABLE_UNDO, &r);
}

bool
undo_item_find(struct store_txn *t, const struct undo_item *item,
    struct arena *arena, struct undo_item *out)
{
	struct key at = item_key(item);

	return undo_item_next(t, item->step, &at, arena, out) &&
	    out->kind == item->kind && out->id == item->id &&
	    span_ieq(out->keyword, item->keyword);
}
