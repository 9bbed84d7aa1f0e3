/* SPDX-License-Identifier: MIT */
#include "ui/folder_pick.h"

#include "base/cleanup.h"
#include "base/i18n.h"
#include "ui/name_fit.h"

struct span
folder_pick_name(const struct folder *folder)
{
	return folder->role == FOLDER_INBOX ? span_of(_("Inbox")) :
	    folder->title;
}

/* How well each folder fits, in the store's order; -1 for what cannot be. */
static int *
fits(const struct folder *folders, size_t n, uint32_t except,
    struct span typed, struct arena *arena)
{
	int *levels = arena_array(arena, n + 1, sizeof *levels);

	for (size_t i = 0; i < n; i++) {
		const struct folder *f = &folders[i];
		bool can_be = f->is_selectable && !f->is_gone &&
		    f->id != except;

		levels[i] = can_be ? name_fit(folder_pick_name(f), f->title,
		    typed) : -1;
	}
	return levels;
}

static void
add(struct completion *out, const struct folder *folder)
{
	if (out->n == FOLDER_PICK_MAX)
		out->has_more = true;
	else
		out->candidates[out->n++] = arena_copy(&out->arena,
		    folder_pick_name(folder));
}

void
folder_pick_complete(struct store_txn *t, uint32_t account, uint32_t except,
    uint32_t first, struct span typed, struct completion *out)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *folders;
	size_t n = store_folders(t, account, &arena, &folders);
	int *levels = fits(folders, n, except, span_trim(typed), &arena);

	out->from = 0;
	out->candidates = arena_array(&out->arena, FOLDER_PICK_MAX,
	    sizeof *out->candidates);
	for (int level = 0; level < NAME_FIT_LEVELS; level++) {
		for (size_t i = 0; i < n; i++)
			if (levels[i] == level && folders[i].id == first)
				add(out, &folders[i]);
		for (size_t i = 0; i < n; i++)
			if (levels[i] == level && folders[i].id != first)
				add(out, &folders[i]);
	}
}

enum err
folder_pick(struct store_txn *t, uint32_t account, uint32_t except,
    struct span typed, struct arena *arena, struct folder *out)
{
	struct folder *folders;
	size_t n = store_folders(t, account, arena, &folders), found = 0;
	int *levels = fits(folders, n, except, span_trim(typed), arena);

	for (int level = 0; level < NAME_FIT_LEVELS && !found; level++) {
		for (size_t i = 0; i < n; i++) {
			if (levels[i] != level)
				continue;
			*out = folders[i];
			found++;
		}
	}
	return found == 0 ? ERR_NOTFOUND : found == 1 ? ERR_OK : ERR_REFUSED;
}
