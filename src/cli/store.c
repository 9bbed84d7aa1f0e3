/* SPDX-License-Identifier: MIT */
/*
 * surat store: care for the mail store.  What may be damaged is looked at in
 * a process of its own, which may hang or crash over it (SECURITY.md 5).
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/progress.h"
#include "store/care.h"
#include "store/repair.h"

/* However slow the disk: this long, and a second for each of so many octets. */
enum { LIMIT_SECONDS = 600, LIMIT_OCTETS_SHIFT = 19 };

struct care {
	const char *dir;
	bool as_json;
	uint64_t nfindings, nfinal;
	struct cli_progress progress;
};

static void
print_finding(void *ctx, const struct store_finding *f)
{
	struct care *care = ctx;

	care->nfindings++;
	care->nfinal += f->is_final;
	cli_progress_end(&care->progress);
	if (care->as_json) {
		struct json *j = json_begin();

		json_text(j, "table", span_of(f->table));
		json_number(j, "id", f->id);
		json_text(j, "what", span_of(f->what));
		json_bool(j, "final", f->is_final);
		json_end(j, stdout);
	} else if (f->id) {
		printf("%s %" PRIu64 ": %s\n", f->table, f->id, f->what);
	} else {
		printf("%s: %s\n", f->table, f->what);
	}
}

static void
print_checked(const struct care *care, uint64_t rows)
{
	if (care->as_json) {
		struct json *j = json_begin();

		json_number(j, "messages", rows);
		json_number(j, "findings", care->nfindings);
		json_end(j, stdout);
	} else if (care->nfindings == 0) {
		printf("%" PRIu64 " messages, their letters and all indexes: "
		    "nothing is wrong.\n", rows);
	} else if (care->nfindings == care->nfinal) {
		printf("%" PRIu64 " messages were looked at.  What is named "
		    "above cannot be repaired: restore a backup, or remove "
		    "those messages.\n", rows);
	} else {
		printf("%" PRIu64 " messages were looked at.  `surat store "
		    "check --repair` makes right what can be made again.\n",
		    rows);
	}
}

static int
check(struct care *care)
{
	struct store_findings found = { print_finding, care };
	struct store *store;
	struct error e = { 0 };
	uint64_t rows = 0;
	enum err err;

	cli_progress_init(&care->progress, "Checking the mail store");
	err = store_open_progress(care->dir, &care->progress.to, &store, &e);
	if (err != ERR_OK) {
		cli_progress_end(&care->progress);
		return cli_fail("store", &e);
	}
	err = store_check_each(store, &found, &care->progress.to, &rows, &e);
	cli_progress_end(&care->progress);
	store_close(store);
	if (err == ERR_OK || care->nfindings > 0)
		print_checked(care, rows);
	else
		return cli_fail("store", &e);
	return err == ERR_OK ? EX_OK : err_exit_code(err);
}

static void
print_repaired(const struct care *care, const struct repair_result *r)
{
	if (care->as_json) {
		struct json *j = json_begin();

		json_number(j, "messages", r->rows);
		json_number(j, "lost", r->lost);
		json_number(j, "letters", r->letters);
		if (r->kept)
			json_text(j, "kept", span_of(r->kept));
		json_end(j, stdout);
		return;
	}
	if (!r->kept) {
		printf("The index of %" PRIu64 " messages is right, and was "
		    "left as it is.\n", r->rows);
		return;
	}
	printf("The index was made again from %" PRIu64 " messages.\n",
	    r->rows);
	if (r->lost || r->letters)
		puts("What is named above could not be read.");
	printf("The old one is in %s; remove it when nothing is missing.\n",
	    r->kept);
}

static int
repair(struct care *care)
{
	struct store_findings found = { print_finding, care };
	struct repair_result result = { 0 };
	struct error e = { 0 };
	enum err err;

	cli_progress_init(&care->progress, "Repairing the mail store");
	err = store_repair(care->dir, &care->progress.to, &found, &result,
	    &e);
	cli_progress_end(&care->progress);
	if (err == ERR_OK)
		print_repaired(care, &result);
	else if (result.kept)
		fprintf(stderr, "surat: store: the old index is in %s\n",
		    result.kept);
	free(result.kept);
	return err == ERR_OK ? EX_OK : cli_fail("store", &e);
}

static unsigned
time_limit(const char *dir)
{
	static const char *const files[] = { "index.mdb", "bodies.mdb" };
	uint64_t seconds = LIMIT_SECONDS;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		CLEANUP(cleanup_free) char *path = xasprintf("%s/%s", dir,
		    files[i]);
		struct stat st;

		if (stat(path, &st) == 0)
			seconds += (uint64_t)st.st_size >> LIMIT_OCTETS_SHIFT;
	}
	return (unsigned)seconds;
}

/* The code of the work, done by a child. */
static int
run_apart(struct care *care, int (*work)(struct care *care))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int code;

		alarm(time_limit(care->dir));
		code = work(care);
		_exit(fflush(stdout) == 0 ? code : EX_IOERR);
	}
	if (pid < 0) {
		fprintf(stderr, "surat: store: %s\n", strerror(errno));
		return EX_OSERR;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EX_OSERR;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "surat: store: %s\n", WTERMSIG(status) == SIGALRM
	    ? "looking at it did not come to an end: it is damaged; restore "
	    "a backup with `surat restore`"
	    : "looking at it ended in a crash: it is damaged; restore a "
	    "backup with `surat restore`");
	return EX_DATAERR;
}

static int
run_check(struct cli *cli, bool may_repair, bool as_json)
{
	struct care care = { .dir = cli->config->data_dir,
		.as_json = as_json };
	int code = run_apart(&care, check);

	if (code != EX_DATAERR || !may_repair)
		return code;
	code = run_apart(&care, repair);
	return code == EX_OK ? run_apart(&care, check) : code;
}

static void
print_size(bool as_json, const char *name, struct compact_size size)
{
	if (as_json) {
		struct json *j = json_begin();

		json_text(j, "file", span_of(name));
		json_number(j, "before", size.before);
		json_number(j, "after", size.after);
		json_end(j, stdout);
	} else {
		printf("%-7s %12" PRIu64 " -> %12" PRIu64 " octets\n", name,
		    size.before, size.after);
	}
}

static int
run_compact(struct cli *cli, bool as_json)
{
	struct compact_result result = { 0 };
	struct cli_progress progress;
	struct error e = { 0 };
	struct store *store;
	enum err err;

	cli_progress_init(&progress, "Compacting the mail store");
	err = store_open_progress(cli->config->data_dir, &progress.to, &store,
	    &e);
	if (err == ERR_OK) {
		err = store_compact(store, &progress.to, &result, &e);
		store_close(store);
	}
	cli_progress_end(&progress);
	if (result.index.before)
		print_size(as_json, "index", result.index);
	if (result.bodies.before)
		print_size(as_json, "bodies", result.bodies);
	return err == ERR_OK ? EX_OK : cli_fail("store", &e);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "repair", no_argument, NULL, 'r' },
		{ 0 },
	};
	bool as_json = false, may_repair = false;
	const char *verb;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			as_json = true;
		else if (c == 'r')
			may_repair = true;
		else
			return cli_usage(cli, "see the usage");
	}
	verb = optind < argc ? argv[optind] : "";
	if (optind + 1 == argc && strcmp(verb, "check") == 0)
		return run_check(cli, may_repair, as_json);
	if (optind + 1 == argc && strcmp(verb, "compact") == 0 && !may_repair)
		return run_compact(cli, as_json);
	return cli_usage(cli, "check or compact?");
}

const struct cli_command cli_store = {
	.name = "store",
	.usage = "check [--repair] [--json] | compact [--json]",
	.summary = "look for damage and repair it, give disk space back",
	.run = run,
};
