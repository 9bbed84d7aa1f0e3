/* SPDX-License-Identifier: MIT */
/* surat mark, surat delete: flags by message id, through the journal. */
#include <getopt.h>
#include <inttypes.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/cli.h"
#include "store/journal.h"
#include "store/undo.h"

/* "seen,flagged" as bits; false on an unknown word. */
static bool
parse_flags(const char *arg, uint32_t *flags)
{
	struct span rest = span_of(arg), word;

	while (span_split(&rest, ',', &word)) {
		uint32_t bit = flag_from_word(span_trim(word));

		if (!bit)
			return false;
		*flags |= bit;
	}
	return true;
}

/* One transaction for all ids: all of them or none. */
static int
apply(struct cli *cli, char *const *ids, int n, uint32_t add, uint32_t remove)
{
	struct store_txn t = { 0 };
	struct error e = { 0 };

	if (store_write(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	store_undo_begin(&t, cli_now());
	for (int i = 0; i < n; i++) {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		struct message m;
		uint64_t id = cli_id(cli, ids[i]);

		if (!id) {
			store_end(&t);
			return EX_USAGE;
		}
		if (!store_message_get(&t, id, &arena, &m)) {
			store_end(&t);
			fprintf(stderr, "surat: %s: there is no letter %" PRIu64
			    "; nothing was changed\n", cli->name, id);
			return EX_NOINPUT;
		}
		store_act_flags(&t, id, add, remove, cli_now());
	}
	if (store_commit(&t, &e) != ERR_OK)
		return cli_fail("store", &e);
	return EX_OK;
}

static int
run_mark(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "read", no_argument, NULL, 'r' },
		{ "unread", no_argument, NULL, 'u' },
		{ "flag", no_argument, NULL, 'f' },
		{ "unflag", no_argument, NULL, 'F' },
		{ "add", required_argument, NULL, 'a' },
		{ "remove", required_argument, NULL, 'd' },
		{ 0 },
	};
	uint32_t add = 0, remove = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			add |= FLAG_SEEN;
		else if (c == 'u')
			remove |= FLAG_SEEN;
		else if (c == 'f')
			add |= FLAG_FLAGGED;
		else if (c == 'F')
			remove |= FLAG_FLAGGED;
		else if (c != 'a' && c != 'd')
			return cli_usage(cli, "see the usage");
		else if (!parse_flags(optarg, c == 'a' ? &add : &remove))
			return cli_usage(cli, "\"%s\": flags are seen, answered, "
			    "flagged, deleted, draft, forwarded, junk, notjunk",
			    optarg);
	}
	if (optind == argc)
		return cli_usage(cli, "which letters?");
	if (!(add | remove))
		return cli_usage(cli, "what to change?");
	if (add & remove)
		return cli_usage(cli, "the same flag cannot be added and removed");
	return apply(cli, argv + optind, argc - optind, add, remove);
}

static int
run_delete(struct cli *cli, int argc, char **argv)
{
	if (argc < 2)
		return cli_usage(cli, "which letters?");
	return apply(cli, argv + 1, argc - 1, FLAG_DELETED, 0);
}

const struct cli_command cli_mark = {
	.name = "mark",
	.usage = "[--read|--unread] [--flag|--unflag] [--add FLAG,...] "
	    "[--remove FLAG,...] ID...",
	.summary = "change flags, here at once and on the server when reached",
	.needs_store = true,
	.run = run_mark,
};

const struct cli_command cli_delete = {
	.name = "delete",
	.usage = "ID...",
	.summary = "mark as deleted; `surat mark --remove deleted` takes it back",
	.needs_store = true,
	.run = run_delete,
};
