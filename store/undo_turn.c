/* SPDX-License-Identifier: MIT */
/* How each kind of act is taken back, and done again. */
#include "base/cleanup.h"
#include "store/act_follow.h"
#include "store/folder_shown.h"
#include "store/txn.h"
#include "store/undo_item.h"

static enum undo_outcome
turn_message(struct store_txn *t, const struct undo_item *item, bool is_again,
    int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint32_t add = is_again ? item->added : item->removed;
	uint32_t remove = is_again ? item->removed : item->added;
	struct message m;

	if (!store_message_get(t, item->id, &arena, &m) || m.folder == 0)
		return UNDO_GONE;
	if (item->kind == ACT_FLAGS)
		store_act_flags(t, item->id, add, remove, now);
	else if (item->kind == ACT_KEYWORD)
		store_act_keyword(t, item->id, item->keyword, add != 0, now);
	else if (m.folder != add && !store_act_move(t, item->id, add, now))
		return UNDO_LEFT;
	return UNDO_OK;
}

/* The folder of an act, when there is one to be seen. */
static bool
has_folder(struct store_txn *t, const struct act *act, struct arena *arena,
    struct folder *f)
{
	return store_folder_get(t, act->folder, arena, f) && !f->is_gone;
}

static enum undo_outcome
back_folder(struct store_txn *t, const struct act *act, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t opposite = 0;
	struct folder f;

	if (!has_folder(t, act, &arena, &f))
		return UNDO_GONE;
	if (act->kind == ACT_CREATE)
		opposite = store_act_remove(t, f.id, now);
	else if (act->kind == ACT_RENAME && span_eq(f.title, act->old_title))
		return UNDO_OK;
	else if (act->kind == ACT_RENAME)
		opposite = store_act_rename(t, f.id, act->old_title, now);
	else if (f.is_subscribed != act->add)
		return UNDO_OK;
	else
		opposite = store_act_subscribe(t, f.id, !act->add, now);
	return opposite ? UNDO_OK : UNDO_LEFT;
}

/* The server knows of it: the opposite, where there is one. */
static enum undo_outcome
turn_back_later(struct store_txn *t, const struct act *act, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;

	switch (act->kind) {
	case ACT_COPY:
		if (!store_message_get(t, act->copy, &arena, &m))
			return UNDO_GONE;
		store_act_purge(t, act->copy, now);
		return UNDO_OK;
	case ACT_CREATE:
	case ACT_RENAME:
	case ACT_SUBSCRIBE:
		return back_folder(t, act, now);
	case ACT_SEND:
	case ACT_PURGE:
	case ACT_REMOVE:
	case ACT_FILE:
	case ACT_FLAGS:
	case ACT_MOVE:
	case ACT_KEYWORD:
		break;
	}
	return UNDO_LEFT;
}

static enum undo_outcome
turn_back(struct store_txn *t, const struct act *act, int64_t now)
{
	bool is_put_away = act->state == ACT_QUEUED ||
	    act->state == ACT_FAILED;

	if (act->state == ACT_CANCELED)
		return UNDO_OK;
	if (is_put_away && store_act_cancel(t, act->id, now, NULL) == ERR_OK)
		return UNDO_OK;
	return turn_back_later(t, act, now);
}

/* Made again, or not removed after all. */
static uint64_t
create_again(struct store_txn *t, const struct act *act, int64_t now)
{
	const struct folder f = { .id = act->folder, .account = act->account };
	struct act removal;

	if (folder_act_find(t, &f, ACT_REMOVE, act->id, &removal) &&
	    removal.state == ACT_QUEUED) {
		act_cancel_queued(t, removal.id, now);
		return act->id;
	}
	return store_act_create(t, act->account, act->title, now);
}

/* Another act that does the same; 0: it cannot be. */
static uint64_t
act_again(struct store_txn *t, const struct act *act, int64_t now)
{
	switch (act->kind) {
	case ACT_SEND:
		return store_act_send(t, act, now);
	case ACT_COPY:
		return store_act_copy(t, act->message, act->target, now);
	case ACT_PURGE:
		return store_act_purge(t, act->message, now);
	case ACT_CREATE:
		return create_again(t, act, now);
	case ACT_RENAME:
		return store_act_rename(t, act->folder, act->title, now);
	case ACT_REMOVE:
		return store_act_remove(t, act->folder, now);
	case ACT_SUBSCRIBE:
		return store_act_subscribe(t, act->folder, act->add, now);
	case ACT_FILE:
	case ACT_FLAGS:
	case ACT_MOVE:
	case ACT_KEYWORD:
		break;
	}
	return 0;
}

/* What the act did is still so: it was not taken back. */
static bool
is_done_still(struct store_txn *t, const struct act *act)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message m;
	struct folder f;

	if (act->state == ACT_CANCELED)
		return false;
	if (act->kind == ACT_COPY)
		return store_message_get(t, act->copy, &arena, &m) &&
		    m.folder != 0;
	if (act->kind == ACT_CREATE)
		return has_folder(t, act, &arena, &f);
	if (act->kind == ACT_RENAME)
		return has_folder(t, act, &arena, &f) &&
		    span_eq(f.title, act->title);
	if (act->kind == ACT_SUBSCRIBE)
		return has_folder(t, act, &arena, &f) &&
		    f.is_subscribed == act->add;
	return true;
}

static enum undo_outcome
turn_again(struct store_txn *t, const struct undo_item *item,
    const struct act *act, int64_t now)
{
	struct undo_item new = *item;

	if (is_done_still(t, act))
		return act->state == ACT_DONE && act->kind == ACT_SEND
		    ? UNDO_LEFT : UNDO_OK;
	new.id = act_again(t, act, now);
	if (new.id == 0)
		return UNDO_GONE;
	/* A canceled act stays what it is. */
	undo_item_drop(t, item);
	undo_item_put(t, &new);
	return UNDO_OK;
}

enum undo_outcome
undo_turn_item(struct store_txn *t, const struct undo_item *item,
    bool is_again, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act act;

	if (item->kind == 0 || item->kind > ACT_KIND_LAST ||
	    item->kind == ACT_FILE) {
		txn_corrupt(t, TABLE_UNDO);
		return UNDO_GONE;
	}
	if (undo_item_has_message(item))
		return turn_message(t, item, is_again, now);
	if (!store_act_get(t, item->id, &arena, &act))
		return UNDO_GONE;
	return is_again ? turn_again(t, item, &act, now)
	    : turn_back(t, &act, now);
}
