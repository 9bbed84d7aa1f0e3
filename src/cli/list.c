/* SPDX-License-Identifier: MIT */
/*
 * surat list: a folder or the unified inbox from the store, in any order
 * and by any filter that the reader has; newest first unless asked.
 */
#include <getopt.h>
#include <sysexits.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/moment.h"
#include "src/cli/cli.h"
#include "src/cli/json.h"
#include "src/cli/print.h"
#include "src/core/config_value.h"
#include "store/account.h"
#include "store/group.h"

enum { PAGE = 200 };

/*
 * "inbox", "Work" (a group), "kerja", "kerja/Proyek": false when there is no
 * such folder.  No group of the configuration has the name of an account.
 */
static bool
find_view(struct store_txn *t, const char *arg, struct view *view)
{
	uint32_t folder;

	if (span_ieq(span_of(arg), SPAN_LIT("inbox"))) {
		store_view_role(t, FOLDER_INBOX, view);
		return true;
	}
	if (store_view_group(t, span_of(arg), view))
		return true;
	folder = store_folder_by_path(t, span_of(arg));
	if (folder)
		store_view_folder(folder, view);
	return folder != 0;
}

/* cols 0: all of it. */
static void
print_subject(const struct message *m, int cols)
{
	int indent = 2 * m->depth;

	if (cols && indent > cols / 2)
		indent = cols / 2;
	printf("%*s", indent, "");
	print_text(stdout, m->subject, cols ? cols - indent : 0, false);
	putchar('\n');
}

static void
print_line(const struct message *m, int cols)
{
	struct span from = m->from_name.n ? m->from_name : m->from_addr;
	int subject = cols > 60 ? cols - 54 : 0;

	printf("%8llu %c%c ", (unsigned long long)m->id,
	    m->flags & FLAG_DELETED ? 'D' : m->flags & FLAG_SEEN ? ' ' : 'N',
	    m->flags & FLAG_FLAGGED ? '!' : ' ');
	print_date(stdout, m->date);
	fputs("  ", stdout);
	print_text(stdout, from, 22, true);
	fputs("  ", stdout);
	print_subject(m, subject);
}

/* Names of account and folder of a message. */
static void
print_json(struct store_txn *t, const struct view *view,
    const struct message *m)
{
	CLEANUP(arena_fini) struct arena arena = { 0 };
	struct account account = { 0 };
	struct folder folder = { 0 };
	struct json *j = json_begin();

	store_account_get(t, m->account, &arena, &account);
	store_folder_get(t, m->folder, &arena, &folder);
	json_message(j, m, account.name, folder.title);
	if (view->order == VIEW_BY_THREAD)
		json_number(j, "depth", m->depth);
	json_end(j, stdout);
}

struct wanted {
	struct view view;	/* of whatever folder: its order and filter */
	int64_t before;		/* INT64_MAX: any date */
	uint64_t limit;
	bool as_json;
};

/*
 * Where to begin: by date, newest first, at what is old enough.  In other
 * orders that lies everywhere, and all is looked at.
 */
static enum view_from
start(const struct wanted *w, const struct view *view,
    struct view_position *at)
{
	*at = (struct view_position){ 0 };
	if (w->before == INT64_MAX || view->order != VIEW_BY_DATE ||
	    view->is_reversed)
		return VIEW_TOP;
	*at = store_view_position_at(view, w->before - 1);
	return VIEW_AT;
}

/* Of a page, those that are old enough, as many as are still wanted. */
static uint64_t
print_page(struct store_txn *t, const struct view *view,
    const struct message *page, size_t n, const struct wanted *w,
    uint64_t left)
{
	int cols = print_columns();
	uint64_t printed = 0;

	for (size_t i = 0; i < n && printed < left; i++) {
		if (page[i].date >= w->before)
			continue;
		if (w->as_json)
			print_json(t, view, &page[i]);
		else
			print_line(&page[i], cols);
		printed++;
	}
	return printed;
}

static int
print_view(struct cli *cli, const struct view *view, const struct wanted *w)
{
	struct view_position at;
	enum view_from from = start(w, view, &at);
	uint64_t left = w->limit;
	size_t n, max;

	do {
		CLEANUP(arena_fini) struct arena arena = { 0 };
		CLEANUP(store_end) struct store_txn t = { 0 };
		struct message *page;

		if (store_read(cli->store, &t) != ERR_OK)
			return cli_fail("store", &t.error);
		max = w->before == INT64_MAX && left < PAGE ? (size_t)left :
		    PAGE;
		n = store_view_page(&t, view, from, at, max, &arena, &page);
		left -= print_page(&t, view, page, n, w, left);
		if (t.error.kind != ERR_OK)
			return cli_fail("store", &t.error);
		if (n)
			at = store_view_position(view, &page[n - 1]);
		from = VIEW_DOWN;
	} while (n && left);
	return EX_OK;
}

static int
take_order(struct cli *cli, const char *arg, struct view *view)
{
	const char *nearest;

	if (config_value_order(span_of(arg), &view->order, &nearest))
		return EX_OK;
	if (nearest)
		return cli_usage(cli, "there is no order \"%s\"; did you mean "
		    "\"%s\"?", arg, nearest);
	return cli_usage(cli, "there is no order \"%s\"", arg);
}

static int
take_before(struct cli *cli, const char *arg, struct wanted *w)
{
	struct moment m;

	if (!moment_parse(span_of(arg), cli_now(), &m) &&
	    !moment_parse_ago(span_of(arg), cli_now(), &m))
		return cli_usage(cli, "\"%s\" is no date: say 2019-03, "
		    "2019-03-12 or 30d", arg);
	w->before = m.begin;
	return EX_OK;
}

static int
take_option(struct cli *cli, int c, struct wanted *w)
{
	switch (c) {
	case 'j':
		w->as_json = true;
		return EX_OK;
	case 'b':
		return take_order(cli, optarg, &w->view);
	case 'B':
		return take_before(cli, optarg, w);
	case 'r':
		w->view.is_reversed = true;
		return EX_OK;
	case 'u':
		w->view.filter |= VIEW_UNREAD;
		return EX_OK;
	case 'f':
		w->view.filter |= VIEW_FLAGGED;
		return EX_OK;
	case 'n':
		if (span_u64(span_of(optarg), &w->limit))
			return EX_OK;
		return cli_usage(cli, "--limit wants a number, not \"%s\"",
		    optarg);
	default:
		return cli_usage(cli, "see the usage");
	}
}

static int
list_folder(struct cli *cli, const char *folder, const struct wanted *w)
{
	struct store_txn t = { 0 };
	struct view view;
	bool found;

	if (store_read(cli->store, &t) != ERR_OK)
		return cli_fail("store", &t.error);
	found = find_view(&t, folder, &view);
	store_end(&t);
	if (!found) {
		fprintf(stderr, "surat: list: there is no folder \"%s\"; `surat "
		    "folders` shows them\n", folder);
		return EX_NOINPUT;
	}
	view.order = w->view.order;
	view.filter = w->view.filter;
	view.is_reversed = w->view.is_reversed;
	return print_view(cli, &view, w);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{ "before", required_argument, NULL, 'B' },
		{ "by", required_argument, NULL, 'b' },
		{ "flagged", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "limit", required_argument, NULL, 'n' },
		{ "reverse", no_argument, NULL, 'r' },
		{ "unread", no_argument, NULL, 'u' },
		{ 0 },
	};
	struct wanted w = { .before = INT64_MAX, .limit = UINT64_MAX };
	int c;

	while ((c = getopt_long(argc, argv, "n:", options, NULL)) != -1) {
		int status = take_option(cli, c, &w);

		if (status != EX_OK)
			return status;
	}
	if (argc - optind > 1)
		return cli_usage(cli, "one folder at a time");
	return list_folder(cli, optind < argc ? argv[optind] : "inbox", &w);
}

const struct cli_command cli_list = {
	.name = "list",
	.usage = "[FOLDER] [--by ORDER] [--reverse] [--unread] [--flagged] "
	    "[--before DATE]\n           [--limit N] [--json]",
	.summary = "letters, newest first; FOLDER is account/Name, a group or "
	    "inbox, ORDER\n           date, sender, subject, size or thread",
	.needs_store = true,
	.run = run,
};
