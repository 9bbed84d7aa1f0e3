/* SPDX-License-Identifier: MIT */
#include "store/folder.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/change_log.h"
#include "store/counts.h"
#include "store/folder_record.h"
#include "store/folder_shown.h"
#include "store/message.h"
#include "store/row.h"
#include "store/txn.h"

const char *
folder_role_word(enum folder_role role)
{
	static const char *const words[] = {
		[FOLDER_NONE] = "",
		[FOLDER_INBOX] = "inbox",
		[FOLDER_SENT] = "sent",
		[FOLDER_DRAFTS] = "drafts",
		[FOLDER_TRASH] = "trash",
		[FOLDER_JUNK] = "junk",
		[FOLDER_ARCHIVE] = "archive",
		[FOLDER_ALL] = "all",
		[FOLDER_FLAGGED] = "flagged",
	};

	bug_on((size_t)role >= ARRAY_LEN(words));
	return words[role];
}

void
folder_write(struct store_txn *t, const struct folder *f)
{
	struct key key = key_of_u32(f->id);
	struct buf *b;

	if (txn_failed(t))
		return;
	b = txn_record(t);
	record_put_u64(b, f->account);
	record_put_span(b, f->name);
	record_put_span(b, f->title);
	record_put_u64(b, (unsigned char)f->delimiter);
	record_put_u64(b, f->role);
	record_put_bool(b, f->is_selectable);
	record_put_bool(b, f->is_subscribed);
	record_put_bool(b, f->is_local);
	record_put_bool(b, f->is_gone);
	record_put_u64(b, f->uidvalidity);
	record_put_u64(b, f->uidnext);
	record_put_u64(b, f->highestmodseq);
	record_put_u64(b, f->server_total);
	record_put_u64(b, f->server_unseen);
	record_put_u64(b, f->complete_from);
	if (f->is_pending)
		record_put_bool(b, true);
	txn_put_record(t, TABLE_FOLDERS, &key);
}

/* Without the counts; spans are borrowed from the map. */
static bool
read_folder(struct store_txn *t, struct span key, struct span value,
    struct folder *f)
{
	struct record r;

	*f = (struct folder){ 0 };
	if (!txn_open_record(t, TABLE_FOLDERS, key, value, &r))
		return false;
	f->id = key_take_u32(&key);
	f->account = record_u32(&r);
	f->name = record_span(&r);
	f->title = record_span(&r);
	f->delimiter = (char)record_upto(&r, UINT8_MAX);
	f->role = record_upto(&r, FOLDER_FLAGGED);
	f->is_selectable = record_bool(&r);
	f->is_subscribed = record_bool(&r);
	f->is_local = record_bool(&r);
	f->is_gone = record_bool(&r);
	f->uidvalidity = record_u32(&r);
	f->uidnext = record_u32(&r);
	f->highestmodseq = record_u64(&r);
	f->server_total = record_u32(&r);
	f->server_unseen = record_u32(&r);
	f->complete_from = record_u32(&r);
	if (!r.is_bad && r.left.n > 0)
		f->is_pending = record_bool(&r);
	return txn_close_record(t, TABLE_FOLDERS, &r);
}

bool
folder_load(struct store_txn *t, uint32_t id, struct folder *f)
{
	struct key key = key_of_u32(id);
	struct span value;

	*f = (struct folder){ 0 };
	return txn_get(t, TABLE_FOLDERS, &key, &value) &&
	    read_folder(t, key_span(&key), value, f);
}

/* Walks all folders by id, on from the last one. */
static bool
next_folder(struct store_txn *t, struct folder *f)
{
	struct key at = key_of_u32(f->id + 1);
	struct span key, value;

	return txn_seek(t, TABLE_FOLDERS, &at, &key, &value) &&
	    read_folder(t, key, value, f);
}

/* Copies what was read into the arena, with the counts. */
static bool
give_folder(struct store_txn *t, struct arena *arena, struct folder *f)
{
	struct counts c;

	f->name = arena_copy(arena, f->name);
	f->title = arena_copy(arena, f->title);
	if (!counts_get(t, f->id, &c)) {
		txn_corrupt(t, TABLE_COUNTS);
		return false;
	}
	f->total = c.total;
	f->unread = c.unread;
	f->flagged = c.flagged;
	return true;
}

/* Names are up to 1000 octets, more than a key holds. */
struct key
folder_name_key(uint32_t account, struct span name)
{
	char digest[SHA256_OCTETS];
	struct key key = key_of_u32(account);

	key_sha256(name, digest);
	key_bytes(&key, (struct span){ digest, sizeof digest });
	return key;
}

uint32_t
folder_of_name(struct store_txn *t, const struct key *key)
{
	struct span value;

	return txn_get(t, TABLE_FOLDER_NAMES, key, &value)
	    ? key_take_u32(&value) : 0;
}

static bool
is_as_before(const struct folder *a, const struct folder *b)
{
	return span_eq(a->title, b->title) && a->delimiter == b->delimiter &&
	    a->role == b->role && a->is_selectable == b->is_selectable &&
	    a->is_subscribed == b->is_subscribed &&
	    a->is_local == b->is_local && a->is_gone == b->is_gone;
}

void
folder_change(struct store_txn *t, const struct folder *f)
{
	folder_write(t, f);
	change_log_add(t, CHANGE_FOLDER, f->account, f->id, 0);
}

/* What a caller may say of a folder; the rest stays. */
static void
take_words(struct folder *f, const struct folder *from)
{
	f->account = from->account;
	f->name = from->name;
	f->title = from->title;
	f->delimiter = from->delimiter;
	f->role = from->role;
	f->is_selectable = from->is_selectable;
	f->is_subscribed = from->is_subscribed;
	f->is_local = from->is_local;
	f->is_gone = from->is_gone;
}

static uint32_t
put_new(struct store_txn *t, const struct folder *folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f = { .complete_from = UID_MAX };

	take_words(&f, folder);
	folder_show(t, &f, &arena);
	return folder_make(t, &f);
}

static uint32_t
put_again(struct store_txn *t, uint32_t id, const struct folder *folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f, old, now = *folder;
	struct counts c = { 0 };

	if (!folder_load(t, id, &old) || !counts_get(t, id, &c) ||
	    !folder_load(t, id, &old)) {
		txn_corrupt(t, TABLE_FOLDERS);
		return 0;
	}
	now.id = id;
	folder_show(t, &now, &arena);
	if (is_as_before(&old, &now))
		return txn_failed(t) ? 0 : id;
	f = old;
	take_words(&f, &now);
	folder_change(t, &f);
	c.account = f.account;
	c.is_local = f.is_local;
	counts_put(t, id, &c);
	return txn_failed(t) ? 0 : id;
}

uint32_t
store_folder_put(struct store_txn *t, const struct folder *folder)
{
	struct key name = folder_name_key(folder->account, folder->name);
	uint32_t id = folder_of_name(t, &name);

	if (folder->name.n > NAME_MAX_OCTETS ||
	    folder->title.n > 2 * NAME_MAX_OCTETS)
		txn_fail(t, ERR_LIMIT, "the name of a folder is longer than "
		    "%d octets", NAME_MAX_OCTETS);
	if (id == 0)
		id = folder_claim(t, folder);
	return id ? put_again(t, id, folder) : put_new(t, folder);
}

void
store_folder_put_state(struct store_txn *t, const struct folder *folder)
{
	struct folder f;

	if (!folder_load(t, folder->id, &f)) {
		txn_fail(t, ERR_NOTFOUND, "there is no folder %u", folder->id);
		return;
	}
	f.uidvalidity = folder->uidvalidity;
	f.uidnext = folder->uidnext;
	f.highestmodseq = folder->highestmodseq;
	f.server_total = folder->server_total;
	f.server_unseen = folder->server_unseen;
	f.complete_from = folder->complete_from;
	folder_write(t, &f);
}

void
folder_index(struct store_txn *t, uint32_t id)
{
	struct counts c = { 0 };
	struct key name, value = key_of_u32(id);
	struct folder f;

	if (!folder_load(t, id, &f))
		return;
	c.account = f.account;
	c.is_local = f.is_local;
	name = folder_name_key(f.account, f.name);
	txn_put(t, TABLE_FOLDER_NAMES, &name, key_span(&value));
	counts_put(t, id, &c);
}

void
folder_restore(struct store_txn *t, uint32_t id, uint32_t account)
{
	CLEANUP(buf_fini) struct buf name = { 0 };
	struct folder f = {
		.id = id,
		.account = account,
		.is_selectable = true,
		.is_local = true,
		.complete_from = 1,
	};

	buf_printf(&name, "Recovered %u", id);
	f.name = f.title = buf_span(&name);
	folder_write(t, &f);
	folder_index(t, id);
}

/* The folders of an account by their names' hashes, at the cost of them. */
static bool
first_name(struct store_txn *t, uint32_t account, struct span *key,
    struct span *value)
{
	struct key from = key_of_u32(account);
	struct span of;

	if (!txn_seek(t, TABLE_FOLDER_NAMES, &from, key, value))
		return false;
	of = *key;
	return key_take_u32(&of) == account;
}

static bool
next_name(struct store_txn *t, uint32_t account, struct span *key,
    struct span *value)
{
	struct span of;

	if (!txn_next(t, TABLE_FOLDER_NAMES, key, value))
		return false;
	of = *key;
	return key_take_u32(&of) == account;
}

static bool
load_named(struct store_txn *t, struct span value, struct folder *out)
{
	if (folder_load(t, key_take_u32(&value), out))
		return true;
	txn_corrupt(t, TABLE_FOLDER_NAMES);
	return false;
}

enum folder_role
store_folder_role(struct store_txn *t, uint32_t id)
{
	struct folder f;

	return folder_load(t, id, &f) ? f.role : FOLDER_NONE;
}

bool
store_folder_get(struct store_txn *t, uint32_t id, struct arena *arena,
    struct folder *out)
{
	return folder_load(t, id, out) && give_folder(t, arena, out);
}

bool
store_folder_find(struct store_txn *t, uint32_t account, struct span name,
    struct arena *arena, struct folder *out)
{
	struct key key = folder_name_key(account, name);
	uint32_t id = folder_of_name(t, &key);

	*out = (struct folder){ 0 };
	return id && store_folder_get(t, id, arena, out);
}

bool
store_folder_find_role(struct store_txn *t, uint32_t account,
    enum folder_role role, struct arena *arena, struct folder *out)
{
	struct span key, value;
	bool found = first_name(t, account, &key, &value);

	*out = (struct folder){ 0 };
	for (; found; found = next_name(t, account, &key, &value)) {
		struct folder f;

		if (load_named(t, value, &f) && f.role == role && !f.is_gone &&
		    (out->id == 0 || f.id < out->id))
			*out = f;
	}
	return out->id && give_folder(t, arena, out);
}

/* Inbox first, the other roles as numbered, then folders without one. */
static int
by_place(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;
	unsigned xrole = (unsigned)x->role - 1, yrole = (unsigned)y->role - 1;
	int order;

	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	if (xrole != yrole)
		return xrole < yrole ? -1 : 1;
	order = span_cmp(x->title, y->title);
	if (order != 0)
		return order;
	return x->id < y->id ? -1 : x->id > y->id;
}

static size_t
all_folders(struct store_txn *t, struct arena *arena, struct folder **out)
{
	size_t n = 0, room = txn_count(t, TABLE_FOLDERS);
	struct folder f = { 0 };

	*out = arena_array(arena, room, sizeof **out);
	while (n < room && next_folder(t, &f)) {
		(*out)[n] = f;
		if (!give_folder(t, arena, &(*out)[n++]))
			break;
	}
	return n;
}

static size_t
folders_of(struct store_txn *t, uint32_t account, struct arena *arena,
    struct folder **out)
{
	size_t n = 0, room = 0;
	struct span key, value;
	bool found = first_name(t, account, &key, &value);

	for (; found; found = next_name(t, account, &key, &value))
		room++;
	*out = arena_array(arena, room, sizeof **out);
	found = first_name(t, account, &key, &value);
	for (; found && n < room; found = next_name(t, account, &key, &value))
		if (!load_named(t, value, &(*out)[n]) ||
		    !give_folder(t, arena, &(*out)[n++]))
			break;
	return n;
}

size_t
store_folders(struct store_txn *t, uint32_t account, struct arena *arena,
    struct folder **out)
{
	size_t n = account ? folders_of(t, account, arena, out) :
	    all_folders(t, arena, out);

	if (txn_failed(t))
		return 0;
	qsort(*out, n, sizeof **out, by_place);
	return n;
}

/*
 * A row of the folder behind *at in by_date or by_uid, and where to go on;
 * 0 at the end.
 */
static uint64_t
next_row(struct store_txn *t, enum table table, uint32_t folder,
    struct key *at)
{
	struct key row = { 0 };
	struct span key, value, k;
	uint64_t id;

	if (!txn_seek(t, table, at, &key, &value))
		return 0;
	k = key;
	if (key_take_u32(&k) != folder)
		return 0;
	at->n = 0;
	key_bytes(at, span_take(&key, KEY_MAX - 1));
	key_u8(at, 0);
	if (table == TABLE_BY_DATE)
		key_take_date(&k);
	id = table == TABLE_BY_DATE ? key_take_u64(&k)
	    : key_take_u64(&value);
	row = key_of_u64(id);
	if (!txn_has(t, TABLE_ROWS, &row))
		txn_corrupt(t, table);
	return txn_failed(t) ? 0 : id;
}

/* One of those that the server has there; 0 at the end. */
static uint64_t
next_of_server(struct store_txn *t, enum table table, uint32_t folder,
    struct key *at)
{
	uint64_t id = next_row(t, table, folder, at);
	struct row row;

	while (id && row_get(t, id, &row) && row.m.server_folder != folder)
		id = next_row(t, table, folder, at);
	return id;
}

bool
store_folder_clear(struct store_txn *t, uint32_t folder, size_t max)
{
	/* Those that are seen there, and then those that are seen elsewhere. */
	static const enum table all[] = { TABLE_BY_DATE, TABLE_BY_UID };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct key at = key_of_u32(folder);
		uint64_t id;

		for (; (id = next_of_server(t, all[i], folder, &at)) != 0;
		    n++) {
			if (n == max)
				return true;
			store_message_remove(t, id);
		}
	}
	return false;
}
