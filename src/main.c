/* SPDX-License-Identifier: MIT */
/*
 * The roof: options, and the wiring of the reader.  With a subcommand
 * src/cli takes over; without one the screen and the sync thread are
 * started on one store, and know nothing of each other but the wake-up.
 */
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "src/cli/cli.h"
#include "src/core/config_value.h"
#include "src/core/sync.h"
#include "ui/host.h"

/* What the command line says; what it leaves open is the configuration's. */
struct options {
	const char *profile, *open;
	unsigned filter;
	bool has_order;
	enum view_order order;
	const char *of_reader;	/* the last one that a command does not take */
};

/* Set by a signal handler; everything else has one owner. */
static volatile sig_atomic_t stop_asked;

static void
ask_stop(int number)
{
	(void)number;
	stop_asked = 1;
}

static bool
should_stop(void *ctx)
{
	(void)ctx;
	return stop_asked != 0;
}

static void
wake(void *ctx)
{
	sync_wake(ctx);
}

static void
check(void *ctx, uint32_t account)
{
	sync_check(ctx, account);
}

static void
catch_signals(void)
{
	struct sigaction stop = { .sa_handler = ask_stop };

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
}

static int
read_mail(const struct config *config, struct store *store,
    const struct options *o)
{
	struct sync_settings settings = { .mode = SYNC_STAY };
	char drafts[4096];
	struct ui_settings ui = {
		.theme = config->theme,
		.theme_dir = SURAT_DATADIR "/themes",
		.editor = config->editor,
		.draft_dir = drafts,
		.save_dir = config->save_dir,
		.ascii = config->ascii,
		.open = o->open ? o->open : config->open,
		.filter = o->filter,
		.order = o->has_order ? o->order : config->order,
	};
	struct ui_host host = {
		.wake = wake, .check = check, .should_stop = should_stop,
	};
	struct sync *sync;
	struct error e = { 0 };

	if (getenv("SURAT_THEMES"))
		ui.theme_dir = getenv("SURAT_THEMES");
	snprintf(drafts, sizeof drafts, "%s/" STORE_DRAFTS,
	    config->data_dir);
	if (mkdir(drafts, 0700) != 0 && access(drafts, W_OK) != 0)
		fprintf(stderr, "surat: drafts: cannot use %s\n", drafts);
	catch_signals();
	ui_block_signals();	/* before any thread: see ui/host.h */
	if (sync_start(config, store, &settings, &sync, &e) != ERR_OK)
		return cli_fail("sync", &e);
	host.ctx = sync;
	ui_run(store, &host, &ui, &e);
	sync_free(sync);
	return e.kind == ERR_OK ? EX_OK : cli_fail("screen", &e);
}

static int
no_config(const struct config *config)
{
	fprintf(stderr, _("surat: there is no configuration yet.  Write %s, "
	    "for example:\n\n"
	    "    [account home]\n"
	    "    name = Your Name\n"
	    "    address = you@example.org\n"
	    "    receive = imaps://imap.example.org\n"
	    "    send = submissions://smtp.example.org\n"
	    "    password-command = pass show mail/home\n\n"
	    "then try `surat account test`.  surat.conf(5) tells the rest.\n"),
	    config->path);
	return EX_CONFIG;
}

/* How the terminal was found; for give_terminal_back. */
static struct termios found;

/*
 * The program ends in a handler of signals, where curses cannot be asked:
 * bracketed paste off, the other screen, the cursor, plain text.
 */
static void
give_terminal_back(void)
{
	static const char plain[] = "\033[?2004l\033[?1049l\033[?25h\033[m\r\n";

	if (write(STDOUT_FILENO, plain, sizeof plain - 1) < 0)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &found);
}

static int
run_reader(const struct options *o)
{
	struct config config = { 0 };
	struct store *store = NULL;
	struct error e = { 0 };
	char log_path[4096];
	enum err err = config_load(o->profile, &config, &e);
	int code;

	if (tcgetattr(STDIN_FILENO, &found) == 0)
		store_on_damage(give_terminal_back);
	if (err == ERR_NOTFOUND)
		code = no_config(&config);
	else if (err != ERR_OK)
		code = cli_fail("configuration", &e);
	else if (cli_open_store(&config, &store, &e) != ERR_OK)
		code = cli_fail("store", &e);
	else {
		snprintf(log_path, sizeof log_path, "%s/surat.log",
		    config.state_dir);
		log_open(log_path, LOG_INFO, NULL);
		code = read_mail(&config, store, o);
	}
	store_close(store);
	log_close();
	config_free(&config);
	return code;
}

/* Translations come from the build tree before they are installed. */
static void
speak(void)
{
	const char *locales = getenv("SURAT_LOCALES");

	setlocale(LC_ALL, "");
	bindtextdomain("surat", locales ? locales : SURAT_LOCALEDIR);
	bind_textdomain_codeset("surat", "UTF-8");
	textdomain("surat");
}

static bool
take_order(struct options *o)
{
	const char *nearest;

	o->has_order = config_value_order(span_of(optarg), &o->order,
	    &nearest);
	if (o->has_order)
		return true;
	fprintf(stderr, "surat: there is no order \"%s\"%s%s%s\n", optarg,
	    nearest ? "; did you mean \"" : "", nearest ? nearest : "",
	    nearest ? "\"?" : "");
	return false;
}

/* An exit code when there is nothing left to do; else -1. */
static int
take_options(int argc, char **argv, struct options *o)
{
	static const struct option options[] = {
		{ "by", required_argument, NULL, 'b' },
		{ "flagged", no_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ "open", required_argument, NULL, 'o' },
		{ "profile", required_argument, NULL, 'p' },
		{ "unread", no_argument, NULL, 'u' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int c, i;

	while ((c = getopt_long(argc, argv, "+", options, &i)) != -1) {
		if (strchr("bfou", c))
			o->of_reader = options[i].name;
		switch (c) {
		case 'b':
			if (!take_order(o))
				return EX_USAGE;
			break;
		case 'f':
			o->filter |= VIEW_FLAGGED;
			break;
		case 'h':
			cli_help(stdout);
			return EX_OK;
		case 'o':
			o->open = optarg;
			break;
		case 'p':
			o->profile = optarg;
			break;
		case 'u':
			o->filter |= VIEW_UNREAD;
			break;
		case 'v':
			puts("surat " VERSION);
			return EX_OK;
		default:
			cli_help(stderr);
			return EX_USAGE;
		}
	}
	return -1;
}

int
main(int argc, char **argv)
{
	struct options o = { .profile = NULL };
	int code, rest;

	speak();
	signal(SIGPIPE, SIG_IGN);
	/* A limit on the size of files is to be an error, as a full disk is. */
	signal(SIGXFSZ, SIG_IGN);
	umask(077);
	code = take_options(argc, argv, &o);
	if (code >= 0)
		return code;
	rest = optind;
	optind = 0;	/* subcommands begin their own scan */
	if (rest == argc)
		return run_reader(&o);
	if (o.of_reader) {
		fprintf(stderr, "surat: --%s is for the reader; before a "
		    "command only --profile stands\n", o.of_reader);
		return EX_USAGE;
	}
	return cli_run(o.profile, argc - rest, argv + rest);
}
