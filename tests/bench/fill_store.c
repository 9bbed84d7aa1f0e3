/* SPDX-License-Identifier: MIT */
/*
 * Makes a store with N letters in one local account, without any server.
 *
 *   fill_store DIR N
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "store/account.h"
#include "store/folder.h"
#include "store/message.h"

enum { BATCH = 2000 };

static const char *const names[] = { "Ratna Wijaya", "Bambang Sutrisno",
	"Siti Rahmawati", "Farid Haddad", "Ana García", "田中 宏" };

static _Noreturn void
die(const struct error *e)
{
	fprintf(stderr, "fill_store: %s\n", e->text);
	exit(1);
}

static uint32_t
make_folder(struct store *store)
{
	struct store_txn t;
	struct error e = { 0 };
	struct account account = { .name = SPAN("kerja"),
		.full_name = SPAN("Budi"), .address = SPAN("budi@kantor.example"),
		.kind = ACCOUNT_LOCAL, .keep = KEEP_OFFLINE };
	struct folder folder = { .name = SPAN("INBOX"), .title = SPAN("Inbox"),
		.delimiter = '/', .role = FOLDER_INBOX, .is_selectable = true,
		.is_local = true };

	store_write(store, &t);
	folder.account = store_account_put(&t, &account);
	folder.id = store_folder_put(&t, &folder);
	if (store_commit(&t, &e) != ERR_OK)
		die(&e);
	return folder.id;
}

static void
add(struct store_txn *t, uint32_t folder, uint32_t i)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct address from = { span_of(names[i % ARRAY_LEN(names)]),
		span_of(arena_printf(&arena, "p%u@kantor.example", i % 997)) };
	struct envelope envelope = {
		.date = 1500000000 + (int64_t)i * 300,
		.subject = span_of(arena_printf(&arena, "Letter number %u", i)),
		.from = { &from, 1 },
		.message_id = span_of(arena_printf(&arena, "%u@bench", i)),
	};
	struct message_new m = {
		.folder = folder,
		.uid = { i },
		.flags = i % 10 ? FLAG_SEEN : 0,
		.arrived = envelope.date,
		.size = 4000 + i % 5000,
		.envelope = &envelope,
	};

	store_message_add(t, &m);
}

int
main(int argc, char **argv)
{
	struct store *store;
	struct error e = { 0 };
	uint32_t folder;
	uint64_t n;

	if (argc != 3 || !span_u64(span_of(argv[2]), &n))
		return 64;
	if (store_open(argv[1], &store, &e) != ERR_OK)
		die(&e);
	folder = make_folder(store);
	for (uint32_t i = 1; i <= n;) {
		struct store_txn t;

		store_write(store, &t);
		for (uint32_t k = 0; k < BATCH && i <= n; k++, i++)
			add(&t, folder, i);
		if (store_commit(&t, &e) != ERR_OK)
			die(&e);
	}
	store_close(store);
	return 0;
}
