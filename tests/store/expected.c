/* SPDX-License-Identifier: MIT */
#include "tests/store/expected.h"

#include <criterion/criterion.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/crc32c.h"
#include "base/date.h"
#include "base/xalloc.h"
#include "store/account.h"
#include "store/body.h"
#include "store/folder.h"
#include "store/journal.h"
#include "store/uidl.h"
#include "store/view.h"
#include "store/want.h"

enum { ROWS_MAX = 4096, ACCOUNTS_MAX = 16, BODIES_MAX = 256 };

struct writer {
	struct store *store;
	struct store_txn t;
	struct arena arena;
	struct buf *out;
	bool has_body[BODIES_MAX];	/* something names it */
};

static void
put_number(struct writer *w, const char *name, int64_t v)
{
	if (v == DATE_NONE)
		buf_printf(w->out, "\t%s=none", name);
	else
		buf_printf(w->out, "\t%s=%" PRId64, name, v);
}

static void
put_text(struct writer *w, const char *name, struct span text)
{
	buf_printf(w->out, "\t%s=", name);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < ' ' || c == '\\')
			buf_printf(w->out, "\\%02x", c);
		else
			buf_putc(w->out, text.p[i]);
	}
}

static void
put_texts(struct writer *w, const char *name, const struct span *texts,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_text(w, name, texts[i]);
}

static void
put_body(struct writer *w, uint64_t body)
{
	cr_assert_lt(body, BODIES_MAX);
	w->has_body[body] = true;
	put_number(w, "body", (int64_t)body);
}

static void
end_line(struct writer *w)
{
	buf_putc(w->out, '\n');
	cr_assert_eq(w->t.error.kind, ERR_OK, "%s", w->t.error.text);
}

static void
write_account(struct writer *w, const struct account *a)
{
	buf_puts(w->out, "account");
	put_number(w, "id", a->id);
	put_text(w, "name", a->name);
	put_text(w, "full_name", a->full_name);
	put_text(w, "address", a->address);
	put_number(w, "kind", a->kind);
	put_number(w, "keep", a->keep);
	put_number(w, "sends", a->sends);
	put_number(w, "insecure", a->is_insecure);
	put_number(w, "gone", a->is_gone);
	put_number(w, "order", a->order);
	end_line(w);
}

static void
write_account_state(struct writer *w, uint32_t account)
{
	struct account_state state;

	store_account_state_get(&w->t, account, &w->arena, &state);
	buf_puts(w->out, "account-state");
	put_number(w, "account", account);
	put_number(w, "link", state.link);
	put_number(w, "last_heard", state.last_heard);
	put_number(w, "retry_at", state.retry_at);
	put_number(w, "done", (int64_t)state.done);
	put_number(w, "total", (int64_t)state.total);
	put_text(w, "error", state.error);
	end_line(w);
}

static void
write_wants(struct writer *w, uint32_t account)
{
	struct want wants[ROWS_MAX];
	size_t n = store_wants(&w->t, account, wants, ROWS_MAX);

	buf_puts(w->out, "wants");
	put_number(w, "account", account);
	for (size_t i = 0; i < n; i++)
		put_number(w, "message", (int64_t)wants[i].message);
	end_line(w);
}

static void
write_uidls(struct writer *w, uint32_t account)
{
	struct uidl *list;
	size_t n = store_uidls(&w->t, account, (struct span){ 0 }, ROWS_MAX,
	    &w->arena, &list);

	for (size_t i = 0; i < n; i++) {
		buf_puts(w->out, "uidl");
		put_number(w, "account", account);
		put_text(w, "uidl", list[i].uidl);
		put_number(w, "state", list[i].state);
		put_number(w, "message", (int64_t)list[i].message);
		put_number(w, "first_seen", list[i].first_seen);
		put_number(w, "fetched_at", list[i].fetched_at);
		end_line(w);
	}
}

static void
write_accounts(struct writer *w)
{
	for (uint32_t id = 1; id <= ACCOUNTS_MAX; id++) {
		struct account a;

		if (!store_account_get(&w->t, id, &w->arena, &a))
			continue;
		write_account(w, &a);
		write_account_state(w, id);
		write_wants(w, id);
		write_uidls(w, id);
	}
}

static void
write_order(struct writer *w, uint32_t folder, const char *name,
    unsigned filter)
{
	static const struct view_position none = { 0 };
	struct message *list;
	struct view view;
	size_t n;

	store_view_folder(folder, &view);
	view.filter = filter;
	n = store_view_page(&w->t, &view, VIEW_TOP, none, ROWS_MAX,
	    &w->arena, &list);
	buf_printf(w->out, "%s\tfolder=%u\tmessages=", name, folder);
	for (size_t i = 0; i < n; i++)
		buf_printf(w->out, "%s%" PRIu64, i ? "," : "", list[i].id);
	end_line(w);
}

static void
write_uids(struct writer *w, uint32_t folder)
{
	CLEANUP(uidset_fini) struct uidset set = { 0 };

	store_message_uids(&w->t, folder, &set);
	buf_printf(w->out, "uids\tfolder=%u\tuids=", folder);
	uidset_put(w->out, &set);
	end_line(w);
}

static void
write_folder(struct writer *w, const struct folder *f)
{
	buf_puts(w->out, "folder");
	put_number(w, "id", f->id);
	put_number(w, "account", f->account);
	put_text(w, "name", f->name);
	put_text(w, "title", f->title);
	put_number(w, "delimiter", f->delimiter);
	put_text(w, "role", span_of(folder_role_word(f->role)));
	put_number(w, "selectable", f->is_selectable);
	put_number(w, "subscribed", f->is_subscribed);
	put_number(w, "local", f->is_local);
	put_number(w, "gone", f->is_gone);
	if (f->is_pending)
		put_number(w, "pending", 1);
	put_number(w, "uidvalidity", f->uidvalidity);
	put_number(w, "uidnext", f->uidnext);
	put_number(w, "highestmodseq", (int64_t)f->highestmodseq);
	put_number(w, "server_total", f->server_total);
	put_number(w, "server_unseen", f->server_unseen);
	put_number(w, "complete_from", f->complete_from);
	put_number(w, "total", f->total);
	put_number(w, "unread", f->unread);
	put_number(w, "flagged", f->flagged);
	end_line(w);
}

static void
write_folders(struct writer *w)
{
	struct folder *list;
	size_t n = store_folders(&w->t, 0, &w->arena, &list);

	for (size_t i = 0; i < n; i++) {
		write_folder(w, &list[i]);
		write_uids(w, list[i].id);
		write_order(w, list[i].id, "all", VIEW_ALL);
		write_order(w, list[i].id, "unread", VIEW_UNREAD);
		write_order(w, list[i].id, "flagged", VIEW_FLAGGED);
	}
}

/* What the message is found by, besides its number. */
static void
put_found(struct writer *w, const struct message *m)
{
	if (m->uid.v)
		put_number(w, "of_uid", (int64_t)store_message_by_uid(&w->t,
		    m->server_folder, m->uid));
	if (m->message_id.n && m->folder)
		put_number(w, "of_message_id",
		    (int64_t)store_message_by_message_id(&w->t, m->folder,
		    m->message_id));
}

static void
write_message(struct writer *w, const struct message *m)
{
	buf_puts(w->out, "message");
	put_number(w, "id", (int64_t)m->id);
	put_number(w, "account", m->account);
	put_number(w, "folder", m->folder);
	put_number(w, "uid", m->uid.v);
	put_text(w, "uidl", m->uidl);
	put_number(w, "flags", m->flags);
	put_number(w, "server_flags", m->server_flags);
	put_number(w, "date", m->date);
	put_number(w, "arrived", m->arrived);
	put_number(w, "size", (int64_t)m->size);
	put_text(w, "from_name", m->from_name);
	put_text(w, "from_addr", m->from_addr);
	put_text(w, "to", m->to);
	put_text(w, "subject", m->subject);
	put_text(w, "snippet", m->snippet);
	put_text(w, "message_id", m->message_id);
	put_number(w, "attachment", m->has_attachment);
	put_body(w, m->body);
	put_number(w, "body_state", m->body_state);
	put_texts(w, "keyword", m->keywords, m->nkeywords);
	/* What earlier schemas did not have is left out where it is nothing. */
	if (m->server_folder != m->folder)
		put_number(w, "server_folder", m->server_folder);
	if (m->is_unbound)
		put_number(w, "unbound", 1);
	put_found(w, m);
	end_line(w);
}

static void
write_messages(struct writer *w)
{
	uint64_t last = store_message_last_id(&w->t);

	buf_printf(w->out, "messages\tlast=%" PRIu64, last);
	end_line(w);
	for (uint64_t id = 1; id <= last; id++) {
		struct message m;

		if (store_message_get(&w->t, id, &w->arena, &m))
			write_message(w, &m);
	}
}

static void
write_act(struct writer *w, const struct act *a)
{
	buf_puts(w->out, "act");
	put_number(w, "id", (int64_t)a->id);
	put_number(w, "account", a->account);
	put_text(w, "kind", span_of(act_kind_word(a->kind)));
	put_text(w, "state", span_of(act_state_word(a->state)));
	put_number(w, "attempts", a->attempts);
	put_number(w, "created", a->created);
	put_number(w, "changed", a->changed);
	put_number(w, "not_before", a->not_before);
	put_text(w, "answer", a->answer);
	put_number(w, "message", (int64_t)a->message);
	put_number(w, "folder", a->folder);
	put_number(w, "uid", a->uid.v);
	put_number(w, "add", a->add);
	put_number(w, "remove", a->remove);
	put_body(w, a->body);
	put_text(w, "from", a->from);
	put_texts(w, "recipient", a->recipients, a->nrecipients);
	put_text(w, "subject", a->subject);
	put_text(w, "message_id", a->message_id);
	put_number(w, "answered", (int64_t)a->answered);
	if (a->target)
		put_number(w, "target", a->target);
	if (a->copy)
		put_number(w, "copy", (int64_t)a->copy);
	put_texts(w, "keyword", &a->keyword, a->keyword.n > 0);
	put_texts(w, "title", &a->title, a->title.n > 0);
	put_texts(w, "old_title", &a->old_title, a->old_title.n > 0);
	end_line(w);
}

static void
write_acts(struct writer *w)
{
	struct act *list;
	size_t n = store_acts(&w->t, 0, true, &w->arena, &list);

	for (size_t i = 0; i < n; i++)
		write_act(w, &list[i]);
	n = store_acts(&w->t, 0, false, &w->arena, &list);
	buf_puts(w->out, "acts");
	put_number(w, "pending", (int64_t)store_acts_pending(&w->t, 0));
	for (size_t i = 0; i < n; i++)
		put_number(w, "to_do", (int64_t)list[i].id);
	end_line(w);
}

static void
write_bodies(struct writer *w)
{
	for (uint64_t id = 1; id < BODIES_MAX; id++) {
		struct error e = { 0 };
		struct span bytes;

		if (!w->has_body[id])
			continue;
		cr_assert_eq(store_body_load(w->store, id, 1 << 24, &w->arena,
		    &bytes, &e), ERR_OK, "%s", e.text);
		buf_printf(w->out, "body\tid=%" PRIu64 "\tsize=%zu\t"
		    "crc32c=%08x\n", id, bytes.n, crc32c(0, bytes));
	}
}

void
expected_write(struct store *store, struct buf *out)
{
	struct writer w = { .store = store, .out = out };

	cr_assert_eq(store_read(store, &w.t), ERR_OK, "%s", w.t.error.text);
	write_accounts(&w);
	write_folders(&w);
	write_messages(&w);
	write_acts(&w);
	store_end(&w.t);
	write_bodies(&w);
	arena_fini(&w.arena);
}

/* The whole file. */
static void
read_file(const char *path, struct buf *out)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "r");
	char piece[4096];
	size_t n;

	cr_assert(f, "cannot read %s", path);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_put(out, (struct span){ piece, n });
	cr_assert_not(ferror(f));
}

void
expected_text(struct span given, const char *wanted, const char *field)
{
	cr_expect(span_eq(given, span_of(wanted)), "%s: \"%.*s\" is not "
	    "\"%s\"", field, SPAN_ARG(given), wanted);
}

void
expected_same(const char *where, struct span wanted, struct span given)
{
	for (int line = 1; wanted.n > 0 || given.n > 0; line++) {
		struct span a = SPAN(""), b = SPAN("");

		span_split(&wanted, '\n', &a);
		span_split(&given, '\n', &b);
		cr_assert(span_eq(a, b), "%s:%d: expected\n%.*s\ngiven\n%.*s",
		    where, line, SPAN_ARG(a), SPAN_ARG(b));
	}
}

void
expected_compare(struct store *store, const char *data)
{
	const char *srcdir = getenv("srcdir");
	CLEANUP(cleanup_free) char *path = xasprintf("%s/%s/expected",
	    srcdir ? srcdir : ".", data);
	CLEANUP(buf_fini) struct buf want = { 0 }, got = { 0 };

	read_file(path, &want);
	expected_write(store, &got);
	expected_same(path, buf_span(&want), buf_span(&got));
}
