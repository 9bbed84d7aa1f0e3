/* SPDX-License-Identifier: MIT */
/* surat move, surat copy: letters into another folder, through the journal. */
#include <sysexits.h>

#include "src/cli/letters.h"
#include "store/journal.h"

struct way {
	const char *folder;
	bool is_copy;
};

static int
go(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx)
{
	const struct way *way = ctx;
	uint32_t to = letters_folder(cli, t, way->folder);
	uint64_t act;

	if (!to)
		return EX_NOINPUT;
	if (!way->is_copy && m->folder == to)
		return EX_OK;
	act = way->is_copy ? store_act_copy(t, m->id, to, cli_now())
	    : store_act_move(t, m->id, to, cli_now());
	if (act)
		return EX_OK;
	return t->error.kind != ERR_OK ? cli_fail("store", &t->error) :
	    letters_refused(cli, m->id, "cannot go there: both folders must "
	    "be of one account and hold letters, and a server must have both "
	    "of them or neither");
}

static int
run(struct cli *cli, int argc, char **argv, bool is_copy)
{
	struct way way = { .is_copy = is_copy };

	if (argc < 2)
		return cli_usage(cli, "into which folder?");
	if (argc < 3)
		return cli_usage(cli, "which letters?");
	way.folder = argv[1];
	return letters_each(cli, argv + 2, argc - 2, go, &way);
}

static int
run_move(struct cli *cli, int argc, char **argv)
{
	return run(cli, argc, argv, false);
}

static int
run_copy(struct cli *cli, int argc, char **argv)
{
	return run(cli, argc, argv, true);
}

const struct cli_command cli_move = {
	.name = "move",
	.usage = "FOLDER ID...",
	.summary = "into another folder of the account, here at once",
	.needs_store = true,
	.run = run_move,
};

const struct cli_command cli_copy = {
	.name = "copy",
	.usage = "FOLDER ID...",
	.summary = "a second letter in another folder of the account",
	.needs_store = true,
	.run = run_copy,
};
