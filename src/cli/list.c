/* SPDX-License-Identifier: MIT */
/* surat list: a folder or the unified inbox, newest first, from the store. */
#include <getopt.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/print.h"
#include "store/account.h"
#include "store/group.h"

enum { PAGE = 200 };

/*
 * "inbox", "Work" (a group), "kerja", "kerja/Proyek": false when there is no
 * such folder.  No group of the configuration has the name of an account.
 */
static bool
find_view(struct store_txn *t, const char *arg, struct view *view)
{
	uint32_t folder;

	if (span_ieq(span_of(arg), SPAN_LIT("inbox"))) {
		store_view_role(t, FOLDER_INBOX, view);
		return true;
	}
	if (store_view_group(t, span_of(arg), view))
		return true;
	folder = store_folder_by_path(t, span_of(arg));
	if (folder)
		store_view_folder(folder, view);
	return folder != 0;
}

static void
print_line(const struct message *m, int cols)
{
	struct span from = m->from_name.n ? m->from_name : m->from_addr;
	int subject = cols > 60 ? cols - 54 : 0;

	printf("%8llu %c%c ", (unsigned long long)m->id,
	    m->flags & FLAG_DELETED ? 'D' : m->flags & FLAG_SEEN ? ' ' : 'N',
	    m->flags & FLAG_FLAGGED ? '!' : ' ');
	print_date(stdout, m->date);
	fputs("  ", stdout);
	print_text(stdout, from, 22, true);
	fputs("  ", stdout);
	print_text(stdout, m->subject, subject, false);
	putchar('\n');
}

/* Names of account and folder of a message. */
static void
print_json(struct store_txn *t, const struct message *m)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account account = { 0 };
	struct folder folder = { 0 };
	struct json *j = json_begin();

	store_account_get(t, m->account, &arena, &account);
	store_folder_get(t, m->folder, &arena, &folder);
	json_message(j, m, account.name, folder.title);
	json_end(j, stdout);
}

static int
print_view(struct cli *cli, const struct view *view, uint64_t limit,
    bool as_json)
{
	struct view_position at = { 0 };
	int cols = print_columns();
	size_t n;

	do {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(store_end) struct store_txn t = { 0 };
		struct message *page;

		if (store_read(cli->store, &t) != ERR_OK)
			return cli_fail("store", &t.error);
		n = store_view_page(&t, view, at.id ? VIEW_DOWN : VIEW_TOP,
		    at, limit < PAGE ? (size_t)limit : PAGE, &arena, &page);
		for (size_t i = 0; i < n; i++) {
			if (as_json)
				print_json(&t, &page[i]);
			else
				print_line(&page[i], cols);
		}
		if (t.error.kind != ERR_OK)
			return cli_fail("store", &t.error);
		if (n)
			at = store_view_position(view, &page[n - 1]);
		limit -= n;
	} while (n && limit);
	return EX_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "limit", required_argument, NULL, 'n' },
		{ 0 },
	};
	uint64_t limit = UINT64_MAX;
	bool as_json = false, found;
	struct store_txn t = { 0 };
	const char *folder;
	struct view view;
	int c;

	while ((c = getopt_long(argc, argv, "n:", options, NULL)) != -1) {
		if (c == 'j')
			as_json = true;
		else if (c != 'n')
			return cli_usage(cli, "see the usage");
		else if (!span_u64(span_of(optarg), &limit))
			return cli_usage(cli, "--limit wants a number, not \"%s\"",
			    optarg);
	}
	if (argc - optind > 1)
		return cli_usage(cli, "one folder at a time");
	folder = optind < argc ? argv[optind] : "inbox";
	if (store_read(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	found = find_view(&t, folder, &view);
	store_end(&t);
	if (!found) {
		fprintf(stderr, "surat: list: there is no folder \"%s\"; `surat "
		    "folders` shows them\n", folder);
		return EX_NOINPUT;
	}
	return print_view(cli, &view, limit, as_json);
}

const struct cli_command cli_list = {
	.name = "list",
	.usage = "[FOLDER] [--limit N] [--json]",
	.summary = "letters, newest first; FOLDER is account/Name, a group or "
	    "inbox",
	.needs_store = true,
	.run = run,
};
