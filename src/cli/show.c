/* SPDX-License-Identifier: MIT */
/*
 * surat show: one letter.  A body that is not here yet is wished for and
 * fetched: by this process, or by the surat that holds the account.
 */
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <sysexits.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/letter.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/print.h"
#include "src/core/sync.h"
#include "store/account.h"
#include "store/body.h"
#include "store/budget.h"
#include "store/want.h"

enum form { FORM_TEXT, FORM_RAW, FORM_HEADERS, FORM_JSON };
enum { FETCH_S = 60 };

/* The row, and the state of its account. */
static bool
look(struct cli *cli, uint64_t id, struct arena *arena, struct message *m,
    struct account *account, struct account_state *state)
{
	CLEANUP(store_end) struct store_txn t = { 0 };

	if (store_read(cli->store, &t) != ERR_OK ||
	    !store_message_get(&t, id, arena, m) || m->folder == 0)
		return false;
	store_account_get(&t, m->account, arena, account);
	store_account_state_get(&t, m->account, arena, state);
	return true;
}

static enum err
wish(struct cli *cli, uint64_t id, struct error *e)
{
	struct store_txn t = { 0 };

	if (store_write(cli->store, &t) != ERR_OK) {
		*e = t.error;
		return e->kind;
	}
	store_want_body(&t, id);
	return store_commit(&t, e);
}

static int64_t
monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Waits for the body, or for the account to give up. */
static enum err
await_body(struct cli *cli, uint64_t id, struct arena *arena,
    struct message *m, struct error *e)
{
	CLEANUP(cleanup_close) int watch = store_watch_open(cli->store);
	int64_t end = monotonic_ms() + FETCH_S * 1000;

	for (;;) {
		struct pollfd fd = { .fd = watch, .events = POLLIN };
		struct account account = { 0 };
		struct account_state state;
		int64_t left = end - monotonic_ms();

		if (!look(cli, id, arena, m, &account, &state))
			return error_set(e, ERR_NOTFOUND,
			    "the letter is no longer there");
		if (m->body)
			return ERR_OK;
		if (state.link == LINK_REFUSED || state.link == LINK_WAITING)
			return error_set(e, state.link == LINK_REFUSED ?
			    ERR_AUTH : ERR_TIMEOUT, "its text is not here, and "
			    "%.*s cannot be reached: %.*s", SPAN_ARG(account.name),
			    SPAN_ARG(state.error));
		if (left <= 0)
			return error_set(e, ERR_TIMEOUT, "its text is not here, "
			    "and %.*s did not bring it within %d s",
			    SPAN_ARG(account.name), FETCH_S);
		poll(&fd, 1, watch >= 0 ? (int)left : 250);
		if (watch >= 0)
			store_watch_drain(watch);
	}
}

static enum err
fetch(struct cli *cli, struct arena *arena, struct message *m,
    struct error *e)
{
	struct account account = { 0 };
	struct account_state state;
	struct sync_settings settings = { .mode = SYNC_STAY };
	struct sync *sync;
	enum err err;

	if (!look(cli, m->id, arena, m, &account, &state))
		return error_set(e, ERR_NOTFOUND, "there is no such letter");
	settings.only_account = arena_str(arena, account.name);
	err = sync_start(cli->config, cli->store, &settings, &sync, e);
	if (err != ERR_OK)
		return err;
	err = wish(cli, m->id, e);
	if (err == ERR_OK) {
		sync_wake(sync);
		err = await_body(cli, m->id, arena, m, e);
	}
	sync_free(sync);
	return err;
}

static bool
copy_piece(void *ctx, struct span piece)
{
	return fwrite(piece.p, 1, piece.n, ctx) == piece.n;
}

static int
print_raw(const struct source *source)
{
	struct error e = { 0 };
	char piece[64 * 1024];
	size_t got;

	for (uint64_t at = 0; at < source->size; at += got) {
		if (source->read(source->ctx, at, piece, sizeof piece, &got,
		    &e) != ERR_OK)
			return cli_fail("show", &e);
		if (got == 0)
			break;
		if (!copy_piece(stdout, (struct span){ piece, got }))
			return EX_IOERR;
	}
	return EX_OK;
}

static void
print_lines(struct span text)
{
	struct span line;

	while (span_split(&text, '\n', &line)) {
		print_text(stdout, span_ends(line, SPAN_LIT("\r")) ?
		    (struct span){ line.p, line.n - 1 } : line, 0, false);
		putchar('\n');
	}
}

static void
print_addresses(const char *name, const struct addresses *list)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	for (size_t i = 0; i < list->n; i++) {
		buf_puts(&b, i ? ", " : "");
		header_put_address(&b, &list->list[i]);
	}
	if (list->n) {
		printf("%s", name);
		print_text(stdout, buf_span(&b), 0, false);
		putchar('\n');
	}
}

static void
print_doc(const struct doc *doc)
{
	for (size_t i = 0; i < doc->nlines; i++) {
		const struct doc_line *line = &doc->lines[i];

		for (int q = 0; q < line->quote; q++)
			fputs("> ", stdout);
		for (int k = 0; k < line->indent; k++)
			putchar(' ');
		if (line->role == DOC_RULE)
			fputs("----------------", stdout);
		print_text(stdout, line->text, 0, false);
		putchar('\n');
	}
	if (doc->nlinks)
		putchar('\n');
	for (size_t i = 0; i < doc->nlinks; i++) {
		printf("[%zu] ", i + 1);
		print_text(stdout, doc->links[i].url, 0, false);
		if (doc->links[i].is_deceptive)
			fputs("   (its text names another host)", stdout);
		putchar('\n');
	}
}

static void
print_parts(struct letter *letter)
{
	const struct letter_part *parts;
	size_t n = letter_parts(letter, &parts);

	for (size_t i = 0; i < n; i++) {
		if (!parts[i].is_attachment)
			continue;
		fputs("+ ", stdout);
		print_text(stdout, parts[i].name.n ? parts[i].name :
		    parts[i].type, 0, false);
		printf("  %" PRIu64 " octets\n", parts[i].size);
	}
}

static void
print_text_form(struct letter *letter)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	const struct envelope *e = letter_envelope(letter);
	struct doc doc;

	print_addresses("From:    ", &e->from);
	print_addresses("To:      ", &e->to);
	print_addresses("Cc:      ", &e->cc);
	fputs("Date:    ", stdout);
	print_date(stdout, e->date);
	fputs("\nSubject: ", stdout);
	print_text(stdout, e->subject, 0, false);
	fputs("\n\n", stdout);
	letter_render(letter, LETTER_PLAIN, &arena, &doc);
	print_doc(&doc);
	print_parts(letter);
}

static void
put_doc(struct buf *out, const struct doc *doc)
{
	for (size_t i = 0; i < doc->nlines; i++) {
		for (int q = 0; q < doc->lines[i].quote; q++)
			buf_puts(out, "> ");
		buf_put(out, doc->lines[i].text);
		buf_putc(out, '\n');
	}
}

static void
print_json_form(struct letter *letter, const struct message *m,
    const struct account *account)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	CLEANUP(buf_fini) struct buf text = { 0 };
	const struct letter_part *parts;
	size_t n = letter_parts(letter, &parts), nnames = 0;
	struct span *names = arena_array(&arena, n, sizeof *names);
	struct json *j = json_begin();
	struct doc doc;

	json_message(j, m, account->name, SPAN_LIT(""));
	letter_render(letter, LETTER_PLAIN, &arena, &doc);
	put_doc(&text, &doc);
	json_text(j, "text", buf_span(&text));
	for (size_t i = 0; i < n; i++)
		if (parts[i].is_attachment)
			names[nnames++] = parts[i].name;
	json_texts(j, "attachments", names, nnames);
	json_end(j, stdout);
}

static int
print_letter(const struct source *source, enum form form,
    const struct message *m, const struct account *account)
{
	struct letter *letter;
	struct error e = { 0 };

	if (letter_open(source, &letter, &e) != ERR_OK)
		return cli_fail("show", &e);
	if (form == FORM_HEADERS)
		print_lines(letter_header(letter));
	else if (form == FORM_JSON)
		print_json_form(letter, m, account);
	else
		print_text_form(letter);
	letter_close(letter);
	return EX_OK;
}

/* Its text is not the next to go; where that cannot be noted, it may be. */
static void
note_reading(struct cli *cli, uint64_t id)
{
	struct store_txn t;

	if (store_write(cli->store, &t) == ERR_OK)
		store_body_was_read(&t, id, cli_now());
	store_commit(&t, NULL);
}

static int
show(struct cli *cli, uint64_t id, enum form form)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account account = { 0 };
	struct account_state state;
	struct body_reader *reader;
	struct source source;
	struct message m;
	struct error e = { 0 };
	int code;

	if (!look(cli, id, &arena, &m, &account, &state)) {
		fprintf(stderr, "surat: show: there is no letter %" PRIu64 "\n",
		    id);
		return EX_NOINPUT;
	}
	if (!m.body && fetch(cli, &arena, &m, &e) != ERR_OK)
		return cli_fail("show", &e);
	if (store_body_open(cli->store, m.body, &reader, &e) != ERR_OK)
		return cli_fail("show", &e);
	source = store_body_source(reader);
	code = form == FORM_RAW ? print_raw(&source) :
	    print_letter(&source, form, &m, &account);
	store_body_close(reader);
	note_reading(cli, id);
	return code;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "text", no_argument, NULL, FORM_TEXT },
		{ "raw", no_argument, NULL, FORM_RAW },
		{ "headers", no_argument, NULL, FORM_HEADERS },
		{ "json", no_argument, NULL, FORM_JSON },
		{ 0 },
	};
	enum form form = FORM_TEXT;
	uint64_t id;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return cli_usage(cli, "see the usage");
		form = (enum form)c;
	}
	if (argc - optind != 1)
		return cli_usage(cli, "which letter?");
	id = cli_id(cli, argv[optind]);
	return id ? show(cli, id, form) : EX_USAGE;
}

const struct cli_command cli_show = {
	.name = "show",
	.usage = "ID [--text|--raw|--headers|--json]",
	.summary = "one letter; fetched first when it is not here",
	.needs_store = true,
	.run = run,
};
