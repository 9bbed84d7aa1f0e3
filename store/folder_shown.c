/* SPDX-License-Identifier: MIT */
#include "store/folder_shown.h"

#include "base/cleanup.h"
#include "store/act_record.h"
#include "store/folder_record.h"
#include "store/txn.h"

bool
folder_act_next(struct store_txn *t, uint32_t account, uint64_t after,
    struct act *out)
{
	struct arena none = { 0 };	/* for recipients: there are not any */
	struct key from = key_of_u32(account);
	struct span key, value;

	*out = (struct act){ 0 };
	key_u64(&from, after + 1);
	if (!txn_seek(t, TABLE_FOLDER_ACTS, &from, &key, &value) ||
	    key_take_u32(&key) != account)
		return false;
	if (act_load(t, key_take_u64(&key), &none, out) &&
	    act_is_of_folder(out->kind) && out->id > after &&
	    out->nrecipients == 0)
		return true;
	arena_fini(&none);
	*out = (struct act){ 0 };
	txn_corrupt(t, TABLE_FOLDER_ACTS);
	return false;
}

bool
folder_act_find(struct store_txn *t, const struct folder *f,
    enum act_kind kind, uint64_t after, struct act *out)
{
	bool found = folder_act_next(t, f->account, after, out);

	while (found && (out->kind != kind || out->folder != f->id))
		found = folder_act_next(t, f->account, out->id, out);
	return found;
}

bool
folder_title_moves(struct span title, struct span from, struct span to,
    char delimiter, struct buf *out)
{
	if (!span_starts(title, from) || (title.n > from.n &&
	    (delimiter == 0 || title.p[from.n] != delimiter)))
		return false;
	buf_put(out, to);
	buf_put(out, span_skip(title, from.n));
	return true;
}

static void
show_rename(struct store_txn *t, const struct act *a, struct folder *f,
    struct arena *arena)
{
	CLEANUP(buf_fini) struct buf title = { 0 };
	struct folder renamed;

	if (a->folder == f->id)
		f->title = arena_copy(arena, a->title);
	else if (folder_load(t, a->folder, &renamed) &&
	    folder_title_moves(f->title, a->old_title, a->title,
	    renamed.delimiter, &title))
		f->title = arena_copy(arena, buf_span(&title));
}

void
folder_show(struct store_txn *t, struct folder *f, struct arena *arena)
{
	struct act a = { 0 };

	if (txn_failed(t) || txn_count(t, TABLE_FOLDER_ACTS) == 0)
		return;
	while (folder_act_next(t, f->account, a.id, &a)) {
		bool is_its = f->id && a.folder == f->id;

		if (a.kind == ACT_RENAME)
			show_rename(t, &a, f, arena);
		else if (is_its && a.kind == ACT_SUBSCRIBE)
			f->is_subscribed = a.add;
		else if (is_its)
			f->is_gone = a.kind == ACT_REMOVE;
	}
}

uint32_t
folder_claim(struct store_txn *t, const struct folder *folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };
	struct folder f;

	if (txn_failed(t) || txn_count(t, TABLE_FOLDER_ACTS) == 0)
		return 0;
	while (folder_act_next(t, folder->account, a.id, &a)) {
		if (a.kind != ACT_CREATE ||
		    !span_eq(a.title, folder->title) ||
		    !folder_load(t, a.folder, &f) || !f.is_pending)
			continue;
		f.title = arena_copy(&arena, f.title);
		f.name = arena_copy(&arena, f.name);
		f.is_pending = false;
		folder_name(t, &f, folder->name);
		return f.id;
	}
	return 0;
}
