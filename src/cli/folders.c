/* SPDX-License-Identifier: MIT */
/* surat folders: accounts, folders, counts. */
#include <getopt.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/print.h"
#include "store/account.h"
#include "store/folder.h"

static void
print_line(const struct folder *f, struct span account)
{
	CLEANUP(buf_fini) struct buf name = { 0 };

	buf_put(&name, account);
	buf_putc(&name, '/');
	buf_put(&name, f->title);
	print_text(stdout, buf_span(&name), 40, true);
	printf(" %8u %8u\n", f->unread, f->total);
}

static void
print_account(struct store_txn *t, const struct account *account, bool as_json)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder *folders;
	size_t n = store_folders(t, account->id, &arena, &folders);

	for (size_t i = 0; i < n; i++) {
		if (folders[i].is_gone || !folders[i].is_selectable)
			continue;
		if (as_json) {
			struct json *j = json_begin();

			json_folder(j, &folders[i], account->name);
			json_end(j, stdout);
		} else {
			print_line(&folders[i], account->name);
		}
	}
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { 0 },
	};
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { 0 };
	struct account *accounts;
	bool as_json = false;
	size_t n;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'j')
			return cli_usage(cli, "see the usage");
		as_json = true;
	}
	if (optind < argc)
		return cli_usage(cli, "takes no argument");
	if (store_read(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	n = store_accounts(&t, &arena, &accounts);
	if (!as_json)
		printf("%-40s %8s %8s\n", "folder", "unread", "total");
	for (size_t i = 0; i < n; i++)
		print_account(&t, &accounts[i], as_json);
	return t.error.kind == ERR_OK ? EX_OK : cli_fail("store", &t.error);
}

const struct cli_command cli_folders = {
	.name = "folders",
	.usage = "[--json]",
	.summary = "accounts and folders with their counts",
	.needs_store = true,
	.run = run,
};
