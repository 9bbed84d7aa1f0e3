/* SPDX-License-Identifier: MIT */
/*
 * Names of folders that change.  A name that no server can have begins with
 * an octet of zero, which is in no mailbox name (RFC 9051 9, CHAR8).
 */
#include "base/cleanup.h"
#include "store/counts.h"
#include "store/folder_record.h"
#include "store/folder_shown.h"
#include "store/txn.h"

enum { PROVISIONAL_OCTETS = 16 };

static struct span
provisional_name(uint32_t id, char text[PROVISIONAL_OCTETS])
{
	int n = snprintf(text, PROVISIONAL_OCTETS, "%c%u", 0, id);

	return (struct span){ text, (size_t)n };
}

static void
give_up_name(struct store_txn *t, uint32_t id)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	char text[PROVISIONAL_OCTETS];
	struct folder f;

	if (!folder_load(t, id, &f)) {
		txn_corrupt(t, TABLE_FOLDER_NAMES);
		return;
	}
	f.name = arena_copy(&arena, f.name);
	f.title = arena_copy(&arena, f.title);
	f.is_gone = true;
	folder_name(t, &f, provisional_name(id, text));
}

void
folder_name(struct store_txn *t, struct folder *f, struct span name)
{
	struct key was = folder_name_key(f->account, f->name);
	struct key is = folder_name_key(f->account, name);
	struct key value = key_of_u32(f->id);
	uint32_t other = folder_of_name(t, &is);

	if (txn_failed(t))
		return;
	if (other && other != f->id)
		give_up_name(t, other);
	if (folder_of_name(t, &was) == f->id)
		txn_del(t, TABLE_FOLDER_NAMES, &was);
	f->name = name;
	folder_change(t, f);
	txn_put(t, TABLE_FOLDER_NAMES, &is, key_span(&value));
}

uint32_t
folder_make(struct store_txn *t, struct folder *f)
{
	struct counts c = { .account = f->account, .is_local = f->is_local };
	char text[PROVISIONAL_OCTETS];
	struct span name = f->name;

	f->id = (uint32_t)txn_next_number(t, COUNTER_FOLDER);
	folder_name(t, f, name.n ? name : provisional_name(f->id, text));
	f->name = name;
	counts_put(t, f->id, &c);
	return txn_failed(t) ? 0 : f->id;
}

/* The folders below one, which are known by its name. */
static void
rename_below(struct store_txn *t, const struct folder *top, struct span name)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *all;
	size_t n = store_folders(t, top->account, &arena, &all);

	for (size_t i = 0; i < n; i++) {
		CLEANUP(buf_fini) struct buf below = { 0 };

		/* One whose name would be too long comes with the next list. */
		if (all[i].id != top->id && folder_title_moves(all[i].name,
		    top->name, name, top->delimiter, &below) &&
		    below.n <= NAME_MAX_OCTETS)
			folder_name(t, &all[i], buf_span(&below));
	}
}

void
store_folder_renamed(struct store_txn *t, uint32_t folder, struct span name)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f;
	struct act a;

	if (!folder_load(t, folder, &f))
		return;
	if (name.n == 0 || name.n > NAME_MAX_OCTETS) {
		txn_fail(t, ERR_LIMIT, "the name of a folder has 1 to %d "
		    "octets", NAME_MAX_OCTETS);
		return;
	}
	f.name = arena_copy(&arena, f.name);
	f.title = arena_copy(&arena, f.title);
	rename_below(t, &f, name);
	f.is_pending = false;
	f.is_gone = folder_act_find(t, &f, ACT_REMOVE, 0, &a);
	folder_name(t, &f, name);
}
