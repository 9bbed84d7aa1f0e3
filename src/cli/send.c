/* SPDX-License-Identifier: MIT */
/*
 * surat send: a letter from standard input goes to the outbox.  Takes the
 * options of sendmail that scripts use, so that it can stand in for it.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/moment.h"
#include "mail/compose.h"
#include "mail/header.h"
#include "src/cli/cli.h"
#include "store/account.h"
#include "store/body.h"
#include "store/journal.h"

enum { LETTER_MAX = 100 << 20 };

struct request {
	bool from_header;	/* -t */
	const char *account, *sender;
	int64_t not_before;
	const struct span *to;
	size_t nto;
};

/*
 * "2026-11-22T10:00", "10:00" (the next one), "+2h": DATE_NONE if none.  A
 * day or longer says too little: when a letter leaves is not guessed.
 */
static int64_t
parse_time(const char *arg, int64_t now)
{
	struct span typed = span_of(arg);
	struct moment m;

	if (moment_parse_ahead(typed, now, &m))
		return m.begin;
	if (!moment_parse(typed, now, &m) || m.end - m.begin > 60)
		return DATE_NONE;
	return typed.n == 5 && m.begin <= now ? m.begin + 86400 : m.begin;
}

static enum err
read_letter(struct buf *letter, struct error *e)
{
	for (;;) {
		char *to = buf_room(letter, 64 * 1024);
		ssize_t n;

		if (!to)
			return error_set(e, ERR_LIMIT, "the letter is larger than "
			    "%d MiB", LETTER_MAX >> 20);
		n = read(STDIN_FILENO, to, 64 * 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_sys(e, ERR_IO, errno, "standard input");
		if (n == 0)
			break;
		buf_grew(letter, (size_t)n);
	}
	if (letter->n == 0)
		return error_set(e, ERR_DATA, "there is no letter on standard "
		    "input");
	return ERR_OK;
}

/* By name, else by the sender's address, else the first that can send. */
static const struct config_account *
choose_account(const struct config *config, const struct request *r,
    struct span from)
{
	const struct config_account *first = NULL;

	if (r->account)
		return config_account(config, r->account);
	for (size_t i = 0; i < config->naccounts; i++) {
		const struct config_account *a = &config->accounts[i];

		if (a->send.protocol == CONFIG_NONE)
			continue;
		if (span_ieq(span_of(a->address), from))
			return a;
		if (!first)
			first = a;
	}
	return first;
}

static struct span
sender_of(struct span letter, const struct request *r, struct arena *arena)
{
	struct envelope envelope;

	if (r->sender)
		return span_of(r->sender);
	header_parse_envelope(letter, arena, &envelope);
	return envelope.from.n ? envelope.from.list[0].addr : SPAN_LIT("");
}

static enum err
queue(struct cli *cli, const struct config_account *from,
    const struct built *built, const struct envelope *envelope,
    int64_t not_before, uint64_t *id, struct error *e)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct body_writer *writer;
	struct store_txn t = { 0 };
	struct account account = {
		.name = span_of(from->name),
		.full_name = span_of(from->full_name),
		.address = span_of(from->address),
	};
	struct act act = {
		.not_before = not_before,
		.from = account.address,
		.recipients = built->recipients,
		.nrecipients = built->nrecipients,
		.subject = envelope->subject,
		.message_id = built->message_id,
	};
	enum err err = store_body_begin(cli->store, &writer, e);

	if (err != ERR_OK)
		return err;
	store_body_write(writer, built->bytes);
	err = store_body_finish(writer, &act.body, e);
	if (err != ERR_OK)
		return err;
	if (store_write(cli->store, &t) != ERR_OK) {
		*e = t.error;
		return e->kind;
	}
	if (!store_account_find(&t, account.name, &arena, &account)) {
		store_end(&t);
		return error_set(e, ERR_CONFIG, "run `surat sync` once: the store "
		    "does not know the account %s yet", from->name);
	}
	act.account = account.id;
	*id = store_act_send(&t, &act, cli_now());
	return store_commit(&t, e);
}

static int
send_letter(struct cli *cli, const struct request *r)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf letter = { .max = LETTER_MAX };
	const struct config_account *account;
	struct envelope envelope;
	struct address self;
	struct built built;
	struct error e = { 0 };
	uint64_t id = 0;

	if (read_letter(&letter, &e) != ERR_OK)
		return cli_fail("send", &e);
	account = choose_account(cli->config, r,
	    sender_of(buf_span(&letter), r, &arena));
	if (!account || account->send.protocol == CONFIG_NONE) {
		fprintf(stderr, "surat: send: no account%s%s can send; see "
		    "`send =` in surat.conf(5)\n", r->account ? " " : "",
		    r->account ? r->account : "");
		return EX_CONFIG;
	}
	self = (struct address){ span_of(account->full_name),
		span_of(account->address) };
	if (compose_adopt(buf_span(&letter), r->from_header, r->to, r->nto,
	    &self, cli_now(), &arena, &built, &e) != ERR_OK)
		return cli_fail("send", &e);
	header_parse_envelope(built.bytes, &arena, &envelope);
	if (queue(cli, account, &built, &envelope, r->not_before, &id, &e) !=
	    ERR_OK)
		return cli_fail("send", &e);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "surat: queued as %" PRIu64 "; it leaves with the "
		    "reader, `surat watch` or `surat sync`\n", id);
	return EX_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "at", required_argument, NULL, 'A' },
		{ "account", required_argument, NULL, 'a' },
		{ 0 },
	};
	struct request r = { .not_before = DATE_NONE };
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct span *to;
	int c;

	/* -i -o* -F -e* change nothing here, but sendmail's callers say them */
	while ((c = getopt_long(argc, argv, "+tio:e:F:f:r:", options,
	    NULL)) != -1) {
		switch (c) {
		case 't':
			r.from_header = true;
			break;
		case 'i':
		case 'o':
		case 'e':
		case 'F':
			break;
		case 'f':
		case 'r':
			r.sender = optarg;
			break;
		case 'a':
			r.account = optarg;
			break;
		case 'A':
			r.not_before = parse_time(optarg, cli_now());
			if (r.not_before == DATE_NONE)
				return cli_usage(cli, "\"%s\" is no time: say "
				    "2026-11-22T10:00, 10:00 or +2h", optarg);
			break;
		default:
			return cli_usage(cli, "see the usage");
		}
	}
	if (!r.from_header && optind == argc)
		return cli_usage(cli, "to whom? name recipients, or -t");
	r.nto = (size_t)(argc - optind);
	to = arena_array(&arena, r.nto, sizeof *to);
	for (size_t i = 0; i < r.nto; i++)
		to[i] = span_of(argv[optind + (int)i]);
	r.to = to;
	return send_letter(cli, &r);
}

const struct cli_command cli_send = {
	.name = "send",
	.usage = "[-t] [--at TIME] [--account NAME] [-f SENDER] [RECIPIENT...]",
	.summary = "queue the letter on standard input; stands in for sendmail",
	.needs_store = true,
	.run = run,
};
