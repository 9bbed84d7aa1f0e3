/* SPDX-License-Identifier: MIT */
/* surat mark, surat delete: flags by message id, through the journal. */
#include <getopt.h>
#include <sysexits.h>

#include "src/cli/letters.h"
#include "store/budget.h"
#include "store/journal.h"

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

enum { KEYWORDS_AT_ONCE = 16 };

struct change {
	uint32_t add, remove;	/* flags */
	bool keeps, lets_go;	/* the body */
	const char *keywords[KEYWORDS_AT_ONCE];	/* "+a", "-b" */
	size_t nkeywords;
};

/* "+Proyek": put on; "-Proyek": taken off. */
static int
change_keyword(struct cli *cli, struct store_txn *t, const struct message *m,
    const char *arg)
{
	struct span keyword = span_of(arg + 1);
	bool add = arg[0] == '+', has = false;

	for (size_t i = 0; i < m->nkeywords; i++)
		has |= span_ieq(m->keywords[i], keyword);
	if (has == add ||
	    store_act_keyword(t, m->id, keyword, add, cli_now()))
		return EX_OK;
	return t->error.kind != ERR_OK ? cli_fail("store", &t->error) :
	    letters_refused(cli, m->id, "cannot have that: it is no keyword, "
	    "or there are too many");
}

static int
change_letter(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx)
{
	const struct change *change = ctx;
	int status = EX_OK;

	if (change->add | change->remove)
		store_act_flags(t, m->id, change->add, change->remove,
		    cli_now());
	if (change->keeps || change->lets_go)
		store_message_keep(t, m->id, change->keeps);
	for (size_t i = 0; i < change->nkeywords && status == EX_OK; i++)
		status = change_keyword(cli, t, m, change->keywords[i]);
	return status;
}

static int
add_keyword(struct cli *cli, struct change *change, const char *arg)
{
	if ((arg[0] != '+' && arg[0] != '-') || arg[1] == '\0')
		return cli_usage(cli, "\"%s\" is not + or - and a keyword",
		    arg);
	if (change->nkeywords == KEYWORDS_AT_ONCE)
		return cli_usage(cli, "at most %d keywords at once",
		    KEYWORDS_AT_ONCE);
	change->keywords[change->nkeywords++] = arg;
	return EX_OK;
}

static int
check(struct cli *cli, const struct change *change)
{
	if (!(change->add | change->remove) && !change->keeps &&
	    !change->lets_go && change->nkeywords == 0)
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
	case 'w':
		return add_keyword(cli, change, optarg);
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
		{ "keyword", required_argument, NULL, 'w' },
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
	return letters_each(cli, argv + optind, argc - optind, change_letter,
	    &change);
}

/* What is marked already stays as it is. */
static int
delete_letter(struct cli *cli, struct store_txn *t, const struct message *m,
    const void *ctx)
{
	(void)cli;
	(void)ctx;
	store_act_delete(t, m->id, cli_now());
	return t->error.kind == ERR_OK ? EX_OK : cli_fail("store", &t->error);
}

static int
run_delete(struct cli *cli, int argc, char **argv)
{
	if (argc < 2)
		return cli_usage(cli, "which letters?");
	return letters_each(cli, argv + 1, argc - 1, delete_letter, NULL);
}

const struct cli_command cli_mark = {
	.name = "mark",
	.usage = "[--read|--unread] [--flag|--unflag] [--add FLAG,...] "
	    "[--remove FLAG,...]\n           [--keyword +NAME|-NAME] "
	    "[--keep|--unkeep] ID...",
	.summary = "change flags, here at once and on the server when "
	    "reached; --keep: the\n           text stays on this computer, "
	    "whatever the disk budget",
	.needs_store = true,
	.run = run_mark,
};

const struct cli_command cli_delete = {
	.name = "delete",
	.usage = "ID...",
	.summary = "as the account says: into its trash, or marked as deleted;"
	    "\n           `surat journal undo` takes it back",
	.needs_store = true,
	.run = run_delete,
};
