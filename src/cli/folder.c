/* SPDX-License-Identifier: MIT */
/* surat folder: folders are made, renamed and removed, through the journal. */
#include <string.h>
#include <sysexits.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "src/cli/letters.h"
#include "store/account.h"
#include "store/journal.h"
#include "store/undo.h"

/* What a verb is about; act is what its store_act_ function gave. */
struct change {
	struct cli *cli;
	struct store_txn *t;
	const char *path, *title;
	uint64_t act;
	const char *why;	/* of a refusal */
};

static int
create(struct change *c)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span rest = span_of(c->path), name;
	struct account account;

	if (!span_split(&rest, '/', &name) || rest.n == 0 ||
	    !store_account_find(c->t, name, &arena, &account)) {
		fprintf(stderr, "surat: folder: \"%s\" is not the name of an "
		    "account, a slash and a title\n", c->path);
		return EX_NOINPUT;
	}
	c->act = store_act_create(c->t, account.id, rest, cli_now());
	c->why = "there is one of that title, or it is no title";
	return EX_OK;
}

static int
rename_it(struct change *c)
{
	uint32_t folder = letters_folder(c->cli, c->t, c->path);

	if (!folder)
		return EX_NOINPUT;
	c->act = store_act_rename(c->t, folder, span_of(c->title), cli_now());
	c->why = "there is one of that title, it is no title, or the folder "
	    "is the inbox";
	return EX_OK;
}

/* Nobody would clear it, and its letters would be neither here nor gone. */
static bool
is_local_with_letters(struct store_txn *t, uint32_t folder)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct folder f;

	return store_folder_get(t, folder, &arena, &f) && f.is_local &&
	    f.total > 0;
}

static int
delete_it(struct change *c)
{
	uint32_t folder = letters_folder(c->cli, c->t, c->path);

	if (!folder)
		return EX_NOINPUT;
	c->why = "it has letters, and no server has them; move or purge them "
	    "first";
	if (is_local_with_letters(c->t, folder))
		return EX_OK;
	c->act = store_act_remove(c->t, folder, cli_now());
	c->why = "it is the inbox";
	return EX_OK;
}

static int
subscribe_to(struct change *c, bool on)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	uint32_t folder = letters_folder(c->cli, c->t, c->path);
	struct folder f;

	if (!folder || !store_folder_get(c->t, folder, &arena, &f))
		return EX_NOINPUT;
	c->why = on ? "it is subscribed already" : "it is not subscribed";
	c->act = store_act_subscribe(c->t, folder, on, cli_now());
	return EX_OK;
}

static int
subscribe(struct change *c)
{
	return subscribe_to(c, true);
}

static int
unsubscribe(struct change *c)
{
	return subscribe_to(c, false);
}

static const struct verb {
	const char *name;
	int (*change)(struct change *c);
	bool has_title;
} verbs[] = {
	{ "create", create, false },
	{ "rename", rename_it, true },
	{ "delete", delete_it, false },
	{ "subscribe", subscribe, false },
	{ "unsubscribe", unsubscribe, false },
};

static int
apply(struct cli *cli, const struct verb *verb, char *const *args)
{
	CLEANUP(store_end) struct store_txn t = { 0 };
	struct change c = { .cli = cli, .t = &t, .path = args[0],
		.title = verb->has_title ? args[1] : NULL };
	struct error e = { 0 };
	int status;

	if (store_write(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	store_undo_begin(&t, cli_now());
	status = verb->change(&c);
	if (status != EX_OK)
		return status;
	if (!c.act && t.error.kind == ERR_OK) {
		fprintf(stderr, "surat: folder: %s %s: %s\n", verb->name,
		    c.path, c.why);
		return EX_USAGE;
	}
	return store_commit(&t, &e) == ERR_OK ? EX_OK : cli_fail("store", &e);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		if (argc != (verbs[i].has_title ? 4 : 3))
			return cli_usage(cli, "which folder%s?",
			    verbs[i].has_title ? ", and what title" : "");
		return apply(cli, &verbs[i], argv + 2);
	}
	return cli_usage(cli, "create, rename, delete, subscribe or "
	    "unsubscribe?");
}

const struct cli_command cli_folder = {
	.name = "folder",
	.usage = "create ACCOUNT/TITLE | rename FOLDER TITLE | "
	    "delete FOLDER |\n           subscribe FOLDER | unsubscribe FOLDER",
	.summary = "change folders, here at once and on the server when "
	    "reached",
	.needs_store = true,
	.run = run,
};
