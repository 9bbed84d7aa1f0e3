/* SPDX-License-Identifier: MIT */
/* surat sync: one pass over every account, with progress on a terminal. */
#include "src/core/sync.h"

#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "store/account.h"

/* Shared with the sync thread, which prints each account's end. */
struct pass {
	pthread_mutex_t lock;
	bool as_json;
	bool on_terminal;
};

static void
pass_ended(void *ctx, const struct config_account *account,
    const struct error *error)
{
	struct pass *pass = ctx;

	pthread_mutex_lock(&pass->lock);
	if (pass->as_json) {
		struct json *j = json_begin();

		json_text(j, "account", span_of(account->name));
		json_bool(j, "ok", error->kind == ERR_OK);
		json_text(j, "error", error->kind == ERR_OK ? SPAN_LIT("") :
		    span_of(err_name(error->kind)));
		json_text(j, "why", span_of(error->text));
		json_end(j, stdout);
	} else if (error->kind != ERR_OK) {
		fprintf(stderr, "%ssurat: %s: %s\n",
		    pass->on_terminal ? "\r\033[K" : "", account->name,
		    error->text);
	}
	pthread_mutex_unlock(&pass->lock);
}

/* One line with what is under way: "kerja 312/1040  rumah 5/20". */
static void
print_progress(struct store *store, struct pass *pass)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(store_end) struct store_txn t = { 0 };
	CLEANUP(buf_fini) struct buf line = { 0 };
	struct account *accounts;
	size_t n;

	if (store_read(store, &t) != ERR_OK)
		return;
	n = store_accounts(&t, &arena, &accounts);
	for (size_t i = 0; i < n; i++) {
		struct account_state state;

		store_account_state_get(&t, accounts[i].id, &arena, &state);
		if (state.total)
			buf_printf(&line, "%.*s %" PRIu64 "/%" PRIu64 "  ",
			    SPAN_ARG(accounts[i].name), state.done, state.total);
	}
	pthread_mutex_lock(&pass->lock);
	fprintf(stderr, "\r\033[K%s", buf_str(&line));
	pthread_mutex_unlock(&pass->lock);
}

/* The progress line, drawn when the store has changed, until told to end. */
struct progress {
	struct store *store;
	struct pass *pass;
	pthread_t thread;
	int end[2];		/* closed to end the thread */
};

static void *
progress_main(void *ctx)
{
	struct progress *p = ctx;
	CLEANUP(cleanup_close) int watch = store_watch_open(p->store);
	struct pollfd fds[] = {
		{ .fd = p->end[0], .events = POLLIN },
		{ .fd = watch, .events = POLLIN },
	};

	for (;;) {
		poll(fds, 2, watch >= 0 ? -1 : 250);
		if (fds[0].revents)
			break;
		if (watch >= 0)
			store_watch_drain(watch);
		print_progress(p->store, p->pass);
	}
	fputs("\r\033[K", stderr);
	return NULL;
}

static bool
progress_start(struct progress *p)
{
	if (pipe(p->end) != 0)
		return false;
	if (pthread_create(&p->thread, NULL, progress_main, p) == 0)
		return true;
	close(p->end[0]);
	close(p->end[1]);
	return false;
}

static void
progress_stop(struct progress *p)
{
	close(p->end[1]);
	pthread_join(p->thread, NULL);
	close(p->end[0]);
}

static int
sync_all(struct cli *cli, const char *account, bool as_json)
{
	struct pass pass = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.as_json = as_json,
		.on_terminal = !as_json && isatty(STDERR_FILENO),
	};
	struct sync_settings settings = {
		.mode = SYNC_ONCE,
		.only_account = account,
		.pass_ended = pass_ended,
		.ctx = &pass,
	};
	struct progress progress = { .store = cli->store, .pass = &pass };
	bool shows;
	struct sync *sync;
	struct error e = { 0 };
	enum err err;

	if (sync_start(cli->config, cli->store, &settings, &sync, &e) != ERR_OK)
		return cli_fail("sync", &e);
	shows = pass.on_terminal && progress_start(&progress);
	err = sync_wait(sync, &e);
	if (shows)
		progress_stop(&progress);
	sync_free(sync);
	return err_exit_code(err);	/* pass_ended has said why */
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "account", required_argument, NULL, 'a' },
		{ 0 },
	};
	const char *account = NULL;
	bool as_json = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			as_json = true;
		else if (c == 'a')
			account = optarg;
		else
			return cli_usage(cli, "see the usage");
	}
	if (optind < argc)
		return cli_usage(cli, "takes no argument");
	if (account && !config_account(cli->config, account)) {
		fprintf(stderr, "surat: sync: \"%s\" is not configured in %s\n",
		    account, cli->config->path);
		return EX_CONFIG;
	}
	return sync_all(cli, account, as_json);
}

const struct cli_command cli_sync = {
	.name = "sync",
	.usage = "[--account NAME] [--json]",
	.summary = "one pass: send and replay what waits, fetch what is new",
	.needs_store = true,
	.run = run,
};
