/* SPDX-License-Identifier: MIT */
/* Acts that make, rename, remove and subscribe to folders. */
#include "base/cleanup.h"
#include "base/text.h"
#include "store/account.h"
#include "store/act_follow.h"
#include "store/act_record.h"
#include "store/folder_record.h"
#include "store/folder_shown.h"
#include "store/pending.h"
#include "store/row.h"
#include "store/txn.h"
#include "store/undo_note.h"

static bool
is_title(struct span title)
{
	if (title.n == 0 || title.n > NAME_MAX_OCTETS ||
	    !text_is_utf8(title))
		return false;
	for (size_t i = 0; i < title.n; i++) {
		unsigned char c = (unsigned char)title.p[i];
		unsigned char next = i + 1 < title.n
		    ? (unsigned char)title.p[i + 1] : 0xff;

		/* C0, DEL, and C1 (U+0080 to U+009F). */
		if (c < ' ' || c == 0x7f || (c == 0xc2 && next < 0xa0))
			return false;
	}
	return true;
}

static bool
is_inbox(const struct folder *f)
{
	return f->role == FOLDER_INBOX ||
	    span_ieq(f->title, SPAN_LIT("INBOX"));
}

/* No other folder of the account that is there has it. */
static bool
is_free(struct store_txn *t, uint32_t account, uint32_t folder,
    struct span title)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *all;
	size_t n = store_folders(t, account, &arena, &all);

	for (size_t i = 0; i < n; i++)
		if (all[i].id != folder && !all[i].is_gone &&
		    (span_eq(all[i].title, title) || (is_inbox(&all[i]) &&
		    span_ieq(title, SPAN_LIT("INBOX")))))
			return false;
	return !txn_failed(t);
}

/* One that is there, with its spans in the arena. */
static bool
load_folder(struct store_txn *t, uint32_t id, struct arena *arena,
    struct folder *f)
{
	return store_folder_get(t, id, arena, f) && !f->is_gone;
}

/* There is no server for it. */
static bool
is_local_account(struct store_txn *t, uint32_t account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account a;

	return store_account_get(t, account, &arena, &a) &&
	    a.kind != ACCOUNT_IMAP;
}

static uint64_t
put_act(struct store_txn *t, const struct act *a)
{
	act_store(t, a, 0);
	undo_note_act(t, a->kind, a->id);
	return txn_failed(t) ? 0 : a->id;
}

/* What the other folders of the account have for one between their names. */
static char
usual_delimiter(struct store_txn *t, uint32_t account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *all;
	size_t n = store_folders(t, account, &arena, &all);

	for (size_t i = 0; i < n; i++)
		if (all[i].delimiter)
			return all[i].delimiter;
	return 0;
}

uint64_t
store_act_create(struct store_txn *t, uint32_t account, struct span title,
    int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	bool is_local = is_local_account(t, account);
	struct folder f = {
		.account = account,
		.name = is_local ? title : (struct span){ 0 },
		.title = title,
		.is_selectable = true,
		.is_subscribed = true,
		.is_local = is_local,
		.is_pending = !is_local,
		.complete_from = is_local ? 1 : UID_MAX,
	};
	struct account owner;
	struct act a;

	if (!is_title(title) || !is_free(t, account, 0, title) ||
	    !store_account_get(t, account, &arena, &owner))
		return 0;
	f.delimiter = usual_delimiter(t, account);
	a = act_new(t, ACT_CREATE, account, is_local, now);
	a.folder = folder_make(t, &f);
	a.title = title;
	return put_act(t, &a);
}

/* Titles that were at or below one are at or below another one. */
static void
move_titles(struct store_txn *t, const struct folder *top, struct span from,
    struct span to)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *all;
	size_t n = store_folders(t, top->account, &arena, &all);

	for (size_t i = 0; i < n; i++) {
		CLEANUP(buf_fini) struct buf title = { 0 };

		if (all[i].id == top->id)
			buf_put(&title, to);
		else if (!folder_title_moves(all[i].title, from, to,
		    top->delimiter, &title))
			continue;
		all[i].title = buf_span(&title);
		folder_change(t, &all[i]);
	}
}

uint64_t
store_act_rename(struct store_txn *t, uint32_t folder, struct span title,
    int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf below = { 0 };
	struct folder f;
	struct act a;

	if (!is_title(title) || !load_folder(t, folder, &arena, &f) ||
	    is_inbox(&f) || folder_title_moves(title, f.title, title,
	    f.delimiter, &below) || !is_free(t, f.account, folder, title))
		return 0;
	a = act_new(t, ACT_RENAME, f.account, f.is_local, now);
	a.folder = folder;
	a.title = title;
	a.old_title = f.title;
	move_titles(t, &f, f.title, title);
	if (a.state == ACT_DONE)
		store_folder_renamed(t, folder, title);
	return put_act(t, &a);
}

static void
set_gone(struct store_txn *t, uint32_t folder, bool is_gone)
{
	struct folder f;

	if (!folder_load(t, folder, &f) || f.is_gone == is_gone)
		return;
	f.is_gone = is_gone;
	folder_change(t, &f);
}

uint64_t
store_act_remove(struct store_txn *t, uint32_t folder, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f;
	struct act a;

	if (!load_folder(t, folder, &arena, &f) || is_inbox(&f))
		return 0;
	a = act_new(t, ACT_REMOVE, f.account, f.is_local, now);
	a.folder = folder;
	set_gone(t, folder, true);
	return put_act(t, &a);
}

static void
set_subscribed(struct store_txn *t, uint32_t folder, bool on)
{
	struct folder f;

	if (!folder_load(t, folder, &f) || f.is_subscribed == on)
		return;
	f.is_subscribed = on;
	folder_change(t, &f);
}

uint64_t
store_act_subscribe(struct store_txn *t, uint32_t folder, bool on,
    int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f;
	struct act a;

	if (!load_folder(t, folder, &arena, &f) || f.is_subscribed == on)
		return 0;
	a = act_new(t, ACT_SUBSCRIBE, f.account, f.is_local, now);
	a.folder = folder;
	a.add = on;
	set_subscribed(t, folder, on);
	return put_act(t, &a);
}

/* What waits to be put into a folder that is not made is not to be. */
static void
cancel_into(struct store_txn *t, uint32_t folder, int64_t now)
{
	struct key at = key_of_u32(folder);
	struct span key, value;

	while (txn_seek(t, TABLE_BY_DATE, &at, &key, &value)) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct act a = { 0 };
		uint64_t message;

		at.n = 0;
		key_bytes(&at, span_take(&key, KEY_MAX - 1));
		key = key_span(&at);
		if (key_take_u32(&key) != folder)
			return;
		key_take_date(&key);
		message = key_take_u64(&key);
		key_u8(&at, 0);
		while (pending_next(t, message, a.id, &arena, &a))
			if (a.state == ACT_QUEUED && a.target == folder)
				act_cancel_queued(t, a.id, now);
	}
}

/* The folder was not made: what waits for it goes with it. */
static void
follow_create(struct store_txn *t, const struct act *create, int64_t now)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct act a = { 0 };
	struct folder f;

	/* The server has one of that title, whatever became of the act. */
	if (!store_folder_get(t, create->folder, &arena, &f) ||
	    !f.is_pending)
		return;
	while (folder_act_next(t, f.account, a.id, &a))
		if (a.folder == f.id && a.state == ACT_QUEUED)
			act_cancel_queued(t, a.id, now);
	cancel_into(t, f.id, now);
	set_gone(t, f.id, true);
}

/*
 * Later acts that were wished for below the new title, once the folder has
 * the old one again (or the other way round).  True when a later one gives
 * the folder a title of its own.
 */
static bool
move_later(struct store_txn *t, const struct act *rename,
    const struct folder *f, struct span from, struct span to)
{
	struct act a = { .id = rename->id };

	while (folder_act_next(t, f->account, a.id, &a)) {
		CLEANUP(buf_fini) struct buf title = { 0 }, old = { 0 };
		bool is_its = a.kind == ACT_RENAME && a.folder == f->id;
		bool is_moved = false;

		if (is_its) {
			a.old_title = to;
			act_store(t, &a, a.state);
			return true;
		}
		if (folder_title_moves(a.title, from, to, f->delimiter,
		    &title)) {
			a.title = buf_span(&title);
			is_moved = true;
		}
		if (folder_title_moves(a.old_title, from, to, f->delimiter,
		    &old)) {
			a.old_title = buf_span(&old);
			is_moved = true;
		}
		if (is_moved)
			act_store(t, &a, a.state);
	}
	return false;
}

static void
turn_rename(struct store_txn *t, const struct act *a, struct span from,
    struct span to)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f;

	if (store_folder_get(t, a->folder, &arena, &f) &&
	    !move_later(t, a, &f, from, to))
		move_titles(t, &f, from, to);
}

/* A later one of its kind on the folder says what is to be seen. */
static bool
has_later(struct store_txn *t, const struct act *a)
{
	const struct folder f = { .id = a->folder, .account = a->account };
	struct act later;

	return folder_act_find(t, &f, a->kind, a->id, &later);
}

void
act_follow_folder(struct store_txn *t, const struct act *a, int64_t now)
{
	if (a->state != ACT_FAILED && a->state != ACT_CANCELED)
		return;
	if (a->kind == ACT_CREATE)
		follow_create(t, a, now);
	else if (a->kind == ACT_RENAME)
		turn_rename(t, a, a->title, a->old_title);
	else if (has_later(t, a))
		return;
	else if (a->kind == ACT_REMOVE)
		set_gone(t, a->folder, false);
	else
		set_subscribed(t, a->folder, !a->add);
}

const char *
act_revive_folder(struct store_txn *t, const struct act *a)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f;

	if (!store_folder_get(t, a->folder, &arena, &f) ||
	    (f.is_gone && a->kind != ACT_CREATE))
		return "is of a folder that is gone";
	if (a->title.n > 0 && !is_free(t, f.account, f.id, a->title))
		return "is for a title that another folder has";
	if (a->kind == ACT_CREATE)
		set_gone(t, f.id, false);
	else if (a->kind == ACT_RENAME)
		turn_rename(t, a, a->old_title, a->title);
	else if (a->kind == ACT_REMOVE)
		set_gone(t, f.id, true);
	else if (!has_later(t, a))
		set_subscribed(t, f.id, a->add);
	return NULL;
}
