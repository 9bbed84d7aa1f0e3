/* SPDX-License-Identifier: MIT */
/*
 * surat watch: stay connected and print what happens, a line an event.  It
 * follows the store, not the connections, so it also tells what another
 * surat on the same store does.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "src/cli/act_words.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/print.h"
#include "src/core/sync.h"
#include "store/account.h"
#include "store/change.h"

enum { BATCH = 256 };

static const char *
event_word(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_NEW:
		return "new";
	case CHANGE_FLAGS:
		return "flags";
	case CHANGE_GONE:
		return "gone";
	case CHANGE_BODY:
		return "body";
	case CHANGE_FOLDER:
		return "folder";
	case CHANGE_STATE:
		return "state";
	case CHANGE_ACT:
		return "act";
	}
	return "";
}

static const char *
link_word(enum link_state link)
{
	switch (link) {
	case LINK_OFFLINE:
		return "offline";
	case LINK_CONNECTING:
		return "connecting";
	case LINK_SYNCING:
		return "syncing";
	case LINK_LISTENING:
		return "listening";
	case LINK_IDLE:
		return "idle";
	case LINK_WAITING:
		return "waiting";
	case LINK_REFUSED:
		return "refused";
	}
	return "";
}

static void
put_place(struct json *j, uint64_t id, const struct account *account,
    const struct folder *folder)
{
	json_number(j, "id", id);
	json_text(j, "account", account->name);
	json_text(j, "folder", folder->title);
}

static void
print_json(struct store_txn *t, const struct change *change,
    struct arena *arena)
{
	struct account account = { 0 };
	struct folder folder = { 0 };
	struct message m;
	struct account_state state;
	struct act act;
	struct json *j = json_begin();

	json_text(j, "event", span_of(event_word(change->kind)));
	store_account_get(t, change->account, arena, &account);
	store_folder_get(t, change->folder, arena, &folder);
	switch (change->kind) {
	case CHANGE_NEW:
	case CHANGE_FLAGS:
	case CHANGE_BODY:
		if (store_message_get(t, change->id, arena, &m))
			json_message(j, &m, account.name, folder.title);
		else	/* gone since */
			put_place(j, change->id, &account, &folder);
		break;
	case CHANGE_GONE:
		put_place(j, change->id, &account, &folder);
		break;
	case CHANGE_FOLDER:
		json_folder(j, &folder, account.name);
		break;
	case CHANGE_STATE:
		store_account_state_get(t, change->account, arena, &state);
		json_text(j, "account", account.name);
		json_text(j, "state", span_of(link_word(state.link)));
		json_number(j, "done", state.done);
		json_number(j, "total", state.total);
		json_text(j, "error", state.error);
		break;
	case CHANGE_ACT:
		if (store_act_get(t, change->id, arena, &act))
			json_act(j, &act, account.name,
			    act_words_folder(t, &act, arena));
		break;
	}
	json_end(j, stdout);
}

static void
print_line(struct store_txn *t, const struct change *change,
    struct arena *arena)
{
	struct account account = { 0 };
	struct account_state state;
	struct message m;

	store_account_get(t, change->account, arena, &account);
	printf("%-7s ", event_word(change->kind));
	print_text(stdout, account.name, 12, true);
	putchar(' ');
	if (change->kind == CHANGE_STATE) {
		store_account_state_get(t, change->account, arena, &state);
		printf("%s ", link_word(state.link));
		print_text(stdout, state.error, 0, false);
	} else if (store_message_get(t, change->id, arena, &m)) {
		print_text(stdout, m.from_name.n ? m.from_name : m.from_addr, 22,
		    true);
		putchar(' ');
		print_text(stdout, m.subject, 0, false);
	}
	putchar('\n');
}

/* Prints what came after *seq; moves it on. */
static enum err
follow(struct store *store, uint64_t *seq, bool as_json, struct error *e)
{
	struct change changes[BATCH];
	size_t n;

	do {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(store_end) struct store_txn t = { 0 };
		bool lost = false;

		if (store_read(store, &t) != ERR_OK) {
			*e = t.error;
			return e->kind;
		}
		n = store_changes(&t, *seq, BATCH, changes, &lost);
		if (lost)
			fputs("surat: watch: too far behind; some events are "
			    "left out\n", stderr);
		for (size_t i = 0; i < n; i++) {
			if (as_json)
				print_json(&t, &changes[i], &arena);
			else
				print_line(&t, &changes[i], &arena);
			*seq = changes[i].seq;
		}
		if (fflush(stdout) != 0)
			return error_sys(e, ERR_IO, errno, "standard output");
	} while (n == BATCH);
	return ERR_OK;
}

static int
follow_until_signal(struct cli *cli, uint64_t seq, int signals, bool as_json)
{
	CLEANUP(cleanup_close) int watch = store_watch_open(cli->store);
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = watch, .events = POLLIN },
	};
	struct error e = { 0 };

	while (!fds[0].revents) {
		if (follow(cli->store, &seq, as_json, &e) != ERR_OK)
			return cli_fail("watch", &e);
		poll(fds, 2, watch >= 0 ? -1 : 500);
		if (watch >= 0)
			store_watch_drain(watch);
	}
	return EX_OK;
}

static uint64_t
last_change(struct store *store)
{
	CLEANUP(store_end) struct store_txn t = { 0 };

	return store_read(store, &t) == ERR_OK ? store_change_last(&t) : 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { 0 },
	};
	struct sync_settings settings = { .mode = SYNC_STAY };
	struct sync *sync;
	struct error e = { 0 };
	bool as_json = false;
	uint64_t seq;
	sigset_t set;
	int c, code;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'j')
			return cli_usage(cli, "see the usage");
		as_json = true;
	}
	if (optind < argc)
		return cli_usage(cli, "takes no argument");
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);	/* before any thread starts */
	CLEANUP(cleanup_close) int signals = signalfd(-1, &set, SFD_CLOEXEC);

	seq = last_change(cli->store);
	if (sync_start(cli->config, cli->store, &settings, &sync, &e) != ERR_OK)
		return cli_fail("watch", &e);
	code = follow_until_signal(cli, seq, signals, as_json);
	sync_free(sync);
	return code;
}

const struct cli_command cli_watch = {
	.name = "watch",
	.usage = "[--json]",
	.summary = "stay connected; print a line for everything that happens",
	.needs_store = true,
	.run = run,
};
