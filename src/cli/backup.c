/* SPDX-License-Identifier: MIT */
/* surat backup, surat restore: copies of the mail store, and the way back. */
#include "store/backup.h"

#include <getopt.h>
#include <stdlib.h>
#include <sysexits.h>

#include "src/cli/cli.h"
#include "src/cli/progress.h"

/* The one argument of both; NULL, and the usage printed, without it. */
static const char *
directory(struct cli *cli, int argc, char **argv)
{
	if (optind + 1 == argc && argv[optind][0])
		return argv[optind];
	cli_usage(cli, "which directory?");
	return NULL;
}

static int
run_backup(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = { { 0 } };
	struct cli_progress progress;
	struct error e = { 0 };
	const char *dir;
	enum err err;

	if (getopt_long(argc, argv, "", options, NULL) != -1)
		return cli_usage(cli, "see the usage");
	dir = directory(cli, argc, argv);
	if (!dir)
		return EX_USAGE;
	cli_progress_init(&progress, "Copying the mail store");
	err = store_backup(cli->store, dir, &progress.to, &e);
	cli_progress_end(&progress);
	return err == ERR_OK ? EX_OK : cli_fail("backup", &e);
}

const struct cli_command cli_backup = {
	.name = "backup",
	.usage = "DIR",
	.summary = "a copy of the mail store, while others go on using it",
	.needs_store = true,
	.run = run_backup,
};

static void
say_letters(size_t n)
{
	if (n == 1)
		puts("A letter waited to be sent in this backup; it may have "
		    "been sent since.  `surat journal` shows it.");
	else if (n > 1)
		printf("%zu letters waited to be sent in this backup; they "
		    "may have been sent since.  `surat journal` shows "
		    "them.\n", n);
}

static int
restore(struct cli *cli, const char *from, bool replace)
{
	struct cli_progress progress;
	struct store_restoring r = {
		.from = from,
		.dir = cli->config->data_dir,
		.replace = replace,
		.progress = &progress.to,
	};
	struct error e = { 0 };
	enum err err;

	cli_progress_init(&progress, "Restoring the mail store");
	err = store_restore(&r, &e);
	cli_progress_end(&progress);
	if (err == ERR_OK && r.kept)
		printf("The store that was there is now in %s.\n", r.kept);
	if (err == ERR_OK)
		say_letters(r.nletters);
	free(r.kept);
	return err == ERR_OK ? EX_OK : cli_fail("restore", &e);
}

static int
run_restore(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "replace", no_argument, NULL, 'r' },
		{ 0 },
	};
	bool replace = false;
	const char *dir;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'r')
			return cli_usage(cli, "see the usage");
		replace = true;
	}
	dir = directory(cli, argc, argv);
	return dir ? restore(cli, dir, replace) : EX_USAGE;
}

const struct cli_command cli_restore = {
	.name = "restore",
	.usage = "[--replace] DIR",
	.summary = "make the mail store that of a backup",
	.run = run_restore,
};
