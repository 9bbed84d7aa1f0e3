/* SPDX-License-Identifier: MIT */
/*
 * Makes a store with N messages of tests/bench/mailbox.h, without a server,
 * and prints the subjects of the newest and the oldest letter, a line each: of
 * the inboxes, of what is unread in them, and of the first inbox.
 *
 *   fill_store DIR N
 */
#include <stdio.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/view.h"
#include "tests/bench/mailbox.h"

static void
print_ends(struct store *store, uint32_t folder, unsigned filter)
{
	static const enum view_from ends[] = { VIEW_TOP, VIEW_BOTTOM };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *page;
	struct store_txn t;
	struct view view;

	store_read(store, &t);
	if (folder)
		store_view_folder(folder, &view);
	else
		store_view_role(&t, FOLDER_INBOX, &view);
	view.filter = filter;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (store_view_page(&t, &view, ends[i],
		    (struct view_position){ 0 }, 1, &arena, &page) == 1)
			printf("%.*s\n", SPAN_ARG(page[0].subject));
	store_end(&t);
}

int
main(int argc, char **argv)
{
	struct mailbox box;
	struct store *store;
	struct error e = { 0 };
	uint64_t n;

	if (argc != 3 || !span_u64(span_of(argv[2]), &n) || n > UINT32_MAX)
		return 64;
	if (store_open(argv[1], &store, &e) != ERR_OK) {
		fprintf(stderr, "fill_store: %s\n", e.text);
		return 1;
	}
	mailbox_make(&box, store);
	mailbox_fill(&box, (uint32_t)n);
	print_ends(store, 0, VIEW_ALL);
	print_ends(store, 0, VIEW_UNREAD);
	print_ends(store, box.folders[0][0], VIEW_ALL);
	store_close(store);
	return 0;
}
