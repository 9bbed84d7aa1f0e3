/* SPDX-License-Identifier: MIT */
#include "src/cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "src/cli/progress.h"
#include "store/store.h"

static const struct cli_command *const commands[] = {
	&cli_account, &cli_sync, &cli_watch, &cli_folders, &cli_folder,
	&cli_list, &cli_show, &cli_mark, &cli_delete, &cli_move, &cli_copy,
	&cli_purge, &cli_send, &cli_journal, &cli_store, &cli_backup,
	&cli_restore,
};

void
cli_help(FILE *out)
{
	fputs("usage: surat [--profile DIR] [--open FOLDER] [--by ORDER] "
	    "[--unread] [--flagged]\n"
	    "                                             the reader\n"
	    "       surat [--profile DIR] COMMAND ...     one of:\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %-8s %s\n           %s\n", commands[i]->name,
		    commands[i]->usage, commands[i]->summary);
	fputs("\nCommands that print data take --json: one object a line.\n"
	    "See surat(1) and surat.conf(5).\n", out);
}

int
cli_fail(const char *what, const struct error *e)
{
	fprintf(stderr, "surat: %s: %s\n", what, e->text);
	return err_exit_code(e->kind);
}

static const struct cli_command *
find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

int
cli_usage(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "surat: %s: ", cli->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: surat %s %s\n", cli->name,
	    find(cli->name)->usage);
	return EX_USAGE;
}

uint64_t
cli_id(const struct cli *cli, const char *arg)
{
	uint64_t id = 0;

	if (!span_u64(span_of(arg), &id) || id == 0) {
		fprintf(stderr, "surat: %s: \"%s\" is no id; `surat list --json` "
		    "shows them\n", cli->name, arg);
		return 0;
	}
	return id;
}

int64_t
cli_now(void)
{
	return (int64_t)time(NULL);
}

static int
load_config(const char *profile, struct config *config)
{
	struct error e = { 0 };
	enum err err = config_load(profile, config, &e);

	if (err == ERR_OK)
		return EX_OK;
	cli_fail("configuration", &e);
	return EX_CONFIG;
}

static void
open_log(const struct config *config)
{
	char path[4096];
	struct error e;

	snprintf(path, sizeof path, "%s/surat.log", config->state_dir);
	if (log_open(path, LOG_INFO, &e) != ERR_OK)
		fprintf(stderr, "surat: log: %s\n", e.text);
}

enum err
cli_open_store(const struct config *config, struct store **out,
    struct error *e)
{
	struct cli_progress progress;
	enum err err;

	cli_progress_init(&progress, "Bringing the mail store up to date");
	err = store_open_progress(config->data_dir, &progress.to, out, e);
	cli_progress_end(&progress);
	return err;
}

int
cli_run(const char *profile, int argc, char **argv)
{
	const struct cli_command *command = find(argv[0]);
	struct config config = { 0 };
	struct cli cli = { .config = &config, .name = argv[0] };
	struct error e = { 0 };
	int code;

	if (!command) {
		fprintf(stderr, "surat: there is no command \"%s\"\n", argv[0]);
		cli_help(stderr);
		return EX_USAGE;
	}
	code = load_config(profile, &config);
	if (code == EX_OK) {
		open_log(&config);
		if (command->needs_store &&
		    cli_open_store(&config, &cli.store, &e) != ERR_OK)
			code = cli_fail("store", &e);
		else
			code = command->run(&cli, argc, argv);
		if (fflush(stdout) != 0 && code == EX_OK)
			code = EX_IOERR;
	}
	store_close(cli.store);
	log_close();
	config_free(&config);
	return code;
}
