/* SPDX-License-Identifier: MIT */
#include "src/cli/letters.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "store/group.h"
#include "store/undo.h"

static int
do_one(struct cli *cli, struct store_txn *t, const char *arg,
    int (*each)(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx), const void *ctx)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint64_t id = cli_id(cli, arg);
	struct message m;

	if (!id)
		return EX_USAGE;
	if (store_message_get(t, id, &arena, &m) && m.folder != 0)
		return each(cli, t, &m, ctx);
	if (t->error.kind != ERR_OK)
		return cli_fail("store", &t->error);
	fprintf(stderr, "surat: %s: there is no letter %" PRIu64 "; nothing "
	    "was changed\n", cli->name, id);
	return EX_NOINPUT;
}

int
letters_each(struct cli *cli, char *const *ids, int n,
    int (*each)(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx), const void *ctx)
{
	struct store_txn t = { 0 };
	struct error e = { 0 };

	if (store_write(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	store_undo_begin(&t, cli_now());
	for (int i = 0; i < n; i++) {
		int status = do_one(cli, &t, ids[i], each, ctx);

		if (status != EX_OK) {
			store_end(&t);
			return status;
		}
	}
	return store_commit(&t, &e) == ERR_OK ? EX_OK : cli_fail("store", &e);
}

uint32_t
letters_folder(struct cli *cli, struct store_txn *t, const char *path)
{
	uint32_t folder = store_folder_by_path(t, span_of(path));

	if (!folder)
		fprintf(stderr, "surat: %s: there is no folder \"%s\"; `surat "
		    "folders` shows them\n", cli->name, path);
	return folder;
}

int
letters_refused(const struct cli *cli, uint64_t id, const char *why)
{
	fprintf(stderr, "surat: %s: letter %" PRIu64 " %s; nothing was "
	    "changed\n", cli->name, id, why);
	return EX_USAGE;
}
