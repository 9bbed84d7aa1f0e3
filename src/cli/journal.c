/* SPDX-License-Identifier: MIT */
/*
 * surat journal: every act that is still to be done, and what became of it;
 * and taking the last ones back.
 */
#include <getopt.h>
#include <inttypes.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/act_words.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/print.h"
#include "store/account.h"
#include "store/journal.h"
#include "store/undo.h"

static void
print_line(const struct act *act, struct span account, struct span folder)
{
	CLEANUP(buf_fini) struct buf what = { 0 };

	act_words_put(&what, act, folder);
	printf("%6" PRIu64 " %-9s %-8s ", act->id, act_kind_word(act->kind),
	    act_state_word(act->state));
	print_text(stdout, account, 12, true);
	putchar(' ');
	print_text(stdout, buf_span(&what), 0, false);
	if (act->answer.n) {
		fputs("  ", stdout);
		print_text(stdout, act->answer, 0, false);
	}
	putchar('\n');
}

static int
list(struct cli *cli, bool all, bool as_json)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { 0 };
	struct act *acts;
	size_t n;

	if (store_read(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	n = store_acts(&t, 0, all, &arena, &acts);
	for (size_t i = 0; i < n; i++) {
		struct account account = { 0 };
		struct span folder = act_words_folder(&t, &acts[i], &arena);

		store_account_get(&t, acts[i].account, &arena, &account);
		if (as_json) {
			struct json *j = json_begin();

			json_act(j, &acts[i], account.name, folder);
			json_end(j, stdout);
		} else {
			print_line(&acts[i], account.name, folder);
		}
	}
	return t.error.kind == ERR_OK ? EX_OK : cli_fail("store", &t.error);
}

static int
change(struct cli *cli, bool retry, char *const *ids, int n)
{
	struct store_txn t = { 0 };
	struct error e = { 0 };

	if (store_write(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	for (int i = 0; i < n; i++) {
		uint64_t id = cli_id(cli, ids[i]);
		enum err err;

		if (!id) {
			store_end(&t);
			return EX_USAGE;
		}
		err = retry ? store_act_retry(&t, id, cli_now(), &e) :
		    store_act_cancel(&t, id, cli_now(), &e);
		if (err != ERR_OK) {
			store_end(&t);
			return cli_fail("journal", &e);
		}
	}
	return store_commit(&t, &e) == ERR_OK ? EX_OK : cli_fail("store", &e);
}

/* What the last command of the user did, here or in the reader. */
static int
turn(struct cli *cli, bool is_again, bool as_json)
{
	CLEANUP(store_end) struct store_txn t = { 0 };
	struct undo_result result;
	struct error e = { 0 }, refused = { 0 };
	enum err err;

	if (store_write(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	err = (is_again ? store_redo_last : store_undo_last)(&t, cli_now(),
	    &result, &refused);
	if (err != ERR_OK && err != ERR_REFUSED)
		return cli_fail("journal", &refused);
	if (store_commit(&t, &e) != ERR_OK)
		return cli_fail("store", &e);
	if (err == ERR_REFUSED)
		return cli_fail("journal", &refused);
	if (as_json) {
		struct json *j = json_begin();

		json_number(j, "step", result.step);
		json_text(j, "act", span_of(act_kind_word(result.kind)));
		json_number(j, "messages", result.messages);
		json_number(j, "not_undone", result.not_undone);
		json_end(j, stdout);
	} else {
		printf("%s: %s, %s: %zu", is_again ? "done again" :
		    "taken back", act_kind_word(result.kind),
		    act_is_of_folder(result.kind) ? "folders" : "letters",
		    result.messages);
		if (result.not_undone)
			printf(", gone: %zu", result.not_undone);
		putchar('\n');
	}
	return EX_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "all", no_argument, NULL, 'a' },
		{ 0 },
	};
	bool as_json = false, all = false;
	const char *verb;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			as_json = true;
		else if (c == 'a')
			all = true;
		else
			return cli_usage(cli, "see the usage");
	}
	verb = optind < argc ? argv[optind++] : "list";
	if (strcmp(verb, "list") == 0 && optind == argc)
		return list(cli, all, as_json);
	if ((strcmp(verb, "undo") == 0 || strcmp(verb, "redo") == 0) &&
	    optind == argc)
		return turn(cli, verb[0] == 'r', as_json);
	if (strcmp(verb, "cancel") != 0 && strcmp(verb, "retry") != 0)
		return cli_usage(cli, "list, cancel, retry, undo or redo, not \"%s\"", verb);
	if (optind == argc)
		return cli_usage(cli, "which entries?");
	return change(cli, verb[0] == 'r', argv + optind, argc - optind);
}

const struct cli_command cli_journal = {
	.name = "journal",
	.usage = "[list [--all] [--json] | cancel ID... | retry ID... | "
	    "undo [--json] | redo [--json]]",
	.summary = "every pending act, with the server's last answer",
	.needs_store = true,
	.run = run,
};
