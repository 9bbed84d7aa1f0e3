/* SPDX-License-Identifier: MIT */
#include "store/group.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/account.h"
#include "store/txn.h"

_Static_assert((int)GROUP_FOLDERS_MAX <= (int)VIEW_FOLDERS_MAX,
    "a group fits into a view");
_Static_assert((int)GROUP_NAME_OCTETS == (int)GROUP_NAME_MAX,
    "a name is the key of its group");

static struct key
group_key(struct span name)
{
	struct key key = { 0 };

	key_bytes(&key, name);
	return key;
}

/* Everything goes into the arena. */
static bool
read_group(struct store_txn *t, struct span key, struct span value,
    struct arena *arena, struct group *g)
{
	struct span *folders;
	struct record r;

	*g = (struct group){ 0 };
	if (!txn_open_record(t, TABLE_GROUPS, key, value, &r))
		return false;
	g->name = arena_copy(arena, key);
	g->order = record_u32(&r);
	g->nfolders = record_upto(&r, GROUP_FOLDERS_MAX);
	folders = arena_array(arena, g->nfolders, sizeof *folders);
	for (size_t i = 0; i < g->nfolders; i++)
		folders[i] = arena_copy(arena, record_span(&r));
	g->folders = folders;
	return txn_close_record(t, TABLE_GROUPS, &r);
}

static bool
find_group(struct store_txn *t, struct span name, struct arena *arena,
    struct group *g)
{
	struct key key = group_key(name);
	struct span value;

	return name.n > 0 && name.n <= GROUP_NAME_OCTETS &&
	    txn_get(t, TABLE_GROUPS, &key, &value) &&
	    read_group(t, key_span(&key), value, arena, g);
}

static bool
is_as_before(const struct group *a, const struct group *b)
{
	if (a->order != b->order || a->nfolders != b->nfolders)
		return false;
	for (size_t i = 0; i < a->nfolders; i++)
		if (!span_eq(a->folders[i], b->folders[i]))
			return false;
	return true;
}

void
store_group_put(struct store_txn *t, const struct group *g)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct group old;
	struct key key;
	struct buf *b;

	if (g->name.n == 0 || g->name.n > GROUP_NAME_OCTETS ||
	    g->nfolders > GROUP_FOLDERS_MAX) {
		txn_fail(t, ERR_LIMIT, "a group has a name of 1 to %d octets "
		    "and %d folders at most", GROUP_NAME_OCTETS,
		    GROUP_FOLDERS_MAX);
		return;
	}
	/* Nothing written at all makes a start without a commit. */
	if (find_group(t, g->name, &arena, &old) && is_as_before(g, &old))
		return;
	if (txn_failed(t))
		return;
	key = group_key(g->name);
	b = txn_record(t);
	record_put_u64(b, g->order);
	record_put_u64(b, g->nfolders);
	for (size_t i = 0; i < g->nfolders; i++)
		record_put_span(b, g->folders[i]);
	txn_put_record(t, TABLE_GROUPS, &key);
}

static bool
is_among(struct span name, const struct span *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(names[i], name))
			return true;
	return false;
}

void
store_group_keep_only(struct store_txn *t, const struct span *names, size_t n)
{
	struct key at = { 0 };
	struct span key, value;

	while (txn_seek(t, TABLE_GROUPS, &at, &key, &value)) {
		if (key.n > GROUP_NAME_OCTETS) {
			txn_corrupt(t, TABLE_GROUPS);
			return;
		}
		at = group_key(key);
		if (!is_among(key, names, n))
			txn_del(t, TABLE_GROUPS, &at);
		key_u8(&at, 0);		/* the next name after this one */
	}
}

static int
by_order(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return span_cmp(x->name, y->name);
}

size_t
store_groups(struct store_txn *t, struct arena *arena, struct group **out)
{
	size_t n = 0, room = txn_count(t, TABLE_GROUPS);
	struct key from = { 0 };
	struct span key, value;
	bool found = txn_seek(t, TABLE_GROUPS, &from, &key, &value);

	*out = arena_array(arena, room, sizeof **out);
	for (; found && n < room; found = txn_next(t, TABLE_GROUPS, &key,
	    &value))
		n += read_group(t, key, value, arena, &(*out)[n]);
	if (txn_failed(t))
		return 0;
	qsort(*out, n, sizeof **out, by_order);
	return n;
}

static bool
is_called(const struct folder *f, struct span name)
{
	if (f->is_gone)
		return false;
	if (name.n == 0 || span_ieq(name, SPAN_LIT("inbox")))
		return f->role == FOLDER_INBOX;
	return span_eq(f->title, name) || span_eq(f->name, name);
}

/* The folders of an account, read once for all of a group that are in it. */
struct known {
	struct span account;
	struct folder *folders;
	size_t n;
};

static void
read_known(struct store_txn *t, struct span name, struct arena *arena,
    struct known *out)
{
	struct account account;

	*out = (struct known){ .account = name };
	if (store_account_find(t, name, arena, &account) && !account.is_gone)
		out->n = store_folders(t, account.id, arena, &out->folders);
}

static uint32_t
find_folder(const struct known *known, struct span name)
{
	for (size_t i = 0; i < known->n; i++)
		if (is_called(&known->folders[i], name))
			return known->folders[i].id;
	return 0;
}

uint32_t
store_folder_by_path(struct store_txn *t, struct span path)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct known known;
	struct span name;

	if (!span_split(&path, '/', &name))
		return 0;
	read_known(t, name, &arena, &known);
	return find_folder(&known, path);
}

static void
add_folder(struct view *view, uint32_t folder)
{
	for (size_t i = 0; i < view->nfolders; i++)
		if (view->folders[i] == folder)
			return;
	if (folder && view->nfolders < VIEW_FOLDERS_MAX)
		view->folders[view->nfolders++] = folder;
}

static void
add_folders(struct store_txn *t, const struct group *g, struct arena *arena,
    struct view *view)
{
	struct known *all = arena_array(arena, g->nfolders, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < g->nfolders; i++) {
		struct span path = g->folders[i], name;
		size_t k = 0;

		if (!span_split(&path, '/', &name))
			continue;
		while (k < n && !span_eq(all[k].account, name))
			k++;
		if (k == n)
			read_known(t, name, arena, &all[n++]);
		add_folder(view, find_folder(&all[k], path));
	}
}

bool
store_view_group(struct store_txn *t, struct span name, struct view *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct group g;

	*out = (struct view){ 0 };
	if (!find_group(t, name, &arena, &g))
		return false;
	add_folders(t, &g, &arena, out);
	return !txn_failed(t);
}
