/* SPDX-License-Identifier: MIT */
/*
 * The command line: one file a subcommand, one table (cli.c).  Data goes to
 * standard output, sentences to standard error as `surat: what: why`; exit
 * codes are those of sysexits.h.  Nothing here draws a screen.
 */
#pragma once

#include <stdio.h>

#include "src/core/config.h"
#include "store/message.h"

struct cli {
	const struct config *config;
	struct store *store;		/* NULL for commands without needs_store */
	const char *name;		/* of the subcommand */
};

struct cli_command {
	const char *name;
	const char *usage;		/* what follows the name */
	const char *summary;
	bool needs_store;
	/* argv[0] is the subcommand's name; returns the exit code. */
	int (*run)(struct cli *cli, int argc, char **argv);
};

extern const struct cli_command cli_account, cli_sync, cli_watch, cli_folders,
    cli_folder, cli_list, cli_show, cli_mark, cli_delete, cli_move, cli_copy,
    cli_purge, cli_send, cli_journal, cli_store, cli_backup, cli_restore;

/*
 * Runs the subcommand argv[0] with the profile (NULL: XDG).  Returns the
 * exit code of the program.
 */
int cli_run(const char *profile, int argc, char **argv);
/* All commands with their summaries. */
void cli_help(FILE *out);

/*
 * Opens the store of the configuration, with a line of progress when it has
 * to be brought up to date first.
 */
enum err cli_open_store(const struct config *config, struct store **out,
    struct error *e);
/* Prints `surat: what: why` and returns the exit code of e. */
int cli_fail(const char *what, const struct error *e);
/* Prints the usage of the command to standard error; returns EX_USAGE. */
int cli_usage(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A message id from an argument; 0 and a printed sentence when it is none. */
uint64_t cli_id(const struct cli *cli, const char *arg);
/* Now, as base/date.h. */
int64_t cli_now(void);
