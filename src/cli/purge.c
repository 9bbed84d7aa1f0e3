/* SPDX-License-Identifier: MIT */
/*
 * surat purge: letters that are marked as deleted go for good.  What goes is
 * printed, and with --dry-run that is all.
 */
#include <getopt.h>
#include <inttypes.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/letters.h"
#include "src/cli/print.h"
#include "store/journal.h"
#include "store/undo.h"
#include "store/view.h"

enum { PAGE = 100 };

static void
print_line(const struct message *m)
{
	printf("%8" PRIu64 " ", m->id);
	print_date(stdout, m->date);
	fputs("  ", stdout);
	print_text(stdout, m->subject, 0, false);
	putchar('\n');
}

static int
purge_one(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx)
{
	const bool *is_dry = ctx;

	if (!(m->flags & FLAG_DELETED))
		return letters_refused(cli, m->id, "is not marked as deleted; "
		    "`surat delete` marks it");
	print_line(m);
	if (!*is_dry && !store_act_purge(t, m->id, cli_now()))
		return cli_fail("store", &t->error);
	return EX_OK;
}

/* A page of the folder, and where the next one begins; false: the last. */
static bool
purge_page(struct cli *cli, struct store_txn *t, const struct view *view,
    struct view_position *at, bool is_dry, int *status)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct message *page;
	size_t n = store_view_page(t, view, at->id ? VIEW_DOWN : VIEW_TOP, *at,
	    PAGE, &arena, &page);

	for (size_t i = 0; i < n && *status == EX_OK; i++) {
		*at = store_view_position(view, &page[i]);
		if (page[i].flags & FLAG_DELETED)
			*status = purge_one(cli, t, &page[i], &is_dry);
		if (!is_dry && store_write_is_long(t))
			return true;
	}
	return n == PAGE && *status == EX_OK;
}

/* In short commits; each is a step of its own to take back. */
static int
purge_folder(struct cli *cli, const char *path, bool is_dry)
{
	struct view_position at = { 0 };
	bool has_more = true;
	int status = EX_OK;

	while (has_more && status == EX_OK) {
		struct store_txn t = { 0 };
		struct error e = { 0 };
		struct view view;
		uint32_t folder;

		if ((is_dry ? store_read : store_write)(cli->store, &t) !=
		    ERR_OK)
			return cli_fail("store", &t.error);
		if (!is_dry)
			store_undo_begin(&t, cli_now());
		folder = letters_folder(cli, &t, path);
		if (!folder) {
			store_end(&t);
			return EX_NOINPUT;
		}
		store_view_folder(folder, &view);
		has_more = purge_page(cli, &t, &view, &at, is_dry, &status);
		if (store_commit(&t, &e) != ERR_OK && status == EX_OK)
			status = cli_fail("store", &e);
	}
	return status;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "folder", required_argument, NULL, 'f' },
		{ 0 },
	};
	const char *folder = NULL;
	bool is_dry = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'n')
			is_dry = true;
		else if (c == 'f')
			folder = optarg;
		else
			return cli_usage(cli, "see the usage");
	}
	if (folder && optind < argc)
		return cli_usage(cli, "letters or a folder, not both");
	if (folder)
		return purge_folder(cli, folder, is_dry);
	if (optind == argc)
		return cli_usage(cli, "which letters?");
	return letters_each(cli, argv + optind, argc - optind, purge_one,
	    &is_dry);
}

const struct cli_command cli_purge = {
	.name = "purge",
	.usage = "[--dry-run] ID... | [--dry-run] --folder FOLDER",
	.summary = "remove letters for good that are marked as deleted; says "
	    "which",
	.needs_store = true,
	.run = run,
};
