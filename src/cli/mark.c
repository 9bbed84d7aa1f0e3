/* SPDX-License-Identifier: MIT */
/* surat mark, surat delete: flags by message id, through the journal. */
#include <getopt.h>
#include <inttypes.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/cli.h"
#include "store/budget.h"
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

struct change {
	uint32_t add, remove;	/* flags */
	bool keeps, lets_go;	/* the body */
};

static void
change_letter(struct store_txn *t, uint64_t id, const struct change *change)
{
	if (change->add | change->remove)
		store_act_flags(t, id, change->add, change->remove, cli_now());
	if (change->keeps || change->lets_go)
		store_message_keep(t, id, change->keeps);
}

/* One transaction for all ids: all of them or none. */
static int
apply(struct cli *cli, char *const *ids, int n, const struct change *change)
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
		change_letter(&t, id, change);
	}
	if (store_commit(&t, &e) != ERR_OK)
		return cli_fail("store", &e);
	return EX_OK;
}

static int
check(struct cli *cli, const struct change *change)
{
	if (!(change->add | change->remove) && !change->keeps &&
	    !change->lets_go)
		return cli_usage(cli, "what to change?");
	if (change->add & change->remove)
		return cli_usage(cli, "the same flag cannot be added and removed");
	if (change->keeps && change->lets_go)
		return cli_usage(cli, "a letter is kept or it is not");
	return EX_OK;
}

static int
take_option(struct cli *cli, int c, struct change *change)
{
	switch (c) {
	case 'r':
		change->add |= FLAG_SEEN;
		return EX_OK;
	case 'u':
		change->remove |= FLAG_SEEN;
		return EX_OK;
	case 'f':
		change->add |= FLAG_FLAGGED;
		return EX_OK;
	case 'F':
		change->remove |= FLAG_FLAGGED;
		return EX_OK;
	case 'k':
		change->keeps = true;
		return EX_OK;
	case 'K':
		change->lets_go = true;
		return EX_OK;
	case 'a':
	case 'd':
		if (parse_flags(optarg, c == 'a' ? &change->add :
		    &change->remove))
			return EX_OK;
		return cli_usage(cli, "\"%s\": flags are seen, answered, "
		    "flagged, deleted, draft, forwarded, junk, notjunk",
		    optarg);
	default:
		return cli_usage(cli, "see the usage");
	}
}

static int
run_mark(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "read", no_argument, NULL, 'r' },
		{ "unread", no_argument, NULL, 'u' },
		{ "flag", no_argument, NULL, 'f' },
		{ "unflag", no_argument, NULL, 'F' },
		{ "keep", no_argument, NULL, 'k' },
		{ "unkeep", no_argument, NULL, 'K' },
		{ "add", required_argument, NULL, 'a' },
		{ "remove", required_argument, NULL, 'd' },
		{ 0 },
	};
	struct change change = { 0 };
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		status = take_option(cli, c, &change);
		if (status != EX_OK)
			return status;
	}
	if (optind == argc)
		return cli_usage(cli, "which letters?");
	status = check(cli, &change);
	if (status != EX_OK)
		return status;
	return apply(cli, argv + optind, argc - optind, &change);
}

static int
run_delete(struct cli *cli, int argc, char **argv)
{
	static const struct change deletion = { .add = FLAG_DELETED };

	if (argc < 2)
		return cli_usage(cli, "which letters?");
	return apply(cli, argv + 1, argc - 1, &deletion);
}

const struct cli_command cli_mark = {
	.name = "mark",
	.usage = "[--read|--unread] [--flag|--unflag] [--add FLAG,...] "
	    "[--remove FLAG,...]\n           [--keep|--unkeep] ID...",
	.summary = "change flags, here at once and on the server when "
	    "reached; --keep: the\n           text stays on this computer, "
	    "whatever the disk budget",
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
