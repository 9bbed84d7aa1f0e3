/* SPDX-License-Identifier: MIT */
/* surat account: what is configured, and whether it can log in. */
#include <getopt.h>
#include <sysexits.h>

#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/core/sync.h"

static const char *
scheme(const struct config_server *s)
{
	static const char *const names[][3] = {
		[CONFIG_NONE] = { "none", "none", "none" },
		[CONFIG_IMAP] = { "imaps", "imap+starttls", "imap+insecure" },
		[CONFIG_POP3] = { "pop3s", "pop3+starttls", "pop3+insecure" },
		[CONFIG_SMTP] = { "submissions", "smtp+starttls",
		    "smtp+insecure" },
	};

	return names[s->protocol][s->security];
}

static void
put_server(struct buf *out, const struct config_server *s)
{
	buf_puts(out, scheme(s));
	if (s->protocol != CONFIG_NONE)
		buf_printf(out, "://%s:%u", s->host, s->port);
}

static int
list(const struct config *config, bool as_json)
{
	for (size_t i = 0; i < config->naccounts; i++) {
		const struct config_account *a = &config->accounts[i];
		struct buf receive = { 0 }, send = { 0 };

		put_server(&receive, &a->receive);
		put_server(&send, &a->send);
		if (as_json) {
			struct json *j = json_begin();

			json_text(j, "account", span_of(a->name));
			json_text(j, "address", span_of(a->address));
			json_text(j, "receive", buf_span(&receive));
			json_text(j, "send", buf_span(&send));
			json_text(j, "keep", a->keep.is_offline ?
			    SPAN_LIT("offline") : SPAN_LIT("live"));
			json_end(j, stdout);
		} else {
			printf("%-12s %-32s %-7s %s  %s\n", a->name, a->address,
			    a->keep.is_offline ? "offline" : "live",
			    buf_str(&receive), buf_str(&send));
		}
		buf_fini(&receive);
		buf_fini(&send);
	}
	return EX_OK;
}

static void
print_half(const char *account, const char *half, const struct error *e,
    bool as_json)
{
	if (as_json) {
		struct json *j = json_begin();

		json_text(j, "account", span_of(account));
		json_text(j, "half", span_of(half));
		json_bool(j, "ok", e->kind == ERR_OK);
		json_text(j, "error", e->kind == ERR_OK ? SPAN_LIT("") :
		    span_of(err_name(e->kind)));
		json_text(j, "why", span_of(e->text));
		json_end(j, stdout);
	} else if (e->kind == ERR_OK) {
		printf("%-12s %-8s works\n", account, half);
	} else {
		printf("%-12s %-8s fails: %s\n", account, half, e->text);
	}
	fflush(stdout);
}

/* The exit code of the worse half. */
static int
test(const struct config_account *a, bool as_json)
{
	struct error receive = { 0 }, send = { 0 };
	int code = EX_OK;

	sync_test_account(a, &receive, &send);
	if (a->receive.protocol != CONFIG_NONE) {
		print_half(a->name, "receive", &receive, as_json);
		code = err_exit_code(receive.kind);
	}
	if (a->send.protocol != CONFIG_NONE) {
		print_half(a->name, "send", &send, as_json);
		if (code == EX_OK)
			code = err_exit_code(send.kind);
	}
	return code;
}

static int
test_all(const struct config *config, bool as_json)
{
	int worst = EX_OK;

	for (size_t i = 0; i < config->naccounts; i++) {
		int code = test(&config->accounts[i], as_json);

		if (code != EX_OK)
			worst = code;
	}
	return worst;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { 0 },
	};
	const struct config_account *account;
	bool as_json = false;
	const char *verb;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'j')
			return cli_usage(cli, "see the usage");
		as_json = true;
	}
	verb = optind < argc ? argv[optind++] : "list";
	if (strcmp(verb, "list") == 0 && optind == argc)
		return list(cli->config, as_json);
	if (strcmp(verb, "test") != 0 || argc - optind > 1)
		return cli_usage(cli, "list, test or test NAME");
	if (optind == argc)
		return test_all(cli->config, as_json);
	account = config_account(cli->config, argv[optind]);
	if (!account) {
		fprintf(stderr, "surat: account: \"%s\" is not configured in %s\n",
		    argv[optind], cli->config->path);
		return EX_CONFIG;
	}
	return test(account, as_json);
}

const struct cli_command cli_account = {
	.name = "account",
	.usage = "[list | test [NAME]] [--json]",
	.summary = "what is configured; whether it can log in, and why not",
	.run = run,
};
